//! What is forgotten is gone from the disk: from the file, and from its log.

use std::fs;

use bytes::Bytes;

use super::*;
use crate::store::{
    By, DEAD_KEPT, Effect,
    conformance::{effect, inbound},
};

/// A word that is looked for wherever it must not be.
const CANARY: &str = "canaryqx7";

/// The files in which it stands.
fn files_with_canary(dir: &Path) -> Vec<String> {
    let holds = |path: &Path| fs::read(path).unwrap().windows(CANARY.len()).any(|bytes| bytes == CANARY.as_bytes());
    let files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| holds(path)).map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

/// Something that alice says: a little, or more than fits a page.
fn said(id: usize) -> Inbound {
    let text = format!("{CANARY} ").repeat(if id.is_multiple_of(2) { 4 } else { 900 });
    let (id, person) = (id.to_string(), Some(UserId::new("UALICE")));
    Inbound { person, body: Bytes::from(format!("{{\"text\":\"{text}\"}}")), ..inbound(&id, &id) }
}

fn answer(event: Sequence) -> Effect {
    let mut effect = effect(event, 0);
    Arc::make_mut(&mut effect.outgoing).body = Bytes::from(CANARY.repeat(500));
    effect
}

/// Many events that end like this, each with an answer that does the same.
async fn ended(store: &SqliteStore, state: &EventState, answered: &EffectState) {
    for id in 0..60 {
        let Ok(Admitted::New { sequence, lease: Some(lease), .. }) = store.admit(said(id)).await else { panic!() };
        let settlement =
            Settlement { event: sequence, state: state.clone(), effects: vec![answer(sequence)], changes: vec![] };
        store.settle(&lease, settlement).await.unwrap();
        store.mark(&lease, &answer(sequence).key, answered.clone()).await.unwrap();
    }
}

async fn forget(store: &SqliteStore, now: Timestamp) {
    while store.forget(now).await.unwrap() {}
}

fn given_up() -> (EventState, EffectState) {
    (EventState::Dead { reason: "failed".to_owned() }, EffectState::Dead { reason: "refused".to_owned() })
}

#[tokio::test]
async fn what_is_done_and_sent_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    ended(&store, &EventState::Done, &EffectState::Sent { channel: None, message: None }).await;
    forget(&store, inbound("", "").received).await;
    assert_eq!(files_with_canary(dir.path()), [""; 0]);
}

#[tokio::test]
async fn what_was_given_up_is_gone_after_its_time_though_nothing_comes_in() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (event, effect) = given_up();
    ended(&store, &event, &effect).await;
    let received = inbound("", "").received;
    forget(&store, received + (DEAD_KEPT - Duration::from_secs(1))).await;
    assert_eq!(files_with_canary(dir.path()), ["bavard.db"]);
    forget(&store, received + DEAD_KEPT).await;
    assert_eq!(files_with_canary(dir.path()), [""; 0]);
}

#[tokio::test]
async fn what_is_erased_is_gone_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (event, effect) = given_up();
    ended(&store, &event, &effect).await;
    store.admit(inbound("of bob", "bob")).await.unwrap();
    let by = By { who: "olga".to_owned(), at: inbound("", "").received };
    let erased = store.erase("UALICE".into(), by).await.unwrap();
    assert_eq!((erased.events, erased.effects, erased.held), (60, 60, 0));
    assert_eq!(files_with_canary(dir.path()), [""; 0]);
    assert_eq!(store.counts().await.unwrap(), Counts { open: 1, dead: 0, unsent: 0 });
}

#[tokio::test]
async fn who_erases_is_told_when_the_log_could_not_be_emptied() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.admit(said(0)).await.unwrap();
    let reader = rusqlite::Connection::open(dir.path().join("bavard.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM events;").unwrap();
    let by = By { who: "olga".to_owned(), at: inbound("", "").received };
    let told = store.erase("UALICE".into(), by.clone()).await.unwrap_err().to_string();
    assert!(told.contains("another program reads"), "{told}");
    drop(reader);
    store.erase("UALICE".into(), by).await.unwrap();
}

#[tokio::test]
async fn keys_are_forgotten_though_nothing_comes_in() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.admit(said(0)).await.unwrap();
    let keys = || {
        store.write(|tables| {
            Ok(tables.connection.query_row("SELECT count(*) FROM keys", [], |row| row.get::<_, i64>(0))?)
        })
    };
    forget(&store, inbound("", "").received + (REMEMBERED - Duration::from_secs(1))).await;
    assert_eq!(keys().await, Ok(1));
    forget(&store, inbound("", "").received + REMEMBERED).await;
    assert_eq!(keys().await, Ok(0));
}
