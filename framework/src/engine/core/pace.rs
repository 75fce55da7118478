//! When the platform may be called again.

mod blocked;
mod caution;

use std::{collections::BTreeMap, time::Duration};

use self::{blocked::Blocked, caution::Caution};
use crate::{
    clock::Timestamp,
    id::ChannelId,
    platform::{Limits, Outgoing},
};

/// Paces calls by method and by conversation, and obeys when the platform says to wait.
///
/// Each key has the time at which its next call is due: calls that come faster push it away, up to a small burst. A
/// wait that the platform asks for blocks one method in one conversation, and makes what is limited slower for a while;
/// only a workspace that limits several conversations at once, or refuses the token, is left alone as a whole.
#[derive(Debug)]
pub(crate) struct Pace {
    paced: bool,
    due: BTreeMap<Key, Timestamp>,
    /// By the platform.
    blocked: Blocked,
    /// By other processes, which have the turns.
    held: Blocked,
    caution: Caution,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Method(String),
    Channel(ChannelId),
}

/// Past so many keys, those that are due are forgotten.
const MOST_KEYS: usize = 4_096;

impl Pace {
    pub(crate) fn new(paced: bool) -> Self {
        Self {
            paced,
            due: BTreeMap::new(),
            blocked: Blocked::default(),
            held: Blocked::default(),
            caution: Caution::default(),
        }
    }

    /// Takes the turn of a call that may go now; else says when to come again.
    pub(crate) fn take(&mut self, outgoing: &Outgoing, now: Timestamp) -> Result<(), Timestamp> {
        self.blocked.look(outgoing, now)?;
        self.held.look(outgoing, now)?;
        // Last, for whoever passes goes: an address of its own knows neither token nor workspace.
        let intervals = if self.paced { self.intervals(outgoing, now) } else { Vec::new() };
        let earliest = intervals.iter().map(|(key, interval)| {
            let due = self.due.get(key).copied().unwrap_or_default();
            earlier(due, *interval * (Limits::BURST - 1))
        });
        if let Some(at) = earliest.max().filter(|at| *at > now) {
            return Err(at);
        }
        if outgoing.address.is_none() {
            self.caution.pass(now)?;
        }
        for (key, interval) in intervals {
            let due = self.due.get(&key).copied().unwrap_or_default().max(now);
            self.due.insert(key, due + interval);
        }
        self.forget(now);
        Ok(())
    }

    /// Whether a call whose turn was taken before may go now: not while the platform asks to wait. Else when.
    pub(crate) fn may_go(&mut self, outgoing: &Outgoing, now: Timestamp) -> Result<(), Timestamp> {
        self.blocked.look(outgoing, now)?;
        if outgoing.address.is_none() { self.caution.pass(now) } else { Ok(()) }
    }

    /// Whether anything may be read: not while the workspace is left alone as a whole. Else when.
    pub(crate) fn may_read(&self, now: Timestamp) -> Result<(), Timestamp> {
        self.caution.quiet_until(now).map_or(Ok(()), Err)
    }

    /// The platform asks to wait with such calls.
    pub(crate) fn block(&mut self, outgoing: &Outgoing, now: Timestamp, until: Timestamp) {
        self.blocked.block(outgoing, now, until);
        if outgoing.address.is_none() {
            self.caution.limited(narrowest(outgoing), now, until);
        }
    }

    /// Other processes have the turns of such calls until then.
    pub(crate) fn hold(&mut self, outgoing: &Outgoing, now: Timestamp, until: Timestamp) {
        self.held.block(outgoing, now, until);
    }

    /// The platform refuses the token: everything waits. Says until when.
    pub(crate) fn refused(&mut self, now: Timestamp) -> Timestamp {
        self.caution.refused(now)
    }

    /// The platform takes the token.
    pub(crate) fn accepted(&mut self) {
        self.caution.accepted();
    }

    /// The time between two calls, for each key that a call counts for.
    fn intervals(&self, outgoing: &Outgoing, now: Timestamp) -> Vec<(Key, Duration)> {
        let mut intervals = Vec::new();
        if outgoing.limits.per_minute > 0 {
            let interval = Duration::from_secs(60) / outgoing.limits.per_minute;
            intervals.push((Key::Method(outgoing.method.clone()), interval));
        }
        if let Some(channel) = outgoing.channel.as_ref().filter(|_| !outgoing.limits.in_channel.is_zero()) {
            intervals.push((Key::Channel(channel.clone()), outgoing.limits.in_channel));
        }
        for (key, interval) in &mut intervals {
            *interval = self.caution.stretched(key, *interval, now);
        }
        intervals
    }

    fn forget(&mut self, now: Timestamp) {
        if self.due.len() > MOST_KEYS {
            self.due.retain(|_, due| *due > now);
        }
    }
}

/// What a limit is taken to be about: the conversation, where calls of the kind have a pace in one.
fn narrowest(outgoing: &Outgoing) -> Key {
    let channel = outgoing.channel.as_ref().filter(|_| !outgoing.limits.in_channel.is_zero());
    channel.map_or_else(|| Key::Method(outgoing.method.clone()), |channel| Key::Channel(channel.clone()))
}

fn earlier(at: Timestamp, by: Duration) -> Timestamp {
    Timestamp::from_micros(at.micros().saturating_sub(u64::try_from(by.as_micros()).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::platform::Recourse;

    const START: Timestamp = Timestamp::from_seconds(1_000);

    fn post(channel: &str) -> Outgoing {
        Outgoing {
            method: "post".to_owned(),
            body: Bytes::new(),
            channel: Some(ChannelId::new(channel)),
            address: None,
            deadline: None,
            limits: Limits { per_minute: 0, in_channel: Duration::from_secs(1) },
            recourse: Recourse::Look,
        }
    }

    #[test]
    fn spreads_calls_in_one_conversation_after_a_burst() {
        let mut pace = Pace::new(true);
        let turns: Vec<_> = (0..4).map(|_| pace.take(&post("C1"), START)).collect();
        assert_eq!(turns, [Ok(()), Ok(()), Ok(()), Err(START + Duration::from_secs(1))]);
        assert_eq!(pace.take(&post("C2"), START), Ok(()));
        assert_eq!(pace.take(&post("C1"), START + Duration::from_secs(1)), Ok(()));
    }

    #[test]
    fn in_any_second_no_more_than_the_burst_goes_out() {
        let mut pace = Pace::new(true);
        let mut sent = Vec::new();
        for millis in 0..20_000 {
            let now = START + Duration::from_millis(millis);
            if pace.take(&post("C1"), now).is_ok() {
                sent.push(millis);
            }
        }
        assert!(sent.windows(4).all(|four| four[3] - four[0] >= 1_000), "{sent:?}");
        assert!(sent.len() >= 20, "{}", sent.len());
    }

    #[test]
    fn a_wait_blocks_one_method_in_one_conversation() {
        for paced in [true, false] {
            let mut pace = Pace::new(paced);
            let until = START + Duration::from_secs(30);
            pace.block(&post("C1"), START, until);
            assert_eq!(pace.take(&post("C1"), START), Err(until));
            assert_eq!(pace.take(&post("C2"), START), Ok(()));
            let other = Outgoing { method: "react".to_owned(), ..post("C1") };
            assert_eq!(pace.take(&other, START), Ok(()));
            assert_eq!(pace.take(&post("C1"), until), Ok(()));
        }
    }

    #[test]
    fn a_turn_that_was_taken_is_kept_unless_the_platform_asks_to_wait() {
        let mut pace = Pace::new(true);
        let until = START + Duration::from_secs(3);
        pace.hold(&post("C1"), START, until);
        assert_eq!((pace.take(&post("C1"), START), pace.may_go(&post("C1"), START)), (Err(until), Ok(())));
        pace.block(&post("C1"), START, until);
        assert_eq!(pace.may_go(&post("C1"), START), Err(until));
        assert_eq!(pace.may_go(&post("C2"), START), Ok(()));
        let later = pace.refused(START);
        assert_eq!(pace.may_go(&post("C2"), START), Err(later), "the token is refused");
    }

    #[test]
    fn what_is_limited_goes_half_as_fast_and_slowly_recovers() {
        let mut pace = Pace::new(true);
        let gap = |pace: &mut Pace, now: Timestamp| {
            while pace.take(&post("C1"), now).is_ok() {}
            let next = pace.take(&post("C1"), now).unwrap_err();
            pace.take(&post("C1"), next).unwrap();
            pace.take(&post("C1"), next).unwrap_err().since(next)
        };
        assert_eq!(gap(&mut pace, START), Duration::from_secs(1));
        let limited = START + Duration::from_secs(100);
        pace.block(&post("C1"), limited, limited);
        assert_eq!(gap(&mut pace, limited + Duration::from_secs(1)), Duration::from_secs(2));
        pace.block(&post("C1"), limited + Duration::from_secs(30), limited + Duration::from_secs(30));
        assert_eq!(gap(&mut pace, limited + Duration::from_secs(40)), Duration::from_secs(4));
        assert_eq!(gap(&mut pace, limited + Duration::from_secs(30 + 5 * 60)), Duration::from_secs(2));
        assert_eq!(gap(&mut pace, limited + Duration::from_secs(30 + 15 * 60)), Duration::from_secs(1));
        assert_eq!(pace.take(&post("C2"), limited), Ok(()));
    }

    #[test]
    fn several_conversations_limited_at_once_are_the_whole_workspace() {
        for (apart, all) in [(4, true), (5, false)] {
            let mut pace = Pace::new(false);
            let mut now = START;
            for channel in ["C1", "C2", "C2", "C3"] {
                pace.block(&post(channel), now, now + Duration::from_secs(30));
                now = now + Duration::from_secs(if channel == "C2" { apart } else { 1 });
            }
            assert_eq!(pace.take(&post("C4"), now).is_err(), all, "{apart} s apart");
            assert_eq!(pace.take(&post("C4"), now + Duration::from_secs(30)), Ok(()));
        }
    }

    #[test]
    fn nothing_is_read_while_the_workspace_is_left_alone() {
        let mut pace = Pace::new(false);
        let until = START + Duration::from_secs(30);
        for channel in ["C1", "C2"] {
            pace.block(&post(channel), START, until);
        }
        assert_eq!(pace.may_read(START), Ok(()));
        pace.block(&post("C3"), START, until);
        assert_eq!(pace.may_read(START), Err(until));
        assert_eq!(pace.may_read(until), Ok(()));
        let refused = pace.refused(until);
        assert_eq!(pace.may_read(until), Err(refused));
        pace.accepted();
        assert_eq!(pace.may_read(until), Ok(()));
    }

    #[test]
    fn an_address_of_its_own_needs_no_token() {
        let mut pace = Pace::new(true);
        pace.refused(START);
        let address = crate::platform::Address("https://hooks.slack.com/commands/1".parse().unwrap());
        assert_eq!(pace.take(&Outgoing { address: Some(address), channel: None, ..post("C1") }, START), Ok(()));
        assert!(pace.take(&post("C1"), START).is_err());
    }
}
