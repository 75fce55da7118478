//! Lanes that are void though no change was refused.

use super::*;

fn lease_of(token: u64) -> Lease {
    Lease { token, ..lease("l") }
}

fn taken_over(core: &mut Core, token: u64) -> Vec<u64> {
    let event = OldEvent {
        sequence: Sequence(1),
        state: EventState::Ready,
        crashes: 0,
        attempts: 0,
        dispatch: true,
        job: Some(job(vec![])),
    };
    let lane = TakenOver { lease: lease_of(token), events: vec![event], effects: vec![] };
    runs(&core.step(NOW, Input::TakenOver(vec![lane])))
}

fn renounces(core: &mut Core, token: u64) -> bool {
    let lane = TakenOver { lease: lease_of(token), events: vec![], effects: vec![] };
    let outputs = core.step(NOW, Input::TakenOver(vec![lane]));
    matches!(&outputs[..], [Output::Renounce { lease }] if lease.token == token)
}

#[test]
fn nothing_more_is_begun_in_a_lane_that_is_void() {
    let mut core = Core::new(CoreLimits::default());
    for number in [1, 2] {
        admitted(&mut core, number, "l", job(vec![]));
    }
    admitted(&mut core, 3, "other", job(vec![]));
    core.step(NOW, Input::Void(vec![lease_of(1)]));
    assert!(end(&mut core, "l", 1, vec![]).is_empty(), "what was run is void");
    assert_eq!(core.busy(), (1, 0));
}

#[test]
fn a_lease_that_was_void_before_it_was_told_is_not_taken() {
    let mut core = Core::new(CoreLimits::default());
    core.step(NOW, Input::Void(vec![lease_of(7)]));
    core.step(NOW, Input::Void(vec![lease_of(5)]));
    assert!(taken_over(&mut core, 6).is_empty());
    assert!(renounces(&mut core, 7), "it may be held in truth, and is given back");
    assert!(admitted(&mut core, 1, "l", job(vec![])).iter().all(|output| !matches!(output, Output::Run { .. })));
    assert_eq!(taken_over(&mut core, 8), [1]);
}

#[test]
fn a_lease_that_came_later_is_not_void() {
    let mut core = Core::new(CoreLimits::default());
    assert_eq!(taken_over(&mut core, 8), [1]);
    core.step(NOW, Input::Void(vec![lease_of(7)]));
    let settles = core.step(NOW, Input::Ended { lease: lease_of(8), event: Sequence(1), end: done(vec![]) });
    assert!(matches!(settles[..], [Output::Settle { .. }]));
}
