//! Who goes first of those that wait for one pace.

use super::*;

fn in_channel(number: u64) -> Effect {
    let mut effect = effect(Sequence(number), 0);
    let outgoing = Arc::make_mut(&mut effect.outgoing);
    outgoing.channel = Some("C1".into());
    outgoing.limits = Limits { per_minute: 0, in_channel: Duration::from_secs(1) };
    effect
}

/// The events of which something is about to be sent.
fn begun(outputs: &[Output]) -> Vec<u64> {
    let begins = |output: &Output| match output {
        Output::Mark { effect, state: EffectState::Sending(_), .. } => Some(effect.event.0),
        _ => None,
    };
    outputs.iter().filter_map(begins).collect()
}

#[test]
fn the_answer_that_somebody_waits_for_goes_before_what_is_said_without_being_asked() {
    let mut core = Core::new(CoreLimits { paced: true, answer_within: Duration::ZERO, ..CoreLimits::default() });
    for number in 1..=5 {
        let lane = format!("lane{number}");
        admitted(&mut core, number, &lane, job(vec![]));
        end(&mut core, &lane, number, vec![in_channel(number)]);
    }
    // A request that was acknowledged, for it took too long: its answer is a message.
    admitted(&mut core, 6, "request", request());
    let lease = lease("request");
    core.step(NOW, Input::Tick);
    core.step(NOW, Input::Acknowledged { lease: lease.clone(), result: Ok(()) });
    let answer = Some((Response::empty(200), vec![in_channel(6)]));
    let end = End { state: EventState::Done, effects: vec![], changes: vec![], answer };
    core.step(NOW, Input::Ended { lease: lease.clone(), event: Sequence(6), end });
    core.step(NOW, Input::Settled { lease, event: Sequence(6), result: Ok(()) });
    let turns = (1..=3).map(|second| begun(&core.step(NOW + Duration::from_secs(second), Input::Tick)));
    assert_eq!(turns.collect::<Vec<_>>(), [[6], [4], [5]]);
}
