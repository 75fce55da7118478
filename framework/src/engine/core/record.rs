//! What a running handler says: committed before anything of it is sent, and before its event ends.

use std::collections::VecDeque;

use super::{
    COMMIT_AGAIN, Core,
    io::{End, Output, Waiter},
    outbox::tell,
    timers::Timer,
    trail::Trail,
};
use crate::{
    clock::Timestamp,
    store::{Effect, EffectKey, Lane, Lease, StoreError},
};

/// What the handlers of a lane have said that is not committed yet.
#[derive(Debug, Default)]
pub(super) struct Records {
    under_way: usize,
    /// What could not be committed, and is tried again, one behind the other.
    failed: VecDeque<(Vec<Effect>, Option<Waiter>)>,
    /// The first effect of what is being tried again.
    again: Option<EffectKey>,
    /// How the handlers ended meanwhile.
    end: Option<End>,
}

impl Records {
    /// Whether all that was said is committed.
    pub(super) fn is_empty(&self) -> bool {
        self.under_way == 0 && !self.has_failed()
    }

    /// Whether something waits to be tried again.
    pub(super) fn has_failed(&self) -> bool {
        self.again.is_some() || !self.failed.is_empty()
    }

    /// Those who wait for what is not committed.
    pub(super) fn waiters(self) -> impl Iterator<Item = Waiter> {
        self.failed.into_iter().filter_map(|(_, waiter)| waiter)
    }
}

impl Core {
    /// A running handler says something: it is committed before it is sent.
    pub(super) fn spoke(
        &mut self,
        now: Timestamp,
        lane: &Lane,
        mut effects: Vec<Effect>,
        waiter: Option<Waiter>,
        out: &mut Vec<Output>,
    ) {
        let Some(state) = self.lanes.get_mut(lane) else {
            return tell(waiter, Err(StoreError::Fenced.to_string()), out);
        };
        // A run before this one may have recorded it already: then its delivery is waited for, or known.
        if let Some(last) = effects.last() {
            if let Some((_, result)) = state.ended.iter().find(|(key, _)| *key == last.key) {
                return tell(waiter, result.clone(), out);
            }
            if let Some(known) = state.outbox.iter_mut().find(|outbound| outbound.effect.key == last.key) {
                known.waiter = waiter.or(known.waiter);
                return;
            }
        }
        let waiting = state.outbox.len() + state.records.failed.len();
        if waiter.is_some() && waiting + effects.len() > self.limits.outbox {
            return tell(waiter, Err("too much waits to be said in this conversation".to_owned()), out);
        }
        self.pace_or_doubt(now, lane, &mut effects);
        let Some(state) = self.lanes.get_mut(lane) else { return };
        // It is said behind what waits to be tried again.
        if state.records.has_failed() {
            return state.records.failed.push_back((effects, waiter));
        }
        state.records.under_way += 1;
        out.push(Output::Record { lease: state.lease.clone(), effects, waiter });
    }

    /// Whether something that was said under a lease could not be committed yet.
    pub(crate) fn waits_for_store(&self, lease: &Lease) -> bool {
        self.holds(lease) && self.lanes.get(&lease.lane).is_some_and(|state| state.records.has_failed())
    }

    pub(super) fn recorded(
        &mut self,
        now: Timestamp,
        lane: &Lane,
        effects: Vec<Effect>,
        waiter: Option<Waiter>,
        result: Result<(), StoreError>,
        out: &mut Vec<Output>,
    ) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        state.records.under_way = state.records.under_way.saturating_sub(1);
        let is_this = |again: &mut EffectKey| effects.first().is_some_and(|first| first.key == *again);
        let was_again = state.records.again.take_if(is_this).is_some();
        match result {
            Ok(()) => {}
            Err(error @ StoreError::Fenced) => {
                tell(waiter, Err(error.to_string()), out);
                return self.lost(lane, out);
            }
            // A record changes no value, and conflicts with none.
            Err(StoreError::Failed { .. } | StoreError::Conflict(_)) => {
                match was_again {
                    true => state.records.failed.push_front((effects, waiter)),
                    false => state.records.failed.push_back((effects, waiter)),
                }
                return self.timers.set(now + COMMIT_AGAIN, lane.clone(), Timer::Record);
            }
        }
        let trail = state.running.as_ref().map_or_else(Trail::none, |running| Trail::of(&running.event.job));
        state.post(effects, now, &trail);
        // Who said it in several parts waits for the last.
        if let Some(last) = state.outbox.back_mut() {
            last.waiter = waiter.or(last.waiter);
        }
        self.send_first(now, lane, out);
        if was_again {
            self.record_again(lane, out);
        }
        self.end_late(now, lane, out);
    }

    /// The first of what could not be committed is tried again; the next one when it is there, for they stay in order.
    pub(super) fn record_again(&mut self, lane: &Lane, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get_mut(lane) else { return };
        if state.records.again.is_some() {
            return;
        }
        let Some((effects, waiter)) = state.records.failed.pop_front() else { return };
        state.records.again = effects.first().map(|first| first.key.clone());
        state.records.under_way += 1;
        out.push(Output::Record { lease: state.lease.clone(), effects, waiter });
    }

    /// Keeps the end of a run until all that was said in it is committed; gives it back when it is.
    pub(super) fn keep_end(&mut self, lane: &Lane, end: End) -> Option<End> {
        let Some(state) = self.lanes.get_mut(lane).filter(|state| !state.records.is_empty()) else { return Some(end) };
        state.records.end = Some(end);
        None
    }

    /// Ends the run that waited for its records, once they are there.
    fn end_late(&mut self, now: Timestamp, lane: &Lane, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get_mut(lane).filter(|state| state.records.is_empty()) else { return };
        let Some(end) = state.records.end.take() else { return };
        let Some(event) = state.running.as_ref().map(|running| running.event.sequence) else { return };
        self.ended(now, lane, event, end, out);
    }
}
