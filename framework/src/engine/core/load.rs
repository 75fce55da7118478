//! How much is to be done, for whoever asks.

use std::time::Duration;

use super::{Core, lane::Queued};
use crate::clock::Timestamp;

/// How much is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Load {
    /// Events that wait to be run, and how long ago the oldest of them came in.
    pub(crate) waiting: usize,
    pub(crate) oldest_waiting: Duration,
    /// Effects that are not at their end, and how long the oldest of them has waited.
    pub(crate) unsent: usize,
    pub(crate) oldest_unsent: Duration,
}

impl Core {
    /// Goes through all lanes, so that nothing has to be kept for it while events come and go.
    pub(crate) fn load(&self, now: Timestamp) -> Load {
        let first_waiting = self.lanes.values().filter_map(|lane| lane.queue.front());
        let first_unsent = self.lanes.values().filter_map(|lane| lane.outbox.front());
        let age = |since: Option<Timestamp>| since.map(|since| now.since(since)).unwrap_or_default();
        Load {
            waiting: self.waiting,
            oldest_waiting: age(first_waiting.map(Queued::since).min()),
            unsent: self.lanes.values().map(|lane| lane.outbox.len()).sum(),
            oldest_unsent: age(first_unsent.map(|outbound| outbound.since).min()),
        }
    }
}
