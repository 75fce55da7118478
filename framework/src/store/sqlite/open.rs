//! Opening the file: private, checked, brought up to date.

use std::{
    fmt::Display,
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema::{APPLICATION, STEPS};
use crate::error::{Error, Result};

/// How long another program that reads or mends the file is waited for.
const BUSY: Duration = Duration::from_secs(1);

/// Up to this size the whole file is checked each time; beyond it the keys are left out, which are most of it.
const CHECKED_WHOLE: u64 = 64 * 1024 * 1024;

/// A file that may be used.
pub(super) struct Opened {
    pub(super) connection: Connection,
    /// How many times it was opened, this one included.
    pub(super) epoch: u32,
}

pub(super) fn open(file: &Path) -> Result<Opened> {
    open_as(file, STEPS)
}

/// The same for a schema of these steps.
pub(super) fn open_as(file: &Path, steps: &[&str]) -> Result<Opened> {
    let size = private(file).and_then(|opened| opened.metadata()).map_err(|error| cannot(file, &error))?.len();
    // SQLite would take an empty file for a new one, and throw its log away.
    if size == 0 && fs::metadata(beside(file, "-wal")).is_ok_and(|log| log.len() > 0) {
        return Err(damaged(file, "it is empty, but its log is not"));
    }
    let told = |error| trouble(file, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(file, flags).map_err(told)?;
    connection.busy_timeout(BUSY).map_err(told)?;
    let version = version(&connection, file, steps.len())?;
    connection.execute_batch(PRAGMAS).map_err(told)?;
    if version > 0 {
        check(&connection, file, size)?;
    }
    bring_up_to_date(&mut connection, file, version, steps)?;
    let next = "UPDATE meta SET value = value + 1 WHERE name = 'epoch' RETURNING value";
    let epoch = connection.query_row(next, [], |row| row.get(0)).map_err(told)?;
    Ok(Opened { connection, epoch })
}

/// Every commit is on disk before it is answered. What is deleted is overwritten where that costs nothing, for it was
/// said by people.
const PRAGMAS: &str = "
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = FAST;
PRAGMA temp_store = MEMORY;
PRAGMA journal_size_limit = 16777216;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
";

/// The version of the schema; 0 for a new file.
fn version(connection: &Connection, file: &Path, newest: usize) -> Result<usize> {
    let read = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let tables = read("SELECT count(*) FROM sqlite_schema").map_err(|error| trouble(file, &error))?;
    let application = read("PRAGMA application_id").map_err(|error| trouble(file, &error))?;
    let version = read("PRAGMA user_version").map_err(|error| trouble(file, &error))?;
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    let shown = file.display();
    if version == 0 && tables == 0 {
        return Ok(0);
    }
    if application != i64::from(APPLICATION) {
        return Err(Error::new(format!(
            "{shown} is the database of another program, and is left as it is. Set BAVARD_STORE to another file, as \
             sqlite:bavard.db."
        )));
    }
    if version > newest {
        return Err(Error::new(format!(
            "{shown} was written by a newer version of this program (its schema is {version}, and this program knows \
             up to {newest}). It is left as it is: start the newer version, or set BAVARD_STORE to another file."
        )));
    }
    Ok(version)
}

/// Looks for damage that would else be found in the midst of work.
fn check(connection: &Connection, file: &Path, size: u64) -> Result<()> {
    let tables: &[&str] = if size <= CHECKED_WHOLE { &["1"] } else { &["'meta'", "'events'", "'effects'", "'dead'"] };
    for table in tables {
        let check = format!("PRAGMA quick_check({table})");
        let said: String = connection.query_row(&check, [], |row| row.get(0)).map_err(|error| trouble(file, &error))?;
        if said != "ok" {
            return Err(damaged(file, &said));
        }
    }
    Ok(())
}

/// Brings an older schema up to date in one transaction, after a copy of the file is made beside it.
fn bring_up_to_date(connection: &mut Connection, file: &Path, version: usize, steps: &[&str]) -> Result<()> {
    let newer = steps.get(version..).unwrap_or_default();
    if newer.is_empty() {
        return Ok(());
    }
    if version > 0 {
        let copy = copy(connection, file, version)?;
        tracing::info!(from = version, to = steps.len(), copy = %copy.display(), "the store is brought up to date");
    }
    let migrate = |connection: &mut Connection| {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)?;
        newer.iter().try_for_each(|step| transaction.execute_batch(step))?;
        transaction
            .execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {};", steps.len()))?;
        transaction.commit()
    };
    migrate(connection).map_err(|error| trouble(file, &error))
}

/// Copies the whole file as it is now, readable by its owner alone.
fn copy(connection: &Connection, file: &Path, version: usize) -> Result<PathBuf> {
    let names = (1..).map(|number| match number {
        1 => format!(".version-{version}"),
        _ => format!(".version-{version}-{number}"),
    });
    let free = names.map(|name| beside(file, &name)).find(|copy| !copy.exists());
    let copy = free.unwrap_or_else(|| beside(file, ".copy"));
    private(&copy).map_err(|error| cannot(&copy, &error))?;
    let name = copy.to_string_lossy();
    connection.execute("VACUUM INTO ?1", [&*name]).map_err(|error| {
        Error::new(format!(
            "{} could not be copied before it is brought up to date: {error}. Make room on the disk.",
            file.display()
        ))
    })?;
    Ok(copy)
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Opens a file for reading and writing, and makes it where there is none; nobody but its owner may read it.
pub(super) fn private(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(directory)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// An error of the database, in the words of whoever can do something about it.
fn trouble(file: &Path, error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => damaged(file, error),
        _ => cannot(file, error),
    }
}

pub(super) fn cannot(path: &Path, why: &dyn Display) -> Error {
    Error::new(format!(
        "{} cannot be used: {why}. Make it and its directory writable, or set BAVARD_DATA_DIR to another directory.",
        path.display()
    ))
}

fn damaged(file: &Path, why: impl Display) -> Error {
    Error::new(format!(
        "{} is damaged ({why}). It is left as it is, and nothing is served from it. Put a copy of it back, or move it \
         away together with the files beside it of the same name, to begin anew without what it held.",
        file.display()
    ))
}
