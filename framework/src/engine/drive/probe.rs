//! Whether the store keeps what it is given.

use std::{pin::pin, time::Duration};

use tokio::sync::Mutex;

use super::{Engine, lock};
use crate::{clock::Timestamp, within::within};

/// How long an answer of the store is good for: who asks more often costs it nothing.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// How long the store may take.
const WITHIN: Duration = Duration::from_secs(1);

/// What the store said of itself, and when. Held while it is asked, so that it is asked once for all who wait.
#[derive(Debug, Default)]
pub(super) struct Probe(Mutex<Option<(Timestamp, bool)>>);

impl Engine {
    /// Whether everything that comes is taken in.
    pub(crate) fn is_open(&self) -> bool {
        lock(&self.0.core).is_open()
    }

    /// Whether the store keeps what it is given: a change is written, unless one was within the last second.
    pub(crate) async fn is_kept(&self) -> bool {
        let mut known = self.0.probe.0.lock().await;
        let now = self.0.parts.clock.now();
        if let Some((at, kept)) = *known
            && at <= now
            && now.since(at) <= GOOD_FOR
        {
            return kept;
        }
        let kept = matches!(within(WITHIN, pin!(self.0.parts.store.probe())).await, Some(Ok(())));
        *known = Some((now, kept));
        kept
    }
}
