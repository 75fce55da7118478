//! Runs that changed values which others have changed meanwhile.

use super::*;
use crate::store::{Place, Scope};

/// Ends the run of a lane's event, and has its commit answered so; gives the events that run then.
fn ends(core: &mut Core, lane: &str, number: u64, result: Result<(), StoreError>) -> Vec<u64> {
    let lease = lease(lane);
    let event = Sequence(number);
    let outputs = core.step(NOW, Input::Ended { lease: lease.clone(), event, end: done(vec![]) });
    assert!(matches!(outputs[..], [Output::Settle { .. }]), "{outputs:?}");
    runs(&core.step(NOW, Input::Settled { lease, event, result }))
}

fn conflict(key: &str) -> Result<(), StoreError> {
    Err(StoreError::Conflict(Box::new(Place { scope: Scope::bot(), key: key.into() })))
}

fn four_lanes() -> Core {
    let mut core = Core::new(CoreLimits::default());
    for (number, lane) in [(1, "a"), (2, "b"), (3, "c"), (4, "d")] {
        admitted(&mut core, number, lane, job(vec![]));
    }
    core
}

#[test]
fn runs_that_conflict_over_one_value_are_run_again_one_after_the_other() {
    let mut core = four_lanes();
    assert_eq!(ends(&mut core, "a", 1, conflict("x")), [1]);
    assert_eq!(ends(&mut core, "b", 2, conflict("x")), Vec::<u64>::new());
    assert_eq!(ends(&mut core, "c", 3, conflict("x")), Vec::<u64>::new());
    assert_eq!(ends(&mut core, "d", 4, conflict("y")), [4], "another value is nothing to wait for");
    assert_eq!(core.running, 0, "whoever is run again is no worker");
    assert_eq!(ends(&mut core, "a", 1, conflict("x")), [2], "who conflicts anew goes behind the others");
    assert_eq!(ends(&mut core, "b", 2, Ok(())), [3]);
    assert_eq!(ends(&mut core, "c", 3, Ok(())), [1]);
    assert_eq!(ends(&mut core, "a", 1, Ok(())), Vec::<u64>::new());
    assert_eq!(ends(&mut core, "d", 4, Ok(())), Vec::<u64>::new());
    assert!(core.is_idle() && core.turns.is_empty() && core.running == 0);
}

#[test]
fn a_lane_that_is_lost_leaves_its_turn() {
    let mut core = four_lanes();
    assert_eq!(ends(&mut core, "a", 1, conflict("x")), [1]);
    assert_eq!(ends(&mut core, "b", 2, conflict("x")), Vec::<u64>::new());
    assert_eq!(ends(&mut core, "a", 1, Err(StoreError::Fenced)), [2]);
    assert_eq!(ends(&mut core, "b", 2, Ok(())), Vec::<u64>::new());
    assert!(core.turns.is_empty());
}

#[test]
fn how_often_it_conflicted_is_told_to_the_run() {
    let mut core = four_lanes();
    let lease = lease("a");
    for times in 1..4 {
        core.step(NOW, Input::Ended { lease: lease.clone(), event: Sequence(1), end: done(vec![]) });
        let settled = Input::Settled { lease: lease.clone(), event: Sequence(1), result: conflict("x") };
        let outputs = core.step(NOW, settled);
        assert!(matches!(outputs[..], [Output::Run { conflicts, attempts: 0, .. }] if conflicts == times));
    }
}

/// A request goes on waiting for its answer, and is acknowledged without when it takes too long.
#[test]
fn a_request_that_conflicts_is_answered_by_the_run_that_does_not() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "a", request());
    let lease = lease("a");
    core.step(NOW, Input::Ended { lease: lease.clone(), event: Sequence(1), end: answer() });
    let outputs = core.step(NOW, Input::Settled { lease: lease.clone(), event: Sequence(1), result: conflict("x") });
    assert_eq!((runs(&outputs), outputs.len()), (vec![1], 1), "nobody is answered yet");
    core.step(NOW, Input::Ended { lease: lease.clone(), event: Sequence(1), end: answer() });
    let outputs = core.step(NOW, Input::Settled { lease, event: Sequence(1), result: Ok(()) });
    assert!(
        matches!(outputs[..], [Output::Respond { acknowledgement: Acknowledgement::Answer(_), .. }]),
        "{outputs:?}"
    );
    assert_eq!(core.running, 0);
}
