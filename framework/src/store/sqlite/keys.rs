//! Keys by which a second delivery is known, and how what is old is forgotten.

use std::time::Duration;

use rusqlite::{OptionalExtension as _, params};

use super::{REMEMBERED, row::micros, tables::Tables};
use crate::{clock::Timestamp, store::Key};

/// How long events that were given up are kept.
const DEAD_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How many keys are looked at for each event that comes in. Each event adds two at most, so that keys which are out of
/// date stay few beside those that are not.
const LOOKED_AT: u64 = 8;

/// How far the search for keys that are out of date has come: it goes round and round, a few keys in each batch.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    behind: Vec<u8>,
    /// Events that came in with the batch.
    admitted: u64,
    now: Timestamp,
}

impl Sweep {
    pub(super) fn admitted(&mut self, now: Timestamp) {
        self.admitted += 1;
        self.now = now;
    }
}

impl Tables<'_> {
    /// Remembers a key; says whether it is new.
    pub(super) fn remember(&mut self, key: Key, now: Timestamp) -> rusqlite::Result<bool> {
        let changed = self.statements.remember.execute(params![key.bytes(), micros(now), before(now, REMEMBERED)])?;
        Ok(changed == 1)
    }

    /// Forgets a little of what is out of date.
    pub(super) fn purge(&mut self) -> rusqlite::Result<()> {
        let Sweep { behind, admitted, now } = &mut self.sweep;
        if *admitted == 0 {
            return Ok(());
        }
        let many = std::mem::take(admitted) * LOOKED_AT;
        let old = before(*now, REMEMBERED);
        let statements = &mut self.statements;
        let up_to = statements.keys_up_to.query_row(params![&*behind, many.cast_signed() - 1], |row| row.get(0));
        match up_to.optional()? {
            Some::<Vec<u8>>(up_to) => {
                statements.forget_keys.execute(params![&*behind, up_to, old])?;
                *behind = up_to;
            }
            None => {
                statements.forget_last_keys.execute(params![&*behind, old])?;
                behind.clear();
            }
        }
        statements.forget_dead.execute(params![before(*now, DEAD_KEPT)])?;
        let now = *now;
        self.forget_expired(now)
    }
}

fn before(now: Timestamp, span: Duration) -> i64 {
    micros(now).saturating_sub_unsigned(u64::try_from(span.as_micros()).unwrap_or(u64::MAX))
}
