//! The core, a store, a platform and handlers in one thread: a run that crashes after each output, on a platform that
//! loses requests and answers, and ends right.

mod replicas;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use futures_util::FutureExt;

use super::{tests::job, *};
use crate::{
    id::MessageId,
    platform::{Delivery, Found},
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

/// What the platform does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It arrives, and so does the answer.
    Arrives,
    /// It arrives, and the answer is lost.
    LosesAnswer,
    /// It does not arrive, and nobody knows.
    LosesRequest,
}

/// What goes wrong in a run.
#[derive(Clone, Debug, Default)]
struct Trouble {
    /// In order; the steps of the second are counted from the start too.
    crashes: Vec<Crash>,
    /// What becomes of the how many-th message that is sent; the others arrive.
    fates: BTreeMap<usize, Fate>,
    /// How many looks at a conversation do not yet show what was said last.
    lag: usize,
    /// Whether handlers speak only once nothing else is to be done.
    slow: bool,
    /// Whether what is looked for in vain stays unsent.
    hold: bool,
}

struct World {
    store: Arc<MemoryStore>,
    core: Core,
    now: Timestamp,
    alarm: Option<Timestamp>,
    /// What is to be carried out.
    todo: VecDeque<Output>,
    /// What slow handlers do.
    later: VecDeque<Input>,
    /// What people said, with how often the platform has delivered it.
    said: Vec<Inbound>,
    acknowledged: BTreeSet<u64>,
    /// How many messages were sent.
    sent: usize,
    /// How many looks will not show what was said last.
    lag: usize,
    /// Every message that the platform took, in order.
    posted: Vec<EffectKey>,
    /// Which run of which event ended.
    completed: BTreeMap<Sequence, u32>,
    /// Effects given up because nobody knows whether they arrived.
    unclear: BTreeSet<EffectKey>,
    steps: usize,
    trouble: Trouble,
}

impl World {
    fn new(trouble: Trouble) -> Self {
        Self {
            store: Arc::new(MemoryStore::new()),
            core: Core::new(limits(&trouble)),
            now: NOW,
            alarm: None,
            todo: VecDeque::new(),
            later: VecDeque::new(),
            said: Vec::new(),
            acknowledged: BTreeSet::new(),
            sent: 0,
            lag: 0,
            posted: Vec::new(),
            completed: BTreeMap::new(),
            unclear: BTreeSet::new(),
            steps: 0,
            trouble,
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
        let outputs = self.core.step(self.now, input);
        self.todo.extend(outputs);
    }

    /// Goes on until nothing is to be done, now or later.
    fn run(&mut self) {
        loop {
            if let Some(output) = self.todo.pop_front() {
                self.take(output);
                self.steps += 1;
            } else if let Some(input) = self.later.pop_front() {
                self.input(input);
            } else if let Some(at) = self.alarm.take() {
                self.now = self.now.max(at);
                self.input(Input::Tick);
            } else {
                return;
            }
        }
    }

    fn take(&mut self, output: Output) {
        match self.trouble.crashes.first() {
            Some(Crash::Before(at)) if *at <= self.steps => self.restart(),
            Some(Crash::After(at)) if *at <= self.steps => {
                self.carry_out(output);
                self.restart();
            }
            _ => {
                let slow = self.trouble.slow && matches!(output, Output::Run { .. });
                match self.carry_out(output) {
                    Some(input) if slow => self.later.push_back(input),
                    Some(input) => self.input(input),
                    None => {}
                }
            }
        }
    }

    /// The process ends and starts again; the platform delivers again what was not acknowledged.
    fn restart(&mut self) {
        self.trouble.crashes.remove(0);
        self.todo.clear();
        self.later.clear();
        self.alarm = None;
        self.store.crash();
        self.core = Core::new(limits(&self.trouble));
        let leased = self.store.lease(100, self.now).now_or_never().unwrap().unwrap();
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
                Input::Acknowledged { lease, result }
            }
            Output::Record { lease, effects, waiter } => {
                let result = store.record(&lease, effects.clone()).now_or_never().unwrap();
                Input::Recorded { lease, effects, waiter, result }
            }
            Output::Settle { lease, settlement } => {
                let event = settlement.event;
                *self.completed.entry(event).or_default() += 1;
                let result = store.settle(&lease, settlement).now_or_never().unwrap();
                Input::Settled { lease, event, result }
            }
            Output::Mark { lease, effect, state } => {
                if let EffectState::Dead { reason } = &state {
                    assert!(reason.starts_with("ambiguous"), "{reason}");
                    self.unclear.insert(effect.clone());
                }
                let result = store.mark(&lease, &effect, state).now_or_never().unwrap();
                Input::Marked { lease, effect, result }
            }
            Output::Respond { ticket, acknowledgement } => {
                assert_eq!(acknowledgement, Acknowledgement::Stored);
                self.acknowledged.insert(ticket.0);
                return None;
            }
            Output::Run { lease, sequence, job, .. } => return Some(handler_begins(lease, sequence, &job)),
            Output::Send { lease, effect, .. } => {
                let delivery = self.deliver_message(&effect);
                Input::Delivered { lease, effect, delivery }
            }
            Output::Find { lease, effect, .. } => {
                let shown = self.posted.len().saturating_sub(usize::from(self.lag > 0));
                self.lag = self.lag.saturating_sub(1);
                let found = match self.posted[..shown].contains(&effect) {
                    true => Found::Yes { channel: None, message: None },
                    false => Found::No,
                };
                Input::Found { lease, effect, found }
            }
            // What a handler says first names its event: it then returns.
            Output::Spoken { waiter, .. } => handler_returns(self.lease_of(waiter), Sequence(waiter.0)),
            Output::WakeAt(at) => {
                self.alarm = Some(self.alarm.map_or(at, |earliest| earliest.min(at)));
                return None;
            }
            Output::Renounce { .. } | Output::Drained => return None,
        })
    }

    fn deliver_message(&mut self, effect: &EffectKey) -> Delivery {
        let fate = self.trouble.fates.get(&self.sent).copied().unwrap_or(Fate::Arrives);
        self.sent += 1;
        if fate != Fate::LosesRequest {
            self.posted.push(effect.clone());
            self.lag = self.trouble.lag;
        }
        match fate {
            Fate::Arrives => Delivery::Sent { channel: None, message: Some(MessageId::new(self.sent.to_string())) },
            _ => Delivery::Ambiguous { why: "the answer was lost".to_owned() },
        }
    }

    fn lease_of(&self, waiter: Waiter) -> Lease {
        let lanes = ["one", "two"].map(|lane| Lane(lane.into()));
        let running = |lane: &Lane| self.core.running_in(lane).filter(|(_, event)| *event == Sequence(waiter.0));
        lanes.iter().find_map(running).unwrap().0
    }
}

fn limits(trouble: &Trouble) -> CoreLimits {
    CoreLimits { resend: !trouble.hold, ..CoreLimits::default() }
}

/// A handler that says one thing, waits for what becomes of it, and returns another.
fn handler_begins(lease: Lease, sequence: Sequence, job: &Job) -> Input {
    let first = effect(sequence, 0);
    match job.recorded.lock().unwrap().iter().find(|recorded| recorded.key == first.key) {
        Some(Effect { state: EffectState::Sent { .. } | EffectState::Dead { .. }, .. }) => {
            handler_returns(lease, sequence)
        }
        _ => Input::Spoke { lease, effects: vec![first], waiter: Some(Waiter(sequence.0)) },
    }
}

fn handler_returns(lease: Lease, sequence: Sequence) -> Input {
    let end = End { state: EventState::Done, effects: vec![effect(sequence, 1)], changes: vec![], answer: None };
    Input::Ended { lease, event: sequence, end }
}

fn conversation(trouble: &Trouble) -> World {
    let mut world = World::new(trouble.clone());
    for (id, lane) in [("a", "one"), ("b", "one"), ("c", "two")] {
        world.say(id, lane);
    }
    world.run();
    world
}

/// Whatever went wrong, everything is at its end, in order, said at most once, and what was not said is listed.
fn ends_right(trouble: &Trouble) -> World {
    let world = conversation(trouble);
    assert_eq!(world.acknowledged.len(), 3, "{trouble:?}: everything is acknowledged in the end");
    let counts = world.store.counts().now_or_never().unwrap().unwrap();
    assert_eq!((counts.open, counts.unsent, counts.dead), (0, 0, 0), "{trouble:?}: everything is at its end");
    let distinct: BTreeSet<_> = world.posted.iter().collect();
    assert_eq!(distinct.len(), world.posted.len(), "{trouble:?}: nothing is said twice: {:?}", world.posted);
    let missing = 6 - world.posted.len();
    let listed = world.unclear.iter().filter(|effect| !world.posted.contains(effect)).count();
    assert_eq!(missing, listed, "{trouble:?}: what is not said is listed: {:?}", world.posted);
    for lane in [[Sequence(1), Sequence(2)].as_slice(), &[Sequence(3)]] {
        let of_lane: Vec<_> = world.posted.iter().filter(|key| lane.contains(&key.event)).collect();
        assert!(of_lane.is_sorted_by_key(|key| (key.event, key.ordinal)), "{trouble:?}: {of_lane:?}");
    }
    assert!(world.core.is_idle(), "{trouble:?}");
    world
}

/// Nothing at all is missing, and nothing is listed.
fn ends_complete(trouble: &Trouble) {
    let world = ends_right(trouble);
    assert_eq!(world.posted.len(), 6, "{trouble:?}: everything is said: {:?}", world.posted);
    assert!(world.unclear.is_empty(), "{trouble:?}: {:?}", world.unclear);
}

fn every_crash(outputs: usize) -> impl Iterator<Item = Crash> {
    (0..outputs).flat_map(|at| [Crash::Before(at), Crash::After(at)])
}

#[test]
fn a_run_without_a_crash_ends_right() {
    let world = ends_right(&Trouble::default());
    assert!(world.unclear.is_empty());
    assert!(world.completed.values().all(|runs| *runs == 1));
}

#[test]
fn a_run_that_crashes_after_any_output_ends_complete() {
    let outputs = conversation(&Trouble::default()).steps;
    assert!(outputs > 20, "{outputs}");
    for crash in every_crash(outputs) {
        for (lag, slow) in [(0, false), (2, false), (0, true)] {
            ends_complete(&Trouble { crashes: vec![crash], lag, slow, ..Trouble::default() });
        }
    }
}

#[test]
fn a_run_that_crashes_twice_ends_complete() {
    let outputs = conversation(&Trouble::default()).steps;
    for first in every_crash(outputs).step_by(3) {
        let (Crash::Before(at) | Crash::After(at)) = first;
        for behind in (1..outputs).step_by(5) {
            for second in [Crash::Before(at + behind), Crash::After(at + behind)] {
                // Twice cut short while it was sent, it may be missing, and is listed then.
                ends_right(&Trouble { crashes: vec![first, second], ..Trouble::default() });
            }
        }
    }
}

#[test]
fn a_platform_that_loses_any_message_or_its_answer_is_asked_and_everything_is_said_once() {
    for message in 0..6 {
        for fate in [Fate::LosesAnswer, Fate::LosesRequest] {
            let trouble = Trouble { fates: BTreeMap::from([(message, fate)]), ..Trouble::default() };
            for lag in 0..=2 {
                ends_complete(&Trouble { lag, ..trouble.clone() });
            }
            for crash in every_crash(conversation(&trouble).steps) {
                ends_right(&Trouble { crashes: vec![crash], ..trouble.clone() });
                ends_right(&Trouble { crashes: vec![crash], slow: true, ..trouble.clone() });
                ends_right(&Trouble { crashes: vec![crash], hold: true, ..trouble.clone() });
            }
        }
    }
}

#[test]
fn what_is_lost_twice_is_given_up_and_listed() {
    for fates in [[Fate::LosesRequest; 2], [Fate::LosesRequest, Fate::LosesAnswer]] {
        let fates = BTreeMap::from([(0, fates[0]), (2, fates[1])]);
        ends_right(&Trouble { fates, ..Trouble::default() });
    }
    let fates = (0..40).map(|message| (message, Fate::LosesRequest)).collect();
    let world = ends_right(&Trouble { fates, ..Trouble::default() });
    assert_eq!((world.sent, world.posted.len(), world.unclear.len()), (12, 0, 6));
}

#[test]
fn where_it_is_held_nothing_is_sent_twice() {
    let fates = (0..40).map(|message| (message, Fate::LosesRequest)).collect();
    let world = ends_right(&Trouble { fates, hold: true, ..Trouble::default() });
    assert_eq!((world.sent, world.unclear.len()), (6, 6));
}

#[test]
fn bodies_of_ended_events_are_gone() {
    let world = conversation(&Trouble::default());
    world.store.crash();
    assert!(world.store.lease(10, NOW).now_or_never().unwrap().unwrap().is_empty());
    assert_eq!(world.said[0].body, Bytes::from_static(b"{}"));
}
