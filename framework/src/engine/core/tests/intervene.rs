//! What operators end while it waits.

use super::*;
use crate::store::{Intervention, Resolution};

fn intervene(core: &mut Core, change: &Intervention) -> Option<Vec<Output>> {
    let mut outputs = Vec::new();
    core.intervene(NOW, change, &mut outputs).then_some(outputs)
}

fn resolve(core: &mut Core, ordinal: u32, resolution: Resolution) -> Option<Vec<Output>> {
    intervene(core, &Intervention::Resolve(effect(Sequence(1), ordinal).key, resolution))
}

fn marked(core: &mut Core, ordinal: u32) -> Vec<Output> {
    let effect = effect(Sequence(1), ordinal).key;
    core.step(NOW, Input::Marked { lease: lease("l"), effect, result: Ok(()) })
}

/// A lane whose first message waits for its time, and others behind it.
fn waiting() -> Core {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    end(&mut core, "l", 1, (0..3).map(|ordinal| effect(Sequence(1), ordinal)).collect());
    let delivery = Delivery::RateLimited { wait: Duration::from_secs(60) };
    core.step(NOW, Input::Delivered { lease: lease("l"), effect: effect(Sequence(1), 0).key, delivery });
    marked(&mut core, 0);
    core
}

fn is_mark(output: &Output, ordinal: u32, state: &EffectState) -> bool {
    matches!(output, Output::Mark { effect, state: marked, .. } if effect.ordinal == ordinal && marked == state)
}

#[test]
fn an_event_that_waits_is_given_up_and_one_that_runs_is_not() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    admitted(&mut core, 2, "l", job(vec![]));
    assert!(intervene(&mut core, &Intervention::Drop(Sequence(1))).is_none());
    assert!(intervene(&mut core, &Intervention::Drop(Sequence(9))).is_none());
    let outputs = intervene(&mut core, &Intervention::Drop(Sequence(2))).unwrap();
    let [Output::Settle { settlement, .. }] = &outputs[..] else { panic!("{outputs:?}") };
    assert!(matches!(&settlement.state, EventState::Dead { reason } if reason.starts_with("dropped")));
    assert_eq!((core.running, core.waiting), (1, 0));
    core.step(NOW, Input::Settled { lease: lease("l"), event: Sequence(2), result: Ok(()) });
    assert!(runs(&end(&mut core, "l", 1, vec![])).is_empty());
    assert!(core.is_idle());
}

#[test]
fn the_message_that_holds_the_others_up_is_dropped_and_they_go_on() {
    let mut core = waiting();
    let outputs = resolve(&mut core, 0, Resolution::Drop).unwrap();
    assert!(is_mark(&outputs[0], 0, &Resolution::Drop.state()), "{outputs:?}");
    // The limit that it ran into is that of the others too.
    let outputs = marked(&mut core, 0);
    assert!(!outputs.iter().any(|output| matches!(output, Output::Send { .. })), "{outputs:?}");
    let outputs = core.step(NOW + Duration::from_secs(60), Input::Tick);
    assert!(matches!(&outputs[..], [Output::Mark { effect, .. }, ..] if effect.ordinal == 1), "{outputs:?}");
}

#[test]
fn a_message_behind_others_is_taken_for_sent_and_never_sent() {
    let mut core = waiting();
    let sent = Resolution::Sent("1.2".into());
    let outputs = resolve(&mut core, 1, sent.clone()).unwrap();
    assert!(matches!(&outputs[..], [mark] if is_mark(mark, 1, &sent.state())), "{outputs:?}");
    marked(&mut core, 1);
    assert!(resolve(&mut core, 1, Resolution::Drop).is_none());
    assert_eq!(core.left(), (0, 2));
}

#[test]
fn what_is_being_sent_is_left_alone_and_what_is_looked_for_is_sent_when_that_is_asked_for() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    end(&mut core, "l", 1, vec![effect(Sequence(1), 0)]);
    assert!(resolve(&mut core, 0, Resolution::Drop).is_none());
    let delivery = Delivery::Ambiguous { why: "lost".to_owned() };
    core.step(NOW, Input::Delivered { lease: lease("l"), effect: effect(Sequence(1), 0).key, delivery });
    marked(&mut core, 0);
    let outputs = resolve(&mut core, 0, Resolution::Resend).unwrap();
    let sending = EffectState::Sending(Attempt { since: NOW, again: false });
    assert!(is_mark(&outputs[0], 0, &sending), "{outputs:?}");
    assert!(matches!(marked(&mut core, 0)[..], [Output::Send { .. }]));
}
