//! The room on the disk of the store: looked at once a second, and away from the way of events.

use std::{
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{Engine, Shell, lock};
use crate::{
    clock::Clock,
    engine::core::{Input, Room},
    store::{Space, Store},
};

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// What is little room on a disk of any size, in bytes.
const LITTLE: u64 = 500_000_000;

/// What is enough on a disk of any size: a million events fit in.
const PLENTY: u64 = 2_000_000_000;

/// What is known of the disk.
#[derive(Debug)]
pub(super) struct Disk {
    /// `u64::MAX` where nothing is known.
    free: AtomicU64,
    room: Mutex<Room>,
}

impl Default for Disk {
    fn default() -> Self {
        Self { free: AtomicU64::new(u64::MAX), room: Mutex::default() }
    }
}

impl Engine {
    /// The free room on the disk of the store in bytes, where there is a disk.
    pub(crate) fn free_bytes(&self) -> Option<u64> {
        Some(self.0.disk.free.load(Ordering::Relaxed)).filter(|free| *free != u64::MAX)
    }

    fn saw(&self, space: Space) {
        self.0.disk.free.store(space.free, Ordering::Relaxed);
        let room = room(space);
        let before = std::mem::replace(&mut *lock(&self.0.disk.room), room);
        if before == room {
            return;
        }
        match room {
            Room::Enough => tracing::info!(free = space.free, "the disk has room again: all events are taken in"),
            Room::Little => tracing::error!(
                free = space.free,
                "the disk of the store is nearly full: events that begin a conversation are not taken in. Make room"
            ),
            Room::None => tracing::error!(
                free = space.free,
                "the disk of the store is full: nothing is taken in, and the platform delivers it again. Make room"
            ),
        }
        self.begin(Input::Disk(room));
    }
}

/// Less than a twentieth of the disk, or less than 500 MB, is little, though 2 GB are enough on a disk of any size; a
/// fifth of that is nothing. A disk that is not much larger than 500 MB may be filled to the half.
fn room(space: Space) -> Room {
    let enough = (space.total / 20).clamp(LITTLE.min(space.total / 2), PLENTY);
    match space.free {
        free if free >= enough => Room::Enough,
        free if free >= enough / 5 => Room::Little,
        _ => Room::None,
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

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1_000_000;

    #[test]
    fn the_room_is_judged_by_the_size_of_the_disk_and_by_what_is_needed_at_least() {
        for (free, total, expected) in [
            (500, 9_000, Room::Enough),
            (499, 9_000, Room::Little),
            (100, 9_000, Room::Little),
            (99, 9_000, Room::None),
            (1_000, 20_000, Room::Enough),
            (999, 20_000, Room::Little),
            (199, 20_000, Room::None),
            (2_000, 250_000, Room::Enough),
            (1_999, 250_000, Room::Little),
            (399, 250_000, Room::None),
            (4, 8, Room::Enough),
            (3, 8, Room::Little),
            (0, 8, Room::None),
        ] {
            let space = Space { free: free * MB, total: total * MB };
            assert_eq!(room(space), expected, "{free} MB of {total} MB");
        }
    }
}
