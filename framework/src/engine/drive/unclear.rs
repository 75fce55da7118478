//! What is told of effects that do not simply arrive.

use super::Engine;
use crate::{
    metrics::Resolution,
    store::{Attempt, EffectKey, EffectState},
};

impl Engine {
    /// A mark is about to be committed: some are worth a line.
    pub(super) fn note_mark(&self, effect: &EffectKey, state: &EffectState) {
        let next = |resolution| self.metrics().ambiguous.get(resolution).value() + 1;
        match state {
            EffectState::Dead { reason } if reason.starts_with("ambiguous") => tracing::error!(
                ?effect,
                reason,
                so_far = next(Resolution::GivenUp),
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
                so_far = next(Resolution::Resent),
                "a message was looked for and is not there: it is sent once more"
            ),
            _ => {}
        }
    }
}
