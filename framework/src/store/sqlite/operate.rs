//! What operators change.

use rusqlite::{OptionalExtension as _, params};

use super::{
    records, row,
    tables::{Refusal, Tables},
};
use crate::{
    id::UserId,
    store::{
        By, Changed, EffectKey, EffectState, Erased, EventState, Intervention, Lane, Resolution, Selection, Sequence,
        ValueRecord, records::DROPPED,
    },
};

impl Tables<'_> {
    pub(super) fn operate(&mut self, change: &Intervention, by: &By) -> Result<Changed, Refusal> {
        let changed = match change {
            Intervention::Replay(event) => self.replay(*event)?,
            Intervention::Drop(event) => self.drop_event(*event)?,
            Intervention::Resolve(effect, resolution) => self.resolve(effect, resolution)?,
            Intervention::Note { .. } => Changed::Done,
        };
        if let Some(words) = changed.words(change) {
            self.note(by, words)?;
        }
        Ok(changed)
    }

    fn note(&mut self, by: &By, (action, what): (&str, String)) -> rusqlite::Result<()> {
        self.statements.note.execute(params![row::micros(by.at), by.who, action, what])?;
        Ok(())
    }

    /// The old number is not given again: what was said under it may still be under way.
    fn replay(&mut self, event: Sequence) -> rusqlite::Result<Changed> {
        let again = self.next;
        let number = row::number(event);
        let dead = self.statements.dead.query_row([number], |found| {
            let person: Option<String> = found.get(1)?;
            let (received, dispatch, replays): (i64, bool, u32) = (found.get(2)?, found.get(3)?, found.get(4)?);
            Ok((row::lane(found.get_ref(0)?)?, person, received, dispatch, replays, row::bytes(found.get_ref(5)?)?))
        });
        let Some((lane, person, received, dispatch, replays, body)) = dead.optional()? else {
            return Ok(Changed::Missing);
        };
        self.next = Sequence(again.0 + 1);
        self.statements.insert_event.execute(params![
            row::number(again),
            &*lane.0,
            person,
            row::text(&EventState::Ready)?,
            received,
            dispatch,
            replays + 1,
            row::event_sum(again, &lane.0, row::time(received), dispatch, &body),
            &body[..],
        ])?;
        self.statements.delete_dead.execute([number])?;
        self.lanes.event_returns(&lane, again);
        Ok(Changed::Replayed(again))
    }

    fn drop_event(&mut self, event: Sequence) -> rusqlite::Result<Changed> {
        let lane = self.statements.lane_of_event.query_row([row::number(event)], |found| row::lane(found.get_ref(0)?));
        match lane.optional()? {
            Some(lane) if self.lanes.is_held(&lane) => Ok(Changed::Held),
            Some(lane) => {
                self.bury(&lane, event, DROPPED)?;
                Ok(Changed::Done)
            }
            None if self.statements.delete_dead.execute([row::number(event)])? == 1 => Ok(Changed::Done),
            None => Ok(Changed::Missing),
        }
    }

    fn resolve(&mut self, effect: &EffectKey, resolution: &Resolution) -> Result<Changed, Refusal> {
        let EffectKey { event, handler, ordinal, part } = effect;
        let values = params![row::number(*event), &**handler, ordinal, part];
        let lane = self.statements.lane_of_effect.query_row(values, |found| row::lane(found.get_ref(0)?)).optional()?;
        let Some(lane) = lane else { return Ok(self.resolve_dead(effect, resolution)?) };
        if self.lanes.is_held(&lane) {
            return Ok(Changed::Held);
        }
        self.change_effect(&lane, effect, &resolution.state())?;
        Ok(Changed::Done)
    }

    fn resolve_dead(&mut self, effect: &EffectKey, resolution: &Resolution) -> rusqlite::Result<Changed> {
        let EffectKey { event, handler, ordinal, part } = effect;
        let number = row::number(*event);
        if *resolution == Resolution::Resend {
            let values = params![number, &**handler, ordinal, part, row::text(&EffectState::Pending)?];
            let lane = self.statements.revive_effect.query_row(values, |found| row::lane(found.get_ref(0)?));
            if let Some(lane) = lane.optional()? {
                self.lanes.effect_returns(&lane, *event);
            }
        }
        let forgotten = self.statements.delete_dead_effect.execute(params![number, &**handler, ordinal, part])?;
        Ok(if forgotten == 1 { Changed::Done } else { Changed::Missing })
    }

    pub(super) fn erase(&mut self, person: &UserId, by: &By) -> Result<Erased, Refusal> {
        let mut erased = Erased::default();
        for dead in [true, false] {
            for event in records::events(self.connection, &Selection::of(person, dead))? {
                // What somebody else said is not lost because it names this person: it is forgotten at its end.
                let free = event.person.as_ref() == Some(person) && !self.lanes.is_held(&event.lane);
                if !dead && !free {
                    erased.held += 1;
                    continue;
                }
                self.erase_event(event.sequence, &event.lane, dead)?;
                erased.events += 1;
            }
            for found in records::effects(self.connection, &Selection::of(person, dead))? {
                if !dead && (self.lanes.is_held(&found.lane) || self.is_open(found.effect.key.event)?) {
                    erased.held += 1;
                    continue;
                }
                self.erase_effect(&found.effect.key, &found.lane, dead)?;
                erased.effects += 1;
            }
        }
        for ValueRecord { place, .. } in records::values_of(self.connection, person)? {
            self.statements.forget_kept.execute(params![&*place.scope.0, &*place.key])?;
            erased.values += 1;
        }
        self.note(by, erased.words())?;
        Ok(erased)
    }

    fn is_open(&mut self, event: Sequence) -> rusqlite::Result<bool> {
        self.statements.lane_of_event.exists([row::number(event)])
    }

    fn erase_event(&mut self, event: Sequence, lane: &Lane, dead: bool) -> rusqlite::Result<()> {
        if dead {
            return self.statements.delete_dead.execute([row::number(event)]).map(drop);
        }
        self.end(lane, event)
    }

    fn erase_effect(&mut self, effect: &EffectKey, lane: &Lane, dead: bool) -> Result<(), Refusal> {
        let EffectKey { event, handler, ordinal, part } = effect;
        if !dead {
            // Its event is at its end, so that nothing is left of it.
            self.change_effect(lane, effect, &EffectState::Sent { channel: None, message: None })?;
            return Ok(());
        }
        let values = params![row::number(*event), &**handler, ordinal, part];
        Ok(self.statements.delete_dead_effect.execute(values).map(drop)?)
    }
}
