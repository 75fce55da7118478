//! Handlers that run by themselves: each time of a schedule becomes an event, once among all processes.
//!
//! What makes it once is the key of the event, which is the same wherever it is made. How far each schedule has come is
//! kept beside, so that a time that nobody was there for is known after a start.

use std::{
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::task::AbortHandle;

use super::{Engine, Shell};
use crate::{
    clock::{Clock, Timestamp},
    dispatch::{Firing, Planned},
    engine::core::Acknowledgement,
    error::Result,
    schedule::Timetable,
};

/// A time that came less long ago was not missed, however little is made up for.
const ON_TIME: Duration = Duration::from_secs(60);

/// How long to wait before what could not be stored is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// How long to wait at most before the clock is looked at again, which somebody may have set.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// What the schedules of an engine wait for.
#[derive(Debug)]
pub(super) struct Schedules {
    /// When something is due, in microseconds.
    next: AtomicU64,
    task: OnceLock<AbortHandle>,
}

impl Default for Schedules {
    fn default() -> Self {
        Self { next: AtomicU64::new(u64::MAX), task: OnceLock::new() }
    }
}

impl Schedules {
    /// Whether something is due that is not yet an event.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.next.load(Ordering::Relaxed) <= now.micros()
    }
}

impl Drop for Schedules {
    fn drop(&mut self) {
        self.task.get().into_iter().for_each(AbortHandle::abort);
    }
}

/// A schedule, and how far it has come.
struct Entry {
    planned: Planned,
    timetable: Timetable,
    /// The last of its times that became an event or was left out; unknown at first.
    last: Option<Timestamp>,
}

/// Watches the schedules of an engine, and does not keep the engine alive by it.
pub(super) fn watch(engine: &Engine) {
    let planned = engine.0.parts.dispatcher.schedules().iter();
    // Those that no timetable is for were refused before the start.
    let mut entries: Vec<Entry> = planned
        .filter_map(|planned| {
            let timetable = Timetable::new(planned.schedule).ok()?;
            Some(Entry { planned: planned.clone(), timetable, last: None })
        })
        .collect();
    if entries.is_empty() {
        return;
    }
    // Something may have been missed.
    engine.0.schedules.next.store(0, Ordering::Relaxed);
    let shell: Weak<Shell> = Arc::downgrade(&engine.0);
    let clock: Arc<dyn Clock> = engine.0.parts.clock.clone();
    let task = tokio::spawn(async move {
        loop {
            let Some(engine) = shell.upgrade().map(Engine) else { return };
            let next = engine.fire(&mut entries).await;
            engine.0.schedules.next.store(next.micros(), Ordering::Relaxed);
            engine.0.idle.notify_waiters();
            drop(engine);
            clock.reach(next.min(clock.now() + LOOK_AGAIN)).await;
        }
    });
    // It is set by nobody else.
    let _ = engine.0.schedules.task.set(task.abort_handle());
}

impl Engine {
    /// Makes events of all times that have come; says when the next one will.
    async fn fire(&self, entries: &mut [Entry]) -> Timestamp {
        let mut next = Timestamp::from_micros(u64::MAX);
        for entry in entries {
            let now = self.0.parts.clock.now();
            let then = match self.fire_last(entry, now).await {
                Ok(()) => entry.timetable.next(now),
                Err(error) => {
                    tracing::warn!(schedule = &*entry.planned.id, %error, "a schedule has to wait");
                    Some(now + AGAIN)
                }
            };
            next = then.map_or(next, |then| next.min(then));
        }
        next
    }

    /// Makes an event of the last time of a schedule that has come. Those before it are left out, and so is a time that
    /// was missed for too long.
    async fn fire_last(&self, entry: &mut Entry, now: Timestamp) -> Result<()> {
        let before = self.last(entry, now).await?;
        let Some(due) = entry.timetable.last(now, before) else { return Ok(()) };
        let Planned { id, schedule, .. } = &entry.planned;
        let late = now.since(due);
        if late <= Duration::from_millis(schedule.catch_up).max(ON_TIME) {
            let event = Firing::new(&entry.planned, due).event(now);
            match self.arrive(Box::new(event), false).await {
                Some(Acknowledgement::Stored) => tracing::debug!(schedule = &**id, ?late, "the time has come"),
                _ => return Err(crate::error::Error::new("its event could not be stored")),
            }
        } else {
            tracing::warn!(schedule = &**id, ?late, "the time was missed, and is left out");
        }
        entry.last = Some(due);
        // Another process may have come as far. What cannot be kept is told by the key of the event.
        self.storage().of_schedules().compare_and_set(id, Some(&before), &due).await.map(drop)
    }

    /// How far a schedule has come. A new one begins now.
    async fn last(&self, entry: &mut Entry, now: Timestamp) -> Result<Timestamp> {
        if let Some(last) = entry.last {
            return Ok(last);
        }
        let kept = self.storage().of_schedules();
        let id = &entry.planned.id;
        let last = match kept.get(id).await? {
            Some(last) => last,
            None if kept.compare_and_set(id, None, &now).await? => now,
            None => kept.get(id).await?.unwrap_or(now),
        };
        entry.last = Some(last);
        Ok(last)
    }
}
