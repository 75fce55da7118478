//! What is told of effects that do not simply arrive.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Engine;
use crate::store::{Attempt, EffectKey, EffectState};

/// How often nobody knew whether something arrived, by what came of it.
#[derive(Debug, Default)]
pub(super) struct Unclear {
    /// It was looked for in vain, and sent once more.
    sent_again: AtomicU64,
    /// It was given up.
    given_up: AtomicU64,
}

impl Engine {
    /// A mark is about to be committed: some are worth a line.
    pub(super) fn note_mark(&self, effect: &EffectKey, state: &EffectState) {
        let next = |counter: &AtomicU64| counter.fetch_add(1, Ordering::Relaxed) + 1;
        let unclear = &self.0.unclear;
        match state {
            EffectState::Dead { reason } if reason.starts_with("ambiguous") => tracing::error!(
                ?effect,
                reason,
                so_far = next(&unclear.given_up),
                "a message was given up: it may have arrived and may not have, and is not sent again. Look into the \
                 conversation, and say it there if it is missing"
            ),
            EffectState::Dead { reason } => tracing::error!(?effect, reason, "a message was given up"),
            EffectState::Ambiguous(Attempt { again: false, .. }) => {
                tracing::warn!(
                    ?effect,
                    "nobody knows whether a message arrived: it is looked for before it is sent again"
                );
            }
            EffectState::Sending(Attempt { again: true, .. }) => tracing::warn!(
                ?effect,
                so_far = next(&unclear.sent_again),
                "a message was looked for three times and is not there: it is sent once more"
            ),
            _ => {}
        }
    }
}
