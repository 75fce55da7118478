//! One lane: its events, one at a time, and its effects, in order.

use std::{collections::VecDeque, sync::Arc};

use super::io::{Job, Ticket, Waiter};
use crate::{
    clock::Timestamp,
    platform::Response,
    store::{Effect, Lease, Sequence, Settlement},
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
}

/// An event that waits.
#[derive(Debug)]
pub(crate) struct Queued {
    pub(crate) sequence: Sequence,
    pub(crate) job: Arc<Job>,
    pub(crate) dispatch: bool,
    pub(crate) attempts: u32,
    pub(crate) not_before: Timestamp,
}

/// The event that is run.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) event: Queued,
    /// Whether it counts against the workers.
    pub(crate) counted: bool,
    pub(crate) request: Option<Request>,
    /// Its end, while that is committed.
    pub(crate) settling: Option<(Settlement, Option<Response>)>,
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
}

impl Outbound {
    /// An effect that is committed and may be sent at once.
    pub(crate) fn new(effect: Effect, now: Timestamp) -> Self {
        Self { effect, waiter: None, tries: 0, not_before: now }
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
    /// Its end is committed.
    Ending,
    /// Its return to the queue is committed.
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
        }
    }

    /// Whether nothing of it is under way: what it has waits for its time.
    pub(crate) fn rests(&self) -> bool {
        self.running.is_none() && !self.listed && self.sending == Sending::Idle
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty() && self.running.is_none() && self.outbox.is_empty() && !self.listed
    }
}
