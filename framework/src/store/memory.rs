//! The store in memory: nothing survives the process, everything else is as in the others.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use foldhash::{HashMap, HashSet};

use super::{
    Admitted, Commit, Counts, Effect, EffectKey, EffectState, EventState, Inbound, Key, Lane, Lease, Leased,
    REMEMBERED, Released, Sequence, Settlement, Store, StoreError, Stored,
};
use crate::clock::Timestamp;

/// How many keys are remembered at most.
const MOST_KEYS: usize = 1_000_000;

/// Keeps everything in memory.
#[derive(Debug, Default)]
pub(crate) struct MemoryStore(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    last: u64,
    last_token: u64,
    remembered: Remembered,
    events: HashMap<Sequence, Row>,
    /// The effects of each event, with its lane.
    effects: HashMap<Sequence, (Lane, Vec<Effect>)>,
    lanes: HashMap<Lane, LaneRow>,
    dead: usize,
}

#[derive(Debug)]
struct Row {
    lane: Lane,
    stored: Stored,
}

#[derive(Debug)]
struct LaneRow {
    token: u64,
    generation: u64,
    held: bool,
    events: usize,
    effects: usize,
}

/// Keys, forgotten in the order they came.
#[derive(Debug)]
struct Remembered {
    most: usize,
    known: HashSet<Key>,
    order: VecDeque<(Timestamp, Key)>,
}

impl Default for Remembered {
    fn default() -> Self {
        Self { most: MOST_KEYS, known: HashSet::default(), order: VecDeque::new() }
    }
}

impl Remembered {
    /// Remembers a key; says whether it is new.
    fn insert(&mut self, key: Key, now: Timestamp) -> bool {
        self.forget(now);
        if !self.known.insert(key) {
            return false;
        }
        self.order.push_back((now, key));
        true
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some((since, key)) = self.order.front() {
            if now.since(*since) < REMEMBERED && self.order.len() < self.most {
                break;
            }
            self.known.remove(key);
            self.order.pop_front();
        }
    }
}

impl MemoryStore {
    /// An empty store.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Voids every lease, as the end of a process does. For tests of what a crash leaves.
    #[cfg(test)]
    pub(crate) fn crash(&self) {
        self.tables().lanes.values_mut().for_each(|lane| lane.held = false);
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        // Every change is complete before the lock is let go, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tables {
    fn check(&self, lease: &Lease) -> Result<(), StoreError> {
        let holds = self.lanes.get(&lease.lane).is_some_and(|lane| lane.held && lane.token == lease.token);
        if holds { Ok(()) } else { Err(StoreError::Fenced) }
    }

    fn lane(&mut self, lane: &Lane) -> &mut LaneRow {
        self.lanes.entry(lane.clone()).or_insert(LaneRow {
            token: 0,
            generation: 0,
            held: false,
            events: 0,
            effects: 0,
        })
    }

    /// Puts an effect in, unless a run before this one did.
    fn insert(&mut self, lane: &Lane, effect: Effect) {
        let (_, effects) = self.effects.entry(effect.key.event).or_insert_with(|| (lane.clone(), Vec::new()));
        if effects.iter().any(|known| known.key == effect.key) {
            return;
        }
        effects.push(effect);
        self.lane(lane).effects += 1;
    }

    /// The events of a lane, each with what its runs recorded, and the effects of the lane that are not at their end.
    /// The crash that made them free counts for the first event, which alone may have been run.
    fn work_of(&mut self, lane: &Lane, now: Timestamp) -> (Vec<Stored>, Vec<Effect>) {
        let of_lane = self.effects.values().filter(|(of, _)| of == lane);
        let mut effects: Vec<Effect> = of_lane.flat_map(|(_, effects)| effects).cloned().collect();
        effects.sort_by(|one, other| one.key.cmp(&other.key));
        let mut rows: Vec<&mut Row> = self.events.values_mut().filter(|row| row.lane == *lane).collect();
        rows.sort_by_key(|row| row.stored.sequence);
        let mut events: Vec<Stored> = Vec::new();
        for (index, row) in rows.into_iter().enumerate() {
            row.stored.crashes += u32::from(index == 0 && row.stored.state.may_run(now));
            let mut event = row.stored.clone();
            event.recorded = effects.iter().filter(|effect| effect.key.event == event.sequence).cloned().collect();
            events.push(event);
        }
        (events, effects.into_iter().filter(|effect| !effect.state.is_ended()).collect())
    }

    /// Forgets an event that is at its end, and its effects that are at theirs.
    fn end(&mut self, sequence: Sequence) {
        let Some(row) = self.events.remove(&sequence) else { return };
        self.forget_effects(sequence);
        self.lane(&row.lane).events -= 1;
        self.forget_lane(&row.lane);
    }

    fn forget_effects(&mut self, event: Sequence) {
        let Some((_, effects)) = self.effects.get_mut(&event) else { return };
        effects.retain(|effect| !effect.state.is_ended());
        if effects.is_empty() {
            self.effects.remove(&event);
        }
    }

    /// A lane without work is forgotten; the next event opens it anew.
    fn forget_lane(&mut self, lane: &Lane) {
        if self.lanes.get(lane).is_some_and(|row| row.events == 0 && row.effects == 0) {
            self.lanes.remove(lane);
        }
    }
}

impl Store for MemoryStore {
    fn admit(&self, inbound: Inbound) -> Commit<Admitted> {
        Commit::ended(self.tables().admit(inbound))
    }

    fn lease(&self, limit: usize, now: Timestamp) -> Commit<Vec<Leased>> {
        Commit::ended(self.tables().lease(limit, now))
    }

    fn extend(&self, lease: &Lease, _until: Timestamp) -> Commit<()> {
        Commit::ended(self.tables().extend(lease, _until))
    }

    fn release(&self, lease: &Lease) -> Commit<Released> {
        Commit::ended(self.tables().release(lease))
    }

    fn acknowledge(&self, lease: &Lease, event: Sequence) -> Commit<()> {
        Commit::ended(self.tables().acknowledge(lease, event))
    }

    fn record(&self, lease: &Lease, effects: Vec<Effect>) -> Commit<()> {
        Commit::ended(self.tables().record(lease, effects))
    }

    fn settle(&self, lease: &Lease, settlement: Settlement) -> Commit<()> {
        Commit::ended(self.tables().settle(lease, settlement))
    }

    fn mark(&self, lease: &Lease, effect: &EffectKey, state: EffectState) -> Commit<()> {
        Commit::ended(self.tables().mark(lease, effect, state))
    }

    fn counts(&self) -> Commit<Counts> {
        Commit::ended(self.tables().counts())
    }
}

/// Each commit; the lock makes it one.
impl Tables {
    fn admit(&mut self, inbound: Inbound) -> Result<Admitted, StoreError> {
        let new_event = self.remembered.insert(inbound.key, inbound.received);
        let new_message =
            new_event && inbound.message.is_none_or(|message| self.remembered.insert(message, inbound.received));
        if !new_event || (!new_message && !inbound.observed) {
            return Ok(Admitted::Duplicate);
        }
        self.last += 1;
        let sequence = Sequence(self.last);
        let token = self.last_token + 1;
        let lane = self.lane(&inbound.lane);
        let taken = !lane.held;
        if taken {
            lane.held = true;
            lane.token = token;
        }
        lane.generation += 1;
        lane.events += 1;
        let lease = Lease { lane: inbound.lane.clone(), token: lane.token, generation: lane.generation };
        self.last_token += u64::from(taken);
        let state = if inbound.answering { EventState::Answering } else { EventState::Ready };
        let stored = Stored {
            sequence,
            body: inbound.body,
            received: inbound.received,
            dispatch: new_message,
            state,
            crashes: 0,
            attempts: 0,
            recorded: Vec::new(),
        };
        self.events.insert(sequence, Row { lane: inbound.lane, stored });
        Ok(Admitted::New { sequence, lease: Some(lease), dispatch: new_message })
    }

    fn lease(&mut self, limit: usize, now: Timestamp) -> Result<Vec<Leased>, StoreError> {
        let mut free: Vec<Lane> =
            self.lanes.iter().filter(|(_, row)| !row.held).map(|(lane, _)| lane.clone()).collect();
        free.sort();
        free.truncate(limit);
        let mut leased = Vec::with_capacity(free.len());
        for lane in free {
            self.last_token += 1;
            let token = self.last_token;
            let row = self.lane(&lane);
            row.held = true;
            row.token = token;
            let lease = Lease { lane: lane.clone(), token, generation: row.generation };
            let (events, effects) = self.work_of(&lane, now);
            leased.push(Leased { lease, events, effects });
        }
        Ok(leased)
    }

    fn extend(&mut self, lease: &Lease, _until: Timestamp) -> Result<(), StoreError> {
        self.check(lease)
    }

    fn release(&mut self, lease: &Lease) -> Result<Released, StoreError> {
        // A lane whose work is all done was forgotten already.
        if !self.lanes.contains_key(&lease.lane) {
            return Ok(Released::Free);
        }
        self.check(lease)?;
        let row = self.lane(&lease.lane);
        if row.generation != lease.generation {
            return Ok(Released::MoreCame);
        }
        row.held = false;
        self.forget_lane(&lease.lane);
        Ok(Released::Free)
    }

    fn acknowledge(&mut self, lease: &Lease, event: Sequence) -> Result<(), StoreError> {
        self.check(lease)?;
        if let Some(row) = self.events.get_mut(&event) {
            row.stored.state = EventState::Ready;
        }
        Ok(())
    }

    fn record(&mut self, lease: &Lease, effects: Vec<Effect>) -> Result<(), StoreError> {
        self.check(lease)?;
        effects.into_iter().for_each(|effect| self.insert(&lease.lane, effect));
        Ok(())
    }

    fn settle(&mut self, lease: &Lease, settlement: Settlement) -> Result<(), StoreError> {
        self.check(lease)?;
        for effect in settlement.effects {
            self.insert(&lease.lane, effect);
        }
        match settlement.state {
            EventState::Done => self.end(settlement.event),
            EventState::Dead { .. } => {
                self.dead += 1;
                self.end(settlement.event);
            }
            state => {
                if let Some(row) = self.events.get_mut(&settlement.event) {
                    row.stored.attempts += u32::from(matches!(state, EventState::Retry { .. }));
                    row.stored.state = state;
                }
            }
        }
        Ok(())
    }

    fn mark(&mut self, lease: &Lease, effect: &EffectKey, state: EffectState) -> Result<(), StoreError> {
        self.check(lease)?;
        let effects = self.effects.get_mut(&effect.event).map(|(_, effects)| effects);
        let row = effects.and_then(|effects| effects.iter_mut().find(|known| known.key == *effect));
        let Some(row) = row else { return Ok(()) };
        let ends = state.is_ended() && !row.state.is_ended();
        row.state = state;
        if ends {
            self.lane(&lease.lane).effects -= 1;
            if !self.events.contains_key(&effect.event) {
                self.forget_effects(effect.event);
            }
            self.forget_lane(&lease.lane);
        }
        Ok(())
    }

    fn counts(&mut self) -> Result<Counts, StoreError> {
        let unsent = self.lanes.values().map(|lane| lane.effects).sum();
        Ok(Counts { open: self.events.len(), dead: self.dead, unsent })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::conformance::{Subject, conformance, inbound};

    fn subject() -> Subject {
        let store = Arc::new(MemoryStore::new());
        Subject { store: store.clone(), crash: Box::new(move || store.crash()) }
    }

    conformance!(REMEMBERED, subject());

    #[test]
    fn remembers_so_many_keys_at_most() {
        let mut remembered = Remembered { most: 100, ..Remembered::default() };
        for number in 0..110 {
            assert!(remembered.insert(Key::of(0, &[&number.to_string()]), Timestamp::default()));
        }
        assert_eq!(remembered.known.len(), 100);
        assert!(remembered.insert(Key::of(0, &["0"]), Timestamp::default()), "the oldest went first");
    }

    #[tokio::test]
    async fn an_idle_store_holds_nothing_but_keys() {
        let store = MemoryStore::new();
        let Ok(Admitted::New { sequence, lease: Some(lease), .. }) = store.admit(inbound("a", "l")).await else {
            panic!()
        };
        store.settle(&lease, Settlement { event: sequence, state: EventState::Done, effects: vec![] }).await.unwrap();
        let tables = store.tables();
        assert!(tables.events.is_empty() && tables.effects.is_empty() && tables.lanes.is_empty());
    }
}
