//! What is to be done later.

use std::collections::BTreeMap;

use crate::{clock::Timestamp, store::Lane};

/// Times at which a lane is looked at again.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    due: BTreeMap<(Timestamp, Urgency, u64), (Lane, Timer)>,
    next: u64,
    told: Option<Timestamp>,
}

/// Who goes first of those that have the same time: what waits for one pace is told the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Urgency {
    /// The answer to a request: a person looks at the screen.
    Answer,
    /// Anything else that is said.
    Post,
    /// A look for something that may have arrived.
    Read,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timer {
    /// A request that has waited long enough for its answer.
    Answer,
    /// An event that may be run again.
    Run,
    /// An effect that may be sent.
    Send,
    /// The commit of an event's end that may be tried again.
    Settle,
    /// The commit of a mark that may be tried again.
    Mark,
    /// The commit of what a handler said that may be tried again.
    Record,
}

impl Timers {
    pub(crate) fn set(&mut self, at: Timestamp, lane: Lane, timer: Timer) {
        self.set_among(at, Urgency::Post, lane, timer);
    }

    /// The same, before all that are less urgent and have the same time.
    pub(crate) fn set_among(&mut self, at: Timestamp, urgency: Urgency, lane: Lane, timer: Timer) {
        self.next += 1;
        self.due.insert((at, urgency, self.next), (lane, timer));
    }

    /// The next one that is due.
    pub(crate) fn pop(&mut self, now: Timestamp) -> Option<(Lane, Timer)> {
        let entry = self.due.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(entry.remove())
    }

    /// Whether no event and no effect has its time until then. Requests that wait for their answer are under way.
    pub(crate) fn rest(&self, until: Timestamp) -> bool {
        self.due.range(..=(until, Urgency::Read, u64::MAX)).all(|(_, (_, timer))| *timer == Timer::Answer)
    }

    /// Whoever was told has come: the next time is told anew.
    pub(crate) fn forget_told(&mut self) {
        self.told = None;
    }

    /// The earliest time, when it is another than was told before.
    pub(crate) fn changed(&mut self) -> Option<Timestamp> {
        let earliest = self.due.keys().next().map(|(at, ..)| *at);
        if earliest == self.told {
            return None;
        }
        self.told = earliest;
        earliest
    }
}
