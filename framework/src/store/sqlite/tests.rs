//! What this store does beyond all others.

mod batches;
mod files;
mod rows;

use std::{
    path::Path,
    sync::{Arc, RwLock},
};

use async_trait::async_trait;

use super::*;
use crate::store::{
    EventState,
    conformance::{Subject, conformance},
};

fn open(dir: &Path) -> SqliteStore {
    SqliteStore::open(&SqlitePlace::new(dir, None)).unwrap()
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

#[async_trait]
impl Store for Reopened {
    async fn admit(&self, inbound: Inbound) -> Result<Admitted, StoreError> {
        self.store().admit(inbound).await
    }

    async fn lease(&self, limit: usize, now: Timestamp) -> Result<Vec<Leased>, StoreError> {
        self.store().lease(limit, now).await
    }

    async fn extend(&self, lease: &Lease, until: Timestamp) -> Result<(), StoreError> {
        self.store().extend(lease, until).await
    }

    async fn release(&self, lease: &Lease) -> Result<Released, StoreError> {
        self.store().release(lease).await
    }

    async fn acknowledge(&self, lease: &Lease, event: Sequence) -> Result<(), StoreError> {
        self.store().acknowledge(lease, event).await
    }

    async fn record(&self, lease: &Lease, effects: Vec<Effect>) -> Result<(), StoreError> {
        self.store().record(lease, effects).await
    }

    async fn settle(&self, lease: &Lease, settlement: Settlement) -> Result<(), StoreError> {
        self.store().settle(lease, settlement).await
    }

    async fn mark(&self, lease: &Lease, effect: &EffectKey, state: EffectState) -> Result<(), StoreError> {
        self.store().mark(lease, effect, state).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.store().counts().await
    }
}

fn subject() -> Subject {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(Reopened { store: RwLock::new(Some(Arc::new(open(dir.path())))), dir });
    Subject { store: store.clone(), crash: Box::new(move || store.reopen()) }
}

conformance!(REMEMBERED, subject());
