//! `/metrics`: what the bot counts, and how it stands.

use std::{pin::pin, sync::Arc, time::Duration};

use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};

use super::Front;
use crate::{metrics::Standing, within::within};

/// How long the store is waited for. Whoever watches must hear something above all when it is slow.
const STORE_WITHIN: Duration = Duration::from_secs(1);

/// The text format that Prometheus reads.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The route of what is counted.
pub(crate) fn routes(front: Arc<Front>) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(front)
}

async fn metrics(State(front): State<Arc<Front>>) -> impl IntoResponse {
    let load = front.engine.load();
    let counts = within(STORE_WITHIN, pin!(front.engine.counts())).await.and_then(Result::ok);
    let standing = Standing {
        name: front.name.clone(),
        inbox_ready: load.waiting,
        inbox_oldest: load.oldest_waiting,
        outbox_ready: load.unsent,
        outbox_oldest: load.oldest_unsent,
        dead: counts.map(|counts| counts.dead),
        free_bytes: front.engine.free_bytes(),
    };
    ([(header::CONTENT_TYPE, FORMAT)], front.metrics.text(&standing))
}
