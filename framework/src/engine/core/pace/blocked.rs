//! Calls that are to wait.

use std::collections::BTreeMap;

use super::MOST_KEYS;
use crate::{clock::Timestamp, id::ChannelId, platform::Outgoing};

/// Until when the calls of a method in a conversation wait.
#[derive(Debug, Default)]
pub(super) struct Blocked(BTreeMap<(String, Option<ChannelId>), Timestamp>);

impl Blocked {
    /// Whether a call need not wait; else until when.
    pub(super) fn look(&mut self, outgoing: &Outgoing, now: Timestamp) -> Result<(), Timestamp> {
        if self.0.is_empty() {
            return Ok(());
        }
        let key = (outgoing.method.clone(), outgoing.channel.clone());
        if let Some(until) = self.0.get(&key).copied() {
            if until > now {
                return Err(until);
            }
            self.0.remove(&key);
        }
        Ok(())
    }

    /// Such calls wait until then.
    pub(super) fn block(&mut self, outgoing: &Outgoing, now: Timestamp, until: Timestamp) {
        if self.0.len() > MOST_KEYS {
            self.0.retain(|_, until| *until > now);
        }
        // An address of its own is blocked by the wait of its own message.
        if outgoing.address.is_none() {
            let blocked = self.0.entry((outgoing.method.clone(), outgoing.channel.clone())).or_default();
            *blocked = until.max(*blocked);
        }
    }
}
