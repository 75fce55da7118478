//! What every store does, as tests that each store runs.

pub(crate) mod records;
pub(crate) mod several;

use std::{any::Any, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::{
    Admitted, Attempt, Change, Counts, Effect, EffectKey, EffectState, EventState, Expected, Inbound, Key, Lane, Lease,
    Leased, Place, Scope, Sequence, Settlement, Store, StoreError,
};
use crate::{clock::Timestamp, id::MessageId, platform::Outgoing};

/// A store, and the way to end the process that holds it.
pub(crate) struct Subject {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) crash: Box<dyn Fn() -> BoxFuture<'static, ()>>,
    /// What is taken away once the test is over.
    pub(crate) _rest: Option<Box<dyn Any>>,
}

pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

pub(crate) fn inbound(id: &str, lane: &str) -> Inbound {
    Inbound {
        key: Key::of(0, &[id]),
        message: None,
        observed: false,
        lane: Lane(lane.into()),
        person: None,
        body: Bytes::from_static(b"{}"),
        received: NOW,
        answering: false,
    }
}

pub(crate) fn effect(event: Sequence, ordinal: u32) -> Effect {
    let outgoing = Outgoing {
        method: "say".to_owned(),
        body: Bytes::from(format!("{{\"ordinal\":{ordinal}}}")),
        channel: None,
        address: None,
        deadline: None,
        limits: crate::platform::Limits::default(),
        recourse: crate::platform::Recourse::Look,
    };
    Effect {
        key: EffectKey { event, handler: "h".into(), ordinal, part: 0 },
        outgoing: outgoing.into(),
        state: EffectState::Pending,
    }
}

pub(super) async fn admit(store: &dyn Store, inbound: Inbound) -> (Sequence, Lease) {
    match store.admit(inbound).await.unwrap() {
        Admitted::New { sequence, lease: Some(lease), .. } => (sequence, lease),
        other => panic!("{other:?}"),
    }
}

async fn taken_over(subject: &Subject) -> Leased {
    (subject.crash)().await;
    let mut leased = subject.store.lease(10, NOW).await.unwrap();
    assert_eq!(leased.len(), 1, "{leased:?}");
    leased.remove(0)
}

pub(super) fn done(event: Sequence, effects: Vec<Effect>) -> Settlement {
    Settlement { event, state: EventState::Done, effects, changes: vec![] }
}

fn sent() -> EffectState {
    EffectState::Sent { channel: None, message: Some(MessageId::new("1.2")) }
}

/// A second delivery is a duplicate, while the event runs and after its end.
pub(crate) async fn a_second_delivery_is_a_duplicate(subject: Subject) {
    let store = &*subject.store;
    let (sequence, lease) = admit(store, inbound("e", "l")).await;
    assert_eq!(store.admit(inbound("e", "l")).await, Ok(Admitted::Duplicate));
    store.settle(&lease, done(sequence, vec![])).await.unwrap();
    assert_eq!(store.admit(inbound("e", "l")).await, Ok(Admitted::Duplicate));
    assert_eq!(store.counts().await, Ok(Counts::default()));
}

/// One message under two events is dispatched once; the second event is kept for observers alone.
pub(crate) async fn one_message_is_dispatched_once(subject: Subject) {
    let store = &*subject.store;
    let twin = |id: &str, observed| Inbound { message: Some(Key::of(1, &["m"])), observed, ..inbound(id, "l") };
    let first = store.admit(twin("one", false)).await.unwrap();
    assert!(matches!(first, Admitted::New { dispatch: true, .. }));
    assert_eq!(store.admit(twin("two", false)).await, Ok(Admitted::Duplicate));
    let third = store.admit(twin("three", true)).await.unwrap();
    assert!(matches!(third, Admitted::New { dispatch: false, .. }));
}

/// Keys are forgotten after their time.
pub(crate) async fn keys_are_forgotten_after_their_time(subject: Subject, remembered: Duration) {
    let store = &*subject.store;
    let later = |wait| Inbound { received: NOW + wait, ..inbound("e", "l") };
    let (sequence, lease) = admit(store, inbound("e", "l")).await;
    store.settle(&lease, done(sequence, vec![])).await.unwrap();
    let almost = remembered.saturating_sub(Duration::from_secs(1));
    assert_eq!(store.admit(later(almost)).await, Ok(Admitted::Duplicate));
    assert!(matches!(store.admit(later(remembered)).await, Ok(Admitted::New { .. })));
}

/// What was admitted and not settled is there after a crash, in order. The crash counts for the event that may have
/// been run, which is the first of its lane, and for no other.
pub(crate) async fn what_was_admitted_survives(subject: Subject) {
    let (first, _) = admit(&*subject.store, inbound("a", "l")).await;
    let (second, _) = admit(&*subject.store, inbound("b", "l")).await;
    let leased = taken_over(&subject).await;
    let events: Vec<_> = leased.events.iter().map(|event| (event.sequence, event.crashes)).collect();
    assert_eq!(events, [(first, 1), (second, 0)]);
}

/// Crashes after the second count for an event that was run by itself, and for no other.
pub(crate) async fn a_suspect_is_told_from_bystanders(subject: Subject) {
    let (event, _) = admit(&*subject.store, inbound("a", "l")).await;
    for (crashes, began, state) in [
        (1, None, EventState::Ready),
        (2, None, EventState::Ready),
        (2, Some(false), EventState::Ready),
        (3, Some(true), EventState::Ready),
        (4, None, EventState::Restored),
        (4, None, EventState::Restored),
    ] {
        let leased = taken_over(&subject).await;
        let found = &leased.events[0];
        assert_eq!((found.crashes, &found.state, found.attempts), (crashes, &state, 0));
        if let Some(restored) = began {
            let begins = Settlement { state: EventState::Suspected { restored }, ..done(event, vec![]) };
            subject.store.settle(&leased.lease, begins).await.unwrap();
        }
    }
}

/// Who lost a lane is told at every change, and changes nothing.
pub(crate) async fn a_lost_lease_changes_nothing(subject: Subject) {
    let store = &*subject.store;
    let (sequence, old) = admit(store, inbound("a", "l")).await;
    let leased = taken_over(&subject).await;
    assert!(leased.lease.token > old.token);
    let fenced = Err(StoreError::Fenced);
    assert_eq!(store.settle(&old, done(sequence, vec![effect(sequence, 0)])).await, fenced);
    assert_eq!(store.record(&old, vec![effect(sequence, 0)]).await, fenced);
    assert_eq!(store.mark(&old, &effect(sequence, 0).key, sent()).await, fenced);
    assert_eq!(store.acknowledge(&old, sequence).await, fenced);
    assert_eq!(store.counts().await, Ok(Counts { open: 1, dead: 0, unsent: 0 }));
    store.settle(&leased.lease, done(sequence, vec![])).await.unwrap();
}

/// A token is never given twice, not even after its lane was empty.
pub(crate) async fn a_token_is_never_given_twice(subject: Subject) {
    let store = &*subject.store;
    let (sequence, old) = admit(store, inbound("a", "l")).await;
    store.settle(&old, done(sequence, vec![])).await.unwrap();
    let (next, new) = admit(store, inbound("b", "l")).await;
    assert!(new.token > old.token);
    assert_eq!(store.settle(&old, done(next, vec![])).await, Err(StoreError::Fenced));
}

/// The end of an event and its effects are one commit, and unsent effects survive.
pub(crate) async fn effects_are_committed_with_the_end(subject: Subject) {
    let store = &*subject.store;
    let (sequence, lease) = admit(store, inbound("a", "l")).await;
    let attempt = Attempt { since: NOW, again: false };
    let sending = Effect { state: EffectState::Sending(attempt), ..effect(sequence, 0) };
    store.settle(&lease, done(sequence, vec![sending.clone(), effect(sequence, 1)])).await.unwrap();
    assert_eq!(store.counts().await, Ok(Counts { open: 0, dead: 0, unsent: 2 }));
    let leased = taken_over(&subject).await;
    assert_eq!(leased.effects, [sending, effect(sequence, 1)]);
    assert!(leased.events.is_empty());
    for ordinal in 0..2 {
        store.mark(&leased.lease, &effect(sequence, ordinal).key, sent()).await.unwrap();
    }
    assert_eq!(store.counts().await, Ok(Counts::default()));
}

/// An effect of which nobody knows whether it arrived is not at its end, and stays so with its time.
pub(crate) async fn what_is_unclear_stays_unclear(subject: Subject) {
    let store = &*subject.store;
    let (sequence, lease) = admit(store, inbound("a", "l")).await;
    store.settle(&lease, done(sequence, vec![effect(sequence, 0)])).await.unwrap();
    let unclear = EffectState::Ambiguous(Attempt { since: NOW, again: true });
    store.mark(&lease, &effect(sequence, 0).key, unclear.clone()).await.unwrap();
    assert_eq!(store.counts().await.unwrap().unsent, 1);
    let leased = taken_over(&subject).await;
    assert_eq!(leased.effects, [Effect { state: unclear, ..effect(sequence, 0) }]);
    store.mark(&leased.lease, &effect(sequence, 0).key, sent()).await.unwrap();
    assert_eq!(store.counts().await, Ok(Counts::default()));
}

/// What a run recorded before it was cut short is there for the next, and is not put in twice.
pub(crate) async fn what_was_recorded_is_there_for_the_next_run(subject: Subject) {
    let store = &*subject.store;
    let (sequence, lease) = admit(store, inbound("a", "l")).await;
    store.record(&lease, vec![effect(sequence, 0)]).await.unwrap();
    store.mark(&lease, &effect(sequence, 0).key, sent()).await.unwrap();
    let leased = taken_over(&subject).await;
    let recorded: Vec<_> = leased.events[0].recorded.iter().map(|effect| effect.state.clone()).collect();
    assert_eq!(recorded, [sent()]);
    assert!(leased.effects.is_empty());
    store.record(&leased.lease, vec![effect(sequence, 0)]).await.unwrap();
    assert_eq!(store.counts().await.unwrap().unsent, 0);
    store.settle(&leased.lease, done(sequence, vec![])).await.unwrap();
}

/// A request stands as answering until it is acknowledged; a run to come again keeps its count.
pub(crate) async fn states_are_kept(subject: Subject) {
    let store = &*subject.store;
    let (sequence, lease) = admit(store, Inbound { answering: true, ..inbound("a", "l") }).await;
    let leased = taken_over(&subject).await;
    assert_eq!(leased.events[0].state, EventState::Answering);
    assert!(leased.lease.token > lease.token);
    store.acknowledge(&leased.lease, sequence).await.unwrap();
    let leased = taken_over(&subject).await;
    assert_eq!(leased.events[0].state, EventState::Ready);
    let retry = EventState::Retry { at: NOW + Duration::from_secs(9) };
    store
        .settle(&leased.lease, Settlement { event: sequence, state: retry.clone(), effects: vec![], changes: vec![] })
        .await
        .unwrap();
    let event = taken_over(&subject).await.events.remove(0);
    assert_eq!((event.state, event.attempts), (retry, 1));
}

fn place(key: &str) -> Place {
    Place { scope: Scope::person(&"U1".into()), key: key.into() }
}

fn keeps(key: &str, expected: Expected, value: &str) -> Change {
    Change { place: place(key), expected, value: Some(value.into()), expires: None, at: NOW }
}

fn absent() -> Expected {
    Expected::Exactly(None)
}

fn is(value: &str) -> Expected {
    Expected::Exactly(Some(value.into()))
}

async fn kept(store: &dyn Store, key: &str, now: Timestamp) -> Option<String> {
    store.read(&place(key), now).await.unwrap().map(|value| value.to_string())
}

/// Values are set, changed and removed, each at its own place, and survive.
pub(crate) async fn values_are_kept(subject: Subject) {
    let store = &*subject.store;
    assert_eq!(kept(store, "a", NOW).await, None);
    store.change(vec![keeps("a", Expected::Anything, "1"), keeps("b", Expected::Anything, "2")]).await.unwrap();
    store.change(vec![keeps("a", Expected::Anything, "3")]).await.unwrap();
    let elsewhere = Place { scope: Scope::person(&"U2".into()), ..place("a") };
    assert_eq!(store.read(&elsewhere, NOW).await, Ok(None));
    (subject.crash)().await;
    assert_eq!((kept(store, "a", NOW).await, kept(store, "b", NOW).await), (Some("3".into()), Some("2".into())));
    store.change(vec![Change { value: None, ..keeps("a", Expected::Anything, "") }]).await.unwrap();
    assert_eq!(kept(store, "a", NOW).await, None);
}

/// A change is made only where what stands is what it expects, and with it all others or none.
pub(crate) async fn a_change_finds_what_it_expects_or_changes_nothing(subject: Subject) {
    let store = &*subject.store;
    store.change(vec![keeps("a", absent(), "1")]).await.unwrap();
    let refused = |key| Err(StoreError::Conflict(Box::new(place(key))));
    assert_eq!(store.change(vec![keeps("a", absent(), "2")]).await, refused("a"));
    assert_eq!(store.change(vec![keeps("a", is("2"), "3")]).await, refused("a"));
    assert_eq!(store.change(vec![keeps("b", Expected::Anything, "2"), keeps("c", is("x"), "3")]).await, refused("c"));
    assert_eq!((kept(store, "a", NOW).await, kept(store, "b", NOW).await), (Some("1".into()), None));
    store.change(vec![keeps("a", is("1"), "2"), keeps("b", absent(), "2")]).await.unwrap();
    assert_eq!((kept(store, "a", NOW).await, kept(store, "b", NOW).await), (Some("2".into()), Some("2".into())));
}

/// What has expired is not there: it is not read, and not expected to stand.
pub(crate) async fn what_has_expired_is_not_there(subject: Subject) {
    let store = &*subject.store;
    let end = NOW + Duration::from_secs(10);
    let almost = NOW + Duration::from_secs(9);
    store.change(vec![Change { expires: Some(end), ..keeps("a", Expected::Anything, "1") }]).await.unwrap();
    assert_eq!((kept(store, "a", almost).await, kept(store, "a", end).await), (Some("1".into()), None));
    let early = Change { at: almost, ..keeps("a", absent(), "2") };
    assert_eq!(store.change(vec![early]).await, Err(StoreError::Conflict(Box::new(place("a")))));
    store.change(vec![Change { at: end, ..keeps("a", absent(), "2") }]).await.unwrap();
    assert_eq!(kept(store, "a", end + Duration::from_secs(9)).await.as_deref(), Some("2"), "it stays from now on");
}

/// The values that a run changes are committed with its end, or nothing of it is.
pub(crate) async fn values_are_committed_with_the_end(subject: Subject) {
    let store = &*subject.store;
    let (sequence, lease) = admit(store, inbound("e", "l")).await;
    let ends = |changes| Settlement { changes, ..done(sequence, vec![effect(sequence, 0)]) };
    let void = Lease { token: lease.token + 1, ..lease.clone() };
    let fenced = store.settle(&void, ends(vec![keeps("a", absent(), "1")])).await;
    assert_eq!((fenced, kept(store, "a", NOW).await), (Err(StoreError::Fenced), None));
    let refused = store.settle(&lease, ends(vec![keeps("a", absent(), "1"), keeps("b", is("x"), "1")])).await;
    assert_eq!(refused, Err(StoreError::Conflict(Box::new(place("b")))));
    assert_eq!(store.counts().await, Ok(Counts { open: 1, dead: 0, unsent: 0 }));
    assert_eq!(kept(store, "a", NOW).await, None);
    store.settle(&lease, ends(vec![keeps("a", absent(), "1")])).await.unwrap();
    assert_eq!(store.counts().await, Ok(Counts { open: 0, dead: 0, unsent: 1 }));
    assert_eq!(kept(store, "a", NOW).await.as_deref(), Some("1"));
}

/// Writes the tests of a store; `$subject` makes a fresh one, or none where it cannot be tested.
macro_rules! conformance {
    ($remembered:expr, $subject:expr; $($name:ident),* $(,)?) => {
        $(#[tokio::test]
        async fn $name() {
            let Some(subject) = $subject else { return };
            crate::store::conformance::$name(subject).await;
        })*

        #[tokio::test]
        async fn keys_are_forgotten_after_their_time() {
            let Some(subject) = $subject else { return };
            crate::store::conformance::keys_are_forgotten_after_their_time(subject, $remembered).await;
        }
    };
    ($remembered:expr, $subject:expr) => {
        crate::store::conformance::conformance! { $remembered, $subject;
            a_second_delivery_is_a_duplicate,
            one_message_is_dispatched_once,
            what_was_admitted_survives,
            a_suspect_is_told_from_bystanders,
            a_lost_lease_changes_nothing,
            a_token_is_never_given_twice,
            effects_are_committed_with_the_end,
            what_is_unclear_stays_unclear,
            what_was_recorded_is_there_for_the_next_run,
            states_are_kept,
            values_are_kept,
            a_change_finds_what_it_expects_or_changes_nothing,
            what_has_expired_is_not_there,
            values_are_committed_with_the_end,
        }
    };
}
pub(crate) use conformance;
pub(crate) use several::several;
