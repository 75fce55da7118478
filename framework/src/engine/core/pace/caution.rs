//! What the platform's refusals teach: which calls to make slower, and when to make none at all.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use super::Key;
use crate::{clock::Timestamp, id::ChannelId};

/// So many conversations that are limited within so short a time are the whole workspace's limit.
const STORM: usize = 3;
const STORM_WITHIN: Duration = Duration::from_secs(10);

/// The least part of its pace that is left to a call, in percent; it comes back by so many in a minute.
const SLOWEST: u64 = 5;
const RECOVERS: u64 = 5;

/// Past so many keys, those that have recovered are forgotten.
const MOST_KEYS: usize = 4_096;

/// When the token is refused, it is tried again after 1, 2, 4, … seconds, up to this.
const LONGEST_REFUSAL: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct Caution {
    /// The part of its pace that was left to a call when it was limited last, in percent.
    slowed: BTreeMap<Key, (Timestamp, u64)>,
    /// The conversations that were limited of late.
    recent: VecDeque<(Timestamp, ChannelId)>,
    /// Until when the whole workspace is left alone.
    silent: Timestamp,
    /// While the token is refused: when one call may try it again, and how often it was refused.
    refused: Option<(Timestamp, u32)>,
}

impl Caution {
    /// Whether any call may go now; else when. While the token is refused, the one that may go tries it for all.
    pub(super) fn pass(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        if self.silent > now {
            return Err(self.silent);
        }
        match self.refused {
            Some((until, _)) if until > now => Err(until),
            Some((_, times)) => {
                self.refused = Some((now + refused_for(times), times));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Until when the workspace is left alone as a whole, or the token is not to be tried.
    pub(super) fn quiet_until(&self, now: Timestamp) -> Option<Timestamp> {
        let refused = self.refused.map(|(until, _)| until);
        [Some(self.silent), refused].into_iter().flatten().max().filter(|until| *until > now)
    }

    /// The time between two calls of a key, whose pace would be `interval`.
    pub(super) fn stretched(&self, key: &Key, interval: Duration, now: Timestamp) -> Duration {
        match self.percent(key, now) {
            100 => interval,
            percent => interval * 100 / u32::try_from(percent).unwrap_or(100),
        }
    }

    /// The platform limits calls of a key until then.
    pub(super) fn limited(&mut self, key: Key, now: Timestamp, until: Timestamp) {
        if let Key::Channel(channel) = &key {
            self.recent.retain(|(at, other)| now.since(*at) < STORM_WITHIN && other != channel);
            self.recent.push_back((now, channel.clone()));
            if self.recent.len() >= STORM {
                self.silent = self.silent.max(until);
            }
        }
        if self.slowed.len() > MOST_KEYS {
            self.slowed.retain(|_, (since, percent)| recovered(*since, *percent, now) < 100);
        }
        let percent = (self.percent(&key, now) / 2).max(SLOWEST);
        self.slowed.insert(key, (now, percent));
    }

    /// The platform refuses the token: says until when everything waits.
    pub(super) fn refused(&mut self, now: Timestamp) -> Timestamp {
        let times = self.refused.map_or(0, |(_, times)| times.saturating_add(1));
        let until = now + refused_for(times);
        self.refused = Some((until, times));
        until
    }

    /// The platform takes the token.
    pub(super) fn accepted(&mut self) {
        self.refused = None;
    }

    fn percent(&self, key: &Key, now: Timestamp) -> u64 {
        self.slowed.get(key).map_or(100, |(since, percent)| recovered(*since, *percent, now))
    }
}

fn recovered(since: Timestamp, percent: u64, now: Timestamp) -> u64 {
    (percent + now.since(since).as_secs() / 60 * RECOVERS).min(100)
}

fn refused_for(times: u32) -> Duration {
    Duration::from_secs(1 << times.min(6)).min(LONGEST_REFUSAL)
}
