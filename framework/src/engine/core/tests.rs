//! What the core decides, one input at a time.

mod conflict;
mod intervene;
mod lost;
mod overflow;
mod record;
mod shed;
mod suspect;
mod unclear;
mod urgency;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;

use super::*;
use crate::{
    dispatch::Plan,
    event::{Event, Kind, Raw, Retry},
    platform::{Delivery, Limits, Response},
    store::{
        Admitted, Attempt, Effect, EffectState, EventState, Lease, Sequence, StoreError,
        conformance::{effect, inbound},
    },
};

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

pub(super) fn job(recorded: Vec<Effect>) -> Arc<Job> {
    Arc::new(Job::new(event(), Plan::default(), false, recorded, tracing::Span::none()))
}

fn request() -> Arc<Job> {
    Arc::new(Job::new(event(), Plan::default(), true, Vec::new(), tracing::Span::none()))
}

fn event() -> Arc<Event> {
    Arc::new(Event {
        id: "Ev1".into(),
        app: "A1".into(),
        team: "T1".into(),
        bot: None,
        name: "message".into(),
        kind: Kind::Other,
        received: NOW,
        retry: Retry::default(),
        raw: Raw::new(Bytes::new()),
    })
}

fn lease(lane: &str) -> Lease {
    Lease { lane: Lane(lane.into()), token: 1 }
}

fn done(effects: Vec<Effect>) -> End {
    End { state: EventState::Done, effects, changes: vec![], answer: None }
}

fn admitted(core: &mut Core, number: u64, lane: &str, job: Arc<Job>) -> Vec<Output> {
    let outputs =
        core.step(NOW, Input::Arrived { ticket: Ticket(number), job: job.clone(), inbound: inbound("e", lane) });
    assert!(matches!(outputs[..], [Output::Admit { .. }]), "{outputs:?}");
    let result = Ok(Admitted::New { sequence: Sequence(number), lease: Some(lease(lane)), dispatch: true });
    core.step(NOW, Input::Admitted { ticket: Ticket(number), job, result })
}

fn runs(outputs: &[Output]) -> Vec<u64> {
    let run = |output: &Output| match output {
        Output::Run { sequence, .. } => Some(sequence.0),
        _ => None,
    };
    outputs.iter().filter_map(run).collect()
}

fn end(core: &mut Core, lane: &str, number: u64, effects: Vec<Effect>) -> Vec<Output> {
    let lease = lease(lane);
    let mut outputs =
        core.step(NOW, Input::Ended { lease: lease.clone(), event: Sequence(number), end: done(effects) });
    outputs.extend(core.step(NOW, Input::Settled { lease, event: Sequence(number), result: Ok(()) }));
    outputs
}

#[test]
fn an_event_is_acknowledged_only_when_it_is_stored() {
    let mut core = Core::new(CoreLimits::default());
    let outputs = core.step(NOW, Input::Arrived { ticket: Ticket(1), job: job(vec![]), inbound: inbound("e", "l") });
    assert!(matches!(outputs[..], [Output::Admit { .. }]));
    let failed = Err(StoreError::Failed { why: "full".to_owned() });
    let outputs = core.step(NOW, Input::Admitted { ticket: Ticket(1), job: job(vec![]), result: failed });
    let shed = Acknowledgement::Shed(Shed::Store);
    assert!(matches!(&outputs[..], [Output::Respond { acknowledgement, .. }] if *acknowledgement == shed));
}

#[test]
fn a_lane_runs_one_event_at_a_time_and_lanes_run_side_by_side() {
    let mut core = Core::new(CoreLimits::default());
    assert_eq!(runs(&admitted(&mut core, 1, "one", job(vec![]))), [1]);
    assert_eq!(runs(&admitted(&mut core, 2, "one", job(vec![]))), Vec::<u64>::new());
    assert_eq!(runs(&admitted(&mut core, 3, "two", job(vec![]))), [3]);
    assert_eq!(runs(&end(&mut core, "one", 1, vec![])), [2]);
}

#[test]
fn lanes_are_served_in_turn() {
    let mut core = Core::new(CoreLimits { workers: 1, ..CoreLimits::default() });
    for (number, lane) in [(1, "busy"), (2, "busy"), (3, "busy"), (4, "quiet")] {
        admitted(&mut core, number, lane, job(vec![]));
    }
    assert_eq!(runs(&end(&mut core, "busy", 1, vec![])), [4]);
    assert_eq!(runs(&end(&mut core, "quiet", 4, vec![])), [2]);
}

#[test]
fn the_reply_is_committed_as_being_sent_with_the_end_of_its_event() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    let outputs = end(&mut core, "l", 1, vec![effect(Sequence(1), 0)]);
    let [Output::Settle { settlement, .. }, Output::Send { .. }] = &outputs[..] else { panic!("{outputs:?}") };
    assert_eq!(settlement.effects[0].state, EffectState::Sending(Attempt { since: NOW, again: false }));
}

/// Whether other processes have the turn, or the platform asks for patience: the reply is not lost, and goes out later.
#[test]
fn a_reply_that_is_to_wait_waits_alone() {
    let wait = Duration::from_secs(30);
    let not_yet = |has_turn| Delivery::NotYet { wait, has_turn };
    for delivery in [Delivery::RateLimited { wait }, not_yet(false), not_yet(true)] {
        waits_alone(delivery);
    }
}

fn waits_alone(delivery: Delivery) {
    let has_a_turn = matches!(delivery, Delivery::NotYet { has_turn: true, .. });
    let mut core = Core::new(CoreLimits::default());
    for (number, lane) in [(1, "one"), (2, "two")] {
        admitted(&mut core, number, lane, job(vec![]));
    }
    let in_channel = |number: u64, channel: &str| {
        let mut effect = effect(Sequence(number), 0);
        Arc::make_mut(&mut effect.outgoing).channel = Some(channel.into());
        effect
    };
    end(&mut core, "one", 1, vec![in_channel(1, "C1")]);
    let lease = lease("one");
    let outputs =
        core.step(NOW, Input::Delivered { lease: lease.clone(), effect: effect(Sequence(1), 0).key, delivery });
    assert!(matches!(&outputs[..], [Output::Mark { state: EffectState::Pending, .. }]), "{outputs:?}");
    let key = effect(Sequence(1), 0).key;
    let outputs = core.step(NOW, Input::Marked { lease: lease.clone(), effect: key.clone(), result: Ok(()) });
    assert!(matches!(&outputs[..], [Output::WakeAt(at)] if *at == NOW + Duration::from_secs(30)), "{outputs:?}");
    let outputs = end(&mut core, "two", 2, vec![in_channel(2, "C2")]);
    assert!(matches!(outputs.last(), Some(Output::Send { .. })), "{outputs:?}");
    let later = NOW + Duration::from_secs(30);
    let outputs = core.step(later, Input::Tick);
    assert!(matches!(&outputs[..], [Output::Mark { state: EffectState::Sending(_), .. }, ..]), "{outputs:?}");
    let outputs = core.step(later, Input::Marked { lease, effect: key, result: Ok(()) });
    let sent = |output: &Output| matches!(output, Output::Send { has_turn, .. } if *has_turn == has_a_turn);
    assert!(outputs.len() == 1 && sent(&outputs[0]), "{outputs:?}");
}

#[test]
fn what_never_left_is_sent_again_a_number_of_times() {
    let mut core = Core::new(CoreLimits { tries: 2, ..CoreLimits::default() });
    admitted(&mut core, 1, "l", job(vec![]));
    end(&mut core, "l", 1, vec![effect(Sequence(1), 0)]);
    let lease = lease("l");
    let key = effect(Sequence(1), 0).key;
    let mut now = NOW;
    for (tries, last) in [(1, false), (2, true)] {
        let not_sent = Delivery::NotSent { why: "no route".to_owned() };
        let outputs = core.step(
            now,
            Input::Delivered { lease: lease.clone(), effect: effect(Sequence(1), 0).key, delivery: not_sent },
        );
        let [Output::Mark { state, .. }] = &outputs[..] else { panic!("{outputs:?}") };
        assert_eq!(matches!(state, EffectState::Dead { .. }), last, "try {tries}");
        core.step(now, Input::Marked { lease: lease.clone(), effect: key.clone(), result: Ok(()) });
        now = now + Duration::from_secs(1);
        core.step(now, Input::Tick);
        core.step(now, Input::Marked { lease: lease.clone(), effect: key.clone(), result: Ok(()) });
    }
    assert!(core.is_idle());
}

fn answer() -> End {
    let late = Effect { state: EffectState::Pending, ..effect(Sequence(1), 0) };
    End {
        state: EventState::Done,
        effects: vec![],
        changes: vec![],
        answer: Some((Response::text(200, "now"), vec![late])),
    }
}

#[test]
fn a_request_is_answered_in_its_response() {
    let mut core = Core::new(CoreLimits::default());
    let outputs = admitted(&mut core, 1, "r", request());
    assert_eq!(runs(&outputs), [1]);
    let lease = lease("r");
    core.step(NOW, Input::Ended { lease: lease.clone(), event: Sequence(1), end: answer() });
    let outputs = core.step(NOW, Input::Settled { lease, event: Sequence(1), result: Ok(()) });
    let now = Acknowledgement::Answer(Response::text(200, "now"));
    assert!(
        matches!(&outputs[..], [Output::Respond { acknowledgement, .. }] if *acknowledgement == now),
        "{outputs:?}"
    );
    assert!(core.is_idle());
}

#[test]
fn a_request_that_takes_too_long_is_acknowledged_and_answered_later() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "r", request());
    let late = NOW + Duration::from_millis(2_500);
    let lease = lease("r");
    let outputs = core.step(late, Input::Tick);
    assert!(matches!(&outputs[..], [Output::Acknowledge { .. }]), "{outputs:?}");
    let outputs = core.step(late, Input::Acknowledged { lease: lease.clone(), result: Ok(()) });
    let stored = Acknowledgement::Stored;
    assert!(matches!(&outputs[..], [Output::Respond { acknowledgement, .. }] if *acknowledgement == stored));
    core.step(late, Input::Ended { lease: lease.clone(), event: Sequence(1), end: answer() });
    let outputs = core.step(late, Input::Settled { lease, event: Sequence(1), result: Ok(()) });
    assert!(matches!(&outputs[..], [Output::Send { .. }]), "{outputs:?}");
}

#[test]
fn requests_do_not_wait_for_workers() {
    let mut core = Core::new(CoreLimits { workers: 1, ..CoreLimits::default() });
    admitted(&mut core, 1, "l", job(vec![]));
    assert_eq!(runs(&admitted(&mut core, 2, "r", request())), [2]);
}

#[test]
fn an_event_to_be_run_again_keeps_its_place() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    admitted(&mut core, 2, "l", job(vec![]));
    let at = NOW + Duration::from_secs(5);
    let lease = lease("l");
    let again = End { state: EventState::Retry { at }, effects: vec![], changes: vec![], answer: None };
    core.step(NOW, Input::Ended { lease: lease.clone(), event: Sequence(1), end: again });
    let outputs = core.step(NOW, Input::Settled { lease, event: Sequence(1), result: Ok(()) });
    assert_eq!(runs(&outputs), Vec::<u64>::new());
    let outputs = core.step(at, Input::Tick);
    assert!(matches!(&outputs[0], Output::Run { sequence: Sequence(1), attempts: 1, .. }), "{outputs:?}");
}

#[test]
fn a_lost_lane_is_left_alone() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    let lease = lease("l");
    core.step(NOW, Input::Ended { lease: lease.clone(), event: Sequence(1), end: done(vec![effect(Sequence(1), 0)]) });
    let fenced = Err(StoreError::Fenced);
    let outputs = core.step(NOW, Input::Settled { lease, event: Sequence(1), result: fenced });
    assert!(outputs.is_empty() && core.is_idle(), "{outputs:?}");
}

#[test]
fn a_commit_that_fails_is_tried_again() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    let lease = lease("l");
    core.step(NOW, Input::Ended { lease: lease.clone(), event: Sequence(1), end: done(vec![]) });
    let failed = Err(StoreError::Failed { why: "disk full".to_owned() });
    core.step(NOW, Input::Settled { lease, event: Sequence(1), result: failed });
    let outputs = core.step(NOW + Duration::from_secs(1), Input::Tick);
    assert!(matches!(&outputs[..], [Output::Settle { .. }]), "{outputs:?}");
}

fn old(state: EventState, crashes: u32) -> TakenOver {
    let event = OldEvent { sequence: Sequence(1), state, crashes, attempts: 0, dispatch: true, job: Some(job(vec![])) };
    TakenOver { lease: lease("l"), events: vec![event], effects: vec![] }
}

#[test]
fn what_a_crash_leaves_is_run_again_unless_it_was_to_be_answered() {
    for (state, crashes, run) in [
        (EventState::Ready, 0, true),
        (EventState::Ready, 1, true),
        (EventState::Ready, 3, true),
        (EventState::Answering, 1, false),
        (EventState::Retry { at: NOW }, 1, true),
    ] {
        let mut core = Core::new(CoreLimits::default());
        let mut outputs = core.step(NOW, Input::TakenOver(vec![old(state.clone(), crashes)]));
        let later = NOW + Duration::from_secs(60);
        outputs.extend(core.step(later, Input::Tick));
        outputs.extend(core.step(later, Input::Settled { lease: lease("l"), event: Sequence(1), result: Ok(()) }));
        let counted = |output: &Output| matches!(output, Output::Run { crashes: told, .. } if *told == crashes);
        assert_eq!(outputs.iter().any(counted), run, "{state:?} {crashes}");
        let dead = |output: &Output| matches!(output, Output::Settle { settlement, .. } if matches!(settlement.state, EventState::Dead { .. }));
        assert_eq!(outputs.iter().any(dead), !run, "{state:?} {crashes}");
    }
}

const DRAIN: Input = Input::Drain { until: Timestamp::from_seconds(NOW.seconds() + 25) };

fn is_drained(outputs: &[Output]) -> bool {
    outputs.iter().any(|output| matches!(output, Output::Drained))
}

#[test]
fn draining_takes_nothing_in_and_ends_when_all_is_done() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    assert!(core.step(NOW, DRAIN).is_empty());
    let outputs = core.step(NOW, Input::Arrived { ticket: Ticket(2), job: job(vec![]), inbound: inbound("f", "l") });
    let shed = Acknowledgement::Shed(Shed::Draining);
    assert!(matches!(&outputs[..], [Output::Respond { acknowledgement, .. }] if *acknowledgement == shed));
    let outputs = end(&mut core, "l", 1, vec![effect(Sequence(1), 0)]);
    assert!(!outputs.iter().any(|output| matches!(output, Output::Drained)));
    let sent = Delivery::Sent { channel: None, message: None };
    let lease = lease("l");
    core.step(NOW, Input::Delivered { lease: lease.clone(), effect: effect(Sequence(1), 0).key, delivery: sent });
    let key = effect(Sequence(1), 0).key;
    let outputs = core.step(NOW, Input::Marked { lease, effect: key, result: Ok(()) });
    assert!(matches!(&outputs[..], [Output::Drained]), "{outputs:?}");
}

/// A core in which one reply waits for so long because the platform asked for it.
fn with_a_reply_that_waits(seconds: u64) -> Core {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    let effect = effect(Sequence(1), 0);
    end(&mut core, "l", 1, vec![effect.clone()]);
    let (lease, wait) = (lease("l"), Duration::from_secs(seconds));
    let delivery = Delivery::RateLimited { wait };
    core.step(NOW, Input::Delivered { lease: lease.clone(), effect: effect.key.clone(), delivery });
    core.step(NOW, Input::Marked { lease, effect: effect.key, result: Ok(()) });
    core
}

#[test]
fn draining_does_not_wait_for_a_message_whose_time_is_far() {
    let mut core = with_a_reply_that_waits(26);
    assert!(is_drained(&core.step(NOW, DRAIN)));
    assert_eq!((core.is_idle(), core.left()), (false, (0, 1)));
}

#[test]
fn draining_waits_for_a_message_whose_time_is_near_and_no_longer_once_it_is_far() {
    let mut core = with_a_reply_that_waits(20);
    assert!(!is_drained(&core.step(NOW, DRAIN)));
    let later = NOW + Duration::from_secs(20);
    let (lease, key) = (lease("l"), effect(Sequence(1), 0).key);
    core.step(later, Input::Tick);
    core.step(later, Input::Marked { lease: lease.clone(), effect: key.clone(), result: Ok(()) });
    let delivery = Delivery::RateLimited { wait: Duration::from_secs(20) };
    let outputs = core.step(later, Input::Delivered { lease: lease.clone(), effect: key.clone(), delivery });
    assert!(!is_drained(&outputs), "its return is not yet committed");
    assert!(is_drained(&core.step(later, Input::Marked { lease, effect: key, result: Ok(()) })));
}

#[test]
fn draining_does_not_wait_for_an_event_that_is_to_be_run_again_much_later() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    admitted(&mut core, 2, "other", job(vec![]));
    let (lease, event) = (lease("l"), Sequence(1));
    let state = EventState::Retry { at: NOW + Duration::from_secs(600) };
    let end_of_run = End { state, effects: vec![], changes: vec![], answer: None };
    core.step(NOW, Input::Ended { lease: lease.clone(), event, end: end_of_run });
    core.step(NOW, Input::Settled { lease, event, result: Ok(()) });
    assert!(!is_drained(&core.step(NOW, DRAIN)), "another event runs");
    assert!(is_drained(&end(&mut core, "other", 2, vec![])));
    assert_eq!(core.left(), (1, 0));
}

#[test]
fn pacing_spreads_replies_in_one_channel() {
    let mut core = Core::new(CoreLimits { paced: true, ..CoreLimits::default() });
    let mut sent = 0;
    for number in 1..=5 {
        let lane = format!("lane{number}");
        admitted(&mut core, number, &lane, job(vec![]));
        let mut effect = effect(Sequence(number), 0);
        let outgoing = Arc::make_mut(&mut effect.outgoing);
        outgoing.channel = Some("C1".into());
        outgoing.limits = Limits { per_minute: 0, in_channel: Duration::from_secs(1) };
        let outputs = end(&mut core, &lane, number, vec![effect]);
        sent += outputs.iter().filter(|output| matches!(output, Output::Send { .. })).count();
    }
    assert_eq!(sent, 3);
}

#[test]
fn a_request_is_answered_once_whichever_commit_is_told_first() {
    for acknowledged_first in [true, false] {
        let mut core = Core::new(CoreLimits::default());
        admitted(&mut core, 1, "r", request());
        let late = NOW + Duration::from_millis(2_500);
        let lease = lease("r");
        core.step(late, Input::Tick);
        core.step(late, Input::Ended { lease: lease.clone(), event: Sequence(1), end: answer() });
        let mut told = [
            Input::Acknowledged { lease: lease.clone(), result: Ok(()) },
            Input::Settled { lease: lease.clone(), event: Sequence(1), result: Ok(()) },
        ];
        if !acknowledged_first {
            told.reverse();
        }
        let outputs: Vec<Output> = told.into_iter().flat_map(|input| core.step(late, input)).collect();
        let responses = outputs.iter().filter(|output| matches!(output, Output::Respond { .. })).count();
        let sends = outputs.iter().filter(|output| matches!(output, Output::Send { .. })).count();
        assert_eq!((responses, sends), (1, 1), "{outputs:?}");
    }
}

#[test]
fn events_run_in_the_order_of_their_commits_however_they_are_told() {
    let mut core = Core::new(CoreLimits { workers: 0, ..CoreLimits::default() });
    for number in [1, 3, 2] {
        admitted(&mut core, number, "l", job(vec![]));
    }
    core.limits.workers = 1;
    let mut order = runs(&core.step(NOW, Input::Tick));
    for number in [1, 2] {
        order.extend(runs(&end(&mut core, "l", number, vec![])));
    }
    assert_eq!(order, [1, 2, 3]);
}

#[test]
fn what_an_older_run_brings_back_is_not_taken_for_the_newer_one() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 7, "l", job(vec![]));
    let lease = lease("l");
    assert!(core.step(NOW, Input::Ended { lease: lease.clone(), event: Sequence(1), end: done(vec![]) }).is_empty());
    let sent = Delivery::Sent { channel: None, message: None };
    let stale = Input::Delivered { lease: lease.clone(), effect: effect(Sequence(1), 0).key, delivery: sent };
    assert!(core.step(NOW, stale).is_empty());
    assert_eq!(core.running_in(&lease.lane), Some((lease, Sequence(7))));
}

#[test]
fn every_tick_tells_the_next_time_anew() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "r", request());
    let at = NOW + Duration::from_millis(2_500);
    let outputs = core.step(NOW + Duration::from_secs(1), Input::Tick);
    assert!(matches!(outputs[..], [Output::WakeAt(next)] if next == at), "{outputs:?}");
}

#[test]
fn what_comes_of_a_lease_that_was_lost_since_is_void() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    let (old, new) = (lease("l"), Lease { token: 2, ..lease("l") });
    let again = OldEvent {
        sequence: Sequence(1),
        state: EventState::Ready,
        crashes: 0,
        attempts: 0,
        dispatch: true,
        job: Some(job(vec![])),
    };
    let taken = TakenOver { lease: new.clone(), events: vec![again], effects: vec![] };
    assert_eq!(runs(&core.step(NOW, Input::TakenOver(vec![taken]))), [1]);
    let stale = Input::Ended { lease: old.clone(), event: Sequence(1), end: done(vec![]) };
    assert!(core.step(NOW, stale).is_empty());
    let spoken = Input::Spoke { lease: old, effects: vec![effect(Sequence(1), 0)], waiter: Some(Waiter(7)) };
    assert!(matches!(core.step(NOW, spoken)[..], [Output::Spoken { waiter: Waiter(7), result: Err(_) }]));
    let outputs = core.step(NOW, Input::Ended { lease: new, event: Sequence(1), end: done(vec![]) });
    assert!(matches!(outputs[..], [Output::Settle { .. }]), "{outputs:?}");
    assert_eq!(core.busy(), (0, 0));
}

#[test]
fn what_others_take_into_a_lane_that_is_held_here_comes_behind_what_it_has() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    let event = OldEvent {
        sequence: Sequence(2),
        state: EventState::Ready,
        crashes: 0,
        attempts: 0,
        dispatch: true,
        job: Some(job(vec![])),
    };
    let more = TakenOver { lease: lease("l"), events: vec![event], effects: vec![] };
    assert_eq!(runs(&core.step(NOW, Input::TakenOver(vec![more]))), Vec::<u64>::new());
    assert_eq!(runs(&end(&mut core, "l", 1, vec![])), [2]);
}

#[test]
fn an_event_that_comes_in_under_a_new_lease_makes_an_old_one_void() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    // Meanwhile others took the lane over and ended its work, so that the next event opens it anew.
    let new = Lease { token: 2, ..lease("l") };
    let result = Ok(Admitted::New { sequence: Sequence(2), lease: Some(new.clone()), dispatch: true });
    core.step(NOW, Input::Arrived { ticket: Ticket(2), job: job(vec![]), inbound: inbound("f", "l") });
    let outputs = core.step(NOW, Input::Admitted { ticket: Ticket(2), job: job(vec![]), result });
    assert_eq!(runs(&outputs), [2]);
    assert!(core.step(NOW, Input::Ended { lease: lease("l"), event: Sequence(1), end: done(vec![]) }).is_empty());
    core.step(NOW, Input::Ended { lease: new.clone(), event: Sequence(2), end: done(vec![]) });
    core.step(NOW, Input::Settled { lease: new, event: Sequence(2), result: Ok(()) });
    assert!(core.is_idle());
    assert_eq!((core.running, core.waiting), (0, 0));
}

#[test]
fn a_commit_that_failed_under_an_old_lease_is_not_tried_again_under_the_new_one() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    core.step(NOW, Input::Ended { lease: lease("l"), event: Sequence(1), end: done(vec![]) });
    let failed = Err(StoreError::Failed { why: "no answer".to_owned() });
    core.step(NOW, Input::Settled { lease: lease("l"), event: Sequence(1), result: failed });
    // The lane is lost, and taken over again; the end of the second run is being committed.
    let new = Lease { token: 2, ..lease("l") };
    let taken = TakenOver { lease: new.clone(), ..old(EventState::Ready, 0) };
    assert_eq!(runs(&core.step(NOW, Input::TakenOver(vec![taken]))), [1]);
    let outputs = core.step(NOW, Input::Ended { lease: new, event: Sequence(1), end: done(vec![]) });
    assert!(matches!(outputs[..], [Output::Settle { .. }]), "{outputs:?}");
    let outputs = core.step(NOW + Duration::from_secs(1), Input::Tick);
    assert!(!outputs.iter().any(|output| matches!(output, Output::Settle { .. })), "{outputs:?}");
}

#[test]
fn what_is_given_up_without_being_run_is_committed_until_that_is_there() {
    let mut core = Core::new(CoreLimits::default());
    let outputs = core.step(NOW, Input::TakenOver(vec![old(EventState::Answering, 0)]));
    assert!(matches!(&outputs[..], [Output::Settle { .. }]), "{outputs:?}");
    let settled = |result| Input::Settled { lease: lease("l"), event: Sequence(1), result };
    let failed = Err(StoreError::Failed { why: "full".to_owned() });
    assert!(matches!(core.step(NOW, settled(failed))[..], [Output::WakeAt(_)]));
    let outputs = core.step(NOW + Duration::from_secs(1), Input::Tick);
    assert!(matches!(&outputs[..], [Output::Settle { .. }]), "{outputs:?}");
    assert!(!core.is_idle());
    assert!(core.step(NOW + Duration::from_secs(1), settled(Ok(()))).is_empty());
    assert!(core.is_idle());
}
