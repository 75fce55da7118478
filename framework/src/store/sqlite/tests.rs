//! What this store does beyond all others.

mod batches;
mod files;
mod rows;

use std::{
    path::Path,
    sync::{Arc, RwLock},
};

use super::*;
use crate::store::{
    EventState,
    conformance::{Subject, conformance},
};

fn open(dir: &Path) -> SqliteStore {
    SqliteStore::open(&SqlitePlace::new(dir, None), Arc::default()).unwrap()
}

/// A store that can be closed and opened again under who uses it.
#[derive(Debug)]
struct Reopened {
    store: RwLock<Option<Arc<SqliteStore>>>,
    dir: tempfile::TempDir,
}

impl Reopened {
    fn store(&self) -> Arc<SqliteStore> {
        self.store.read().unwrap().clone().unwrap()
    }

    fn reopen(&self) {
        let mut store = self.store.write().unwrap();
        *store = None;
        *store = Some(Arc::new(open(self.dir.path())));
    }
}

impl Store for Reopened {
    fn admit(&self, inbound: Inbound) -> Commit<Admitted> {
        self.store().admit(inbound)
    }

    fn lease(&self, limit: usize, now: Timestamp) -> Commit<Vec<Leased>> {
        self.store().lease(limit, now)
    }

    fn acknowledge(&self, lease: &Lease, event: Sequence) -> Commit<()> {
        self.store().acknowledge(lease, event)
    }

    fn record(&self, lease: &Lease, effects: Vec<Effect>) -> Commit<()> {
        self.store().record(lease, effects)
    }

    fn settle(&self, lease: &Lease, settlement: Settlement) -> Commit<()> {
        self.store().settle(lease, settlement)
    }

    fn mark(&self, lease: &Lease, effect: &EffectKey, state: EffectState) -> Commit<()> {
        self.store().mark(lease, effect, state)
    }

    fn read(&self, place: &Place, now: Timestamp) -> Commit<Option<Value>> {
        self.store().read(place, now)
    }

    fn change(&self, changes: Vec<Change>) -> Commit<()> {
        self.store().change(changes)
    }

    fn counts(&self) -> Commit<Counts> {
        self.store().counts()
    }
}

fn subject() -> Subject {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(Reopened { store: RwLock::new(Some(Arc::new(open(dir.path())))), dir });
    let crash = {
        let store = store.clone();
        move || {
            store.reopen();
            Box::pin(async {}) as futures_util::future::BoxFuture<'static, ()>
        }
    };
    Subject { store, crash: Box::new(crash), _rest: None }
}

conformance!(REMEMBERED, Some(subject()));
