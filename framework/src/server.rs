//! The HTTP server: our own accept loop, with a limit on every step of a connection.

mod accept;
mod admin;
mod body;
mod metrics;
mod operations;
mod routes;
mod timed;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) use self::operations::{Order, Ordered, Outcome, PATH};
pub(crate) use self::{
    accept::{Server, bind},
    admin::Admin,
    body::Unread,
    metrics::routes as metrics_routes,
    operations::Operations,
    routes::{Front, Known, OWN_PATHS, Public, READYZ},
};
