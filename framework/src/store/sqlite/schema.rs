//! The schema, and the way from older ones to it.

use std::path::PathBuf;

use rusqlite::{Connection, TransactionBehavior};

use super::{
    files, open,
    place::{SqlitePlace, beside},
};
use crate::error::Result;

/// What marks a file as a store of this crate: `bvrd`.
pub(super) const APPLICATION: i32 = 0x6276_7264;

/// The steps of the schema: the first makes it, each other one makes the next version of it. Steps are never changed
/// once they were published, only added.
pub(super) const STEPS: &[&str] = &[FIRST];

/// Rows are for what is not at its end; of what has ended, only keys and what was given up stay, and what authors keep.
///
/// A `sum` is of what never changes of its row: what is read back is what was written, or is refused.
///
/// The long columns stand last, so that what is looked at alone is read without them. `person` is who caused the event.
const FIRST: &str = "
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('epoch', 0), ('closed', 0);

-- By which a second delivery is known: keys of events and of messages.
CREATE TABLE keys (
    key   BLOB NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    sequence INTEGER NOT NULL PRIMARY KEY,
    lane     TEXT NOT NULL,
    person   TEXT,
    state    TEXT NOT NULL,
    received INTEGER NOT NULL,
    dispatch INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    crashes  INTEGER NOT NULL DEFAULT 0,
    replays  INTEGER NOT NULL DEFAULT 0,
    sum      INTEGER NOT NULL,
    body     BLOB NOT NULL
) STRICT;

-- Events that were given up, for people to look at.
CREATE TABLE dead (
    sequence INTEGER NOT NULL PRIMARY KEY,
    lane     TEXT NOT NULL,
    person   TEXT,
    reason   TEXT NOT NULL,
    received INTEGER NOT NULL,
    dispatch INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    crashes  INTEGER NOT NULL,
    replays  INTEGER NOT NULL,
    body     BLOB NOT NULL
) STRICT;

CREATE TABLE effects (
    event    INTEGER NOT NULL,
    handler  TEXT NOT NULL,
    ordinal  INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    lane     TEXT NOT NULL,
    person   TEXT,
    received INTEGER NOT NULL,
    ended    INTEGER NOT NULL,
    state    TEXT NOT NULL,
    sum      INTEGER NOT NULL,
    outgoing TEXT NOT NULL,
    body     BLOB NOT NULL,
    PRIMARY KEY (event, handler, ordinal, part)
) STRICT, WITHOUT ROWID;

-- Effects that were given up, for people to look at.
CREATE TABLE dead_effects (
    event    INTEGER NOT NULL,
    handler  TEXT NOT NULL,
    ordinal  INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    lane     TEXT NOT NULL,
    person   TEXT,
    received INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    sum      INTEGER NOT NULL,
    outgoing TEXT NOT NULL,
    body     BLOB NOT NULL,
    PRIMARY KEY (event, handler, ordinal, part)
) STRICT, WITHOUT ROWID;

-- What operators did.
CREATE TABLE audit (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    who    TEXT NOT NULL,
    action TEXT NOT NULL,
    what   TEXT NOT NULL
) STRICT;

-- What authors keep: JSON, by whose it is and its name. What is a person's has the scope `person/` and their id.
CREATE TABLE kept (
    scope   TEXT NOT NULL,
    key     TEXT NOT NULL,
    expires INTEGER,
    value   TEXT NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX kept_by_expiry ON kept (expires) WHERE expires IS NOT NULL;
";

/// Brings an older schema up to date in one transaction, after a copy of the file is made beside it.
pub(super) fn bring_up_to_date(
    connection: &mut Connection,
    place: &SqlitePlace,
    version: usize,
    steps: &[&str],
) -> Result<()> {
    let missing = steps.get(version..).unwrap_or_default();
    if missing.is_empty() {
        return Ok(());
    }
    if version > 0 {
        let copy = copy(connection, place, version)?;
        tracing::info!(from = version, to = steps.len(), copy = %copy.display(), "the store is brought up to date");
    }
    run(connection, missing, steps.len()).map_err(|error| open::trouble(place, &error))
}

fn run(connection: &mut Connection, missing: &[&str], version: usize) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    missing.iter().try_for_each(|step| transaction.execute_batch(step))?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", i64::try_from(version).unwrap_or(i64::MAX))?;
    transaction.commit()
}

/// Copies the whole file as it is now.
fn copy(connection: &Connection, place: &SqlitePlace, version: usize) -> Result<PathBuf> {
    let name = beside(&place.file, &format!(".version-{version}"));
    // An attempt before this one may have left a copy.
    let names = (2..100).map(|number| beside(&name, &format!("-{number}")));
    let copy = std::iter::once(name.clone()).chain(names).find(|copy| !copy.exists());
    let copy = copy.ok_or_else(|| place.not_copied("there are a hundred copies already"))?;
    // SQLite fills an empty file, but would let others read one that it makes.
    files::private(&copy).map_err(|error| place.not_copied(error))?;
    let into = copy.to_str().ok_or_else(|| place.not_copied("its path is not Unicode"))?;
    connection.execute("VACUUM INTO ?1", [into]).map_err(|error| place.not_copied(error))?;
    Ok(copy)
}
