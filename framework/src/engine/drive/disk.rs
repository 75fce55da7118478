//! The room on the disk of the store: looked at once a second, and away from the way of events.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{Engine, Shell};
use crate::{
    clock::Clock,
    store::{Space, Store},
};

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// What is known of the disk.
#[derive(Debug)]
pub(super) struct Disk {
    /// `u64::MAX` where nothing is known.
    free: AtomicU64,
}

impl Default for Disk {
    fn default() -> Self {
        Self { free: AtomicU64::new(u64::MAX) }
    }
}

impl Engine {
    /// The free room on the disk of the store in bytes, where there is a disk.
    pub(crate) fn free_bytes(&self) -> Option<u64> {
        Some(self.0.disk.free.load(Ordering::Relaxed)).filter(|free| *free != u64::MAX)
    }

    fn saw(&self, space: Space) {
        self.0.disk.free.store(space.free, Ordering::Relaxed);
    }
}

/// Looks again and again, and does not keep the engine alive by it.
pub(super) fn watch(engine: &Engine) {
    let (store, clock): (Arc<dyn Store>, Arc<dyn Clock>) = (engine.0.parts.store.clone(), engine.0.parts.clock.clone());
    let shell: Weak<Shell> = Arc::downgrade(&engine.0);
    tokio::spawn(async move {
        loop {
            let asked = store.clone();
            // A disk that hangs holds up nobody else.
            let Ok(Some(space)) = tokio::task::spawn_blocking(move || asked.space()).await else { return };
            let Some(shell) = shell.upgrade() else { return };
            Engine(shell).saw(space);
            clock.reach(clock.now() + EVERY).await;
        }
    });
}
