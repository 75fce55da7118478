//! What this store does beyond all others.

mod batches;
mod copies;
mod files;
mod forgetting;
mod rows;

use std::{
    path::Path,
    sync::{Arc, RwLock},
};

use super::*;
use crate::store::{
    EventState,
    conformance::{self, Subject, conformance, records::Operated},
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

impl Records for Reopened {
    fn events(&self, selection: Selection<Sequence>) -> Commit<Vec<EventRecord>> {
        self.store().events(selection)
    }

    fn event(&self, event: Sequence) -> Commit<Option<EventRecord>> {
        self.store().event(event)
    }

    fn effects(&self, selection: Selection<EffectKey>) -> Commit<Vec<EffectRecord>> {
        self.store().effects(selection)
    }

    fn effects_of(&self, event: Sequence) -> Commit<Vec<EffectRecord>> {
        self.store().effects_of(event)
    }

    fn values_of(&self, person: UserId) -> Commit<Vec<ValueRecord>> {
        self.store().values_of(person)
    }

    fn audit(&self, after: u64, limit: usize) -> Commit<Vec<AuditRecord>> {
        self.store().audit(after, limit)
    }
}

impl Operate for Reopened {
    fn intervene(&self, change: Intervention, by: By) -> Commit<Changed> {
        self.store().intervene(change, by)
    }

    fn erase(&self, person: UserId, by: By) -> Commit<Erased> {
        self.store().erase(person, by)
    }

    fn forget(&self, now: Timestamp) -> Commit<bool> {
        self.store().forget(now)
    }
}

fn operated() -> Operated {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(Reopened { store: RwLock::new(Some(Arc::new(open(dir.path())))), dir });
    let crash = {
        let store = store.clone();
        move || {
            store.reopen();
            Box::pin(async {}) as futures_util::future::BoxFuture<'static, ()>
        }
    };
    let subject = Subject { store: store.clone(), crash: Box::new(crash), _rest: None };
    Operated { subject, operate: store }
}

conformance!(REMEMBERED, Some(operated().subject));
conformance::records::conformance!(Some(operated()));
