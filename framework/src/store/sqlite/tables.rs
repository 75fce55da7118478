//! What operations work on, within a transaction.

use rusqlite::Connection;

use super::{keys::Sweep, lanes::Lanes, statements::Statements, writer::Closing};
use crate::store::{Counts, Place, Sequence};

/// The tables of the file, and the lanes that have work in them.
pub(super) struct Tables<'c> {
    pub(super) connection: &'c Connection,
    pub(super) statements: Statements<'c>,
    pub(super) lanes: Lanes,
    pub(super) sweep: Sweep,
    /// The first number of this epoch.
    pub(super) first: Sequence,
    /// The number that the next event has.
    pub(super) next: Sequence,
    /// Whether the process before this one ended in the midst of its work.
    pub(super) crashed: bool,
    /// Who is to be told that the file is closed, once that was asked for.
    pub(super) closing: Option<Closing>,
    /// How many transactions were committed.
    pub(super) commits: u64,
}

/// Why an operation did nothing.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Its lease is void.
    Fenced,
    /// A value is not what was expected.
    Conflict(Place),
    /// The database failed.
    Broken(rusqlite::Error),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error)
    }
}

impl<'c> Tables<'c> {
    /// Finds the work that the epochs before this one left.
    pub(super) fn load(connection: &'c Connection, epoch: u32, crashed: bool) -> rusqlite::Result<Self> {
        let statements = Statements::prepare(connection)?;
        // Numbers are never given twice, for effects are known by that of their event, even when it has long ended.
        let first = (u64::from(epoch) << 32) + 1;
        let mut lanes = Lanes::new(first);
        let mut events = connection.prepare("SELECT sequence, lane FROM events ORDER BY sequence")?;
        let mut rows = events.query([])?;
        while let Some(row) = rows.next()? {
            lanes.load_event(&super::row::lane(row.get_ref(1)?)?, super::row::sequence(row.get(0)?));
        }
        let mut effects = connection.prepare("SELECT event, lane FROM effects WHERE ended = 0")?;
        let mut rows = effects.query([])?;
        while let Some(row) = rows.next()? {
            lanes.load_effect(&super::row::lane(row.get_ref(1)?)?, super::row::sequence(row.get(0)?));
        }
        Ok(Self {
            connection,
            statements,
            lanes,
            sweep: Sweep::default(),
            first: Sequence(first),
            next: Sequence(first),
            crashed,
            closing: None,
            commits: 0,
        })
    }

    pub(super) fn begin(&mut self) -> rusqlite::Result<()> {
        self.statements.begin.execute([]).map(drop)
    }

    pub(super) fn commit(&mut self) -> rusqlite::Result<()> {
        self.statements.commit.execute([])?;
        self.lanes.keep();
        self.commits += 1;
        Ok(())
    }

    /// Leaves nothing of the batch that failed.
    pub(super) fn undo(&mut self) {
        self.lanes.undo();
        self.closing = None;
        // Some errors have ended the transaction already. Should this fail too, beginning the next one tells.
        if !self.connection.is_autocommit() {
            let _ = self.statements.rollback.execute([]);
        }
    }

    /// The last operation of the process, and the sign that it ended in good order.
    pub(super) fn close(&mut self, closed: Closing) -> Result<(), Refusal> {
        self.statements.set_closed.execute([true])?;
        self.closing = Some(closed);
        Ok(())
    }

    /// Writes what nobody reads.
    pub(super) fn probe(&mut self) -> Result<(), Refusal> {
        self.statements.probe.execute([])?;
        Ok(())
    }

    pub(super) fn counts(&mut self) -> Result<Counts, Refusal> {
        let counts = self.statements.counts.query_row([], |row| {
            let [open, dead, unsent] = [row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?]
                .map(|count| usize::try_from(count).unwrap_or_default());
            Ok(Counts { open, dead, unsent })
        })?;
        Ok(counts)
    }
}
