//! The states of events, up to their end.

use rusqlite::params;

use super::{
    row,
    tables::{Refusal, Tables},
};
use crate::store::{EventState, Lane, Lease, Sequence, Settlement};

impl Tables<'_> {
    pub(super) fn acknowledge(&mut self, lease: &Lease, event: Sequence) -> Result<(), Refusal> {
        self.lanes.check(lease)?;
        Ok(self.change_event(event, &EventState::Ready)?)
    }

    pub(super) fn settle(&mut self, lease: &Lease, settlement: &Settlement) -> Result<(), Refusal> {
        let event = settlement.event;
        self.lanes.check(lease)?;
        self.change(&settlement.changes)?;
        self.record(lease, &settlement.effects)?;
        match &settlement.state {
            EventState::Done => self.end(&lease.lane, event)?,
            EventState::Dead { reason } => self.bury(&lease.lane, event, reason)?,
            state => self.change_event(event, state)?,
        }
        Ok(())
    }

    fn change_event(&mut self, event: Sequence, state: &EventState) -> rusqlite::Result<()> {
        let again = matches!(state, EventState::Retry { .. });
        self.statements.change_event.execute(params![row::number(event), row::text(state)?, again])?;
        Ok(())
    }

    /// Keeps an event as one that was given up.
    pub(super) fn bury(&mut self, lane: &Lane, event: Sequence, reason: &str) -> rusqlite::Result<()> {
        self.statements.bury_event.execute(params![row::number(event), reason])?;
        self.end(lane, event)
    }

    /// Forgets an event, and its effects that are at their end.
    pub(super) fn end(&mut self, lane: &Lane, event: Sequence) -> rusqlite::Result<()> {
        self.statements.delete_event.execute([row::number(event)])?;
        self.statements.forget_effects.execute([row::number(event)])?;
        self.lanes.event_ends(lane, event);
        Ok(())
    }
}
