//! The store in an SQLite file: what was acknowledged survives the process and the loss of power.
//!
//! One thread owns the file. It takes the operations that wait, runs them in one transaction, and answers all of them
//! once that is on disk: the more comes at a time, the less each costs. An operation that is fenced changes nothing and
//! leaves its neighbours alone; an error of the database fails the whole batch, and the next one is tried afresh.
//!
//! What is deleted is overwritten in the file at once, and gone from the log when that is emptied: each hour, and when
//! it is asked for.
//!
//! Who opens the file owns it alone, by a lock beside it. Leases therefore need no clock and no table: they live in
//! memory, and each opening begins a new epoch, in which tokens and numbers go on above all that were given before.

mod admit;
mod effects;
mod end;
mod files;
mod kept;
mod keys;
mod lanes;
mod lease;
mod lock;
mod log;
mod open;
mod operate;
mod place;
mod reader;
mod records;
mod restore;
mod row;
mod schema;
mod statements;
mod sum;
mod tables;
#[cfg(test)]
mod tests;
mod writer;

use std::{
    fmt,
    sync::{
        Arc,
        mpsc::{self, SyncSender, TrySendError},
    },
    thread::JoinHandle,
    time::Duration,
};

use tokio::sync::oneshot;

pub(crate) use self::{place::SqlitePlace, reader::SqliteReader, restore::restore};
use self::{
    tables::{Refusal, Tables},
    writer::{Cleaning, Operation, Task},
};
use super::{
    Admitted, AuditRecord, By, Change, Changed, Commit, Counts, Effect, EffectKey, EffectRecord, EffectState, Erased,
    EventRecord, Inbound, Intervention, Lease, Leased, Operate, Place, Records, Selection, Sequence, Settlement, Space,
    Store, StoreError, Value, ValueRecord,
};
use crate::{clock::Timestamp, error::Result, id::UserId, metrics::Metrics};

/// How long the keys of events are remembered: longer than the platform delivers an event again.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(72 * 60 * 60);

/// How many operations may wait; more fail at once.
const MOST_WAITING: usize = 4_096;

/// Keeps everything in one file.
pub(crate) struct SqliteStore {
    place: SqlitePlace,
    /// `None` once it is closed.
    queue: Option<SyncSender<Box<dyn Operation>>>,
    writer: Option<JoinHandle<()>>,
}

impl SqliteStore {
    /// Opens a file, and makes it where there is none. It waits for the disk.
    ///
    /// # Errors
    /// When another process holds the lock; when the file cannot be used, is damaged, is of a newer version, or is no
    /// store at all. It is then left as it is.
    pub(crate) fn open(place: &SqlitePlace, metrics: Arc<Metrics>) -> Result<Self> {
        Self::open_as(place, schema::STEPS, metrics)
    }

    /// The same with a schema of these steps.
    fn open_as(place: &SqlitePlace, steps: &[&str], metrics: Arc<Metrics>) -> Result<Self> {
        let lock = lock::take(place)?;
        let opened = open::open(place, steps)?;
        let (queue, operations) = mpsc::sync_channel(MOST_WAITING);
        let writer = writer::start(opened, operations, lock, place.clone(), metrics);
        let writer = writer.map_err(|error| place.cannot(error))?;
        Ok(Self { place: place.clone(), queue: Some(queue), writer: Some(writer) })
    }

    /// Puts an operation into the queue; it is told of when its batch is on disk.
    fn write<T, W>(&self, work: W) -> Commit<T>
    where
        T: Send + 'static,
        W: FnOnce(&mut Tables<'_>) -> Result<T, Refusal> + Send + 'static,
    {
        self.write_and_clean(Cleaning::Nothing, work)
    }

    /// The same, and what was deleted is wiped from the file before it is answered.
    fn write_and_clean<T, W>(&self, cleaning: Cleaning, work: W) -> Commit<T>
    where
        T: Send + 'static,
        W: FnOnce(&mut Tables<'_>) -> Result<T, Refusal> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let Some(queue) = &self.queue else { return Commit::ended(Err(stopped())) };
        match queue.try_send(Box::new(Task::new(work, cleaning, reply))) {
            Ok(()) => Commit::UnderWay(answer),
            Err(TrySendError::Full(_)) => {
                Commit::ended(Err(StoreError::Failed { why: "too much waits to be written to disk".to_owned() }))
            }
            Err(TrySendError::Disconnected(_)) => Commit::ended(Err(stopped())),
        }
    }
}

fn stopped() -> StoreError {
    StoreError::Failed { why: "the store is closed".to_owned() }
}

impl Store for SqliteStore {
    fn admit(&self, inbound: Inbound) -> Commit<Admitted> {
        self.write(move |tables| tables.admit(&inbound))
    }

    fn lease(&self, limit: usize, now: Timestamp) -> Commit<Vec<Leased>> {
        self.write(move |tables| tables.lease(limit, now))
    }

    fn acknowledge(&self, lease: &Lease, event: Sequence) -> Commit<()> {
        let lease = lease.clone();
        self.write(move |tables| tables.acknowledge(&lease, event))
    }

    fn record(&self, lease: &Lease, effects: Vec<Effect>) -> Commit<()> {
        let lease = lease.clone();
        self.write(move |tables| tables.record(&lease, &effects))
    }

    fn settle(&self, lease: &Lease, settlement: Settlement) -> Commit<()> {
        let lease = lease.clone();
        self.write(move |tables| tables.settle(&lease, &settlement))
    }

    fn mark(&self, lease: &Lease, effect: &EffectKey, state: EffectState) -> Commit<()> {
        let (lease, effect) = (lease.clone(), effect.clone());
        self.write(move |tables| tables.mark(&lease, &effect, &state))
    }

    fn read(&self, place: &Place, now: Timestamp) -> Commit<Option<Value>> {
        let place = place.clone();
        self.write(move |tables| Ok(tables.read(&place, now)?))
    }

    fn change(&self, changes: Vec<Change>) -> Commit<()> {
        self.write(move |tables| tables.change(&changes))
    }

    fn counts(&self) -> Commit<Counts> {
        self.write(|tables| tables.counts())
    }

    fn probe(&self) -> Commit<()> {
        self.write(|tables| tables.probe())
    }

    fn space(&self) -> Option<Space> {
        files::space(&self.place.file)
    }

    fn close(&self) -> Commit<()> {
        let (reply, closed) = oneshot::channel();
        // What is told is that the file is closed, not that somebody asked for it.
        drop(self.write(move |tables| tables.close(reply)));
        Commit::UnderWay(closed)
    }
}

impl Records for SqliteStore {
    fn events(&self, selection: Selection<Sequence>) -> Commit<Vec<EventRecord>> {
        self.write(move |tables| Ok(records::events(tables.connection, &selection)?))
    }

    fn event(&self, event: Sequence) -> Commit<Option<EventRecord>> {
        self.write(move |tables| Ok(records::event(tables.connection, event)?))
    }

    fn effects(&self, selection: Selection<EffectKey>) -> Commit<Vec<EffectRecord>> {
        self.write(move |tables| Ok(records::effects(tables.connection, &selection)?))
    }

    fn effects_of(&self, event: Sequence) -> Commit<Vec<EffectRecord>> {
        self.write(move |tables| Ok(records::effects_of(tables.connection, event)?))
    }

    fn values_of(&self, person: UserId) -> Commit<Vec<ValueRecord>> {
        self.write(move |tables| Ok(records::values_of(tables.connection, &person)?))
    }

    fn audit(&self, after: u64, limit: usize) -> Commit<Vec<AuditRecord>> {
        self.write(move |tables| Ok(records::audit(tables.connection, after, limit)?))
    }
}

impl Operate for SqliteStore {
    fn intervene(&self, change: Intervention, by: By) -> Commit<Changed> {
        self.write(move |tables| tables.operate(&change, &by))
    }

    fn erase(&self, person: UserId, by: By) -> Commit<Erased> {
        self.write_and_clean(Cleaning::File, move |tables| tables.erase(&person, &by))
    }

    fn forget(&self, now: Timestamp) -> Commit<bool> {
        self.write_and_clean(Cleaning::Log, move |tables| Ok(tables.forget(now)?))
    }
}

impl Drop for SqliteStore {
    /// Lets what waits come to its end, closes the file and gives the lock back.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            // It has told its own panic.
            let _ = writer.join();
        }
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqliteStore({})", self.place.file.display())
    }
}
