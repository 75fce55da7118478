//! Opening the file: private, checked, brought up to date.

use std::{fs, time::Duration};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{
    files, log,
    place::{SqlitePlace, beside},
    schema,
};
use crate::error::Result;

/// How long another program that reads or mends the file is waited for.
pub(super) const BUSY: Duration = Duration::from_secs(1);

/// Up to this size the whole file is checked each time; beyond it the keys are left out, which are most of it.
const CHECKED_WHOLE: u64 = 64 * 1024 * 1024;

/// Every commit is on disk before it is answered. What is deleted is overwritten, for people said it.
const PRAGMAS: &str = "
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA temp_store = MEMORY;
PRAGMA journal_size_limit = 16777216;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
";

/// A file that may be used.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) connection: Connection,
    /// How many times it was opened, this one included.
    pub(super) epoch: u32,
    /// Whether the process before this one ended in the midst of its work.
    pub(super) crashed: bool,
}

/// Opens the file with a schema of these steps.
pub(super) fn open(place: &SqlitePlace, steps: &[&str]) -> Result<Opened> {
    let file = &place.file;
    let metadata = files::private(file).and_then(|opened| opened.metadata()).map_err(|error| place.cannot(error))?;
    // Each name has a lock and a log of its own.
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(&metadata) > 1 {
        return Err(place.linked());
    }
    let size = metadata.len();
    // SQLite would take an empty file for a new one, and throw its log away.
    if size == 0 && fs::metadata(beside(file, "-wal")).is_ok_and(|log| log.len() > 0) {
        return Err(place.damaged("it is empty, but its log is not"));
    }
    if log::is_broken(&beside(file, "-wal")).map_err(|error| place.cannot(error))? {
        return Err(place.damaged("its log is broken in the midst"));
    }
    let told = |error| trouble(place, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(file, flags).map_err(told)?;
    connection.busy_timeout(BUSY).map_err(told)?;
    let version = version(&connection, place, steps.len())?;
    let journal = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0)).map_err(told)?;
    if journal != "wal" {
        return Err(place.cannot("its file system does not let it keep a log"));
    }
    connection.execute_batch(PRAGMAS).map_err(told)?;
    if version > 0 {
        check(&connection, place, size)?;
    }
    schema::bring_up_to_date(&mut connection, place, version, steps)?;
    mark(&connection, place).map_err(told)?;
    let (epoch, crashed) = begin_epoch(&connection).map_err(told)?;
    Ok(Opened { connection, epoch, crashed })
}

/// Says whose the file is, so that a copy of it is not put in the place of another bot's.
fn mark(connection: &Connection, place: &SqlitePlace) -> rusqlite::Result<()> {
    let mark = "INSERT INTO meta (name, value) VALUES ('bot', ?1)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value";
    place.bot.map_or(Ok(()), |bot| connection.execute(mark, [bot]).map(drop))
}

fn begin_epoch(connection: &Connection) -> rusqlite::Result<(u32, bool)> {
    let closed: bool = connection.query_row("SELECT value FROM meta WHERE name = 'closed'", [], |row| row.get(0))?;
    let next = "UPDATE meta SET value = value + 1 WHERE name = 'epoch' RETURNING value";
    let epoch = connection.query_row(next, [], |row| row.get(0))?;
    Ok((epoch, !closed))
}

/// The version of the schema; 0 for a new file.
pub(super) fn version(connection: &Connection, place: &SqlitePlace, known: usize) -> Result<usize> {
    let read = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(|error| trouble(place, &error));
    let tables = read("SELECT count(*) FROM sqlite_schema")?;
    let version = usize::try_from(read("PRAGMA user_version")?).unwrap_or(usize::MAX);
    if version == 0 && tables == 0 {
        return Ok(0);
    }
    if read("PRAGMA application_id")? != i64::from(schema::APPLICATION) {
        return Err(place.foreign());
    }
    if version > known {
        return Err(place.newer(version, known));
    }
    Ok(version)
}

/// Looks for damage that would else be found in the midst of work.
fn check(connection: &Connection, place: &SqlitePlace, size: u64) -> Result<()> {
    let parts: &[&str] = match size <= CHECKED_WHOLE {
        true => &["1"],
        false => &["'meta'", "'events'", "'effects'", "'dead'", "'dead_effects'", "'audit'"],
    };
    for part in parts {
        let said = connection.query_row(&format!("PRAGMA quick_check({part})"), [], |row| row.get::<_, String>(0));
        let said = said.map_err(|error| trouble(place, &error))?;
        if said != "ok" {
            return Err(place.damaged(said.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    Ok(())
}

/// An error of the database, in the words of whoever can do something about it.
pub(super) fn trouble(place: &SqlitePlace, error: &rusqlite::Error) -> crate::error::Error {
    if is_damage(error) { place.damaged(error) } else { place.cannot(error) }
}

/// Whether the file does not hold what was written into it.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    let unreadable = matches!(error, rusqlite::Error::FromSqlConversionFailure(..));
    unreadable || matches!(code, Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}
