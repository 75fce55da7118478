//! One lane: its events, one at a time, and its effects, in order.

use std::{collections::VecDeque, sync::Arc};

use super::{
    io::{Job, Output, Spoken, Ticket, Waiter},
    record::Records,
    trail::Trail,
    unclear::Search,
};
use crate::{
    clock::Timestamp,
    platform::Response,
    store::{Effect, EffectKey, Lease, Place, Sequence, Settlement},
};

/// A lane that is held, with all its work.
#[derive(Debug)]
pub(crate) struct LaneState {
    pub(crate) lease: Lease,
    /// The events that wait.
    pub(crate) queue: VecDeque<Queued>,
    /// The event that is run.
    pub(crate) running: Option<Running>,
    /// Whether the lane stands in the list of those to be served.
    pub(crate) listed: bool,
    /// The effects that are not at their end; the first is the one that is sent.
    pub(crate) outbox: VecDeque<Outbound>,
    pub(crate) sending: Sending,
    /// What became of effects of a process that is gone, while their events may say them again.
    pub(crate) ended: Vec<(EffectKey, Result<Spoken, String>)>,
    /// What is said that is not committed yet.
    pub(super) records: Records,
    /// Events that are given up without being run, until that is committed.
    pub(crate) given_up: Vec<GivenUp>,
}

/// An event that ends without being run.
#[derive(Debug)]
pub(crate) struct GivenUp {
    pub(crate) settlement: Settlement,
    /// Whether the commit of its end failed, and is to be tried again.
    pub(crate) unsettled: bool,
}

/// An event that waits.
#[derive(Debug)]
pub(crate) struct Queued {
    pub(crate) sequence: Sequence,
    pub(crate) job: Arc<Job>,
    pub(crate) dispatch: bool,
    pub(crate) attempts: u32,
    pub(crate) crashes: u32,
    pub(crate) not_before: Timestamp,
    /// Since when what it says may have been said: it stood in a copy that was put back.
    pub(crate) doubted: Option<Timestamp>,
}

impl Queued {
    /// Since when it waits. What an operator brought back came in long before.
    pub(crate) fn since(&self) -> Timestamp {
        if self.job.replays > 0 { self.not_before } else { self.job.event.received }
    }
}

/// The event that is run.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) event: Queued,
    /// Whether it counts against the workers.
    pub(crate) counted: bool,
    pub(crate) request: Option<Request>,
    /// Whether the commit of its end failed, and is to be tried again.
    pub(crate) unsettled: bool,
    /// Its end, while that is committed.
    pub(crate) settling: Option<(Settlement, Option<Response>)>,
    /// How often it was run in vain, because a value that it changed was not what it had seen.
    pub(crate) conflicts: u32,
    /// The value for which it has its turn, or waits for it.
    pub(crate) turn: Option<Place>,
}

impl Running {
    pub(crate) fn new(event: Queued, request: Option<Request>) -> Self {
        Self { event, counted: request.is_none(), request, unsettled: false, settling: None, conflicts: 0, turn: None }
    }

    /// What runs it.
    pub(crate) fn output(&self, lease: &Lease) -> Output {
        Output::Run {
            lease: lease.clone(),
            sequence: self.event.sequence,
            job: self.event.job.clone(),
            dispatch: self.event.dispatch,
            attempts: self.event.attempts,
            crashes: self.event.crashes,
            conflicts: self.conflicts,
        }
    }
}

/// A request whose response is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) ticket: Ticket,
    pub(crate) response: Owed,
}

/// Where the response to a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owed {
    /// It waits for the answer.
    Answer,
    /// It waits for the commit of its acknowledgement.
    Acknowledgement,
    /// It is gone.
    Nothing,
}

/// An effect that is not at its end.
#[derive(Debug)]
pub(crate) struct Outbound {
    pub(crate) effect: Effect,
    pub(crate) waiter: Option<Waiter>,
    pub(crate) tries: u32,
    pub(crate) not_before: Timestamp,
    /// Since when it waits here.
    pub(crate) since: Timestamp,
    /// How far the search for it is, once it may have arrived.
    pub(crate) search: Option<Search>,
    /// Whether its turn was taken before, and is now.
    pub(crate) has_turn: bool,
    /// Since when it waits for its pace.
    pub(crate) paced: Option<Timestamp>,
    pub(crate) trail: Trail,
}

impl Outbound {
    /// An effect that is committed and may be sent at once.
    pub(crate) fn new(effect: Effect, now: Timestamp, trail: Trail) -> Self {
        Self {
            effect,
            waiter: None,
            tries: 0,
            not_before: now,
            since: now,
            search: None,
            has_turn: false,
            paced: None,
            trail,
        }
    }

    /// When to look at it again that has nothing to do before `at`: its deadline may come first.
    pub(crate) fn wakes(&self, at: Timestamp) -> Timestamp {
        self.effect.outgoing.deadline.map_or(at, |deadline| deadline.min(at))
    }
}

/// What is done with the first effect of a lane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sending {
    /// Nothing, or it waits for its time.
    #[default]
    Idle,
    /// Its mark as being sent is committed.
    Beginning,
    /// It is being sent.
    InFlight,
    /// It is being looked for.
    Looking,
    /// Its end is committed.
    Ending,
    /// Its return to the queue is committed, to be sent again or looked for.
    Returning,
}

impl LaneState {
    pub(crate) fn new(lease: Lease) -> Self {
        Self {
            lease,
            queue: VecDeque::new(),
            running: None,
            listed: false,
            outbox: VecDeque::new(),
            sending: Sending::Idle,
            ended: Vec::new(),
            records: Records::default(),
            given_up: Vec::new(),
        }
    }

    /// Whether nothing of it is under way: what it has waits for its time.
    pub(crate) fn rests(&self) -> bool {
        self.running.is_none() && !self.listed && self.sending == Sending::Idle && self.given_up.is_empty()
    }

    /// Effects that are committed, behind those that were before.
    pub(super) fn post(&mut self, effects: Vec<Effect>, now: Timestamp, trail: &Trail) {
        // Nearly always one, and the room for others would wait with it.
        self.outbox.reserve_exact(effects.len());
        self.outbox.extend(effects.into_iter().map(|effect| Outbound::committed(effect, now, trail.clone())));
    }

    /// The commit of the end of an event failed.
    pub(crate) fn unsettled(&mut self, event: Sequence) {
        let given_up = self.given_up.iter_mut().filter(|given_up| given_up.settlement.event == event);
        given_up.for_each(|given_up| given_up.unsettled = true);
        let running = self.running.as_mut().filter(|running| running.event.sequence == event);
        running.into_iter().for_each(|running| running.unsettled = true);
    }

    /// Whether an event of the lane is not at its end.
    pub(crate) fn is_open(&self, event: Sequence) -> bool {
        let runs = self.running.as_ref().is_some_and(|running| running.event.sequence == event);
        runs || self.queue.iter().any(|queued| queued.sequence == event)
    }

    /// Whether nothing is left of an event or of what was said for it. What is said for one event stands together, for
    /// events are run one at a time.
    pub(crate) fn is_over(&self, event: Sequence) -> bool {
        let runs = self.running.as_ref().is_some_and(|running| running.event.sequence == event);
        let waits = self.queue.front().is_some_and(|queued| queued.sequence == event);
        let says = |outbound: Option<&Outbound>| outbound.is_some_and(|outbound| outbound.effect.key.event == event);
        !runs && !waits && !says(self.outbox.front()) && !says(self.outbox.back())
    }

    pub(crate) fn is_empty(&self) -> bool {
        let is_left = self.queue.is_empty() && self.running.is_none() && self.given_up.is_empty();
        is_left && self.outbox.is_empty() && self.records.is_empty() && !self.listed
    }
}
