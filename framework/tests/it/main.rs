//! The crate as its authors use it.

mod admin;
mod commands;
mod corpus;
mod defects;
mod dispatch;
mod durability;
mod failures;
mod layers;
mod lifecycle;
mod macros;
mod metrics;
mod replicas;
mod secrets;
mod sending;
mod speaking;
mod support;
mod tracing;
mod ui;
mod verification;
