//! Opening what keeps the events.

use std::sync::Arc;

use super::StartError;
use crate::{
    metrics::Metrics,
    settings::{General, StoreKind},
    store::{MemoryStore, Operate, Store},
};

/// A store, as the engine has it and as operators have it.
pub(super) struct Opened {
    pub(super) store: Arc<dyn Store>,
    pub(super) operate: Arc<dyn Operate>,
}

impl Opened {
    fn new<S: Store + Operate>(store: S) -> Self {
        let store = Arc::new(store);
        Self { store: store.clone(), operate: store }
    }
}

/// Opens the store that the settings name.
#[cfg_attr(
    not(any(feature = "sqlite", feature = "postgres")),
    allow(unused_variables, reason = "memory counts no commits")
)]
pub(super) async fn open(settings: &General, metrics: Arc<Metrics>) -> Result<Opened, StartError> {
    match &settings.store {
        StoreKind::Memory => Ok(Opened::new(MemoryStore::new())),
        #[cfg(feature = "sqlite")]
        StoreKind::Sqlite { file } => {
            let place = crate::store::SqlitePlace::new(&settings.data_dir, file.as_deref()).of(&settings.bot);
            // It waits for the disk.
            let opening = tokio::task::spawn_blocking(move || crate::store::SqliteStore::open(&place, metrics));
            let opened = opening.await.map_err(|error| StartError::Store(crate::Error::new(error)))?;
            Ok(Opened::new(opened.map_err(StartError::Store)?))
        }
        #[cfg(feature = "postgres")]
        StoreKind::Postgres(place) => {
            let opened = crate::store::PostgresStore::open(place, metrics).await;
            let operate = Arc::new(crate::store::PostgresRecords::new((**place).clone()));
            Ok(Opened { store: Arc::new(opened.map_err(StartError::Store)?), operate })
        }
    }
}
