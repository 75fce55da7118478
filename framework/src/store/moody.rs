//! A store for tests, which fails and dawdles as it is told to.
#![allow(clippy::unwrap_used, reason = "helpers of tests, which the lint does not see as such")]

use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use tokio::sync::oneshot;

use super::*;

/// A store that takes events in when, and as fast as, it is told to.
#[derive(Debug, Default)]
pub(crate) struct Moody {
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) fails: Arc<AtomicBool>,
    pub(crate) millis: AtomicU32,
    pub(crate) free_megabytes: AtomicU32,
    /// Whether it says nothing of the ends of runs.
    pub(crate) settles_silently: AtomicBool,
    pub(crate) silent: Mutex<Vec<oneshot::Sender<Result<(), StoreError>>>>,
}

impl Store for Moody {
    fn admit(&self, inbound: Inbound) -> Commit<Admitted> {
        let wait = Duration::from_millis(self.millis.load(Ordering::Relaxed).into());
        let (store, fails) = (self.store.clone(), self.fails.clone());
        let (told, commit) = oneshot::channel();
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            let _ = told.send(match fails.load(Ordering::Relaxed) {
                true => Err(StoreError::Failed { why: "the disk is full".to_owned() }),
                false => store.admit(inbound).await,
            });
        });
        Commit::UnderWay(commit)
    }

    fn lease(&self, limit: usize, now: Timestamp) -> Commit<Vec<Leased>> {
        self.store.lease(limit, now)
    }

    fn acknowledge(&self, lease: &Lease, event: Sequence) -> Commit<()> {
        self.store.acknowledge(lease, event)
    }

    fn record(&self, lease: &Lease, effects: Vec<Effect>) -> Commit<()> {
        self.store.record(lease, effects)
    }

    fn settle(&self, lease: &Lease, settlement: Settlement) -> Commit<()> {
        if !self.settles_silently.load(Ordering::Relaxed) {
            return self.store.settle(lease, settlement);
        }
        let (told, commit) = oneshot::channel();
        self.silent.lock().unwrap().push(told);
        Commit::UnderWay(commit)
    }

    fn mark(&self, lease: &Lease, effect: &EffectKey, state: EffectState) -> Commit<()> {
        self.store.mark(lease, effect, state)
    }

    fn probe(&self) -> Commit<()> {
        match self.fails.load(Ordering::Relaxed) {
            true => Commit::ended(Err(StoreError::Failed { why: "the disk is full".to_owned() })),
            false => Commit::ended(Ok(())),
        }
    }

    fn space(&self) -> Option<Space> {
        Some(Space { free: u64::from(self.free_megabytes.load(Ordering::Relaxed)) * 1_000_000, total: 9_000_000_000 })
    }

    fn read(&self, place: &Place, now: Timestamp) -> Commit<Option<Value>> {
        self.store.read(place, now)
    }

    fn change(&self, changes: Vec<Change>) -> Commit<()> {
        self.store.change(changes)
    }

    fn counts(&self) -> Commit<Counts> {
        self.store.counts()
    }
}
