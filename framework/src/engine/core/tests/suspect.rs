//! Events that a process may have ended over.

use super::*;

fn suspect(lane: &str, number: u64, crashes: u32) -> TakenOver {
    let TakenOver { events, effects, .. } = old(EventState::Ready, crashes);
    let events = events.into_iter().map(|event| OldEvent { sequence: Sequence(number), ..event }).collect();
    TakenOver { lease: lease(lane), events, effects }
}

/// Lanes that were taken over as long ago as suspects wait.
fn taken_over(lanes: Vec<TakenOver>) -> (Core, Vec<Output>) {
    let mut core = Core::new(CoreLimits::default());
    let mut outputs = core.step(Timestamp::from_seconds(NOW.seconds() - 5), Input::TakenOver(lanes));
    outputs.extend(core.step(NOW, Input::Tick));
    (core, outputs)
}

/// The events for which it is to be committed that they begin as suspects.
fn begins(outputs: &[Output]) -> Vec<u64> {
    let begins = |output: &Output| match output {
        Output::Settle { settlement, .. } if matches!(settlement.state, EventState::Suspected { .. }) => {
            Some(settlement.event.0)
        }
        _ => None,
    };
    outputs.iter().filter_map(begins).collect()
}

fn settled(lane: &str, number: u64) -> Input {
    Input::Settled { lease: lease(lane), event: Sequence(number), result: Ok(()) }
}

#[test]
fn suspects_run_one_after_the_other_each_after_a_commit_that_says_so() {
    let (mut core, outputs) = taken_over(vec![suspect("a", 1, 2), suspect("b", 2, 2), suspect("c", 3, 2)]);
    assert_eq!((begins(&outputs), runs(&outputs)), (vec![1], vec![]));
    assert_eq!(runs(&core.step(NOW, settled("a", 1))), [1]);
    let outputs = end(&mut core, "a", 1, vec![]);
    assert_eq!((begins(&outputs), runs(&outputs)), (vec![2], vec![]));
    assert_eq!(runs(&core.step(NOW, settled("b", 2))), [2]);
    assert_eq!(begins(&end(&mut core, "b", 2, vec![])), [3]);
    assert_eq!(runs(&core.step(NOW, settled("c", 3))), [3]);
    end(&mut core, "c", 3, vec![]);
    assert!(core.is_idle());
}

#[test]
fn who_is_not_suspected_does_not_wait_for_those_who_are() {
    let (mut core, outputs) = taken_over(vec![suspect("a", 1, 2), suspect("b", 2, 0)]);
    assert_eq!((begins(&outputs), runs(&outputs)), (vec![1], vec![2]));
    assert_eq!(runs(&admitted(&mut core, 3, "c", job(vec![]))), [3]);
}

#[test]
fn what_is_behind_a_suspect_waits_for_it_and_then_runs_beside_the_next() {
    let mut first = suspect("a", 1, 2);
    first.events.extend(suspect("a", 2, 0).events);
    let (mut core, _) = taken_over(vec![first, suspect("b", 3, 2)]);
    assert_eq!(runs(&core.step(NOW, settled("a", 1))), [1]);
    let outputs = end(&mut core, "a", 1, vec![]);
    assert_eq!((begins(&outputs), runs(&outputs)), (vec![3], vec![2]));
}

#[test]
fn a_suspect_whose_lane_is_lost_makes_way_for_the_next() {
    let (mut core, _) = taken_over(vec![suspect("a", 1, 2), suspect("b", 2, 2)]);
    let fenced = Input::Settled { lease: lease("a"), event: Sequence(1), result: Err(StoreError::Fenced) };
    assert_eq!(begins(&core.step(NOW, fenced)), [2]);
}

#[test]
fn a_suspect_that_waits_and_is_lost_is_passed_over() {
    let (mut core, _) = taken_over(vec![suspect("a", 1, 2), suspect("b", 2, 2), suspect("c", 3, 2)]);
    let newer = TakenOver { lease: Lease { token: 2, ..lease("b") }, events: vec![], effects: vec![] };
    assert!(begins(&core.step(NOW, Input::TakenOver(vec![newer]))).is_empty());
    core.step(NOW, settled("a", 1));
    assert_eq!(begins(&end(&mut core, "a", 1, vec![])), [3]);
}

#[test]
fn a_suspect_begins_although_its_commit_failed_at_first() {
    let (mut core, _) = taken_over(vec![suspect("a", 1, 2)]);
    let failed = Err(StoreError::Failed { why: "full".to_owned() });
    let outputs = core.step(NOW, Input::Settled { lease: lease("a"), event: Sequence(1), result: failed });
    assert!(runs(&outputs).is_empty());
    assert_eq!(begins(&core.step(NOW + Duration::from_secs(1), Input::Tick)), [1]);
    assert_eq!(runs(&core.step(NOW, settled("a", 1))), [1]);
}

#[test]
fn a_suspect_that_is_to_be_retried_begins_as_one_again() {
    let (mut core, _) = taken_over(vec![suspect("a", 1, 2), suspect("b", 2, 2)]);
    core.step(NOW, settled("a", 1));
    let state = EventState::Retry { at: NOW + Duration::from_secs(5) };
    core.step(NOW, Input::Ended { lease: lease("a"), event: Sequence(1), end: End { state, ..done(vec![]) } });
    assert_eq!(begins(&core.step(NOW, settled("a", 1))), [2]);
    core.step(NOW, settled("b", 2));
    let outputs = core.step(NOW + Duration::from_secs(5), Input::Tick);
    assert!(begins(&outputs).is_empty() && runs(&outputs).is_empty(), "{outputs:?}");
    let done = Input::Ended { lease: lease("b"), event: Sequence(2), end: done(vec![]) };
    core.step(NOW + Duration::from_secs(6), done);
    assert_eq!(begins(&core.step(NOW + Duration::from_secs(6), settled("b", 2))), [1]);
}

#[test]
fn what_processes_ended_over_is_run_once_this_one_has_lived_for_a_while() {
    let mut core = Core::new(CoreLimits::default());
    let lanes = vec![suspect("a", 1, 2), suspect("b", 2, 1), suspect("c", 3, 3)];
    let outputs = core.step(NOW, Input::TakenOver(lanes));
    assert_eq!((begins(&outputs), runs(&outputs)), (vec![], vec![2]), "one crash is no suspicion");
    assert_eq!(begins(&core.step(NOW + Duration::from_secs(5), Input::Tick)), [1]);
    core.step(NOW + Duration::from_secs(5), settled("a", 1));
    assert!(begins(&end(&mut core, "a", 1, vec![])).is_empty());
    assert_eq!(begins(&core.step(NOW + Duration::from_secs(10), Input::Tick)), [3]);
}

#[test]
fn what_is_given_up_behind_a_suspect_is_no_beginning() {
    let mut first = suspect("a", 1, 2);
    first.events.push(OldEvent { sequence: Sequence(2), job: None, ..suspect("a", 2, 0).events.remove(0) });
    let (mut core, outputs) = taken_over(vec![first]);
    assert_eq!(begins(&outputs), [1]);
    assert!(runs(&core.step(NOW, settled("a", 2))).is_empty());
    assert_eq!(runs(&core.step(NOW, settled("a", 1))), [1]);
    end(&mut core, "a", 1, vec![]);
    assert!(core.is_idle());
}

#[test]
fn a_suspect_that_an_operator_drops_makes_way_for_the_next() {
    let (mut core, _) = taken_over(vec![suspect("a", 1, 2), suspect("b", 2, 2), suspect("c", 3, 2)]);
    let mut outputs = Vec::new();
    assert!(core.intervene(NOW, &crate::store::Intervention::Drop(Sequence(2)), &mut outputs));
    assert!(matches!(&outputs[..], [Output::Settle { .. }]), "{outputs:?}");
    core.step(NOW, settled("b", 2));
    core.step(NOW, settled("a", 1));
    assert_eq!(begins(&end(&mut core, "a", 1, vec![])), [3]);
    core.step(NOW, settled("c", 3));
    end(&mut core, "c", 3, vec![]);
    assert!(core.is_idle());
}

#[test]
fn what_an_operator_drops_is_committed_until_that_is_there() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    admitted(&mut core, 2, "l", job(vec![]));
    let mut outputs = Vec::new();
    assert!(core.intervene(NOW, &crate::store::Intervention::Drop(Sequence(2)), &mut outputs));
    let failed = Err(StoreError::Failed { why: "full".to_owned() });
    core.step(NOW, Input::Settled { lease: lease("l"), event: Sequence(2), result: failed });
    let outputs = core.step(NOW + Duration::from_secs(1), Input::Tick);
    assert!(matches!(&outputs[..], [Output::Settle { settlement, .. }] if settlement.event == Sequence(2)));
}
