//! What operators see and change in every store.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;

use super::{NOW, Subject, admit, done, effect, inbound, sent, taken_over};
use crate::{
    id::{MessageId, UserId},
    store::{
        AUDIT_KEPT, Admitted, Attempt, By, Change, Changed, Counts, DEAD_KEPT, Effect, EffectKey, EffectRecord,
        EffectState, Erased, EventRecord, EventState, Expected, Inbound, Intervention, Lease, Operate, Place,
        Resolution, Scope, Selection, Sequence, Settlement, Store,
    },
};

/// A store, and the same as operators have it.
pub(crate) struct Operated {
    pub(crate) subject: Subject,
    pub(crate) operate: Arc<dyn Operate>,
}

fn by() -> By {
    By { who: "olga".to_owned(), at: NOW }
}

fn every<K>(dead: bool) -> Selection<K> {
    Selection { dead, person: None, bodies: true, after: None, limit: 100 }
}

/// Something that alice says.
fn said(id: &str, lane: &str) -> Inbound {
    Inbound { person: Some(UserId::new("UALICE")), body: Bytes::from(format!("{{\"{id}\":1}}")), ..inbound(id, lane) }
}

fn dead(event: Sequence, reason: &str) -> Settlement {
    Settlement { event, state: EventState::Dead { reason: reason.to_owned() }, effects: vec![], changes: vec![] }
}

async fn events(operate: &dyn Operate, dead: bool) -> Vec<EventRecord> {
    operate.events(every(dead)).await.unwrap()
}

async fn effects(operate: &dyn Operate, dead: bool) -> Vec<EffectRecord> {
    operate.effects(every(dead)).await.unwrap()
}

async fn actions(operate: &dyn Operate) -> Vec<String> {
    let lines = operate.audit(0, 100).await.unwrap();
    assert!(lines.iter().all(|line| line.by == by()));
    lines.into_iter().map(|line| format!("{} {}", line.action, line.what)).collect()
}

/// An event that was given up with one effect, which was given up too.
async fn given_up(store: &dyn Store, id: &str) -> (Sequence, Lease, EffectKey) {
    let (event, lease) = admit(store, said(id, "l")).await;
    let key = effect(event, 0).key;
    store.record(&lease, vec![effect(event, 0)]).await.unwrap();
    let reason = "ambiguous: lost".to_owned();
    store.mark(&lease, &key, EffectState::Dead { reason }).await.unwrap();
    store.settle(&lease, dead(event, "failed: h")).await.unwrap();
    (event, lease, key)
}

/// Open events stand in the list with who said them and where they stand, page by page, without what was said unless
/// that is asked for.
pub(crate) async fn open_events_are_listed(operated: Operated) {
    let Operated { subject: Subject { store, .. }, operate } = operated;
    let mut all = Vec::new();
    for id in ["a", "b", "c"] {
        all.push(admit(&*store, said(id, id)).await.0);
    }
    let mut seen = Vec::new();
    let mut selection = Selection { bodies: false, limit: 2, ..every(false) };
    loop {
        let page = operate.events(selection.clone()).await.unwrap();
        let Some(last) = page.last() else { break };
        selection.after = Some(last.sequence);
        assert!(page.len() <= 2 && page.iter().all(|event| event.body.is_empty()));
        seen.extend(page.iter().map(|event| event.sequence));
    }
    assert_eq!(seen, all);
    let event = operate.event(all[1]).await.unwrap().unwrap();
    assert_eq!((event.person, &*event.lane.0, event.state), (Some("UALICE".into()), "b", EventState::Ready));
    assert_eq!((event.received, &event.body[..]), (NOW, &b"{\"b\":1}"[..]));
    assert_eq!(operate.event(Sequence(u64::from(u32::MAX))).await, Ok(None));
}

/// What was given up is kept with its reason: the event, and the effect too.
pub(crate) async fn what_was_given_up_is_listed(operated: Operated) {
    let Operated { subject: Subject { store, .. }, operate } = operated;
    let (event, _, key) = given_up(&*store, "a").await;
    let [found] = &events(&*operate, true).await[..] else { panic!() };
    assert_eq!((found.sequence, &found.state), (event, &EventState::Dead { reason: "failed: h".to_owned() }));
    assert_eq!(&found.body[..], b"{\"a\":1}");
    assert_eq!(operate.event(event).await.unwrap().as_ref(), Some(found));
    let [found] = &effects(&*operate, true).await[..] else { panic!() };
    let reason = "ambiguous: lost".to_owned();
    assert_eq!(found.effect, Effect { state: EffectState::Dead { reason }, ..effect(event, 0) });
    assert_eq!((&*found.lane.0, &found.person, found.received), ("l", &Some("UALICE".into()), NOW));
    assert_eq!(&operate.effects_of(event).await.unwrap(), std::slice::from_ref(found));
    let behind = Selection { after: Some(key), ..every(true) };
    assert!(operate.effects(behind).await.unwrap().is_empty());
    assert!(events(&*operate, false).await.is_empty() && effects(&*operate, false).await.is_empty());
    assert_eq!(store.counts().await, Ok(Counts { open: 0, dead: 1, unsent: 0 }));
}

/// What was sent and done leaves nothing to be seen.
pub(crate) async fn what_is_done_is_seen_no_more(operated: Operated) {
    let Operated { subject: Subject { store, .. }, operate } = operated;
    let (event, lease) = admit(&*store, said("a", "l")).await;
    store.settle(&lease, done(event, vec![effect(event, 0)])).await.unwrap();
    let [unsent] = &effects(&*operate, false).await[..] else { panic!() };
    assert_eq!((&unsent.effect.state, &unsent.person), (&EffectState::Pending, &Some("UALICE".into())));
    store.mark(&lease, &effect(event, 0).key, sent()).await.unwrap();
    for dead in [false, true] {
        assert!(events(&*operate, dead).await.is_empty() && effects(&*operate, dead).await.is_empty());
    }
    assert_eq!(operate.event(event).await, Ok(None));
}

/// An event that was given up is run again under a new number, although its keys are known.
pub(crate) async fn an_event_is_taken_up_again(operated: Operated) {
    let Operated { subject: Subject { store, .. }, operate } = operated;
    let (event, _, _) = given_up(&*store, "a").await;
    let Changed::Replayed(again) = operate.intervene(Intervention::Replay(event), by()).await.unwrap() else {
        panic!()
    };
    assert!(again > event && events(&*operate, true).await.is_empty());
    let leased = store.lease(10, NOW).await.unwrap();
    let [taken] = &leased[0].events[..] else { panic!("{leased:?}") };
    assert_eq!((taken.sequence, &taken.state, taken.replays), (again, &EventState::Ready, 1));
    assert_eq!((taken.received, &taken.body[..], taken.attempts, taken.crashes), (NOW, &b"{\"a\":1}"[..], 0, 0));
    assert!(taken.recorded.is_empty() && taken.dispatch);
    assert_eq!(&*leased[0].lease.lane.0, "l");
    assert_eq!(store.admit(said("a", "l")).await, Ok(Admitted::Duplicate));
    assert_eq!(operate.intervene(Intervention::Replay(event), by()).await, Ok(Changed::Missing));
    assert_eq!(actions(&*operate).await, [format!("replay {event} as {again}")]);
    // It may be given up again, and taken up again.
    store.settle(&leased[0].lease, dead(again, "failed: h")).await.unwrap();
    let Changed::Replayed(third) = operate.intervene(Intervention::Replay(again), by()).await.unwrap() else {
        panic!()
    };
    assert_eq!(store.lease(10, NOW).await.unwrap()[0].events[0].replays, 2);
    assert!(third > again);
}

/// What comes back to a lane that is held goes to its holder, once, and to whoever holds the lane next.
pub(crate) async fn what_comes_back_to_a_lane_that_is_held_goes_to_the_holder(operated: Operated) {
    let Operated { subject, operate } = &operated;
    let store = &subject.store;
    let (event, _, key) = given_up(&**store, "a").await;
    let (other, lease) = admit(&**store, said("b", "l")).await;
    let Changed::Replayed(again) = operate.intervene(Intervention::Replay(event), by()).await.unwrap() else {
        panic!()
    };
    operate.intervene(Intervention::Resolve(key, Resolution::Resend), by()).await.unwrap();
    let told = store.lease(10, NOW).await.unwrap();
    assert_eq!((told.len(), &told[0].lease), (1, &lease));
    let events: Vec<_> = told[0].events.iter().map(|event| (event.sequence, event.crashes, event.replays)).collect();
    assert_eq!((events, &told[0].effects), (vec![(again, 0, 1)], &vec![effect(event, 0)]));
    assert!(store.lease(10, NOW).await.unwrap().is_empty(), "it is told once");
    store.settle(&lease, done(other, vec![])).await.unwrap();
    let leased = taken_over(subject).await;
    assert_eq!(leased.events.iter().map(|event| event.sequence).collect::<Vec<_>>(), [again]);
    assert_eq!(leased.effects, [effect(event, 0)]);
}

/// An event comes in to a lane to which another has come back: both are there.
pub(crate) async fn what_came_back_is_not_lost_when_more_comes_in(operated: Operated) {
    let Operated { subject: Subject { store, .. }, operate } = operated;
    let (event, _, _) = given_up(&*store, "a").await;
    let Changed::Replayed(again) = operate.intervene(Intervention::Replay(event), by()).await.unwrap() else {
        panic!()
    };
    let Ok(Admitted::New { sequence, lease, .. }) = store.admit(said("b", "l")).await else { panic!() };
    let told = store.lease(10, NOW).await.unwrap();
    let mut events: Vec<_> = told.iter().flat_map(|lane| &lane.events).map(|event| event.sequence).collect();
    events.extend(lease.map(|_| sequence));
    assert_eq!(events, [again, sequence]);
}

/// An open event that is dropped is given up; one that was given up is forgotten. What is worked on is left alone.
pub(crate) async fn events_are_dropped(operated: Operated) {
    let Operated { subject: Subject { store, crash, .. }, operate } = operated;
    let (event, _) = admit(&*store, said("a", "l")).await;
    let drop = || operate.intervene(Intervention::Drop(event), by());
    assert_eq!(drop().await, Ok(Changed::Held));
    crash().await;
    assert_eq!(drop().await, Ok(Changed::Done));
    let reason = "dropped: by an operator".to_owned();
    assert_eq!(events(&*operate, true).await[0].state, EventState::Dead { reason });
    assert!(store.lease(10, NOW).await.unwrap().is_empty(), "its lane has no work");
    assert_eq!(drop().await, Ok(Changed::Done));
    assert_eq!(drop().await, Ok(Changed::Missing));
    assert_eq!(actions(&*operate).await, vec![format!("drop {event}"); 2]);
}

/// The doubt about an effect that was given up ends in one of three ways.
pub(crate) async fn doubts_are_resolved(operated: Operated) {
    let Operated { subject: Subject { store, .. }, operate } = operated;
    let resolve = |key: &EffectKey, how| operate.intervene(Intervention::Resolve(key.clone(), how), by());
    let (_, _, one) = given_up(&*store, "a").await;
    assert_eq!(resolve(&one, Resolution::Sent(MessageId::new("1.2"))).await, Ok(Changed::Done));
    assert_eq!(resolve(&one, Resolution::Resend).await, Ok(Changed::Missing));
    let (_, _, two) = given_up(&*store, "b").await;
    assert_eq!(resolve(&two, Resolution::Drop).await, Ok(Changed::Done));
    let (event, _, three) = given_up(&*store, "c").await;
    assert_eq!(resolve(&three, Resolution::Resend).await, Ok(Changed::Done));
    assert!(effects(&*operate, true).await.is_empty());
    assert_eq!(store.counts().await.unwrap().unsent, 1);
    let leased = store.lease(10, NOW).await.unwrap().remove(0);
    assert_eq!((leased.effects, leased.events.len()), (vec![effect(event, 0)], 0));
    store.mark(&leased.lease, &three, sent()).await.unwrap();
    assert_eq!(store.counts().await.unwrap().unsent, 0);
    let told = [format!("sent {one} as 1.2"), format!("drop {two}"), format!("resend {three}")];
    assert_eq!(actions(&*operate).await, told);
}

/// The same for an effect that nobody sends; one that somebody may be about to send is left alone.
pub(crate) async fn what_is_not_sent_yet_is_resolved(operated: Operated) {
    let Operated { subject: Subject { store, crash, .. }, operate } = operated;
    let (event, lease) = admit(&*store, said("a", "l")).await;
    store.settle(&lease, done(event, (0..3).map(|ordinal| effect(event, ordinal)).collect())).await.unwrap();
    let unclear = EffectState::Ambiguous(Attempt { since: NOW, again: true });
    store.mark(&lease, &effect(event, 2).key, unclear).await.unwrap();
    let resolve = |ordinal, how| operate.intervene(Intervention::Resolve(effect(event, ordinal).key, how), by());
    assert_eq!(resolve(0, Resolution::Drop).await, Ok(Changed::Held));
    crash().await;
    assert_eq!(resolve(0, Resolution::Drop).await, Ok(Changed::Done));
    assert_eq!(resolve(1, Resolution::Sent(MessageId::new("1.2"))).await, Ok(Changed::Done));
    assert_eq!(resolve(2, Resolution::Resend).await, Ok(Changed::Done));
    let reason = "dropped: by an operator".to_owned();
    assert_eq!(effects(&*operate, true).await[0].effect.state, EffectState::Dead { reason });
    assert_eq!(store.lease(10, NOW).await.unwrap()[0].effects, [effect(event, 2)]);
}

/// A note is a line of the audit and nothing else; lines are read in order and page by page.
pub(crate) async fn the_audit_is_read_page_by_page(operated: Operated) {
    for what in ["one", "two", "three"] {
        let note = Intervention::Note { action: "backup".to_owned(), what: what.to_owned() };
        assert_eq!(operated.operate.intervene(note, by()).await, Ok(Changed::Done));
    }
    (operated.subject.crash)().await;
    let first = operated.operate.audit(0, 2).await.unwrap();
    let rest = operated.operate.audit(first[1].number, 2).await.unwrap();
    let what: Vec<_> = first.iter().chain(&rest).map(|line| line.what.as_str()).collect();
    assert_eq!(what, ["one", "two", "three"]);
}

/// Nothing is left of a person; what names them goes with them, and what others said stays.
pub(crate) async fn a_person_is_erased(operated: Operated) {
    let Operated { subject: Subject { store, crash, .. }, operate } = operated;
    given_up(&*store, "a").await;
    let bob = |id, text: &'static str| Inbound {
        person: Some("UBOB".into()),
        body: Bytes::from_static(text.as_bytes()),
        ..inbound(id, id)
    };
    for (id, text) in [("names", "ask <@UALICE>"), ("other", "ask <@UALICE2>")] {
        let (event, lease) = admit(&*store, bob(id, text)).await;
        store.settle(&lease, dead(event, "failed: h")).await.unwrap();
    }
    let (event, lease) = admit(&*store, said("open", "open")).await;
    store.record(&lease, vec![effect(event, 0)]).await.unwrap();
    let (event, lease) = admit(&*store, said("done", "done")).await;
    store.settle(&lease, done(event, vec![effect(event, 0)])).await.unwrap();
    admit(&*store, bob("asks", "<@UALICE>?")).await;
    let keep = |scope: Scope, value: &str| Change {
        place: Place { scope, key: "k".into() },
        expected: Expected::Anything,
        value: Some(value.into()),
        expires: None,
        at: NOW,
    };
    let [hers, names, others] = [Scope::person(&"UALICE".into()), Scope::bot(), Scope::person(&"UBOB".into())];
    store.change(vec![keep(hers, "1"), keep(names, r#"["UALICE"]"#), keep(others.clone(), "1")]).await.unwrap();
    assert_eq!(operate.values_of("UALICE".into()).await.unwrap().len(), 2);
    let erase = || operate.erase("UALICE".into(), by());
    assert_eq!(erase().await, Ok(Erased { events: 2, effects: 1, values: 2, held: 4 }));
    assert!(operate.values_of("UALICE".into()).await.unwrap().is_empty());
    assert!(store.read(&Place { scope: others, key: "k".into() }, NOW).await.unwrap().is_some());
    crash().await;
    assert_eq!(erase().await, Ok(Erased { events: 1, effects: 2, values: 0, held: 1 }));
    let left: Vec<_> = events(&*operate, true).await.into_iter().map(|event| event.body).collect();
    assert_eq!(left, [&b"ask <@UALICE2>"[..]]);
    let open: Vec<_> = events(&*operate, false).await.into_iter().map(|event| event.body).collect();
    assert_eq!(open, [&b"<@UALICE>?"[..]]);
    assert!(effects(&*operate, false).await.is_empty() && effects(&*operate, true).await.is_empty());
    let lanes = store.lease(10, NOW).await.unwrap();
    assert_eq!(lanes.len(), 1, "{lanes:?}");
    assert!(actions(&*operate).await.iter().all(|action| !action.contains("UALICE")));
}

/// What was given up, and what operators did, is forgotten after its time.
pub(crate) async fn what_was_given_up_is_forgotten_after_its_time(operated: Operated) {
    let Operated { subject: Subject { store, .. }, operate } = operated;
    given_up(&*store, "a").await;
    operate.intervene(Intervention::Note { action: "backup".to_owned(), what: String::new() }, by()).await.unwrap();
    let forget = async |after: Duration| while operate.forget(NOW + after).await.unwrap() {};
    let before = |span: Duration| span - Duration::from_secs(1);
    forget(before(DEAD_KEPT)).await;
    assert_eq!((events(&*operate, true).await.len(), effects(&*operate, true).await.len()), (1, 1));
    forget(DEAD_KEPT).await;
    assert_eq!((events(&*operate, true).await.len(), effects(&*operate, true).await.len()), (0, 0));
    forget(before(AUDIT_KEPT)).await;
    assert_eq!(operate.audit(0, 9).await.unwrap().len(), 1);
    forget(AUDIT_KEPT).await;
    assert_eq!(operate.audit(0, 9).await.unwrap(), []);
}

/// Writes the tests of a store; `$operated` makes a fresh one, or none where it cannot be tested.
macro_rules! conformance {
    ($operated:expr; $($name:ident),* $(,)?) => {
        $(#[tokio::test]
        async fn $name() {
            let Some(operated) = $operated else { return };
            crate::store::conformance::records::$name(operated).await;
        })*
    };
    ($operated:expr) => {
        crate::store::conformance::records::conformance! { $operated;
            open_events_are_listed,
            what_was_given_up_is_listed,
            what_is_done_is_seen_no_more,
            an_event_is_taken_up_again,
            what_comes_back_to_a_lane_that_is_held_goes_to_the_holder,
            what_came_back_is_not_lost_when_more_comes_in,
            events_are_dropped,
            doubts_are_resolved,
            what_is_not_sent_yet_is_resolved,
            the_audit_is_read_page_by_page,
            a_person_is_erased,
            what_was_given_up_is_forgotten_after_its_time,
        }
    };
}
pub(crate) use conformance;
