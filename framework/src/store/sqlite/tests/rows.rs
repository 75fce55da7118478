//! What stands in the tables, and what no longer does.

use super::*;
use crate::store::{
    Attempt, Expected, Scope,
    conformance::{effect, inbound},
};

async fn count(store: &SqliteStore, what: &'static str) -> i64 {
    store.write(move |tables| Ok(tables.connection.query_row(what, [], |row| row.get(0))?)).await.unwrap()
}

async fn admitted(store: &SqliteStore, inbound: Inbound) -> (Sequence, Lease) {
    match store.admit(inbound).await {
        Ok(Admitted::New { sequence, lease: Some(lease), .. }) => (sequence, lease),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nothing_but_keys_is_left_of_what_is_done() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (event, lease) = admitted(&store, inbound("a", "l")).await;
    store.record(&lease, vec![effect(event, 0)]).await.unwrap();
    let sent = EffectState::Sent { channel: None, message: None };
    store.mark(&lease, &effect(event, 0).key, sent.clone()).await.unwrap();
    let sending = Effect {
        state: EffectState::Sending(Attempt { since: Timestamp::from_seconds(7), again: true }),
        ..effect(event, 1)
    };
    let settlement = Settlement { event, state: EventState::Done, effects: vec![sending], changes: vec![] };
    store.settle(&lease, settlement).await.unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM effects").await, 1);
    store.mark(&lease, &effect(event, 1).key, sent).await.unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM effects").await, 0);
    assert_eq!(count(&store, "SELECT count(*) FROM events").await, 0);
    assert_eq!(count(&store, "SELECT count(*) FROM keys").await, 1);
}

#[tokio::test]
async fn an_event_that_was_given_up_is_kept_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (event, lease) = admitted(&store, inbound("a", "l")).await;
    let state = EventState::Dead { reason: "failed: h".to_owned() };
    store.settle(&lease, Settlement { event, state, effects: vec![], changes: vec![] }).await.unwrap();
    assert_eq!(store.counts().await, Ok(Counts { open: 0, dead: 1, unsent: 0 }));
    let kept = "SELECT count(*) FROM dead WHERE lane = 'l' AND reason = 'failed: h' AND body = x'7b7d'";
    assert_eq!(count(&store, kept).await, 1);
    let month = Duration::from_secs(31 * 24 * 60 * 60);
    assert_eq!(store.forget(inbound("b", "l").received + month).await, Ok(false));
    assert_eq!(store.counts().await.unwrap().dead, 0);
}

#[tokio::test]
async fn keys_that_are_out_of_date_go_little_by_little() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let first = inbound("", "l").received;
    let mut most = 0;
    for number in 0..1_000_u32 {
        // A hundred come in while a key is remembered.
        let received = first + REMEMBERED / 100 * number;
        admitted(&store, Inbound { received, ..inbound(&number.to_string(), "l") }).await;
        most = most.max(count(&store, "SELECT count(*) FROM keys").await);
    }
    assert!((100..130).contains(&most), "{most}");
}

#[tokio::test]
async fn an_effect_is_the_same_when_it_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (event, lease) = admitted(&store, inbound("a", "l")).await;
    let plain = effect(event, 0);
    let mut outgoing = (*plain.outgoing).clone();
    outgoing.body = vec![0, b'"', 0xff].into();
    outgoing.channel = Some("C1".into());
    outgoing.deadline = Some(Timestamp::from_seconds(9));
    outgoing.limits.in_channel = Duration::from_millis(1_100);
    let rich = Effect { outgoing: outgoing.into(), ..effect(event, 1) };
    let dead = Effect { state: EffectState::Dead { reason: "no".to_owned() }, ..effect(event, 2) };
    let effects = vec![plain, rich, dead];
    store.record(&lease, effects.clone()).await.unwrap();
    drop(store);
    let leased = open(dir.path()).lease(1, Timestamp::default()).await.unwrap().remove(0);
    assert_eq!(leased.effects, effects[..2]);
    assert_eq!(leased.events[0].recorded, effects);
}

/// The numbers of events that have ended are not given again, for an effect of theirs may still wait.
#[tokio::test]
async fn numbers_go_on_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (first, lease) = admitted(&store, inbound("a", "l")).await;
    store
        .settle(&lease, Settlement { event: first, state: EventState::Done, effects: vec![], changes: vec![] })
        .await
        .unwrap();
    drop(store);
    let (second, later) = admitted(&open(dir.path()), inbound("b", "l")).await;
    assert!(second > first && later.token > lease.token);
}

#[tokio::test]
async fn what_is_left_is_taken_over_oldest_first() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for lane in ["c", "a", "b"] {
        admitted(&store, inbound(lane, lane)).await;
    }
    drop(store);
    let store = open(dir.path());
    let lanes = |leased: Vec<Leased>| leased.into_iter().map(|leased| leased.lease.lane.0.to_string()).collect();
    let first: Vec<String> = lanes(store.lease(2, Timestamp::default()).await.unwrap());
    let rest: Vec<String> = lanes(store.lease(2, Timestamp::default()).await.unwrap());
    assert_eq!((first.join(""), rest.join("")), ("ca".to_owned(), "b".to_owned()));
    assert!(store.lease(2, Timestamp::default()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_probe_is_a_change_that_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for expected in [1, 2] {
        store.probe().await.unwrap();
        assert_eq!(count(&store, "SELECT value FROM meta WHERE name = 'probe'").await, expected);
    }
    let file = std::fs::metadata(dir.path().join("bavard.db-wal")).unwrap().len();
    assert!(file > 0);
    store.close().await.unwrap();
    assert!(store.probe().await.is_err());
}

#[tokio::test]
async fn what_has_expired_goes_little_by_little() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let now = inbound("", "l").received;
    let change = |number: u32| Change {
        place: Place { scope: Scope::bot(), key: number.to_string().into() },
        expected: Expected::Anything,
        value: Some("1".into()),
        expires: Some(now + Duration::from_secs(number.into())),
        at: now,
    };
    store.change((1..=20).map(change).collect()).await.unwrap();
    let left = "SELECT count(*) FROM kept";
    admitted(&store, Inbound { received: now + Duration::from_secs(12), ..inbound("a", "l") }).await;
    assert_eq!(count(&store, left).await, 12);
    admitted(&store, Inbound { received: now + Duration::from_secs(12), ..inbound("b", "l") }).await;
    assert_eq!(count(&store, left).await, 8);
}
