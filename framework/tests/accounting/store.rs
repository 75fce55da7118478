//! What the bot's store holds, read from outside.

use std::{collections::BTreeMap, path::PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::ledger::Left;

/// The store of the bot under test.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    Sqlite(PathBuf),
}

impl Store {
    /// How many events and effects are not at their end; `None` when that cannot be told just now.
    pub(crate) fn open(&self) -> Option<(usize, usize)> {
        let Self::Sqlite(file) = self;
        let count = "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM effects WHERE ended = 0)";
        let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
        connection.query_row(count, [], |row| Ok((row.get::<_, u32>(0)? as usize, row.get::<_, u32>(1)? as usize))).ok()
    }

    /// Whether anything is being sent, or is in doubt.
    pub(crate) fn is_sending(&self) -> bool {
        let Self::Sqlite(file) = self;
        let count = "SELECT count(*) FROM effects WHERE ended = 0 AND state <> '\"Pending\"'";
        let opened = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY);
        opened.and_then(|file| file.query_row(count, [], |row| row.get::<_, u32>(0))) != Ok(0)
    }

    /// What it holds.
    pub(crate) fn left(&self) -> rusqlite::Result<Left> {
        let Self::Sqlite(file) = self;
        let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let unsent: u32 = connection.query_row("SELECT count(*) FROM effects WHERE ended = 0", [], |row| row.get(0))?;
        let open = messages(&connection, "SELECT body, state FROM events")?;
        let dead = messages(&connection, "SELECT body, reason FROM dead")?;
        Ok(Left { open: open.into_keys().collect(), unsent: unsent as usize, dead, given_up: 0 })
    }
}

/// The numbers of messages by the bodies of their events, each with what stands beside it.
fn messages(connection: &Connection, query: &str) -> rusqlite::Result<BTreeMap<u64, String>> {
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| row.map(|(body, beside)| (number(&body).unwrap_or(u64::MAX), beside))).collect()
}

/// The number of the message that an event brings.
fn number(body: &[u8]) -> Option<u64> {
    let envelope: Value = serde_json::from_slice(body).ok()?;
    let text = envelope["event"]["text"].as_str()?;
    let said = text.rsplit_once('>').map_or(text, |(_, said)| said);
    said.trim_start().split(' ').nth(1)?.parse().ok()
}
