//! Copies of the file: made beside its owner, and put back.

use std::fs;

use rusqlite::Connection;

use super::*;
use crate::{
    id::MessageId,
    store::{
        Attempt, By, Effect, Intervention, SqliteReader,
        conformance::{effect, inbound},
        restore,
    },
};

fn place(dir: &Path) -> SqlitePlace {
    SqlitePlace::new(dir, None)
}

fn by() -> By {
    By { who: "olga".to_owned(), at: inbound("", "").received }
}

fn back_up(dir: &Path, name: &str) -> std::path::PathBuf {
    let copy = dir.join(name);
    SqliteReader::open(&place(dir)).unwrap().backup(&copy).unwrap();
    copy
}

async fn admitted(store: &SqliteStore, id: &str) -> (Sequence, Lease) {
    match store.admit(inbound(id, id)).await {
        Ok(Admitted::New { sequence, lease: Some(lease), .. }) => (sequence, lease),
        other => panic!("{other:?}"),
    }
}

fn every<K>(dead: bool) -> Selection<K> {
    Selection { dead, person: None, bodies: true, after: None, limit: 100 }
}

/// A store with messages in every state, an event that is open and a request that nobody answered.
async fn filled(dir: &Path) -> (SqliteStore, Sequence) {
    let store = open(dir);
    let (event, lease) = admitted(&store, "said").await;
    let attempt = Attempt { since: Timestamp::from_seconds(1_800_000_000), again: true };
    let states = [EffectState::Pending, EffectState::Sending(attempt), EffectState::Ambiguous(attempt)];
    let effects = states.into_iter().zip(0..).map(|(state, ordinal)| Effect { state, ..effect(event, ordinal) });
    store
        .settle(&lease, Settlement { event, state: EventState::Done, effects: effects.collect(), changes: vec![] })
        .await
        .unwrap();
    admitted(&store, "open").await;
    store.admit(Inbound { answering: true, ..inbound("asked", "asked") }).await.unwrap();
    (store, event)
}

#[tokio::test]
async fn what_a_reader_sees_is_what_the_owner_wrote() {
    let dir = tempfile::tempdir().unwrap();
    let told = SqliteReader::open(&place(dir.path())).unwrap_err().to_string();
    assert!(told.contains("is not there") && told.contains("BAVARD_DATA_DIR"), "{told}");
    let (store, _) = filled(dir.path()).await;
    let reader = SqliteReader::open(&place(dir.path())).unwrap();
    assert_eq!(reader.events(every(false)).await, store.events(every(false)).await);
    assert_eq!(reader.effects(every(false)).await, store.effects(every(false)).await);
    let (more, _) = admitted(&store, "more").await;
    assert!(reader.event(more).await.unwrap().is_some(), "it sees what came since");
    // While nobody owns it, too; and nothing of it is changed by being read.
    drop(store);
    assert_eq!(SqliteReader::open(&place(dir.path())).unwrap().events(every(false)).await.unwrap().len(), 3);
    assert_eq!(place(dir.path()).holder(), None);
}

#[tokio::test]
async fn whoever_holds_the_lock_is_known() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(place(dir.path()).holder(), None);
    let store = open(dir.path());
    assert_eq!(place(dir.path()).holder(), Some(std::process::id()));
    drop(store);
    assert_eq!(place(dir.path()).holder(), None);
}

#[tokio::test]
async fn whatever_was_not_at_its_end_in_a_copy_is_in_doubt_when_that_is_put_back() {
    let dir = tempfile::tempdir().unwrap();
    let (store, event) = filled(dir.path()).await;
    let copy = back_up(dir.path(), "copy.db");
    let told = restore(&place(dir.path()), &copy, &by()).unwrap_err().to_string();
    assert!(told.contains("in use by process"), "{told}");
    // What came since the copy was made is not in it, and its numbers are not given again.
    store.intervene(Intervention::Note { action: "lost".to_owned(), what: String::new() }, by()).await.unwrap();
    drop(store);
    let (latest, _) = admitted(&open(dir.path()), "since").await;
    let restored = restore(&place(dir.path()), &copy, &by()).unwrap();
    assert_eq!((restored.events, restored.effects), (1, 3));
    let store = open(dir.path());
    let doubts = store.effects(every(false)).await.unwrap().into_iter().map(|found| found.effect.state);
    let (came_in, sent) = (inbound("", "").received, Timestamp::from_seconds(1_800_000_000));
    let since = [came_in, sent, sent].map(|since| EffectState::Ambiguous(Attempt { since, again: false }));
    assert_eq!(doubts.collect::<Vec<_>>(), since);
    let states: Vec<_> = store.events(every(false)).await.unwrap().into_iter().map(|event| event.state).collect();
    assert_eq!(states, [EventState::Restored, EventState::Answering]);
    let lanes = store.lease(10, came_in).await.unwrap();
    assert!(lanes.iter().flat_map(|lane| &lane.events).all(|event| event.crashes == 0), "nothing crashed");
    let actions: Vec<_> = store.audit(0, 9).await.unwrap().into_iter().map(|line| line.action).collect();
    assert_eq!(actions, ["lost", "restore"], "what operators did since is kept");
    let (next, _) = admitted(&store, "next").await;
    assert!(next > latest && next > event);
    let aside = restored.aside.unwrap();
    let kept = Connection::open(&aside).unwrap();
    assert_eq!(kept.query_row("SELECT count(*) FROM events", [], |row| row.get::<_, i64>(0)).unwrap(), 3);
    drop(store);
    assert_ne!(restore(&place(dir.path()), &copy, &by()).unwrap().aside.unwrap(), aside, "it is never written over");
}

#[tokio::test]
async fn a_copy_replaces_a_file_that_is_damaged_or_gone() {
    let dir = tempfile::tempdir().unwrap();
    drop(filled(dir.path()).await);
    let copy = back_up(dir.path(), "copy.db");
    fs::write(dir.path().join("bavard.db"), "no database").unwrap();
    fs::write(dir.path().join("bavard.db-wal"), "its log").unwrap();
    let aside = restore(&place(dir.path()), &copy, &by()).unwrap().aside.unwrap();
    assert_eq!(fs::read(&aside).unwrap(), b"no database");
    assert_eq!(open(dir.path()).counts().await.unwrap().open, 2);
    fs::remove_file(dir.path().join("bavard.db")).unwrap();
    assert_eq!(restore(&place(dir.path()), &copy, &by()).unwrap().aside, None);
    assert_eq!(open(dir.path()).counts().await.unwrap().open, 2);
}

#[tokio::test]
async fn a_copy_that_is_no_store_is_refused_and_changes_nothing() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 4] = [
        ("is damaged", |copy| fs::write(copy, "no database").unwrap()),
        ("is damaged", |copy| {
            let mut bytes = fs::read(copy).unwrap();
            let middle = bytes.len() / 2 / 4096 * 4096;
            bytes[middle..middle + 4096].fill(0x5a);
            fs::write(copy, bytes).unwrap();
        }),
        ("newer version", |copy| Connection::open(copy).unwrap().pragma_update(None, "user_version", 99).unwrap()),
        ("is not there", |copy| fs::remove_file(copy).unwrap()),
    ];
    for (what, damage) in damages {
        let dir = tempfile::tempdir().unwrap();
        drop(filled(dir.path()).await);
        let copy = back_up(dir.path(), "copy.db");
        damage(&copy);
        let before = fs::read(dir.path().join("bavard.db")).unwrap();
        let told = restore(&place(dir.path()), &copy, &by()).unwrap_err().to_string();
        assert!(told.contains(what) && told.contains("copy.db"), "{what}: {told}");
        assert!(fs::read(dir.path().join("bavard.db")).unwrap() == before, "{what}");
    }
}

#[tokio::test]
async fn a_copy_is_private_and_never_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let (store, event) = filled(dir.path()).await;
    let copy = back_up(dir.path(), "copy.db");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let before = fs::read(&copy).unwrap();
    let told = SqliteReader::open(&place(dir.path())).unwrap().backup(&copy).unwrap_err().to_string();
    assert!(told.contains("copy.db is there already"), "{told}");
    assert!(fs::read(&copy).unwrap() == before);
    // What is resolved by its owner since does not reach into the copy.
    drop(store);
    let change = Intervention::Resolve(effect(event, 0).key, crate::store::Resolution::Sent(MessageId::new("1.2")));
    open(dir.path()).intervene(change, by()).await.unwrap();
    assert!(fs::read(&copy).unwrap() == before);
}

#[tokio::test]
async fn a_copy_of_what_another_bot_keeps_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let named = |name: &str| {
        let folder = dir.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        SqlitePlace::new(&folder, None).of(name)
    };
    let (one, other) = (named("codedoc"), named("studi"));
    let store = SqliteStore::open(&one, Arc::default()).unwrap();
    admitted(&store, "said").await;
    let copy = dir.path().join("copy.db");
    SqliteReader::open(&one).unwrap().backup(&copy).unwrap();
    drop(store);
    drop(SqliteStore::open(&other, Arc::default()).unwrap());
    let told = restore(&other, &copy, &by()).unwrap_err().to_string();
    assert!(told.contains("another name") && told.contains("copy.db"), "{told}");
    assert_eq!(restore(&one, &copy, &by()).unwrap().events, 1);
    // A file that was made before files told whose they are.
    Connection::open(&copy).unwrap().execute("DELETE FROM meta WHERE name = 'bot'", []).unwrap();
    assert_eq!(restore(&other, &copy, &by()).unwrap().events, 1);
}
