//! What operators see and change.

use super::{MOST_DEAD, MemoryStore, Row, Tables};
use crate::{
    clock::Timestamp,
    id::UserId,
    store::{
        AUDIT_KEPT, AuditRecord, By, Changed, Commit, DEAD_KEPT, Effect, EffectKey, EffectRecord, EffectState, Erased,
        EventRecord, EventState, Intervention, Operate, Records, Resolution, Selection, Sequence, Stored, ValueRecord,
        records::DROPPED,
    },
};

impl Records for MemoryStore {
    fn events(&self, selection: Selection<Sequence>) -> Commit<Vec<EventRecord>> {
        Commit::ended(Ok(self.tables().event_records(&selection)))
    }

    fn event(&self, event: Sequence) -> Commit<Option<EventRecord>> {
        let tables = self.tables();
        Commit::ended(Ok(tables.events.get(&event).or_else(|| tables.dead.get(&event)).map(Row::record)))
    }

    fn effects(&self, selection: Selection<EffectKey>) -> Commit<Vec<EffectRecord>> {
        Commit::ended(Ok(self.tables().effect_records(&selection)))
    }

    fn effects_of(&self, event: Sequence) -> Commit<Vec<EffectRecord>> {
        let tables = self.tables();
        let of_event = |dead| tables.all_effects(dead).into_iter().filter(|found| found.effect.key.event == event);
        Commit::ended(Ok(of_event(false).chain(of_event(true)).collect()))
    }

    fn values_of(&self, person: UserId) -> Commit<Vec<ValueRecord>> {
        Commit::ended(Ok(self.tables().kept.of(&person)))
    }

    fn audit(&self, after: u64, limit: usize) -> Commit<Vec<AuditRecord>> {
        let tables = self.tables();
        let behind = tables.audit.iter().filter(|line| line.number > after);
        Commit::ended(Ok(behind.take(limit).cloned().collect()))
    }
}

impl Operate for MemoryStore {
    fn intervene(&self, change: Intervention, by: By) -> Commit<Changed> {
        Commit::ended(Ok(self.tables().operate(&change, by)))
    }

    fn erase(&self, person: UserId, by: By) -> Commit<Erased> {
        Commit::ended(Ok(self.tables().erase(&person, by)))
    }

    fn forget(&self, now: Timestamp) -> Commit<bool> {
        self.tables().forget_old(now);
        Commit::ended(Ok(false))
    }
}

impl Row {
    fn record(&self) -> EventRecord {
        let Stored { sequence, ref body, received, ref state, crashes, attempts, replays, .. } = self.stored;
        let (lane, person) = (self.lane.clone(), self.person.clone());
        EventRecord {
            sequence,
            lane,
            person,
            received,
            state: state.clone(),
            attempts,
            crashes,
            replays,
            body: body.clone(),
        }
    }
}

impl Tables {
    fn event_records(&self, selection: &Selection<Sequence>) -> Vec<EventRecord> {
        let mut records: Vec<EventRecord> = match selection.dead {
            true => self.dead.values().map(Row::record).collect(),
            false => self.events.values().map(Row::record).collect(),
        };
        records.sort_by_key(|record| record.sequence);
        let behind = records.into_iter().filter(|record| selection.after.is_none_or(|after| record.sequence > after));
        behind.filter_map(|record| selection.event(record)).take(selection.limit).collect()
    }

    fn effect_records(&self, selection: &Selection<EffectKey>) -> Vec<EffectRecord> {
        let records = self.all_effects(selection.dead).into_iter();
        let behind = records.filter(|found| selection.after.as_ref().is_none_or(|after| found.effect.key > *after));
        behind.filter_map(|found| selection.effect(found)).take(selection.limit).collect()
    }

    fn all_effects(&self, dead: bool) -> Vec<EffectRecord> {
        if dead {
            return self.dead_effects.values().cloned().collect();
        }
        let mut records = Vec::new();
        for said in self.effects.values() {
            let unsent = said.effects.iter().filter(|effect| !effect.state.is_ended());
            records.extend(unsent.map(|effect| EffectRecord {
                effect: effect.clone(),
                lane: said.lane.clone(),
                person: said.person.clone(),
                received: said.received,
            }));
        }
        records.sort_by(|one, other| one.effect.key.cmp(&other.effect.key));
        records
    }

    fn operate(&mut self, change: &Intervention, by: By) -> Changed {
        let changed = match change {
            Intervention::Replay(event) => self.replay(*event),
            Intervention::Drop(event) => self.drop_event(*event),
            Intervention::Resolve(effect, resolution) => self.resolve(effect, resolution),
            Intervention::Note { .. } => Changed::Done,
        };
        if let Some(words) = changed.words(change) {
            self.note(by, words);
        }
        changed
    }

    fn note(&mut self, by: By, (action, what): (&str, String)) {
        self.audited += 1;
        self.audit.push_back(AuditRecord { number: self.audited, by, action: action.to_owned(), what });
        if self.audit.len() > MOST_DEAD {
            self.audit.pop_front();
        }
    }

    fn replay(&mut self, event: Sequence) -> Changed {
        let Some(mut row) = self.dead.remove(&event) else { return Changed::Missing };
        self.last += 1;
        let again = Sequence(self.last);
        let lane = self.lane(&row.lane);
        lane.unseen += 1;
        lane.events += 1;
        let replays = row.stored.replays + 1;
        row.seen = false;
        row.stored =
            Stored { sequence: again, state: EventState::Ready, crashes: 0, attempts: 0, replays, ..row.stored };
        self.events.insert(again, row);
        Changed::Replayed(again)
    }

    fn drop_event(&mut self, event: Sequence) -> Changed {
        match self.events.get(&event) {
            Some(row) if self.is_held(&row.lane) => Changed::Held,
            Some(_) => {
                self.bury(event, EventState::Dead { reason: DROPPED.to_owned() });
                Changed::Done
            }
            None if self.dead.remove(&event).is_some() => Changed::Done,
            None => Changed::Missing,
        }
    }

    fn resolve(&mut self, key: &EffectKey, resolution: &Resolution) -> Changed {
        let Some(said) = self.effects.get(&key.event).filter(|said| is_unsent(&said.effects, key)) else {
            return self.resolve_dead(key, resolution);
        };
        if self.is_held(&said.lane) {
            return Changed::Held;
        }
        self.change_effect(key, resolution.state());
        Changed::Done
    }

    fn resolve_dead(&mut self, key: &EffectKey, resolution: &Resolution) -> Changed {
        let Some(found) = self.dead_effects.remove(key) else { return Changed::Missing };
        if *resolution == Resolution::Resend {
            // An event that is still open has its end on record.
            if let Some(said) = self.effects.get_mut(&key.event) {
                said.effects.retain(|known| known.key != *key);
            }
            self.insert(&found.lane, Effect { state: EffectState::Pending, ..found.effect });
            if let Some(said) = self.effects.get_mut(&key.event) {
                (said.person, said.received) = (found.person, found.received);
                said.unseen.push(key.clone());
            }
            self.lane(&found.lane).unseen += 1;
        }
        Changed::Done
    }

    fn erase(&mut self, person: &UserId, by: By) -> Erased {
        let mut erased = Erased::default();
        for event in self.event_records(&Selection::of(person, true)) {
            self.dead.remove(&event.sequence);
            erased.events += 1;
        }
        for found in self.effect_records(&Selection::of(person, true)) {
            self.dead_effects.remove(&found.effect.key);
            erased.effects += 1;
        }
        for event in self.event_records(&Selection::of(person, false)) {
            // What somebody else said is not lost because it names this person: it is forgotten at its end.
            if event.person.as_ref() != Some(person) || self.is_held(&event.lane) {
                erased.held += 1;
                continue;
            }
            self.end(event.sequence);
            erased.events += 1;
        }
        for EffectRecord { effect, lane, .. } in self.effect_records(&Selection::of(person, false)) {
            if self.is_held(&lane) || self.events.contains_key(&effect.key.event) {
                erased.held += 1;
                continue;
            }
            self.change_effect(&effect.key, EffectState::Sent { channel: None, message: None });
            erased.effects += 1;
        }
        for ValueRecord { place, .. } in self.kept.of(person) {
            self.kept.remove(&place);
            erased.values += 1;
        }
        self.note(by, erased.words());
        erased
    }

    fn forget_old(&mut self, now: Timestamp) {
        self.remembered.forget(now);
        self.kept.sweep(now);
        self.dead.retain(|_, row| now.since(row.stored.received) < DEAD_KEPT);
        self.dead_effects.retain(|_, found| now.since(found.received) < DEAD_KEPT);
        self.audit.retain(|line| now.since(line.by.at) < AUDIT_KEPT);
    }

    fn is_held(&self, lane: &crate::store::Lane) -> bool {
        self.lanes.get(lane).is_some_and(|row| row.holder.is_some())
    }
}

fn is_unsent(effects: &[Effect], key: &EffectKey) -> bool {
    effects.iter().any(|effect| effect.key == *key && !effect.state.is_ended())
}
