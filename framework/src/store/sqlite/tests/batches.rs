//! Operations in one transaction.

use std::{pin::pin, sync::mpsc};

use futures_util::{FutureExt as _, future::join_all};
use tokio::sync::oneshot;

use super::*;
use crate::store::conformance::{effect, inbound};

/// An operation that holds the writer up until it is let go.
async fn busy(store: &Arc<SqliteStore>) -> mpsc::Sender<()> {
    let (go, wait) = mpsc::channel();
    let (begun, begins) = oneshot::channel();
    let store = store.clone();
    tokio::spawn(async move {
        let work = move |_: &mut Tables<'_>| {
            let _ = begun.send(());
            let _ = wait.recv();
            Ok(())
        };
        store.write(work).await.unwrap();
    });
    begins.await.unwrap();
    go
}

async fn commits(store: &SqliteStore) -> u64 {
    store.write(|tables| Ok(tables.commits)).await.unwrap()
}

fn store() -> (tempfile::TempDir, Arc<SqliteStore>) {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(open(dir.path()));
    (dir, store)
}

#[tokio::test]
async fn what_comes_at_a_time_is_one_commit() {
    let (_dir, store) = store();
    let before = commits(&store).await;
    let go = busy(&store).await;
    let mut all = pin!(join_all((0..300).map(|number| store.admit(inbound(&number.to_string(), "l")))));
    assert!((&mut all).now_or_never().is_none());
    go.send(()).unwrap();
    assert!(all.await.iter().all(|admitted| matches!(admitted, Ok(Admitted::New { .. }))));
    // The question itself, what held it up, and all that waited.
    assert_eq!(commits(&store).await - before, 3);
}

#[tokio::test]
async fn a_fenced_operation_leaves_its_neighbours_alone() {
    let (_dir, store) = store();
    let Ok(Admitted::New { sequence, lease: Some(lease), .. }) = store.admit(inbound("a", "l")).await else { panic!() };
    let void = Lease { token: lease.token + 1, ..lease.clone() };
    let done = |lease, effects| {
        let store = store.clone();
        async move {
            store
                .settle(&lease, Settlement { event: sequence, state: EventState::Done, effects, changes: vec![] })
                .await
        }
    };
    let go = busy(&store).await;
    let before = pin!(store.admit(inbound("b", "l")));
    let fenced = pin!(done(void, vec![effect(sequence, 0)]));
    let after = pin!(done(lease, vec![effect(sequence, 1)]));
    let mut all = pin!(futures_util::future::join3(before, fenced, after));
    assert!((&mut all).now_or_never().is_none());
    go.send(()).unwrap();
    let (before, fenced, after) = all.await;
    assert!(matches!(before, Ok(Admitted::New { .. })));
    assert_eq!((fenced, after), (Err(StoreError::Fenced), Ok(())));
    assert_eq!(store.counts().await, Ok(Counts { open: 1, dead: 0, unsent: 1 }));
}

#[tokio::test]
async fn a_full_disk_fails_the_batch_and_no_more() {
    let (_dir, store) = store();
    let limit = |pages: i64| {
        store.write(move |tables| {
            let used: i64 = tables.connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            let set = format!("PRAGMA max_page_count = {}", used + pages);
            Ok(tables.connection.query_row(&set, [], |_| Ok(()))?)
        })
    };
    limit(8).await.unwrap();
    let big = Inbound { body: vec![b'x'; 1_000_000].into(), ..inbound("big", "l") };
    let go = busy(&store).await;
    let mut both = pin!(futures_util::future::join(store.admit(inbound("small", "l")), store.admit(big.clone())));
    assert!((&mut both).now_or_never().is_none());
    go.send(()).unwrap();
    let (small, failed) = both.await;
    for failed in [small, failed] {
        let Err(StoreError::Failed { why }) = failed else { panic!("{failed:?}") };
        assert!(why.contains("full"), "{why}");
    }
    assert_eq!(store.counts().await, Ok(Counts::default()));
    // What fits goes on at once, and what does not does when there is room.
    let admitted = store.admit(inbound("small", "l")).await;
    assert!(matches!(admitted, Ok(Admitted::New { .. })), "nothing is left of the batch that failed: {admitted:?}");
    assert_eq!(store.counts().await.unwrap().open, 1);
    assert!(matches!(store.admit(big.clone()).await, Err(StoreError::Failed { .. })));
    limit(1_000).await.unwrap();
    assert!(matches!(store.admit(big).await, Ok(Admitted::New { .. })));
    assert_eq!(store.counts().await.unwrap().open, 2);
}

#[tokio::test]
async fn too_much_that_waits_fails_at_once() {
    let (_dir, store) = store();
    let go = busy(&store).await;
    let mut waiting = pin!(join_all((0..MOST_WAITING).map(|_| store.counts())));
    assert!((&mut waiting).now_or_never().is_none());
    let Some(Err(StoreError::Failed { why })) = store.counts().now_or_never() else { panic!() };
    assert!(why.contains("waits"), "{why}");
    go.send(()).unwrap();
    assert!(waiting.await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn who_goes_away_leaves_nothing_half_done() {
    let (_dir, store) = store();
    let go = busy(&store).await;
    {
        let mut left = pin!(store.admit(inbound("a", "l")));
        assert!((&mut left).now_or_never().is_none());
    }
    go.send(()).unwrap();
    assert_eq!(store.counts().await.unwrap().open, 1);
    assert_eq!(store.admit(inbound("a", "l")).await, Ok(Admitted::Duplicate));
}
