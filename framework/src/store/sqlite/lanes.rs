//! The lanes that have work, and their leases.
//!
//! They stand in memory alone, and follow the tables: what a batch changes is taken back when the batch fails.

use std::collections::{BTreeSet, HashMap};

use super::tables::Refusal;
use crate::store::{Lane, Lease, Sequence};

/// The lanes that have work.
#[derive(Debug)]
pub(super) struct Lanes {
    rows: HashMap<Lane, Row>,
    /// Those that nobody holds, by their oldest work.
    free: BTreeSet<(Sequence, Lane)>,
    /// Those to which something came back since their holder was last told.
    back: BTreeSet<Lane>,
    /// What the batch under way has changed, as it was before.
    before: Vec<(Lane, Option<Row>)>,
    next_token: u64,
}

#[derive(Clone, Debug, Default)]
struct Row {
    token: u64,
    held: bool,
    /// In the order of events.
    work: Vec<Work>,
}

/// An event that is not at its end, or has effects that are not at theirs.
#[derive(Clone, Debug)]
struct Work {
    event: Sequence,
    open: bool,
    unsent: usize,
    /// The event came back, or effects of it did, and the holder of the lane was not told.
    back: Back,
}

/// What came back to a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Back {
    pub(super) event: bool,
    pub(super) effects: bool,
}

impl Row {
    fn work(&mut self, event: Sequence) -> &mut Work {
        let index = self.work.partition_point(|work| work.event < event);
        if self.work.get(index).is_none_or(|work| work.event != event) {
            self.work.insert(index, Work { event, open: false, unsent: 0, back: Back::default() });
        }
        &mut self.work[index]
    }

    fn lease(&self, lane: &Lane) -> Lease {
        Lease { lane: lane.clone(), token: self.token }
    }
}

impl Lanes {
    /// No lanes; the tokens of leases begin with `first`.
    pub(super) fn new(first: u64) -> Self {
        Self {
            rows: HashMap::new(),
            free: BTreeSet::new(),
            back: BTreeSet::new(),
            before: Vec::new(),
            next_token: first,
        }
    }

    /// An event of an epoch before.
    pub(super) fn load_event(&mut self, lane: &Lane, event: Sequence) {
        self.change(lane, |row| row.work(event).open = true);
        self.keep();
    }

    /// An effect of an epoch before that is not at its end.
    pub(super) fn load_effect(&mut self, lane: &Lane, event: Sequence) {
        self.effect_begins(lane, event);
        self.keep();
    }

    pub(super) fn check(&self, lease: &Lease) -> Result<(), Refusal> {
        let holds = self.rows.get(&lease.lane).is_some_and(|row| row.held && row.token == lease.token);
        if holds { Ok(()) } else { Err(Refusal::Fenced) }
    }

    /// An event comes in, and takes the lease of its lane when nobody holds it.
    pub(super) fn event_begins(&mut self, lane: &Lane, event: Sequence) -> Lease {
        let token = self.next_token;
        self.next_token += 1;
        self.change(lane, |row| {
            if !row.held {
                row.held = true;
                row.token = token;
            }
            row.work(event).open = true;
        });
        self.rows.get(lane).map(|row| row.lease(lane)).unwrap_or(Lease { lane: lane.clone(), token })
    }

    /// An event comes back. Nobody takes the lane by it; whoever holds it is told when asking for lanes.
    pub(super) fn event_returns(&mut self, lane: &Lane, event: Sequence) {
        self.change(lane, |row| {
            let work = row.work(event);
            (work.open, work.back.event) = (true, true);
        });
        self.back.insert(lane.clone());
    }

    /// An effect comes back in the same way.
    pub(super) fn effect_returns(&mut self, lane: &Lane, event: Sequence) {
        self.change(lane, |row| {
            let work = row.work(event);
            work.unsent += 1;
            work.back.effects = true;
        });
        self.back.insert(lane.clone());
    }

    pub(super) fn is_held(&self, lane: &Lane) -> bool {
        self.rows.get(lane).is_some_and(|row| row.held)
    }

    pub(super) fn event_ends(&mut self, lane: &Lane, event: Sequence) {
        self.change(lane, |row| row.work(event).open = false);
    }

    pub(super) fn effect_begins(&mut self, lane: &Lane, event: Sequence) {
        self.change(lane, |row| row.work(event).unsent += 1);
    }

    pub(super) fn effect_ends(&mut self, lane: &Lane, event: Sequence) {
        self.change(lane, |row| {
            let work = row.work(event);
            work.unsent = work.unsent.saturating_sub(1);
        });
    }

    /// What came back to lanes that are held.
    pub(super) fn take_back(&mut self) -> Vec<(Lease, Vec<(Sequence, Back)>)> {
        let lanes = std::mem::take(&mut self.back);
        let mut taken = Vec::new();
        for lane in lanes {
            if self.rows.get(&lane).is_none_or(|row| !row.held) {
                continue;
            }
            self.change(&lane, |row| {
                let back = row.work.iter_mut().map(|work| (work.event, std::mem::take(&mut work.back)));
                let back: Vec<_> = back.filter(|(_, back)| *back != Back::default()).collect();
                taken.push((row.lease(&lane), back));
            });
        }
        taken
    }

    /// Takes lanes that nobody holds, those with the oldest work first, each with the events that it has work of.
    pub(super) fn take_free(&mut self, limit: usize) -> Vec<(Lease, Vec<Sequence>)> {
        let lanes: Vec<Lane> = self.free.iter().take(limit).map(|(_, lane)| lane.clone()).collect();
        let mut taken = Vec::with_capacity(lanes.len());
        for lane in lanes {
            let token = self.next_token;
            self.next_token += 1;
            self.change(&lane, |row| {
                row.held = true;
                row.token = token;
                row.work.iter_mut().for_each(|work| work.back = Back::default());
                taken.push((row.lease(&lane), row.work.iter().map(|work| work.event).collect()));
            });
        }
        taken
    }

    /// The batch is committed.
    pub(super) fn keep(&mut self) {
        self.before.clear();
    }

    /// The batch failed.
    pub(super) fn undo(&mut self) {
        while let Some((lane, row)) = self.before.pop() {
            self.put(&lane, row);
            // Its holder may have been told in vain.
            self.back.insert(lane);
        }
    }

    fn change(&mut self, lane: &Lane, change: impl FnOnce(&mut Row)) {
        let old = self.rows.get(lane).cloned();
        let mut new = old.clone().unwrap_or_default();
        self.before.push((lane.clone(), old));
        change(&mut new);
        new.work.retain(|work| work.open || work.unsent > 0);
        // A lane without work is forgotten; the next event opens it anew.
        self.put(lane, Some(new).filter(|row| !row.work.is_empty()));
    }

    fn put(&mut self, lane: &Lane, row: Option<Row>) {
        let place = |row: &Row| row.work.first().filter(|_| !row.held).map(|work| (work.event, lane.clone()));
        let free = row.as_ref().and_then(place);
        let old = match row {
            Some(row) => self.rows.insert(lane.clone(), row),
            None => self.rows.remove(lane),
        };
        if let Some(place) = old.as_ref().and_then(place) {
            self.free.remove(&place);
        }
        self.free.extend(free);
    }
}
