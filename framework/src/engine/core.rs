//! The engine as a pure state machine: inputs in, outputs out.
//!
//! No async, no clock, no randomness, no order of hashing: the same inputs give the same outputs, always. The shell in
//! `drive` carries the outputs out and brings their results back as inputs; a simulation does the same in one thread.
//!
//! What keeps the promise is the order of outputs: nothing is acknowledged before its admission is committed, nothing
//! is sent before it is committed as being sent, and an event ends in the same commit that holds what it said.

mod conflict;
mod fairness;
mod intervene;
mod io;
mod lane;
mod load;
mod lost;
mod outbox;
mod pace;
mod record;
mod run;
mod shed;
#[cfg(test)]
mod simulation;
mod suspect;
#[cfg(test)]
mod tests;
mod timers;
mod trail;
mod unclear;

use std::{collections::VecDeque, time::Duration};

use foldhash::HashMap;

pub(crate) use self::io::{
    Acknowledgement, End, Input, Job, OldEvent, Output, Room, Shed, Spoken, TakenOver, Ticket, Waiter,
};
use self::{
    fairness::Ready, lane::LaneState, lost::Lost, pace::Pace, shed::Shedding, suspect::Suspects, timers::Timers,
};
pub(crate) use self::{load::Load, trail::Note};
use crate::{
    clock::Timestamp,
    store::{Lane, Lease, Place, StoreError},
};

/// How long a failed commit waits before it is tried again.
const COMMIT_AGAIN: Duration = Duration::from_secs(1);

/// What the engine does with events and effects, decided one input at a time.
#[derive(Debug)]
pub(crate) struct Core {
    limits: CoreLimits,
    /// Looked up, and gone through only where the order of hashing decides nothing.
    lanes: HashMap<Lane, LaneState>,
    /// Lanes whose runs conflicted over a value, in their turns: the first is run.
    turns: HashMap<Place, VecDeque<Lane>>,
    /// The time of the step.
    now: Timestamp,
    /// Lanes with an event to run, in the order in which they are served.
    ready: Ready,
    suspects: Suspects,
    shedding: Shedding,
    lost: Lost,
    pace: Pace,
    timers: Timers,
    /// Handlers that run and count against the workers.
    running: usize,
    /// Events whose admission is not yet committed.
    admitting: usize,
    /// Events that wait in lanes.
    waiting: usize,
    /// Until when what was begun is waited for, once nothing more is taken in.
    draining: Option<Timestamp>,
    drained: bool,
    /// What the last step is to be counted by.
    notes: Vec<Note>,
}

/// The limits of the engine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CoreLimits {
    /// Handlers that run at once.
    pub(crate) workers: usize,
    /// Admissions that are under way at once; more are shed.
    pub(crate) admitting: usize,
    /// Events that wait; more are shed.
    pub(crate) waiting: usize,
    /// How long a request waits for its answer before it is acknowledged without.
    pub(crate) answer_within: Duration,
    /// Runs that a crash may cut short before an event is given up.
    pub(crate) crashes: u32,
    /// Tries to reach the platform before an effect is given up.
    pub(crate) tries: u32,
    /// Whether what was looked for in vain is sent once more.
    pub(crate) resend: bool,
    /// Effects that wait in one lane.
    pub(crate) outbox: usize,
    /// Whether calls are paced before the platform asks for it.
    pub(crate) paced: bool,
}

impl Default for CoreLimits {
    fn default() -> Self {
        Self {
            workers: 256,
            admitting: 4_096,
            waiting: 100_000,
            answer_within: Duration::from_millis(2_500),
            crashes: 3,
            tries: 12,
            resend: true,
            outbox: 1_000,
            paced: false,
        }
    }
}

impl Core {
    pub(crate) fn new(limits: CoreLimits) -> Self {
        Self {
            pace: Pace::new(limits.paced),
            now: Timestamp::default(),
            ready: Ready::default(),
            suspects: Suspects::default(),
            shedding: Shedding::default(),
            limits,
            lanes: HashMap::default(),
            lost: Lost::default(),
            turns: HashMap::default(),
            timers: Timers::default(),
            running: 0,
            admitting: 0,
            waiting: 0,
            draining: None,
            drained: false,
            notes: Vec::new(),
        }
    }

    /// Takes one input and says what is to be done.
    #[cfg(test)]
    pub(crate) fn step(&mut self, now: Timestamp, input: Input) -> Vec<Output> {
        let mut outputs = Vec::new();
        self.step_into(now, input, &mut outputs);
        outputs
    }

    /// Takes one input and adds what is to be done.
    pub(crate) fn step_into(&mut self, now: Timestamp, input: Input, out: &mut Vec<Output>) {
        self.notes.clear();
        self.now = now;
        match input {
            input if input.lease().is_some_and(|lease| !self.holds(lease)) => void(input, out),
            Input::Arrived { ticket, job, inbound } => self.arrived(ticket, job, inbound, out),
            Input::Admitted { ticket, job, result } => self.admitted(now, ticket, job, result, out),
            Input::Void(leases) => self.void(leases, out),
            Input::TakenOver(lanes) => lanes.into_iter().for_each(|lane| self.taken_over(now, lane, out)),
            Input::Acknowledged { lease, result } => self.acknowledged(&lease.lane, result, out),
            Input::Spoke { lease, effects, waiter } => self.spoke(now, &lease.lane, effects, waiter, out),
            Input::Recorded { lease, effects, waiter, result } => {
                self.recorded(now, &lease.lane, effects, waiter, result, out);
            }
            Input::Ended { lease, event, end } => self.ended(now, &lease.lane, event, end, out),
            Input::Settled { lease, event, result } => self.settled(now, &lease.lane, event, result, out),
            Input::Delivered { lease, effect, delivery } => {
                self.delivered(now, &lease.lane, &effect, delivery, out);
            }
            Input::Found { lease, effect, found } => self.found(now, &lease.lane, &effect, found, out),
            Input::Marked { lease, effect, result } => self.marked(now, &lease.lane, &effect, result, out),
            Input::Disk(room) => self.shedding.room = room,
            Input::Tick => self.tick(now, out),
            Input::Drain { until } => self.draining = Some(until),
        }
        self.start_ready(now, out);
        if let Some(at) = self.timers.changed() {
            out.push(Output::WakeAt(at));
        }
        if !self.drained && self.draining.is_some_and(|until| self.rests(until)) {
            self.drained = true;
            out.push(Output::Drained);
        }
    }

    /// Whether everything that comes is taken in.
    pub(crate) fn is_open(&self) -> bool {
        self.draining.is_none() && self.admitting < self.limits.admitting && self.shedding.is_open()
    }

    /// What the last step is to be counted by, for what is in `notes`.
    pub(crate) fn swap_notes(&mut self, notes: &mut Vec<Note>) {
        std::mem::swap(&mut self.notes, notes);
    }

    /// Whether a lane is held, and by this very lease.
    pub(crate) fn holds(&self, lease: &Lease) -> bool {
        self.lanes.get(&lease.lane).is_some_and(|state| state.lease.token == lease.token)
    }

    /// How many handlers run, and how many events wait.
    #[cfg(test)]
    pub(crate) fn busy(&self) -> (usize, usize) {
        (self.running, self.waiting)
    }

    /// How many more lanes could be served at once.
    pub(crate) fn room(&self) -> usize {
        let served = self.lanes.len().saturating_sub(self.suspects.waiting());
        if self.draining.is_some() { 0 } else { self.limits.workers.saturating_sub(served) }
    }

    /// Whether nothing is left to do.
    pub(crate) fn is_idle(&self) -> bool {
        self.lanes.is_empty() && self.admitting == 0
    }

    /// How many events and effects are not at their end.
    pub(crate) fn left(&self) -> (usize, usize) {
        let events = self.lanes.values().map(|lane| lane.queue.len() + usize::from(lane.running.is_some()));
        let effects = self.lanes.values().map(|lane| lane.outbox.len());
        (events.sum(), effects.sum())
    }

    /// Whether nothing is under way, and nothing has its turn until then.
    fn rests(&self, until: Timestamp) -> bool {
        let rest = || self.admitting == 0 && self.timers.rest(until) && self.lanes.values().all(LaneState::rests);
        self.is_idle() || rest()
    }

    /// Forgets a lane in which nothing is left to do.
    fn leave_if_empty(&mut self, lane: &Lane) {
        if self.lanes.get(lane).is_some_and(LaneState::is_empty) {
            self.lanes.remove(lane);
        }
    }
}

/// What happened under a lease that was lost since: whoever waits for it is told, and nothing else comes of it.
fn void(input: Input, out: &mut Vec<Output>) {
    if let Input::Spoke { waiter: Some(waiter), .. } | Input::Recorded { waiter: Some(waiter), .. } = input {
        out.push(Output::Spoken { waiter, result: Err(StoreError::Fenced.to_string()) });
    }
}
