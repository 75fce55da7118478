//! A lane in which too much waits to be said.

use super::*;

fn speak(core: &mut Core, ordinal: u32, waiter: Option<Waiter>) -> Vec<Output> {
    let (lease, effects) = (lease("l"), vec![effect(Sequence(1), ordinal)]);
    let mut outputs = core.step(NOW, Input::Spoke { lease: lease.clone(), effects, waiter });
    if let Some(Output::Record { .. }) = outputs.first() {
        let Output::Record { effects, waiter, .. } = outputs.remove(0) else { panic!() };
        outputs.extend(core.step(NOW, Input::Recorded { lease, effects, waiter, result: Ok(()) }));
    }
    outputs
}

fn running() -> Core {
    let mut core = Core::new(CoreLimits { outbox: 2, ..CoreLimits::default() });
    admitted(&mut core, 1, "l", job(vec![]));
    core
}

#[test]
fn a_handler_is_told_that_too_much_waits() {
    let mut core = running();
    for ordinal in 0..2 {
        let outputs = speak(&mut core, ordinal, Some(Waiter(ordinal.into())));
        assert!(!outputs.iter().any(|output| matches!(output, Output::Spoken { .. })), "{outputs:?}");
    }
    let outputs = speak(&mut core, 2, Some(Waiter(2)));
    let [Output::Spoken { waiter: Waiter(2), result: Err(reason) }] = &outputs[..] else { panic!("{outputs:?}") };
    assert!(reason.starts_with("too much waits"), "{reason}");
}

#[test]
fn an_answer_is_never_refused_and_the_next_event_waits_for_room() {
    let mut core = running();
    for ordinal in 0..4 {
        speak(&mut core, ordinal, None);
    }
    admitted(&mut core, 2, "l", job(vec![]));
    admitted(&mut core, 3, "other", job(vec![]));
    assert_eq!(runs(&end(&mut core, "l", 1, vec![effect(Sequence(1), 4)])), Vec::<u64>::new());
    let mut ran = Vec::new();
    for ordinal in 0..4 {
        assert_eq!(ran, Vec::<u64>::new());
        let (lease, key) = (lease("l"), effect(Sequence(1), ordinal).key);
        let delivery = Delivery::Sent { channel: None, message: None };
        core.step(NOW, Input::Delivered { lease: lease.clone(), effect: key.clone(), delivery });
        let outputs = core.step(NOW, Input::Marked { lease: lease.clone(), effect: key, result: Ok(()) });
        ran.extend(runs(&outputs));
        let key = effect(Sequence(1), ordinal + 1).key;
        core.step(NOW, Input::Marked { lease, effect: key, result: Ok(()) });
    }
    assert_eq!(ran, [2]);
}
