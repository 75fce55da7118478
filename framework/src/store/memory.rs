//! The store in memory: nothing survives the process, everything else is as in the others.

mod kept;
mod records;

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use foldhash::{HashMap, HashSet};

use self::kept::Kept;
use super::{
    Admitted, AuditRecord, Change, Commit, Counts, Effect, EffectKey, EffectRecord, EffectState, EventState, Inbound,
    Key, Lane, Lease, Leased, Place, REMEMBERED, Sequence, Settlement, Store, StoreError, Stored, Value,
};
use crate::{clock::Timestamp, id::UserId};

/// How many keys are remembered at most.
const MOST_KEYS: usize = 1_000_000;

/// How many events that were given up are kept at most, how many effects, and how many lines of the audit.
const MOST_DEAD: usize = 1_000;

/// Keeps everything in memory.
///
/// Several may stand on the same tables, each with leases of its own, as processes do on one database.
#[derive(Default)]
pub(crate) struct MemoryStore {
    tables: Arc<Mutex<Tables>>,
    me: Holder,
}

impl fmt::Debug for MemoryStore {
    /// Without what people said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("me", &self.me).finish_non_exhaustive()
    }
}

/// Who holds leases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Holder(u64);

#[derive(Debug, Default)]
struct Tables {
    last: u64,
    last_token: u64,
    remembered: Remembered,
    events: HashMap<Sequence, Row>,
    /// The effects of each event.
    effects: HashMap<Sequence, Said>,
    lanes: HashMap<Lane, LaneRow>,
    kept: Kept,
    /// What was given up.
    dead: BTreeMap<Sequence, Row>,
    dead_effects: BTreeMap<EffectKey, EffectRecord>,
    audit: VecDeque<AuditRecord>,
    /// How many lines of the audit there ever were.
    audited: u64,
    /// Whether several hold leases.
    is_shared: bool,
    #[cfg(test)]
    careless: Careless,
}

#[derive(Debug)]
struct Row {
    lane: Lane,
    person: Option<UserId>,
    stored: Stored,
    /// Whether the holder of the lane was told of it.
    seen: bool,
}

/// The effects of an event, with what is known of it when it has ended.
#[derive(Debug)]
struct Said {
    lane: Lane,
    person: Option<UserId>,
    received: Timestamp,
    effects: Vec<Effect>,
    /// Those that came back, and of which the holder of the lane was not told.
    unseen: Vec<EffectKey>,
}

/// A lane that has work.
#[derive(Debug, Default)]
struct LaneRow {
    token: u64,
    holder: Option<Holder>,
    /// Whether who held it last ended in the midst of its work.
    crashed: bool,
    events: usize,
    effects: usize,
    /// Events and effects that its holder was not told of.
    unseen: usize,
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

    fn leave(&self, crashed: bool) -> usize {
        let mut tables = self.tables();
        let held = tables.lanes.values_mut().filter(|lane| lane.holder == Some(self.me));
        held.map(|lane| (lane.holder, lane.crashed) = (None, crashed)).count()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        // Every change is complete before the lock is let go, so a panic elsewhere leaves nothing half done.
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Mistakes that are made on purpose, in tests alone.
#[cfg(test)]
#[derive(Debug, Default)]
struct Careless {
    takes_any_lease: bool,
    leaves_work: bool,
}

#[cfg(test)]
impl Tables {
    fn takes_any_lease(&self) -> bool {
        self.careless.takes_any_lease
    }

    fn leaves_work(&self) -> bool {
        self.careless.leaves_work
    }
}

#[cfg(not(test))]
#[allow(clippy::unused_self, reason = "asked as in tests")]
impl Tables {
    fn takes_any_lease(&self) -> bool {
        false
    }

    fn leaves_work(&self) -> bool {
        false
    }
}

/// For tests of what goes wrong.
#[cfg(test)]
impl MemoryStore {
    /// Another holder of leases on the same tables.
    pub(crate) fn beside(&self) -> Self {
        let mut tables = self.tables();
        // Of one row with the tokens: whatever was leased before has a lesser one.
        tables.last_token += 1;
        tables.is_shared = true;
        Self { tables: self.tables.clone(), me: Holder(tables.last_token) }
    }

    /// The number under which it holds leases.
    pub(crate) fn holder(&self) -> u64 {
        self.me.0
    }

    /// Voids every lease held here, as the end of a process does; says how many.
    pub(crate) fn crash(&self) -> usize {
        self.leave(true)
    }

    /// Gives a lane up, whoever holds it, without anybody being told.
    pub(crate) fn give_up(&self, lane: &Lane) {
        let mut tables = self.tables();
        let token = tables.last_token + 1;
        if let Some(row) = tables.lanes.get_mut(lane) {
            (row.holder, row.token) = (None, token);
            tables.last_token = token;
        }
    }

    /// Makes mistakes on purpose: it takes changes under any lease, or leaves lanes that have work.
    pub(crate) fn careless(&self, takes_any_lease: bool, leaves_work: bool) {
        self.tables().careless = Careless { takes_any_lease, leaves_work };
    }
}

impl Tables {
    fn check(&self, lease: &Lease) -> Result<(), StoreError> {
        let holds = self.lanes.get(&lease.lane).is_some_and(|row| row.holder.is_some() && row.token == lease.token);
        if holds || self.takes_any_lease() { Ok(()) } else { Err(StoreError::Fenced) }
    }

    fn lane(&mut self, lane: &Lane) -> &mut LaneRow {
        self.lanes.entry(lane.clone()).or_default()
    }

    /// Puts an effect in, unless a run before this one did.
    fn insert(&mut self, lane: &Lane, effect: Effect) {
        let event = self.events.get(&effect.key.event);
        let Said { effects, .. } = self.effects.entry(effect.key.event).or_insert_with(|| Said {
            lane: lane.clone(),
            person: event.and_then(|row| row.person.clone()),
            received: event.map(|row| row.stored.received).unwrap_or_default(),
            effects: Vec::new(),
            unseen: Vec::new(),
        });
        if effects.iter().any(|known| known.key == effect.key) {
            return;
        }
        effects.push(effect);
        self.lane(lane).effects += 1;
    }

    /// The events of a lane, each with what its runs recorded, and the effects of the lane that are not at their end.
    fn work_of(&mut self, lane: &Lane) -> (Vec<Stored>, Vec<Effect>) {
        let mut effects = Vec::new();
        for said in self.effects.values_mut().filter(|said| said.lane == *lane) {
            said.unseen.clear();
            effects.extend(said.effects.iter().cloned());
        }
        effects.sort_by(|one, other| one.key.cmp(&other.key));
        let mut events: Vec<Stored> = Vec::new();
        for row in self.events.values_mut().filter(|row| row.lane == *lane) {
            row.seen = true;
            let mut event = row.stored.clone();
            event.recorded = effects.iter().filter(|effect| effect.key.event == event.sequence).cloned().collect();
            events.push(event);
        }
        events.sort_by_key(|event| event.sequence);
        (events, effects.into_iter().filter(|effect| !effect.state.is_ended()).collect())
    }

    /// Takes over a lane that nobody holds.
    fn take_over(&mut self, lane: Lane, me: Holder, now: Timestamp) -> Leased {
        self.last_token += 1;
        let token = self.last_token;
        let unseen = usize::from(self.is_shared);
        let row = self.lane(&lane);
        (row.token, row.holder, row.unseen) = (token, Some(me), unseen);
        let crashed = std::mem::take(&mut row.crashed);
        let (mut events, effects) = self.work_of(&lane);
        if let Some(first) = events.first_mut()
            && first.cut_short(crashed, now)
            && let Some(row) = self.events.get_mut(&first.sequence)
        {
            (row.stored.crashes, row.stored.state) = (first.crashes, first.state.clone());
        }
        Leased { lease: Lease { lane, token }, events, effects }
    }

    /// What others took into a lane that is held here, and what operators brought back to it.
    ///
    /// Where several hold leases, what comes in meanwhile goes the same way, behind it, until a look finds nothing more.
    fn unseen(&mut self, lane: Lane) -> Leased {
        let is_shared = self.is_shared;
        let row = self.lane(&lane);
        row.unseen = usize::from(is_shared);
        let lease = Lease { lane, token: row.token };
        let mut events = Vec::new();
        for row in self.events.values_mut().filter(|row| row.lane == lease.lane && !row.seen) {
            row.seen = true;
            events.push(row.stored.clone());
        }
        events.sort_by_key(|event| event.sequence);
        let mut effects = Vec::new();
        for said in self.effects.values_mut().filter(|said| said.lane == lease.lane) {
            let unseen = std::mem::take(&mut said.unseen);
            effects.extend(said.effects.iter().filter(|effect| unseen.contains(&effect.key)).cloned());
        }
        effects.sort_by(|one, other| one.key.cmp(&other.key));
        if events.is_empty() && effects.is_empty() {
            self.lane(&lease.lane).unseen = 0;
        }
        Leased { lease, events, effects }
    }

    /// Forgets an event that is at its end, and its effects that are at theirs.
    fn end(&mut self, sequence: Sequence) -> Option<Row> {
        let row = self.events.remove(&sequence)?;
        self.forget_effects(sequence);
        let lane = self.lane(&row.lane);
        lane.events = lane.events.saturating_sub(1);
        self.forget_lane(&row.lane);
        Some(row)
    }

    /// Keeps an event as one that was given up.
    fn bury(&mut self, sequence: Sequence, state: EventState) {
        let Some(mut row) = self.end(sequence) else { return };
        row.stored.state = state;
        self.dead.insert(sequence, row);
        if self.dead.len() > MOST_DEAD {
            self.dead.pop_first();
        }
    }

    /// Puts an effect that is not at its end into another state.
    fn change_effect(&mut self, key: &EffectKey, state: EffectState) {
        let Some(said) = self.effects.get_mut(&key.event) else { return };
        let Some(effect) = said.effects.iter_mut().find(|known| known.key == *key) else { return };
        let ends = state.is_ended() && !effect.state.is_ended();
        effect.state = state;
        if !ends {
            return;
        }
        let lane = said.lane.clone();
        if matches!(effect.state, EffectState::Dead { .. }) {
            let (effect, person, received) = (effect.clone(), said.person.clone(), said.received);
            self.dead_effects.insert(key.clone(), EffectRecord { effect, lane: lane.clone(), person, received });
            if self.dead_effects.len() > MOST_DEAD {
                self.dead_effects.pop_first();
            }
        }
        let row = self.lane(&lane);
        row.effects = row.effects.saturating_sub(1);
        if !self.events.contains_key(&key.event) {
            self.forget_effects(key.event);
        }
        self.forget_lane(&lane);
    }

    fn forget_effects(&mut self, event: Sequence) {
        let Some(said) = self.effects.get_mut(&event) else { return };
        said.effects.retain(|effect| !effect.state.is_ended());
        if said.effects.is_empty() {
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
        Commit::ended(self.tables().admit(inbound, self.me))
    }

    fn lease(&self, limit: usize, now: Timestamp) -> Commit<Vec<Leased>> {
        Commit::ended(Ok(self.tables().lease(limit, self.me, now)))
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

    fn read(&self, place: &Place, now: Timestamp) -> Commit<Option<Value>> {
        Commit::ended(Ok(self.tables().kept.read(place, now)))
    }

    fn change(&self, changes: Vec<Change>) -> Commit<()> {
        Commit::ended(self.tables().change(changes))
    }

    fn counts(&self) -> Commit<Counts> {
        Commit::ended(self.tables().counts())
    }

    fn close(&self) -> Commit<()> {
        self.leave(false);
        Commit::ended(Ok(()))
    }
}

/// Each commit; the lock makes it one.
impl Tables {
    fn admit(&mut self, inbound: Inbound, me: Holder) -> Result<Admitted, StoreError> {
        let new_event = self.remembered.insert(inbound.key, inbound.received);
        let new_message =
            new_event && inbound.message.is_none_or(|message| self.remembered.insert(message, inbound.received));
        if !new_event || (!new_message && !inbound.observed) {
            return Ok(Admitted::Duplicate);
        }
        self.kept.sweep(inbound.received);
        self.last += 1;
        let sequence = Sequence(self.last);
        let token = self.last_token + 1;
        let leaves_work = self.leaves_work();
        let lane = self.lane(&inbound.lane);
        let is_new = lane.events == 0 && lane.effects == 0;
        if is_new {
            (lane.token, lane.holder) = (token, Some(me));
        }
        // Behind what its holder was not told of, the next event comes the same way: in order.
        let seen = lane.holder == Some(me) && lane.unseen == 0;
        let counts = seen || !leaves_work;
        lane.events += usize::from(counts);
        lane.unseen += usize::from(!seen && counts);
        let lease = seen.then(|| Lease { lane: inbound.lane.clone(), token: lane.token });
        self.last_token += u64::from(is_new);
        let state = if inbound.answering { EventState::Answering } else { EventState::Ready };
        let stored = Stored {
            sequence,
            body: inbound.body,
            received: inbound.received,
            dispatch: new_message,
            state,
            crashes: 0,
            attempts: 0,
            replays: 0,
            recorded: Vec::new(),
        };
        self.events.insert(sequence, Row { lane: inbound.lane, person: inbound.person, stored, seen });
        Ok(Admitted::New { sequence, lease, dispatch: new_message })
    }

    fn lease(&mut self, limit: usize, me: Holder, now: Timestamp) -> Vec<Leased> {
        let lanes = |is_one: &dyn Fn(&LaneRow) -> bool| -> Vec<Lane> {
            let mut lanes: Vec<Lane> =
                self.lanes.iter().filter(|(_, row)| is_one(row)).map(|(lane, _)| lane.clone()).collect();
            lanes.sort();
            lanes
        };
        let free = lanes(&|row| row.holder.is_none());
        let held = lanes(&|row| row.holder == Some(me) && row.unseen > 0);
        let told = held.into_iter().map(|lane| self.unseen(lane));
        let mut leased: Vec<Leased> = told.filter(|lane| !lane.events.is_empty() || !lane.effects.is_empty()).collect();
        leased.extend(free.into_iter().take(limit).map(|lane| self.take_over(lane, me, now)));
        leased
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
        self.change(settlement.changes)?;
        for effect in settlement.effects {
            self.insert(&lease.lane, effect);
        }
        match settlement.state {
            EventState::Done => drop(self.end(settlement.event)),
            state @ EventState::Dead { .. } => self.bury(settlement.event, state),
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
        self.change_effect(effect, state);
        Ok(())
    }

    fn change(&mut self, changes: Vec<Change>) -> Result<(), StoreError> {
        self.kept.check(&changes)?;
        self.kept.apply(changes);
        Ok(())
    }

    fn counts(&mut self) -> Result<Counts, StoreError> {
        let unsent = self.lanes.values().map(|lane| lane.effects).sum();
        Ok(Counts { open: self.events.len(), dead: self.dead.len(), unsent })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::BoxFuture;

    use super::*;
    use crate::store::conformance::{
        Subject, conformance, inbound, records, records::Operated, several, several::Several,
    };

    conformance!(REMEMBERED, Some(operated().subject));

    fn operated() -> Operated {
        let store = Arc::new(MemoryStore::new());
        let crashed = store.clone();
        let crash = move || {
            crashed.crash();
            Box::pin(async {}) as BoxFuture<'static, ()>
        };
        let subject = Subject { store: store.clone(), crash: Box::new(crash), _rest: None };
        Operated { subject, operate: store }
    }

    records::conformance!(Some(operated()));

    fn pair() -> Several {
        let one = Arc::new(MemoryStore::new());
        let (other, lost) = (Arc::new(one.beside()), one.clone());
        let one_is_lost = async move {
            lost.crash();
        };
        Several { one, other, one_is_lost: Box::pin(one_is_lost), rest: None }
    }

    several!(Some(pair()));

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
        store
            .settle(&lease, Settlement { event: sequence, state: EventState::Done, effects: vec![], changes: vec![] })
            .await
            .unwrap();
        let tables = store.tables();
        assert!(tables.events.is_empty() && tables.effects.is_empty() && tables.lanes.is_empty());
    }
}
