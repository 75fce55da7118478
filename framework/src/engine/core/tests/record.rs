//! What handlers say while they run.

use super::*;

fn speak(core: &mut Core, waiter: Option<Waiter>) -> Vec<Output> {
    core.step(NOW, Input::Spoke { lease: lease("l"), effects: vec![effect(Sequence(1), 0)], waiter })
}

fn recorded(core: &mut Core, now: Timestamp, waiter: Option<Waiter>, result: Result<(), StoreError>) -> Vec<Output> {
    let mut effects = vec![effect(Sequence(1), 0)];
    effects[0].state = EffectState::Sending(Attempt { since: NOW, again: false });
    core.step(now, Input::Recorded { lease: lease("l"), effects, waiter, result })
}

fn full() -> Result<(), StoreError> {
    Err(StoreError::Failed { why: "full".to_owned() })
}

fn is_record(outputs: &[Output]) -> bool {
    matches!(outputs, [Output::Record { .. }])
}

#[test]
fn what_could_not_be_committed_is_tried_again_and_its_handler_waits_for_it() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    assert!(is_record(&speak(&mut core, Some(Waiter(7)))));
    assert!(matches!(recorded(&mut core, NOW, Some(Waiter(7)), full())[..], [Output::WakeAt(_)]));
    assert!(core.waits_for_store(&lease("l")));
    let later = NOW + Duration::from_secs(1);
    assert!(is_record(&core.step(later, Input::Tick)));
    let outputs = recorded(&mut core, later, Some(Waiter(7)), Ok(()));
    assert!(matches!(&outputs[..], [Output::Send { .. }]), "{outputs:?}");
    assert!(!core.waits_for_store(&lease("l")));
}

#[test]
fn an_event_ends_only_when_all_that_was_said_for_it_is_committed() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    speak(&mut core, None);
    let ended = Input::Ended { lease: lease("l"), event: Sequence(1), end: done(vec![]) };
    assert!(core.step(NOW, ended).is_empty());
    assert_eq!(core.busy(), (0, 0), "its worker is free");
    recorded(&mut core, NOW, None, full());
    let later = NOW + Duration::from_secs(1);
    assert!(is_record(&core.step(later, Input::Tick)));
    let outputs = recorded(&mut core, later, None, Ok(()));
    assert!(matches!(&outputs[..], [Output::Send { .. }, Output::Settle { .. }]), "{outputs:?}");
}

#[test]
fn whoever_waits_for_what_is_not_committed_is_told_when_the_lane_is_lost() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    speak(&mut core, Some(Waiter(7)));
    recorded(&mut core, NOW, Some(Waiter(7)), full());
    let newer = TakenOver { lease: Lease { token: 2, ..lease("l") }, events: vec![], effects: vec![] };
    let outputs = core.step(NOW, Input::TakenOver(vec![newer]));
    assert!(matches!(outputs[0], Output::Spoken { waiter: Waiter(7), result: Err(_) }), "{outputs:?}");
}

/// What stood in a copy that was put back may have been said already, whatever waits before it.
#[test]
fn what_is_said_behind_a_failed_commit_is_doubted_as_anything_else() {
    let mut core = Core::new(CoreLimits::default());
    core.step(NOW, Input::TakenOver(vec![old(EventState::Restored, 0)]));
    speak(&mut core, None);
    recorded(&mut core, NOW, None, full());
    let behind = Input::Spoke { lease: lease("l"), effects: vec![effect(Sequence(1), 1)], waiter: None };
    assert!(core.step(NOW, behind).is_empty());
    let later = NOW + Duration::from_secs(1);
    assert!(is_record(&core.step(later, Input::Tick)));
    let outputs = recorded(&mut core, later, None, Ok(()));
    let Some(Output::Record { effects, .. }) = outputs.last() else { panic!("{outputs:?}") };
    assert!(matches!(effects[0].state, EffectState::Ambiguous(_)), "{effects:?}");
}

#[test]
fn what_could_not_be_committed_is_tried_again_in_order() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    let say = |core: &mut Core, ordinal| {
        core.step(NOW, Input::Spoke { lease: lease("l"), effects: vec![effect(Sequence(1), ordinal)], waiter: None })
    };
    let told = |core: &mut Core, now, ordinal, result| {
        let effects = vec![effect(Sequence(1), ordinal)];
        core.step(now, Input::Recorded { lease: lease("l"), effects, waiter: None, result })
    };
    let records = |outputs: &[Output]| -> Vec<u32> {
        let record = |output: &Output| match output {
            Output::Record { effects, .. } => Some(effects[0].key.ordinal),
            _ => None,
        };
        outputs.iter().filter_map(record).collect()
    };
    assert_eq!((records(&say(&mut core, 0)), records(&say(&mut core, 1))), (vec![0], vec![1]));
    told(&mut core, NOW, 0, full());
    told(&mut core, NOW, 1, full());
    let later = |seconds| NOW + Duration::from_secs(seconds);
    assert_eq!(records(&core.step(later(1), Input::Tick)), [0], "the second waits for the first");
    assert!(records(&say(&mut core, 2)).is_empty(), "and the third for both");
    told(&mut core, later(1), 0, full());
    assert_eq!(records(&core.step(later(2), Input::Tick)), [0]);
    for (ordinal, next) in [(0, vec![1]), (1, vec![2]), (2, vec![])] {
        assert_eq!(records(&told(&mut core, later(2), ordinal, Ok(()))), next);
    }
    assert!(!core.waits_for_store(&lease("l")));
}
