//! Keys by which a second delivery is known, and how what is old is forgotten.

use std::time::Duration;

use rusqlite::{OptionalExtension as _, params};

use super::{REMEMBERED, row::micros, tables::Tables};
use crate::{
    clock::Timestamp,
    store::{AUDIT_KEPT, DEAD_KEPT, Key},
};

/// How many keys are looked at for each event that comes in. Each event adds two at most, so that keys which are out of
/// date stay few beside those that are not.
const LOOKED_AT: u64 = 8;

/// How many keys are looked at at once when nothing comes in.
const LOOKED_AT_IN_QUIET: u64 = 65_536;

/// How far the searches for keys that are out of date have come.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    /// It goes round and round, a few keys in each batch.
    beside: Vec<u8>,
    /// It goes round when it is asked to.
    round: Vec<u8>,
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

    /// Forgets a few keys that are out of date.
    pub(super) fn purge(&mut self) -> rusqlite::Result<()> {
        let many = std::mem::take(&mut self.sweep.admitted) * LOOKED_AT;
        if many > 0 {
            let behind = std::mem::take(&mut self.sweep.beside);
            self.sweep.beside = self.forget_keys(behind, many, self.sweep.now)?;
        }
        self.forget_expired(self.sweep.now)
    }

    /// Forgets what is out of date, but not too many keys at once; says whether there may be more.
    pub(super) fn forget(&mut self, now: Timestamp) -> rusqlite::Result<bool> {
        let statements = &mut self.statements;
        statements.forget_dead.execute([before(now, DEAD_KEPT)])?;
        statements.forget_dead_effects.execute([before(now, DEAD_KEPT)])?;
        statements.forget_audit.execute([before(now, AUDIT_KEPT)])?;
        statements.forget_all_expired.execute([micros(now)])?;
        let behind = std::mem::take(&mut self.sweep.round);
        self.sweep.round = self.forget_keys(behind, LOOKED_AT_IN_QUIET, now)?;
        Ok(!self.sweep.round.is_empty())
    }

    /// Looks at so many keys behind one, and gives the last; an empty one after the end.
    fn forget_keys(&mut self, behind: Vec<u8>, many: u64, now: Timestamp) -> rusqlite::Result<Vec<u8>> {
        let old = before(now, REMEMBERED);
        let statements = &mut self.statements;
        let up_to = statements.keys_up_to.query_row(params![behind, many.cast_signed() - 1], |row| row.get(0));
        let Some(up_to) = up_to.optional()? else {
            statements.forget_last_keys.execute(params![behind, old])?;
            return Ok(Vec::new());
        };
        statements.forget_keys.execute(params![behind, up_to, old])?;
        Ok(up_to)
    }
}

fn before(now: Timestamp, span: Duration) -> i64 {
    micros(now).saturating_sub_unsigned(u64::try_from(span.as_micros()).unwrap_or(u64::MAX))
}
