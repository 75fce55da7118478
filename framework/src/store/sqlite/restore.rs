//! Putting a copy back in the place of the file.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};

use super::{
    lock, open,
    place::{SqlitePlace, beside},
    reader, records, row,
};
use crate::{
    error::Result,
    store::{Attempt, AuditRecord, By, EffectState, EventState},
};

/// What a copy held that was put back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Restored {
    /// Events that are run again.
    pub(crate) events: usize,
    /// Messages that are looked for before they are sent.
    pub(crate) effects: usize,
    /// Where the file is that stood in its place.
    pub(crate) aside: Option<PathBuf>,
}

/// Puts a copy in the place of the file, which is kept aside. Whatever was not at its end when the copy was made may
/// have come to it since: it is looked for before it is sent.
///
/// # Errors
/// When another process holds the lock; when the copy is damaged, no store, of another version, or of a bot of another
/// name; when the disk is full. The file is then left as it is.
pub(crate) fn restore(place: &SqlitePlace, copy: &Path, by: &By) -> Result<Restored> {
    let _lock = lock::take(place)?;
    let of_copy = place.copied(copy);
    if !copy.exists() {
        return Err(of_copy.no_copy());
    }
    let source = reader::connect(&of_copy, copy)?;
    check(&source, &of_copy)?;
    if is_anothers(&source, place).map_err(|error| open::trouble(&of_copy, &error))? {
        return Err(of_copy.anothers());
    }
    let new = beside(&place.file, ".restoring");
    reader::copy(&source, &new).map_err(|error| place.cannot(error))?;
    let restored = doubt(&new, place, copy, by).map_err(|error| open::trouble(&of_copy, &error))?;
    let aside = put(place, &new).map_err(|error| place.cannot(error))?;
    Ok(Restored { aside, ..restored })
}

fn check(copy: &Connection, place: &SqlitePlace) -> Result<()> {
    let said = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
    match said.map_err(|error| open::trouble(place, &error))?.as_str() {
        "ok" => Ok(()),
        said => Err(place.damaged(said.trim())),
    }
}

/// Whether a bot of another name made the copy; one that does not tell is of before that was told.
fn is_anothers(copy: &Connection, place: &SqlitePlace) -> rusqlite::Result<bool> {
    let mark =
        copy.query_row("SELECT value FROM meta WHERE name = 'bot'", [], |row| row.get::<_, i64>(0)).optional()?;
    Ok(mark.zip(place.bot).is_some_and(|(theirs, own)| theirs != own))
}

/// Whatever the copy holds may have gone on since.
fn doubt(new: &Path, place: &SqlitePlace, copy: &Path, by: &By) -> rusqlite::Result<Restored> {
    let mut connection = Connection::open_with_flags(new, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let transaction = connection.transaction()?;
    let (answering, ready) = (row::text(&EventState::Answering)?, row::text(&EventState::Restored)?);
    let events = transaction.execute("UPDATE events SET state = ?1 WHERE state <> ?2", params![ready, answering])?;
    let effects = doubt_effects(&transaction)?;
    // Numbers that were given since the copy was made are not given again.
    let epoch = epoch(&place.file).unwrap_or_default();
    transaction.execute("UPDATE meta SET value = max(value, ?1) WHERE name = 'epoch'", [epoch])?;
    // What it holds was cut short by no crash.
    transaction.execute("UPDATE meta SET value = 1 WHERE name = 'closed'", [])?;
    for AuditRecord { by: done, action, what, .. } in done_since(&place.file).unwrap_or_default() {
        transaction.execute(
            "INSERT INTO audit (at, who, action, what) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS \
             (SELECT 1 FROM audit WHERE at = ?1 AND who = ?2 AND action = ?3 AND what = ?4)",
            params![row::micros(done.at), done.who, action, what],
        )?;
    }
    let line = "INSERT INTO audit (at, who, action, what) VALUES (?1, ?2, 'restore', ?3)";
    transaction.execute(line, params![row::micros(by.at), by.who, copy.display().to_string()])?;
    transaction.commit()?;
    Ok(Restored { events, effects, aside: None })
}

fn doubt_effects(transaction: &Transaction<'_>) -> rusqlite::Result<usize> {
    let all = "SELECT event, handler, ordinal, part, received, state FROM effects WHERE ended = 0";
    let mut statement = transaction.prepare(all)?;
    let found = statement.query_map([], |found| {
        let key: (i64, String, u32, u32) = (found.get(0)?, found.get(1)?, found.get(2)?, found.get(3)?);
        Ok((key, row::time(found.get(4)?), row::json::<EffectState>(found.get_ref(5)?)?))
    })?;
    let found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    let change = "UPDATE effects SET state = ?5 WHERE event = ?1 AND handler = ?2 AND ordinal = ?3 AND part = ?4";
    for ((event, handler, ordinal, part), received, state) in &found {
        let since = match state {
            EffectState::Sending(attempt) | EffectState::Ambiguous(attempt) => attempt.since,
            // It was sent at no time before its event came in.
            _ => *received,
        };
        let doubt = row::text(&EffectState::Ambiguous(Attempt { since, again: false }))?;
        transaction.execute(change, params![event, handler, ordinal, part, doubt])?;
    }
    Ok(found.len())
}

/// What operators did, as far as the file that is put aside tells: whom they erased since, and which copies they made.
fn done_since(file: &Path) -> rusqlite::Result<Vec<AuditRecord>> {
    records::audit(&Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?, 0, usize::MAX)
}

fn epoch(file: &Path) -> Option<i64> {
    let old = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    old.query_row("SELECT value FROM meta WHERE name = 'epoch'", [], |row| row.get(0)).ok()
}

/// Puts the new file in its place. At no moment is there none, nor a log beside the new file that belongs to the old one.
fn put(place: &SqlitePlace, new: &Path) -> std::io::Result<Option<PathBuf>> {
    if !place.file.exists() {
        fs::rename(new, &place.file)?;
        return Ok(None);
    }
    empty_log(&place.file);
    let aside = aside(&place.file)?;
    for ending in ["-wal", "-shm"] {
        let beside_old = beside(&place.file, ending);
        if beside_old.exists() {
            fs::rename(beside_old, beside(&aside, ending))?;
        }
    }
    fs::hard_link(&place.file, &aside).or_else(|_| fs::copy(&place.file, &aside).map(drop))?;
    fs::rename(new, &place.file)?;
    if let Some(directory) = place.file.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        File::open(directory)?.sync_all()?;
    }
    Ok(Some(aside))
}

/// A file that is whole takes its log in; one that is damaged keeps it.
fn empty_log(file: &Path) {
    if let Ok(old) = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE) {
        let _ = old.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
}

fn aside(file: &Path) -> std::io::Result<PathBuf> {
    let names = (1..1_000).map(|number| beside(file, &format!(".replaced-{number}")));
    let free = names.into_iter().find(|name| !name.exists());
    free.ok_or_else(|| std::io::Error::other("there are a thousand files that were replaced"))
}
