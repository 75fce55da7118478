//! Effects of which nobody knows whether they arrived.

use super::*;
use crate::platform::{Found, Recourse};

/// A core, at a time, whose one lane has said things.
struct World {
    core: Core,
    now: Timestamp,
}

fn said(ordinal: u32, recourse: Recourse) -> Effect {
    let mut effect = effect(Sequence(1), ordinal);
    Arc::make_mut(&mut effect.outgoing).recourse = recourse;
    effect
}

fn lost() -> Delivery {
    Delivery::Ambiguous { why: "the answer was lost".to_owned() }
}

fn arrived() -> (Option<crate::ChannelId>, Option<crate::MessageId>) {
    (Some("C1".into()), Some("1.2".into()))
}

fn yes() -> Found {
    let (channel, message) = arrived();
    Found::Yes { channel, message }
}

/// What an output is about, in a word.
fn word(output: &Output) -> String {
    match output {
        Output::Send { effect, .. } => format!("send {}", effect.ordinal),
        Output::Find { effect, .. } => format!("find {}", effect.ordinal),
        Output::Mark { effect, state: EffectState::Dead { reason }, .. } => {
            format!("dead {}: {reason}", effect.ordinal)
        }
        Output::Mark { effect, state, .. } => {
            let state = format!("{state:?}").to_lowercase();
            format!("{} {}", state.split(|c: char| !c.is_alphanumeric()).next().unwrap(), effect.ordinal)
        }
        Output::Spoken { result, .. } => format!("told {result:?}"),
        Output::WakeAt(_) => "wake".to_owned(),
        Output::Run { .. } => "run".to_owned(),
        other => format!("{other:?}"),
    }
}

impl World {
    /// One event has ended and left these effects; the first is being sent.
    fn saying(limits: CoreLimits, effects: Vec<Effect>) -> Self {
        let mut core = Core::new(limits);
        admitted(&mut core, 1, "l", job(vec![]));
        end(&mut core, "l", 1, effects);
        Self { core, now: NOW }
    }

    /// A process that is gone left these effects, and their event if it is open.
    fn left(effects: Vec<Effect>, open: bool, now: Timestamp) -> (Self, Vec<String>) {
        let mut world = Self { core: Core::new(CoreLimits::default()), now };
        let events = if open { old(EventState::Ready, 1).events } else { vec![] };
        let outputs = world.input(Input::TakenOver(vec![TakenOver { lease: lease("l"), events, effects }]));
        (world, outputs)
    }

    /// Takes an input, and commits whatever mark comes of it; tells everything that came out but alarms.
    fn input(&mut self, input: Input) -> Vec<String> {
        let mut told = Vec::new();
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            for output in self.core.step(self.now, input) {
                if let Output::Mark { effect, .. } = &output {
                    inputs.push(Input::Marked { lease: lease("l"), effect: effect.clone(), result: Ok(()) });
                }
                told.push(word(&output));
            }
        }
        told.retain(|word| word != "wake");
        told
    }

    fn delivered(&mut self, ordinal: u32, delivery: Delivery) -> Vec<String> {
        self.input(Input::Delivered { lease: lease("l"), effect: said(ordinal, Recourse::Look).key, delivery })
    }

    fn found(&mut self, ordinal: u32, found: Found) -> Vec<String> {
        self.input(Input::Found { lease: lease("l"), effect: said(ordinal, Recourse::Look).key, found })
    }

    fn after(&mut self, seconds: u64) -> Vec<String> {
        self.now = self.now + Duration::from_secs(seconds);
        self.input(Input::Tick)
    }
}

#[test]
fn it_is_looked_for_three_times_then_sent_once_more_then_looked_for_again_and_given_up() {
    let mut world = World::saying(CoreLimits::default(), vec![said(0, Recourse::Look)]);
    for again in [false, true] {
        assert_eq!(world.delivered(0, lost()), ["ambiguous 0"]);
        assert!(world.after(2).is_empty());
        assert_eq!(world.after(1), ["find 0"]);
        assert!(world.found(0, Found::No).is_empty());
        assert!(world.after(6).is_empty());
        assert_eq!(world.after(1), ["find 0"]);
        assert!(world.found(0, Found::No).is_empty());
        assert!(world.after(19).is_empty());
        assert_eq!(world.after(1), ["find 0"]);
        let outputs = world.found(0, Found::No);
        if again {
            assert_eq!(
                outputs,
                ["dead 0: ambiguous: the answer was lost; it was sent once more, and is not to be found"]
            );
        } else {
            assert_eq!(outputs, ["sending 0", "send 0"]);
        }
    }
    assert!(world.core.is_idle());
}

#[test]
fn what_is_found_is_sent_and_its_handler_gets_it() {
    let mut core = Core::new(CoreLimits::default());
    admitted(&mut core, 1, "l", job(vec![]));
    let mut world = World { core, now: NOW };
    let effects = vec![Effect { state: EffectState::Pending, ..said(0, Recourse::Look) }];
    let mut recorded = world.core.step(NOW, Input::Spoke { lease: lease("l"), effects, waiter: Some(Waiter(7)) });
    let Some(Output::Record { effects, waiter, .. }) = recorded.pop() else { panic!("{recorded:?}") };
    let outputs = world.input(Input::Recorded { lease: lease("l"), effects, waiter, result: Ok(()) });
    assert_eq!(outputs, ["send 0"]);
    world.delivered(0, lost());
    assert_eq!(world.after(3), ["find 0"]);
    assert_eq!(world.found(0, yes()), ["sent 0", &format!("told {:?}", Ok::<_, String>(arrived()))]);
}

#[test]
fn it_is_held_where_that_is_asked_for() {
    let hold = CoreLimits { resend: false, ..CoreLimits::default() };
    let mut world = World::saying(hold, vec![said(0, Recourse::Look)]);
    world.delivered(0, lost());
    for (wait, last) in [(3, false), (7, false), (20, true)] {
        world.after(wait);
        let outputs = world.found(0, Found::No);
        assert_eq!(outputs.iter().any(|output| output.starts_with("dead 0: ambiguous")), last, "{outputs:?}");
    }
}

#[test]
fn what_cannot_be_looked_for_is_given_up_and_never_sent_again() {
    let mut world = World::saying(CoreLimits::default(), vec![said(0, Recourse::Look), said(1, Recourse::Nothing)]);
    world.delivered(0, lost());
    world.after(3);
    let outputs = world.found(0, Found::Unable { why: "missing_scope".to_owned() });
    let dead = "dead 0: ambiguous: the answer was lost; it cannot be looked for: missing_scope";
    assert_eq!(outputs, [dead, "sending 1", "send 1"]);
    let dead = "dead 1: ambiguous: the answer was lost; what is said in this way cannot be looked for";
    assert_eq!(world.delivered(1, lost()), [dead]);
}

#[test]
fn what_may_be_said_twice_is_simply_said_again() {
    let mut world = World::saying(CoreLimits::default(), vec![said(0, Recourse::Repeat)]);
    assert_eq!(world.delivered(0, lost()), ["pending 0"]);
    assert_eq!(world.after(1), ["sending 0", "send 0"]);
}

#[test]
fn a_platform_that_does_not_say_is_asked_again_and_that_is_no_absence() {
    let mut world = World::saying(CoreLimits::default(), vec![said(0, Recourse::Look)]);
    world.delivered(0, lost());
    world.after(3);
    let wait = Some(Duration::from_secs(90));
    assert!(world.found(0, Found::NotNow { wait, why: "ratelimited".to_owned() }).is_empty());
    assert!(world.after(89).is_empty());
    assert_eq!(world.after(1), ["find 0"]);
    assert!(world.found(0, Found::NotNow { wait: None, why: "no route".to_owned() }).is_empty());
    assert_eq!(world.after(2), ["find 0"]);
    assert_eq!(world.found(0, Found::No), ["find 0"]);
    assert_eq!(world.found(0, Found::No), ["find 0"]);
    assert_eq!(world.found(0, Found::No), ["sending 0", "send 0"]);
}

#[test]
fn a_platform_that_never_says_ends_it() {
    let mut world = World::saying(CoreLimits { tries: 3, ..CoreLimits::default() }, vec![said(0, Recourse::Look)]);
    world.delivered(0, lost());
    let mut outputs = Vec::new();
    for _ in 0..3 {
        world.after(10);
        outputs = world.found(0, Found::NotNow { wait: None, why: "no route".to_owned() });
    }
    assert_eq!(outputs, ["dead 0: ambiguous: the answer was lost; the platform did not let look for it: no route"]);
}

#[test]
fn nothing_of_its_lane_goes_before_it_and_other_lanes_go_on() {
    let mut world = World::saying(CoreLimits::default(), vec![said(0, Recourse::Look), said(1, Recourse::Look)]);
    world.delivered(0, lost());
    admitted(&mut world.core, 2, "other", job(vec![]));
    let outputs = end(&mut world.core, "other", 2, vec![effect(Sequence(2), 0)]);
    assert!(outputs.iter().any(|output| matches!(output, Output::Send { .. })), "{outputs:?}");
    assert_eq!(world.after(3), ["find 0"]);
    assert_eq!(world.found(0, yes()), ["sent 0", "sending 1", "send 1"]);
}

#[test]
fn what_is_of_no_use_any_more_is_dropped_while_it_is_looked_for() {
    let mut late = said(0, Recourse::Look);
    Arc::make_mut(&mut late.outgoing).deadline = Some(NOW + Duration::from_secs(5));
    let mut world = World::saying(CoreLimits::default(), vec![late]);
    world.delivered(0, lost());
    assert_eq!(world.after(3), ["find 0"]);
    assert!(world.found(0, Found::No).is_empty());
    assert!(world.after(1).is_empty());
    let outputs = world.after(1);
    assert!(matches!(&outputs[..], [dead] if dead.starts_with("dead 0: deadline")), "{outputs:?}");
}

#[test]
fn what_is_of_no_use_any_more_is_dropped_while_it_waits() {
    let mut late = said(0, Recourse::Look);
    Arc::make_mut(&mut late.outgoing).deadline = Some(NOW + Duration::from_secs(5));
    let mut world = World::saying(CoreLimits::default(), vec![late]);
    world.delivered(0, Delivery::RateLimited { wait: Duration::from_secs(60) });
    let outputs = world.after(5);
    assert!(matches!(&outputs[..], [dead] if dead.starts_with("dead 0: deadline")), "{outputs:?}");
}

#[test]
fn a_second_sending_that_surely_failed_is_made_again() {
    let mut world = World::saying(CoreLimits::default(), vec![said(0, Recourse::Look)]);
    world.delivered(0, lost());
    for wait in [3, 7, 20] {
        world.after(wait);
        world.found(0, Found::No);
    }
    assert_eq!(world.delivered(0, Delivery::RateLimited { wait: Duration::from_secs(9) }), ["ambiguous 0"]);
    assert_eq!(world.after(9), ["sending 0", "send 0"]);
    let (channel, message) = arrived();
    assert_eq!(world.delivered(0, Delivery::Sent { channel, message }), ["sent 0"]);
}

#[test]
fn what_was_being_sent_when_the_process_ended_is_looked_for() {
    for (since, first) in [(NOW, 3), (NOW + Duration::from_secs(1), 4)] {
        for state in [EffectState::Sending, EffectState::Ambiguous] {
            let state = state(Attempt { since, again: false });
            let effects = vec![Effect { state, ..said(0, Recourse::Look) }, said(1, Recourse::Look)];
            let (mut world, outputs) = World::left(effects, false, NOW);
            assert!(outputs.is_empty(), "{outputs:?}");
            assert!(world.after(first - 1).is_empty());
            world.now = world.now + Duration::from_secs(1);
            let outputs = world.core.step(world.now, Input::Tick);
            assert!(matches!(&outputs[..], [Output::Find { since: from, .. }] if *from == since), "{outputs:?}");
            assert_eq!(world.found(0, yes()), ["sent 0", "sending 1", "send 1"]);
        }
    }
}

#[test]
fn what_was_sent_once_more_before_the_process_ended_is_not_sent_a_third_time() {
    let state = EffectState::Sending(Attempt { since: NOW, again: true });
    let effects = vec![Effect { state, ..said(0, Recourse::Look) }];
    let (mut world, outputs) = World::left(effects, false, NOW + Duration::from_secs(3_600));
    assert_eq!(outputs, ["find 0"], "what is long past needs no waiting");
    assert_eq!(world.found(0, Found::No), ["find 0"]);
    assert_eq!(world.found(0, Found::No), ["find 0"]);
    assert!(world.found(0, Found::No)[0].starts_with("dead 0: ambiguous"));
}

#[test]
fn what_was_left_and_cannot_be_looked_for_is_given_up_and_what_may_be_repeated_is() {
    let state = EffectState::Sending(Attempt { since: NOW, again: false });
    let effects = vec![
        Effect { state: state.clone(), ..said(0, Recourse::Nothing) },
        Effect { state, ..said(1, Recourse::Repeat) },
    ];
    let (_, outputs) = World::left(effects, false, NOW);
    let dead = "dead 0: ambiguous: the process ended while it was sent; what is said in this way cannot be looked for";
    assert_eq!(outputs, [dead, "sending 1", "send 1"]);
}

#[test]
fn a_handler_that_is_run_again_is_told_what_has_become_of_it_since() {
    let (mut world, outputs) = World::left(vec![said(0, Recourse::Look)], true, NOW);
    assert_eq!(outputs, ["sending 0", "run", "send 0"]);
    let (channel, message) = arrived();
    assert_eq!(world.delivered(0, Delivery::Sent { channel, message }), ["sent 0"]);
    let again = Input::Spoke { lease: lease("l"), effects: vec![said(0, Recourse::Look)], waiter: Some(Waiter(7)) };
    assert_eq!(world.input(again), [format!("told {:?}", Ok::<_, String>(arrived()))]);
    end(&mut world.core, "l", 1, vec![]);
    assert!(world.core.is_idle());
}

#[test]
fn a_token_that_is_refused_makes_everything_wait_and_kills_nothing() {
    let mut world = World::saying(CoreLimits::default(), vec![said(0, Recourse::Look)]);
    let refused = || Delivery::TokenRefused { why: "token_revoked".to_owned() };
    assert_eq!(world.delivered(0, refused()), ["pending 0"]);
    admitted(&mut world.core, 2, "other", job(vec![]));
    let outputs = end(&mut world.core, "other", 2, vec![effect(Sequence(2), 0)]);
    assert!(!outputs.iter().any(|output| matches!(output, Output::Send { .. })), "{outputs:?}");
    // One of them tries the token.
    assert_eq!(world.after(1), ["sending 0", "send 0"]);
    assert_eq!(world.delivered(0, refused()), ["pending 0"]);
    let mut tries = 0;
    while world.now.since(NOW) < Duration::from_secs(23 * 3_600) {
        let sends = world.after(60).into_iter().filter(|output| output.starts_with("send 0")).count();
        assert!(sends <= 1);
        if sends == 1 {
            tries += 1;
            assert_eq!(world.delivered(0, refused()), ["pending 0"]);
        }
    }
    assert!(tries > 500, "{tries}");
    world.after(3_600);
    assert_eq!(world.delivered(0, refused())[0], "dead 0: refused: token_revoked");
}

#[test]
fn a_token_that_is_put_right_lets_everything_go_on() {
    let mut world = World::saying(CoreLimits::default(), vec![said(0, Recourse::Look), said(1, Recourse::Look)]);
    world.delivered(0, Delivery::TokenRefused { why: "token_revoked".to_owned() });
    world.after(1);
    let (channel, message) = arrived();
    assert_eq!(world.delivered(0, Delivery::Sent { channel, message }), ["sent 0", "sending 1", "send 1"]);
}

/// What a process that is gone may have done with an event before the copy was put back that it stood in, nobody knows.
#[test]
fn what_a_restored_event_says_is_looked_for_before_it_is_sent() {
    for (recourse, found, ends) in [
        (Recourse::Look, Some(Found::No), vec!["sending 0", "send 0"]),
        (Recourse::Look, Some(yes()), vec!["sent 0"]),
        (Recourse::Repeat, None, vec!["sending 0", "send 0"]),
        (Recourse::Nothing, None, vec!["dead 0: ambiguous"]),
    ] {
        let mut core = Core::new(CoreLimits::default());
        let outputs = core.step(NOW, Input::TakenOver(vec![old(EventState::Restored, 0)]));
        assert_eq!(runs(&outputs), [1]);
        let outputs =
            core.step(NOW, Input::Ended { lease: lease("l"), event: Sequence(1), end: done(vec![said(0, recourse)]) });
        let [Output::Settle { settlement, .. }] = &outputs[..] else { panic!("{outputs:?}") };
        let doubted = EffectState::Ambiguous(Attempt { since: event().received, again: false });
        assert_eq!(settlement.effects[0].state, doubted);
        let mut world = World { core, now: NOW };
        let outputs = world.input(Input::Settled { lease: lease("l"), event: Sequence(1), result: Ok(()) });
        let outputs = match found {
            Some(found) => {
                assert_eq!(outputs, ["find 0"]);
                world.found(0, found)
            }
            None => outputs,
        };
        assert!(outputs.iter().zip(&ends).all(|(told, end)| told.starts_with(end)), "{outputs:?}");
        assert_eq!(outputs.len(), ends.len(), "{outputs:?}");
    }
}
