//! What the platform asked to leave alone, and until when.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::clock::Timestamp;

/// A 429 blocks one method, and of a method that posts one conversation: never everything.
#[derive(Debug, Default)]
pub(super) struct Blocked(Mutex<HashMap<Key, Timestamp>>);

/// The method, and the conversation if it posts.
pub(super) type Key = (String, Option<String>);

impl Blocked {
    /// How long the key must still be left alone.
    pub(super) fn remaining(&self, key: &Key, now: Timestamp) -> Option<Duration> {
        let until = *self.lock().get(key)?;
        Some(until.since(now)).filter(|wait| !wait.is_zero())
    }

    /// Leaves the key alone until then, or until later if that was known already.
    pub(super) fn block(&self, key: &Key, now: Timestamp, wait: Duration) {
        let mut blocked = self.lock();
        blocked.retain(|_, until| *until > now);
        let until = blocked.entry(key.clone()).or_default();
        *until = (*until).max(now + wait);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Timestamp>> {
        // A map of times is whole whatever its last user did.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(method: &str, channel: Option<&str>) -> Key {
        (method.to_owned(), channel.map(str::to_owned))
    }

    #[test]
    fn blocks_the_narrowest_key_until_its_time() {
        let blocked = Blocked::default();
        let (now, one) = (Timestamp::from_seconds(100), key("chat.postMessage", Some("C1")));
        blocked.block(&one, now, Duration::from_secs(30));
        blocked.block(&one, now, Duration::from_secs(5));
        assert_eq!(blocked.remaining(&one, now), Some(Duration::from_secs(30)));
        assert_eq!(blocked.remaining(&key("chat.postMessage", Some("C2")), now), None);
        assert_eq!(blocked.remaining(&key("users.info", None), now), None);
        assert_eq!(blocked.remaining(&one, Timestamp::from_seconds(130)), None);
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let blocked = Blocked::default();
        blocked.block(&key("a", None), Timestamp::from_seconds(0), Duration::from_secs(1));
        blocked.block(&key("b", None), Timestamp::from_seconds(9), Duration::from_secs(1));
        assert_eq!(blocked.lock().len(), 1);
    }
}
