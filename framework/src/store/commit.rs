//! A change that is on its way to be kept.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use tokio::sync::oneshot;

use super::StoreError;

/// A change that is kept already, or will be: it happens whether or not it is waited for.
///
/// A store that has nothing to wait for answers at once, and costs neither a task nor a box.
#[derive(Debug)]
pub(crate) enum Commit<T> {
    /// How it ended; nothing once that was told.
    Ended(Option<Result<T, StoreError>>),
    /// Somebody will tell.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres")),
        allow(dead_code, reason = "no store of this build has to wait")
    )]
    UnderWay(oneshot::Receiver<Result<T, StoreError>>),
}

impl<T> Commit<T> {
    /// A change that has ended.
    pub(crate) fn ended(result: Result<T, StoreError>) -> Self {
        Self::Ended(Some(result))
    }
}

// Nothing is pinned inside.
impl<T> Unpin for Commit<T> {}

impl<T> Future for Commit<T> {
    type Output = Result<T, StoreError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Ended(result) => match result.take() {
                Some(result) => Poll::Ready(result),
                None => Poll::Pending,
            },
            Self::UnderWay(told) => Pin::new(told).poll(context).map(|told| {
                told.unwrap_or_else(|_| Err(StoreError::Failed { why: "the store was closed".to_owned() }))
            }),
        }
    }
}
