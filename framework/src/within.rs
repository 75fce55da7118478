//! Waiting, but not for ever.

use std::{future::poll_fn, pin::Pin, task::Poll, time::Duration};

/// Waits for a future, but no longer than `limit`; `None` when it took longer.
///
/// Nearly everything here that has a limit is ready when it is first looked at: then no timer is made.
pub(crate) async fn within<F: Future>(limit: Duration, mut future: Pin<&mut F>) -> Option<F::Output> {
    match poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
        Poll::Ready(output) => Some(output),
        Poll::Pending => tokio::time::timeout(limit, future).await.ok(),
    }
}
