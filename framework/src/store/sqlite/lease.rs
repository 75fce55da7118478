//! Taking over what a process before this one left.

use rusqlite::{OptionalExtension as _, params};

use super::{
    lanes::Back,
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
        let back = self.lanes.take_back();
        let taken = self.lanes.take_free(limit);
        let back = back.into_iter().map(|(lease, back)| self.came_back(lease, &back));
        let mut leased = back.collect::<rusqlite::Result<Vec<_>>>()?;
        for (lease, work) in taken {
            leased.push(self.leased(lease, &work, now)?);
        }
        Ok(leased)
    }

    fn came_back(&mut self, lease: Lease, back: &[(Sequence, Back)]) -> rusqlite::Result<Leased> {
        let mut leased = Leased { lease, events: Vec::new(), effects: Vec::new() };
        for &(sequence, Back { event, effects }) in back {
            if event {
                leased.events.extend(self.event(sequence)?);
            }
            if effects {
                let recorded = self.effects(sequence)?.into_iter();
                leased.effects.extend(recorded.filter(|effect| !effect.state.is_ended()));
            }
        }
        Ok(leased)
    }

    fn leased(&mut self, lease: Lease, work: &[Sequence], now: Timestamp) -> rusqlite::Result<Leased> {
        let mut leased = Leased { lease, events: Vec::new(), effects: Vec::new() };
        for &sequence in work {
            let recorded = self.effects(sequence)?;
            leased.effects.extend(recorded.iter().filter(|effect| !effect.state.is_ended()).cloned());
            let event = self.event(sequence)?;
            leased.events.extend(event.map(|event| Stored { recorded, ..event }));
        }
        // One that came back since was run by nobody.
        let (crashed, since) = (self.crashed, self.first);
        if let Some(first) = leased.events.first_mut().filter(|event| event.sequence < since)
            && first.cut_short(crashed, now)
        {
            let state = row::text(&first.state)?;
            self.statements.cut_short.execute(params![row::number(first.sequence), first.crashes, state])?;
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
