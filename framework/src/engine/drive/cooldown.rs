//! How long a person waits before using a handler again.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use super::lock;
use crate::{clock::Timestamp, handler::Trigger, id::UserId};

/// Past so many people, those who have waited long enough are forgotten.
const MOST_PEOPLE: usize = 10_000;

/// Who used what, until when they wait.
#[derive(Debug, Default)]
pub(super) struct Cooldowns(Mutex<HashMap<(usize, UserId), Timestamp>>);

impl Cooldowns {
    /// Lets a person use a handler; else says how long they still wait.
    pub(super) fn take(&self, trigger: &'static Trigger, user: &UserId, now: Timestamp) -> Result<(), Duration> {
        if trigger.cooldown == 0 {
            return Ok(());
        }
        let mut until = lock(&self.0);
        let key = key(trigger, user);
        if let Some(wait) = until.get(&key).filter(|until| **until > now) {
            return Err(wait.since(now));
        }
        if until.len() >= MOST_PEOPLE {
            until.retain(|_, until| *until > now);
        }
        until.insert(key, now + Duration::from_millis(trigger.cooldown));
        Ok(())
    }

    /// Takes a use back.
    pub(super) fn give_back(&self, trigger: &'static Trigger, user: &UserId) {
        if trigger.cooldown > 0 {
            lock(&self.0).remove(&key(trigger, user));
        }
    }
}

/// An attribute is known by its place in memory, which never changes.
fn key(trigger: &'static Trigger, user: &UserId) -> (usize, UserId) {
    (std::ptr::from_ref(trigger).addr(), user.clone())
}
