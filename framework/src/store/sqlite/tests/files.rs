//! The file: whose it is, which version it has, what is done when it is damaged.

use std::fs;

use rusqlite::Connection;

use super::*;
use crate::store::conformance::{effect, inbound};

fn place(dir: &Path) -> SqlitePlace {
    SqlitePlace::new(dir, None)
}

fn refused(dir: &Path) -> String {
    let before = fs::read(dir.join("bavard.db")).unwrap();
    let told = SqliteStore::open(&place(dir), Arc::default()).unwrap_err().to_string();
    assert!(fs::read(dir.join("bavard.db")).unwrap() == before, "the file was changed");
    assert!(told.contains("bavard.db") && told.contains("BAVARD_DATA_DIR"), "{told}");
    told
}

/// A file with so many events in it.
async fn filled(dir: &Path, events: usize) {
    let store = open(dir);
    for number in 0..events {
        let body = vec![b'x'; 2_000].into();
        store.admit(Inbound { body, ..inbound(&number.to_string(), &number.to_string()) }).await.unwrap();
    }
}

fn raw(dir: &Path) -> Connection {
    Connection::open(dir.join("bavard.db")).unwrap()
}

#[test]
fn the_bundled_library_is_one_without_known_damage() {
    // Before 3.51.3, two connections that wrote and checkpointed at a time could damage the file.
    assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
}

#[tokio::test]
async fn a_commit_is_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let read = store.write(|tables| {
        let journal: String = tables.connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
        let synchronous: i64 = tables.connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
        Ok((journal, synchronous))
    });
    assert_eq!(read.await.unwrap(), ("wal".to_owned(), 2));
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("a/data");
    let store = open(&dir);
    store.admit(inbound("a", "l")).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    let files: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_file_has_one_owner_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path());
    let told = SqliteStore::open(&place(dir.path()), Arc::default()).unwrap_err().to_string();
    assert!(told.contains(&format!("in use by process {}", std::process::id())), "{told}");
    assert!(told.contains("Stop that one, or set BAVARD_DATA_DIR"), "{told}");
    drop(first);
    open(dir.path());
}

/// Who closes it in good order has it closed when that is answered, and what is left was not cut short by a crash.
#[tokio::test]
async fn a_file_that_was_closed_is_free_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let closed = open(dir.path());
    closed.admit(inbound("a", "l")).await.unwrap();
    closed.close().await.unwrap();
    assert!(!dir.path().join("bavard.db-wal").exists());
    assert!(matches!(closed.counts().await, Err(StoreError::Failed { .. })));
    assert!(closed.close().await.is_err(), "there is nothing left to close");
    let crashes = async |store: &SqliteStore| store.lease(1, Timestamp::default()).await.unwrap()[0].events[0].crashes;
    let store = open(dir.path());
    assert_eq!(crashes(&store).await, 0);
    drop(store);
    // A start that comes to nothing changes nothing.
    open(dir.path());
    assert_eq!(crashes(&open(dir.path())).await, 1);
}

#[tokio::test]
async fn a_file_that_was_named_has_a_lock_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let named = |name: &str| SqlitePlace::new(dir.path(), Some(&dir.path().join(name)));
    let _default = open(dir.path());
    let _one = SqliteStore::open(&named("one.db"), Arc::default()).unwrap();
    let _two = SqliteStore::open(&named("two.db"), Arc::default()).unwrap();
    let told = SqliteStore::open(&named("one.db"), Arc::default()).unwrap_err().to_string();
    assert!(told.contains("one.db is in use") && told.contains("BAVARD_STORE"), "{told}");
}

/// By its directory, by its own path, by a symbolic link to it.
#[cfg(unix)]
#[tokio::test]
async fn a_file_has_one_owner_at_a_time_whichever_way_it_is_reached() {
    let dir = tempfile::tempdir().unwrap();
    let link = dir.path().join("link.db");
    let far = dir.path().join("far/other.db");
    fs::create_dir(dir.path().join("far")).unwrap();
    std::os::unix::fs::symlink(dir.path().join("bavard.db"), &link).unwrap();
    std::os::unix::fs::symlink("../link.db", &far).unwrap();
    let named = |file: &Path| SqlitePlace::new(dir.path(), Some(file));
    let ways = [place(dir.path()), named(&dir.path().join("far/../bavard.db")), named(&link), named(&far)];
    // The links lead nowhere yet when the first one makes the file.
    for first in [&ways[3], &ways[0]] {
        let _owner = SqliteStore::open(first, Arc::default()).unwrap();
        for way in &ways {
            let told = SqliteStore::open(way, Arc::default()).unwrap_err().to_string();
            assert!(told.contains("bavard.db is in use by process"), "{told}");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_with_a_second_name_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 1).await;
    let other = dir.path().join("other.db");
    fs::hard_link(dir.path().join("bavard.db"), &other).unwrap();
    assert!(refused(dir.path()).contains("hard link"));
    assert!(SqliteStore::open(&SqlitePlace::new(dir.path(), Some(&other)), Arc::default()).is_err());
    fs::remove_file(other).unwrap();
    assert_eq!(open(dir.path()).counts().await.unwrap().open, 1);
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 1).await;
    raw(dir.path()).pragma_update(None, "user_version", 99).unwrap();
    let told = refused(dir.path());
    assert!(told.contains("newer version") && told.contains("99"), "{told}");
}

#[test]
fn the_file_of_another_program_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    raw(dir.path()).execute_batch("CREATE TABLE t (a); PRAGMA user_version = 1;").unwrap();
    assert!(refused(dir.path()).contains("another program"));
}

/// A file of version 1, as it was made then, with one event.
fn version_1(dir: &Path) {
    let old = raw(dir);
    old.execute_batch(schema::STEPS[0]).unwrap();
    old.pragma_update(None, "application_id", schema::APPLICATION).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    let event = "INSERT INTO events (sequence, lane, state, received, dispatch, sum, body) \
                 VALUES (7, 'l', '\"Ready\"', 5, 1, ?1, x'7b7d')";
    old.execute(event, [row::event_sum(Sequence(7), "l", Timestamp::from_micros(5), true, b"{}")]).unwrap();
}

#[tokio::test]
async fn an_older_version_is_copied_and_brought_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    version_1(dir.path());
    let steps = [schema::STEPS[0], "ALTER TABLE events ADD COLUMN note TEXT;"];
    let store = SqliteStore::open_as(&place(dir.path()), &steps, Arc::default()).unwrap();
    let leased = store.lease(9, Timestamp::default()).await.unwrap();
    let event = &leased[0].events[0];
    assert_eq!((event.sequence, &event.body[..], &event.state), (Sequence(7), &b"{}"[..], &EventState::Ready));
    drop(store);
    let version = |file: &str| {
        let opened = Connection::open(dir.path().join(file)).unwrap();
        opened.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!((version("bavard.db"), version("bavard.db.version-1")), (2, 1));
    let copy = Connection::open(dir.path().join("bavard.db.version-1")).unwrap();
    assert_eq!(copy.query_row("SELECT count(*) FROM events", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let copy = fs::metadata(dir.path().join("bavard.db.version-1")).unwrap();
        assert_eq!(copy.permissions().mode() & 0o777, 0o600);
    }
    assert!(refused(dir.path()).contains("newer version"), "the old program knows that it is too old now");
}

#[tokio::test]
async fn a_step_that_fails_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    version_1(dir.path());
    for _ in 0..2 {
        let steps = [schema::STEPS[0], "ALTER TABLE events ADD COLUMN note TEXT;", "no step at all"];
        assert!(SqliteStore::open_as(&place(dir.path()), &steps, Arc::default()).is_err());
    }
    assert!(dir.path().join("bavard.db.version-1-2").exists(), "a copy is never written over");
    assert_eq!(open(dir.path()).counts().await.unwrap().open, 1);
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_left_as_it_is() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 5] = [
        ("its head is garbage", |bytes| bytes[..16].fill(b'?')),
        ("it is text", |bytes| *bytes = b"no database".to_vec()),
        ("it is cut short", |bytes| bytes.truncate(bytes.len() / 2)),
        ("a page is garbage", |bytes| {
            let middle = bytes.len() / 2 / 4096 * 4096;
            bytes[middle..middle + 4096].fill(0x5a);
        }),
        ("its tables are gone", |bytes| bytes[100..4096].fill(0)),
    ];
    for (what, damage) in damages {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path(), 40).await;
        let mut bytes = fs::read(dir.path().join("bavard.db")).unwrap();
        damage(&mut bytes);
        fs::write(dir.path().join("bavard.db"), &bytes).unwrap();
        let told = refused(dir.path());
        assert!(told.contains("is damaged") && told.contains("left as it is"), "{what}: {told}");
    }
}

#[tokio::test]
async fn an_empty_file_beside_its_log_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (file, log) = (dir.path().join("bavard.db"), dir.path().join("bavard.db-wal"));
    let store = open(dir.path());
    store.admit(inbound("a", "l")).await.unwrap();
    let kept = fs::read(&log).unwrap();
    drop(store);
    fs::write(&file, b"").unwrap();
    fs::write(&log, &kept).unwrap();
    assert!(refused(dir.path()).contains("is damaged"));
    assert!(fs::read(&log).unwrap() == kept);
}

/// The end of a process in the midst of it: what was answered is there, whatever stood behind it in the log.
#[tokio::test]
async fn what_was_answered_survives_the_process() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.admit(inbound("a", "l")).await.unwrap();
    let left = tempfile::tempdir().unwrap();
    let copy = |name: &str| fs::copy(dir.path().join(name), left.path().join(name)).unwrap();
    copy("bavard.db");
    copy("bavard.db-wal");
    let mut log = fs::read(left.path().join("bavard.db-wal")).unwrap();
    log.extend_from_slice(&[0x5a; 5_000]);
    fs::write(left.path().join("bavard.db-wal"), log).unwrap();
    let store = open(left.path());
    assert_eq!(store.counts().await.unwrap().open, 1);
    assert_eq!(store.admit(inbound("a", "l")).await, Ok(Admitted::Duplicate));
}

/// A copy of the files as a process that was killed leaves them: nothing is taken from the log into the file.
fn left_by_a_crash(dir: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in ["bavard.db", "bavard.db-wal"] {
        fs::copy(dir.join(name), copy.path().join(name)).unwrap();
    }
    copy
}

fn change_log(dir: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let log = dir.join("bavard.db-wal");
    let mut bytes = fs::read(&log).unwrap();
    change(&mut bytes);
    fs::write(log, bytes).unwrap();
}

#[tokio::test]
async fn a_log_that_is_broken_in_the_midst_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for number in 0..20 {
        store.admit(inbound(&number.to_string(), "l")).await.unwrap();
    }
    let length = fs::metadata(dir.path().join("bavard.db-wal")).unwrap().len();
    let half = usize::try_from(length).unwrap() / 2;
    for place in [0, 3, 9, 17, 26, 40, 200, half, half + 5_000] {
        let copy = left_by_a_crash(dir.path());
        change_log(copy.path(), |log| log[place] ^= 1);
        let told = refused(copy.path());
        assert!(told.contains("its log is broken in the midst"), "{place}: {told}");
    }
    let copy = left_by_a_crash(dir.path());
    // The twentieth frame from its beginning on, where it is not empty.
    change_log(copy.path(), |log| log[32 + 20 * 4_120..][..512].fill(0));
    assert!(refused(copy.path()).contains("is damaged"));
}

#[tokio::test]
async fn a_log_of_which_the_last_transaction_is_torn_is_what_a_crash_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for number in 0..20 {
        store.admit(inbound(&number.to_string(), "l")).await.unwrap();
    }
    for change in [|log: &mut Vec<u8>| log.truncate(log.len() - 10), |log: &mut Vec<u8>| *log.last_mut().unwrap() ^= 1]
    {
        let copy = left_by_a_crash(dir.path());
        change_log(copy.path(), change);
        assert_eq!(open(copy.path()).counts().await, Ok(Counts { open: 19, dead: 0, unsent: 0 }));
    }
}

#[tokio::test]
async fn the_log_of_a_time_before_does_not_count() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let write = |from: u32, to: u32| {
        let store = &store;
        async move {
            for number in from..to {
                store.admit(inbound(&number.to_string(), "l")).await.unwrap();
            }
        }
    };
    write(0, 20).await;
    store
        .write(|tables| {
            tables.statements.commit.execute([])?;
            tables.connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()))?;
            Ok(tables.statements.begin.execute([]).map(drop)?)
        })
        .await
        .unwrap();
    write(20, 22).await;
    let copy = left_by_a_crash(dir.path());
    assert_eq!(open(copy.path()).counts().await, Ok(Counts { open: 22, dead: 0, unsent: 0 }));
}

#[tokio::test]
async fn a_row_that_was_changed_is_not_taken_up() {
    let changes = [
        "UPDATE events SET body = x'7b20'",
        "UPDATE events SET lane = 'm'",
        "UPDATE events SET received = received + 1",
        "UPDATE events SET state = 'Ready'",
        "UPDATE effects SET body = x'7b20'",
        "UPDATE effects SET outgoing = replace(outgoing, 'say', 'sey')",
        "UPDATE effects SET ordinal = ordinal + 1",
    ];
    for change in changes {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let Ok(Admitted::New { sequence, lease: Some(lease), .. }) = store.admit(inbound("a", "l")).await else {
            panic!()
        };
        store.record(&lease, vec![effect(sequence, 0)]).await.unwrap();
        drop(store);
        assert_eq!(raw(dir.path()).execute(change, []).unwrap(), 1, "{change}");
        let told = open(dir.path()).lease(9, Timestamp::default()).await.unwrap_err().to_string();
        assert!(told.contains("bavard.db is damaged") && told.contains("BAVARD_DATA_DIR"), "{change}: {told}");
    }
}
