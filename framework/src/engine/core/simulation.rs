//! The core, a store, a platform and handlers in one thread: a run that crashes after each output, and ends right.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use futures_util::FutureExt;

use super::{tests::job, *};
use crate::{
    id::MessageId,
    platform::Delivery,
    store::{
        Effect, EffectKey, EffectState, EventState, Inbound, MemoryStore, Sequence, Store,
        conformance::{effect, inbound},
    },
};

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

/// What happens to the process in the middle of its work.
#[derive(Clone, Copy, Debug)]
enum Crash {
    /// Before the output is carried out.
    Before(usize),
    /// After it was carried out, before its result is known.
    After(usize),
}

struct World {
    store: Arc<MemoryStore>,
    core: Core,
    /// What is to be carried out.
    todo: VecDeque<Output>,
    /// What people said, with how often the platform has delivered it.
    said: Vec<Inbound>,
    acknowledged: BTreeSet<u64>,
    /// Every message that the platform took, in order.
    posted: Vec<EffectKey>,
    /// Which run of which event ended.
    completed: BTreeMap<Sequence, u32>,
    /// Effects given up because nobody knows whether they arrived.
    unclear: BTreeSet<EffectKey>,
    steps: usize,
    crash: Option<Crash>,
}

impl World {
    fn new(crash: Option<Crash>) -> Self {
        Self {
            store: Arc::new(MemoryStore::new()),
            core: Core::new(CoreLimits::default()),
            todo: VecDeque::new(),
            said: Vec::new(),
            acknowledged: BTreeSet::new(),
            posted: Vec::new(),
            completed: BTreeMap::new(),
            unclear: BTreeSet::new(),
            steps: 0,
            crash,
        }
    }

    fn say(&mut self, id: &str, lane: &str) {
        self.said.push(inbound(id, lane));
        self.deliver(self.said.len() - 1);
    }

    fn deliver(&mut self, index: usize) {
        let inbound = self.said[index].clone();
        self.input(Input::Arrived { ticket: Ticket(index as u64), job: job(Vec::new()), inbound });
    }

    fn input(&mut self, input: Input) {
        let outputs = self.core.step(NOW, input);
        self.todo.extend(outputs);
    }

    fn run(&mut self) {
        while let Some(output) = self.todo.pop_front() {
            match self.crash {
                Some(Crash::Before(at)) if at == self.steps => self.restart(),
                Some(Crash::After(at)) if at == self.steps => {
                    self.carry_out(output);
                    self.restart();
                }
                _ => {
                    let results = self.carry_out(output);
                    results.into_iter().for_each(|input| self.input(input));
                }
            }
            self.steps += 1;
        }
    }

    /// The process ends and starts again; the platform delivers again what was not acknowledged.
    fn restart(&mut self) {
        self.crash = None;
        self.todo.clear();
        self.store.crash();
        self.core = Core::new(CoreLimits::default());
        let leased = self.store.lease(100, NOW).now_or_never().unwrap().unwrap();
        let lanes = leased.into_iter().map(|leased| TakenOver {
            events: leased
                .events
                .into_iter()
                .map(|event| OldEvent {
                    sequence: event.sequence,
                    state: event.state,
                    crashes: event.crashes,
                    attempts: event.attempts,
                    dispatch: event.dispatch,
                    job: Some(job(event.recorded)),
                })
                .collect(),
            lease: leased.lease,
            effects: leased.effects,
        });
        let lanes = lanes.collect();
        self.input(Input::TakenOver(lanes));
        for index in 0..self.said.len() {
            if !self.acknowledged.contains(&(index as u64)) {
                self.deliver(index);
            }
        }
    }

    fn carry_out(&mut self, output: Output) -> Option<Input> {
        let store = self.store.clone();
        Some(match output {
            Output::Admit { ticket, job, inbound } => {
                let result = store.admit(inbound).now_or_never().unwrap();
                Input::Admitted { ticket, job, result }
            }
            Output::Acknowledge { lease, event } => {
                let result = store.acknowledge(&lease, event).now_or_never().unwrap();
                Input::Acknowledged { lane: lease.lane, result }
            }
            Output::Record { lease, effects, waiter } => {
                let result = store.record(&lease, effects.clone()).now_or_never().unwrap();
                Input::Recorded { lane: lease.lane, effects, waiter, result }
            }
            Output::Settle { lease, settlement } => {
                let event = settlement.event;
                *self.completed.entry(event).or_default() += 1;
                let result = store.settle(&lease, settlement).now_or_never().unwrap();
                Input::Settled { lane: lease.lane, event, result }
            }
            Output::Mark { lease, effect, state } => {
                if matches!(state, EffectState::Dead { .. }) {
                    self.unclear.insert(effect.clone());
                }
                let result = store.mark(&lease, &effect, state).now_or_never().unwrap();
                Input::Marked { lane: lease.lane, effect, result }
            }
            Output::Respond { ticket, acknowledgement } => {
                assert_eq!(acknowledgement, Acknowledgement::Stored);
                self.acknowledged.insert(ticket.0);
                return None;
            }
            Output::Run { lane, sequence, job, .. } => return Some(handler_begins(lane, sequence, &job)),
            Output::Send { lane, effect, .. } => {
                self.posted.push(effect.clone());
                let message = Some(MessageId::new(self.posted.len().to_string()));
                Input::Delivered { lane, effect, delivery: Delivery::Sent { channel: None, message } }
            }
            // What a handler says first names its event: it then returns.
            Output::Spoken { waiter, .. } => handler_returns(&self.lane_of(waiter), Sequence(waiter.0)),
            Output::WakeAt(_) | Output::Drained => return None,
        })
    }

    fn lane_of(&self, waiter: Waiter) -> Lane {
        let lanes = ["one", "two"].map(|lane| Lane(lane.into()));
        let running = |lane: &&Lane| self.core.running_in(lane) == Some(Sequence(waiter.0));
        lanes.iter().find(running).unwrap().clone()
    }
}

/// A handler that says one thing, waits for it to be delivered, and returns another.
fn handler_begins(lane: Lane, sequence: Sequence, job: &Job) -> Input {
    let first = effect(sequence, 0);
    match job.recorded.lock().unwrap().iter().find(|recorded| recorded.key == first.key) {
        Some(Effect { state: EffectState::Sent { .. } | EffectState::Sending, .. }) => handler_returns(&lane, sequence),
        _ => Input::Spoke { lane, effects: vec![first], waiter: Waiter(sequence.0) },
    }
}

fn handler_returns(lane: &Lane, sequence: Sequence) -> Input {
    let end = End { state: EventState::Done, effects: vec![effect(sequence, 1)], answer: None };
    Input::Ended { lane: lane.clone(), event: sequence, end }
}

fn conversation(crash: Option<Crash>) -> World {
    let mut world = World::new(crash);
    for (id, lane) in [("a", "one"), ("b", "one"), ("c", "two")] {
        world.say(id, lane);
    }
    world.run();
    world
}

fn ends_right(world: &World, crash: Option<Crash>) {
    assert_eq!(world.acknowledged.len(), 3, "{crash:?}: everything is acknowledged in the end");
    let counts = world.store.counts().now_or_never().unwrap().unwrap();
    assert_eq!((counts.open, counts.unsent, counts.dead), (0, 0, 0), "{crash:?}: everything is at its end");
    let distinct: BTreeSet<_> = world.posted.iter().collect();
    assert_eq!(distinct.len(), world.posted.len(), "{crash:?}: nothing is said twice");
    let missing = 6 - world.posted.len();
    let ambiguous = world.unclear.iter().filter(|effect| !world.posted.contains(effect)).count();
    assert_eq!(missing, ambiguous, "{crash:?}: what is not said is listed: {:?}", world.posted);
    assert!(ambiguous <= 2, "{crash:?}: at most one in each lane");
    for lane in [[Sequence(1), Sequence(2)].as_slice(), &[Sequence(3)]] {
        let of_lane: Vec<_> = world.posted.iter().filter(|key| lane.contains(&key.event)).collect();
        assert!(of_lane.is_sorted_by_key(|key| (key.event, key.ordinal)), "{crash:?}: {of_lane:?}");
    }
    assert!(world.core.is_idle(), "{crash:?}");
}

#[test]
fn a_run_without_a_crash_ends_right() {
    let world = conversation(None);
    ends_right(&world, None);
    assert!(world.unclear.is_empty());
    assert!(world.completed.values().all(|runs| *runs == 1));
}

#[test]
fn a_run_that_crashes_after_any_output_ends_right() {
    let outputs = conversation(None).steps;
    assert!(outputs > 20, "{outputs}");
    for at in 0..outputs {
        for crash in [Crash::Before(at), Crash::After(at)] {
            ends_right(&conversation(Some(crash)), Some(crash));
        }
    }
}

#[test]
fn bodies_of_ended_events_are_gone() {
    let world = conversation(None);
    world.store.crash();
    assert!(world.store.lease(10, NOW).now_or_never().unwrap().unwrap().is_empty());
    assert_eq!(world.said[0].body, Bytes::from_static(b"{}"));
}
