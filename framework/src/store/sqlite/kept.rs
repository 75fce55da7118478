//! The values that authors keep.

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, params};

use super::{
    row,
    tables::{Refusal, Tables},
};
use crate::{
    clock::Timestamp,
    store::{Change, Place, Value},
};

impl Tables<'_> {
    pub(super) fn read(&mut self, place: &Place, now: Timestamp) -> rusqlite::Result<Option<Value>> {
        let key = params![&*place.scope.0, &*place.key, row::micros(now)];
        self.statements.kept.query_row(key, |found| found.get::<_, Arc<str>>(0)).optional()
    }

    /// Makes all changes, or none when one does not find what it expects.
    pub(super) fn change(&mut self, changes: &[Change]) -> Result<(), Refusal> {
        for Change { place, expected, at, .. } in changes {
            let stands = self.read(place, *at)?;
            if !expected.allows(stands.as_ref()) {
                return Err(Refusal::Conflict(place.clone()));
            }
        }
        for change in changes {
            self.forget_expired(change.at)?;
            self.put(change)?;
        }
        Ok(())
    }

    fn put(&mut self, change: &Change) -> rusqlite::Result<()> {
        let Change { place: Place { scope, key }, value, expires, .. } = change;
        match value {
            Some(value) => {
                let values = params![&*scope.0, &**key, expires.map(row::micros), &**value];
                self.statements.keep.execute(values)?
            }
            None => self.statements.forget_kept.execute(params![&*scope.0, &**key])?,
        };
        Ok(())
    }

    /// Forgets some of what has expired.
    pub(super) fn forget_expired(&mut self, now: Timestamp) -> rusqlite::Result<()> {
        self.statements.forget_expired.execute([row::micros(now)]).map(drop)
    }
}
