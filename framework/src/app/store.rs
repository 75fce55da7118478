//! Opening what keeps the events.

use std::sync::Arc;

use super::StartError;
use crate::{
    metrics::Metrics,
    settings::{General, StoreKind},
    store::{MemoryStore, Store},
};

/// Opens the store that the settings name.
pub(super) async fn open(settings: &General, metrics: Arc<Metrics>) -> Result<Arc<dyn Store>, StartError> {
    match &settings.store {
        StoreKind::Memory => Ok(Arc::new(MemoryStore::new())),
        #[cfg(feature = "sqlite")]
        StoreKind::Sqlite { file } => {
            let place = crate::store::SqlitePlace::new(&settings.data_dir, file.as_deref());
            // It waits for the disk.
            let opening = tokio::task::spawn_blocking(move || crate::store::SqliteStore::open(&place, metrics));
            let opened = opening.await.map_err(|error| StartError::Store(crate::Error::new(error)))?;
            Ok(Arc::new(opened.map_err(StartError::Store)?))
        }
        #[cfg(feature = "postgres")]
        StoreKind::Postgres(place) => {
            let opened = crate::store::PostgresStore::open(place, metrics).await;
            Ok(Arc::new(opened.map_err(StartError::Store)?))
        }
    }
}
