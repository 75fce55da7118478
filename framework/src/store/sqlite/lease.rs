//! Taking over what a process before this one left.

use rusqlite::OptionalExtension as _;

use super::{
    row,
    tables::{Refusal, Tables},
};
use crate::{
    clock::Timestamp,
    store::{Effect, Lease, Leased, Sequence, Stored},
};

impl Tables<'_> {
    pub(super) fn lease(&mut self, limit: usize, now: Timestamp) -> Result<Vec<Leased>, Refusal> {
        // From now on, events are run.
        self.statements.set_closed.execute([false])?;
        let taken = self.lanes.take_free(limit);
        let leased = taken.into_iter().map(|(lease, work)| self.leased(lease, &work, now));
        Ok(leased.collect::<rusqlite::Result<_>>()?)
    }

    fn leased(&mut self, lease: Lease, work: &[Sequence], now: Timestamp) -> rusqlite::Result<Leased> {
        let mut leased = Leased { lease, events: Vec::new(), effects: Vec::new() };
        for &sequence in work {
            let recorded = self.effects(sequence)?;
            leased.effects.extend(recorded.iter().filter(|effect| !effect.state.is_ended()).cloned());
            let event = self.event(sequence)?;
            leased.events.extend(event.map(|event| Stored { recorded, ..event }));
        }
        // The crash that made the lane free counts for its first event, which alone may have been run.
        let crashed = self.crashed;
        if let Some(first) = leased.events.first_mut().filter(|first| crashed && first.state.may_run(now)) {
            self.statements.count_crash.execute([row::number(first.sequence)])?;
            first.crashes += 1;
        }
        Ok(leased)
    }

    fn event(&mut self, sequence: Sequence) -> rusqlite::Result<Option<Stored>> {
        let event = self.statements.event.query_row([row::number(sequence)], |found| row::stored(sequence, found));
        event.optional()
    }

    fn effects(&mut self, event: Sequence) -> rusqlite::Result<Vec<Effect>> {
        let effects = self.statements.effects.query_map([row::number(event)], |found| row::effect(event, found))?;
        effects.collect()
    }
}
