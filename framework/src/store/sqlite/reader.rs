//! The file beside the process that owns it, for reading alone.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OpenFlags};

use super::{
    files, open,
    place::{SqlitePlace, beside},
    records, schema,
};
use crate::{
    error::Result,
    id::UserId,
    store::{
        AuditRecord, Commit, EffectKey, EffectRecord, EventRecord, Records, Selection, Sequence, StoreError,
        ValueRecord,
    },
};

/// Reads a file that another process may be writing.
#[derive(Debug)]
pub(crate) struct SqliteReader {
    place: SqlitePlace,
    connection: Mutex<Connection>,
}

impl SqliteReader {
    /// Opens a file. It waits for the disk.
    ///
    /// # Errors
    /// When there is none, it is damaged or no store, or its version is not the one of this program.
    pub(crate) fn open(place: &SqlitePlace) -> Result<Self> {
        if !place.file.exists() {
            return Err(place.absent());
        }
        let connection = connect(place, &place.file)?;
        Ok(Self { place: place.clone(), connection: Mutex::new(connection) })
    }

    /// Copies all of it as it is now, whoever writes it meanwhile. The copy is whole or not there at all.
    ///
    /// # Errors
    /// When there is a file already, or the copy cannot be written.
    pub(crate) fn backup(&self, to: &Path) -> Result<()> {
        if to.exists() {
            return Err(self.place.copy_exists(to));
        }
        let partial = beside(to, ".partial");
        let failed = |error: &dyn std::fmt::Display| self.place.copy_failed(to, error);
        copy(&self.connection(), &partial).map_err(|error| failed(&error))?;
        fs::rename(&partial, to).map_err(|error| failed(&error))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Commit<T> {
        let read = read(&self.connection());
        Commit::ended(read.map_err(|error| StoreError::Failed { why: open::trouble(&self.place, &error).to_string() }))
    }
}

/// A connection for reading to a store of this version.
pub(super) fn connect(place: &SqlitePlace, file: &Path) -> Result<Connection> {
    let told = |error| open::trouble(place, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(told)?;
    connection.busy_timeout(open::BUSY).map_err(told)?;
    let known = schema::STEPS.len();
    let version = open::version(&connection, place, known)?;
    if version < known {
        return Err(place.older(version, known));
    }
    Ok(connection)
}

/// Writes all that a connection reads into a new file, which is on disk then.
pub(super) fn copy(connection: &Connection, to: &Path) -> io::Result<PathBuf> {
    if to.exists() {
        fs::remove_file(to)?;
    }
    // SQLite fills an empty file, but would let others read one that it makes.
    let file = files::private(to)?;
    let into = to.to_str().ok_or_else(|| io::Error::other("its path is not Unicode"))?;
    connection.execute("VACUUM INTO ?1", [into]).map_err(io::Error::other)?;
    file.sync_all()?;
    Ok(to.to_owned())
}

impl Records for SqliteReader {
    fn events(&self, selection: Selection<Sequence>) -> Commit<Vec<EventRecord>> {
        self.read(|connection| records::events(connection, &selection))
    }

    fn event(&self, event: Sequence) -> Commit<Option<EventRecord>> {
        self.read(|connection| records::event(connection, event))
    }

    fn effects(&self, selection: Selection<EffectKey>) -> Commit<Vec<EffectRecord>> {
        self.read(|connection| records::effects(connection, &selection))
    }

    fn effects_of(&self, event: Sequence) -> Commit<Vec<EffectRecord>> {
        self.read(|connection| records::effects_of(connection, event))
    }

    fn values_of(&self, person: UserId) -> Commit<Vec<ValueRecord>> {
        self.read(|connection| records::values_of(connection, &person))
    }

    fn audit(&self, after: u64, limit: usize) -> Commit<Vec<AuditRecord>> {
        self.read(|connection| records::audit(connection, after, limit))
    }
}
