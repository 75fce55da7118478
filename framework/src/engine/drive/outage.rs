//! Commits that fail: one line when it begins, ever fewer while it goes on, and one when it is over.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Engine;
use crate::store::StoreError;

/// How many commits have failed since the last one that did not.
#[derive(Debug, Default)]
pub(super) struct Outage(AtomicU64);

impl Engine {
    /// Tells of what became of a commit, where it is worth a line.
    pub(super) fn heard<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        let Outage(failed) = &self.0.outage;
        match &result {
            Ok(_) if failed.load(Ordering::Relaxed) == 0 => {}
            Ok(_) => match failed.swap(0, Ordering::Relaxed) {
                0 => {}
                failed => tracing::info!(failed, "the store commits again"),
            },
            Err(error @ StoreError::Conflict(_)) => tracing::debug!(%error, "a handler is run again"),
            // Why the lane is another's is told where it becomes so.
            Err(error @ StoreError::Fenced) => {
                self.metrics().fenced.increment();
                tracing::debug!(%error, "not committed");
            }
            Err(error @ StoreError::Failed { .. }) => {
                let so_far = failed.fetch_add(1, Ordering::Relaxed) + 1;
                if so_far.is_power_of_two() {
                    tracing::error!(%error, so_far, "the store did not commit");
                }
            }
        }
        result
    }
}
