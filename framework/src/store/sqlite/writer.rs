//! The thread that owns the file, and what it is given to do.

use std::{
    fs::File,
    io,
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    thread::{self, JoinHandle},
    time::Instant,
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{
    open::{Opened, is_damage},
    place::SqlitePlace,
    tables::{Refusal, Tables},
};
use crate::{metrics::Metrics, store::StoreError};

/// How many operations one transaction takes at most.
const MOST_AT_ONCE: usize = 512;

/// Something to do within a transaction, and to answer once that has ended.
pub(super) trait Operation: Send {
    /// Does it. An error is one of the database, and fails the whole batch.
    fn run(&mut self, tables: &mut Tables<'_>) -> rusqlite::Result<()>;

    /// What is done with the file once the batch is committed, before this is answered.
    fn cleaning(&self) -> Cleaning;

    /// Tells what became of it.
    fn answer(self: Box<Self>, batch: Result<(), StoreError>);
}

/// What is done with the file so that nothing of what was deleted is left in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cleaning {
    #[default]
    Nothing,
    /// The log is emptied.
    Log,
    /// The file is written anew, and the log is emptied.
    File,
}

/// An operation of one kind.
pub(super) struct Task<W, T> {
    work: Option<W>,
    cleaning: Cleaning,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<W, T> Task<W, T> {
    pub(super) fn new(work: W, cleaning: Cleaning, reply: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self { work: Some(work), cleaning, result: None, reply }
    }
}

impl<W, T> Operation for Task<W, T>
where
    T: Send,
    W: FnOnce(&mut Tables<'_>) -> Result<T, Refusal> + Send,
{
    fn run(&mut self, tables: &mut Tables<'_>) -> rusqlite::Result<()> {
        let Some(work) = self.work.take() else { return Ok(()) };
        self.result = match work(tables) {
            Ok(value) => Some(Ok(value)),
            Err(Refusal::Fenced) => Some(Err(StoreError::Fenced)),
            Err(Refusal::Conflict(place)) => Some(Err(StoreError::Conflict(Box::new(place)))),
            Err(Refusal::Broken(error)) => return Err(error),
        };
        Ok(())
    }

    fn cleaning(&self) -> Cleaning {
        self.cleaning
    }

    fn answer(self: Box<Self>, batch: Result<(), StoreError>) {
        let done = self.result.unwrap_or_else(|| Err(super::stopped()));
        // Whoever asked may have gone away.
        let _ = self.reply.send(batch.and(done));
    }
}

/// Told once the file is closed.
pub(super) type Closing = oneshot::Sender<Result<(), StoreError>>;

/// Starts the thread. It ends when the other side of `queue` is gone; then the file is closed, and after that the lock
/// is free.
pub(super) fn start(
    opened: Opened,
    queue: Receiver<Box<dyn Operation>>,
    lock: File,
    place: SqlitePlace,
    metrics: Arc<Metrics>,
) -> io::Result<JoinHandle<()>> {
    let (ready, prepared) = mpsc::sync_channel(1);
    let writer = thread::Builder::new().name("bavard-store".to_owned()).spawn(move || {
        let closing = {
            // Declared first, given back last.
            let _lock = lock;
            let connection = opened.connection;
            match Tables::load(&connection, opened.epoch, opened.crashed) {
                Ok(tables) => {
                    let _ = ready.send(Ok(()));
                    serve(tables, queue, &place, &metrics)
                }
                Err(error) => {
                    let _ = ready.send(Err(io::Error::other(error)));
                    None
                }
            }
        };
        // Whoever waits for it may have gone away.
        let _ = closing.map(|closing| closing.send(Ok(())));
    })?;
    prepared.recv().unwrap_or_else(|_| Err(io::Error::other("its thread ended")))?;
    Ok(writer)
}

/// Works until nobody can ask for more, or somebody asks for the end and is to be told of it.
fn serve(
    mut tables: Tables<'_>,
    queue: Receiver<Box<dyn Operation>>,
    place: &SqlitePlace,
    metrics: &Metrics,
) -> Option<Closing> {
    let mut batch: Vec<Box<dyn Operation>> = Vec::with_capacity(MOST_AT_ONCE);
    let mut operations = 0;
    while tables.closing.is_none()
        && let Ok(first) = queue.recv()
    {
        batch.push(first);
        batch.extend(queue.try_iter().take(MOST_AT_ONCE - 1));
        operations += batch.len();
        // Told to nobody but who watches: nothing is decided by it.
        let started = Instant::now();
        let result = commit(&mut tables, &mut batch, place);
        metrics.commit.observe(started.elapsed());
        metrics.commit_batch.count(batch.len() as u64);
        let cleaning = batch.iter().map(|operation| operation.cleaning()).max().unwrap_or_default();
        let cleaned = result.clone().and_then(|()| clean(tables.connection, cleaning));
        for operation in batch.drain(..) {
            let told = if operation.cleaning() == Cleaning::Nothing { &result } else { &cleaned };
            operation.answer(told.clone());
        }
    }
    tracing::debug!(operations, commits = tables.commits, "the store is closed");
    tables.closing
}

/// Runs a batch in one transaction: all of it, or nothing.
fn commit(tables: &mut Tables<'_>, batch: &mut [Box<dyn Operation>], place: &SqlitePlace) -> Result<(), StoreError> {
    let result = tables.begin().and_then(|()| {
        batch.iter_mut().try_for_each(|operation| operation.run(tables))?;
        tables.purge()?;
        #[cfg(feature = "crash")]
        crash("before", tables.commits);
        tables.commit()?;
        #[cfg(feature = "crash")]
        crash("after", tables.commits - 1);
        Ok(())
    });
    result.map_err(|error| {
        tables.undo();
        let why = match is_damage(&error) {
            true => place.damaged(error).to_string(),
            false => format!("the database failed: {error}"),
        };
        StoreError::Failed { why }
    })
}

/// Ends the process right before or after the commit that `BAVARD_CRASH` names, as `before:0`.
#[cfg(feature = "crash")]
fn crash(when: &str, commit: u64) {
    if std::env::var("BAVARD_CRASH").is_ok_and(|named| named == format!("{when}:{commit}")) {
        std::process::abort();
    }
}

/// Leaves nothing in the file of what was deleted.
fn clean(connection: &Connection, cleaning: Cleaning) -> Result<(), StoreError> {
    if cleaning == Cleaning::Nothing {
        return Ok(());
    }
    let failed = |why: String| StoreError::Failed { why };
    let told = |error: rusqlite::Error| failed(format!("what was deleted could not be wiped from the file: {error}"));
    if cleaning == Cleaning::File {
        connection.execute_batch("VACUUM").map_err(told)?;
    }
    let busy =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0)).map_err(told)?;
    if busy {
        return Err(failed("what was deleted still stands in the log, for another program reads the file".to_owned()));
    }
    Ok(())
}
