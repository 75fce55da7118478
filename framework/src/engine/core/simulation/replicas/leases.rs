//! Processes that begin, hold leases, look for free lanes, and end.

use std::{sync::Arc, time::Duration};

use futures_util::FutureExt;

use super::{
    super::super::{Input, OldEvent, TakenOver},
    mistake::Mistake,
    replica::{Replica, job},
    world::{Act, By, REPLICAS, World},
};
use crate::{
    clock::Timestamp,
    store::{Effect, EffectState, Lease, Leased, Store, Stored},
};

/// As in the store that is shared.
const HOLDS_FOR: Duration = Duration::from_secs(30);
const RENEWED_EVERY: Duration = Duration::from_secs(10);
const LOOKS_EVERY: Duration = Duration::from_millis(500);
const SEND_WITHIN: Duration = Duration::from_secs(15);

impl World {
    /// A process begins: it holds nothing, and looks for what there is.
    pub(super) fn begin(&mut self, replica: usize) {
        let by = self.by(replica);
        self.renew(&by);
        let by = self.by(replica);
        self.look(&by);
    }

    pub(super) fn renew(&mut self, by: &By) {
        let next = self.now + RENEWED_EVERY;
        self.at(next, Act::Renew { by: by.clone() });
        if self.goes_wrong(12) {
            return;
        }
        self.hold(by.replica);
    }

    /// Holds the leases for longer; a holder whose leases ran out is another one from then on.
    pub(super) fn hold(&mut self, replica: usize) {
        let ran_out = |(_, until): &(_, Timestamp)| *until < self.now;
        if self.holders.get(&self.replicas[replica].store.holder()).is_some_and(ran_out) {
            self.replicas[replica].store = Arc::new(self.store.beside());
        }
        let store = self.replicas[replica].store.clone();
        let until = self.now + HOLDS_FOR;
        self.replicas[replica].holds_until = until;
        self.holders.insert(store.holder(), (store, until));
    }

    /// Whether a process believes that a lease holds for as long as sending takes.
    pub(super) fn may_send(&self, replica: usize, lease: &Lease) -> bool {
        let Replica { store, holds_until, .. } = &self.replicas[replica];
        self.now + SEND_WITHIN < *holds_until && lease.token > store.holder()
    }

    /// Frees the lanes of whoever did not renew in time.
    pub(super) fn free_the_lost(&mut self) {
        let now = self.now;
        let lost: Vec<_> =
            self.holders.values().filter(|(_, until)| *until < now).map(|(store, _)| store.clone()).collect();
        for store in lost {
            if store.crash() > 0 {
                let holder = store.holder();
                self.note(|| format!("the leases of holder {holder} ran out"));
                self.happened.lost_leases += 1;
            }
        }
    }

    pub(super) fn look(&mut self, by: &By) {
        let next = self.now + LOOKS_EVERY;
        self.at(next, Act::Look { by: by.clone() });
        if self.goes_wrong(20) {
            return;
        }
        let room = self.replicas[by.replica].core.room();
        let is_ahead = self.mistake == Some(Mistake::JudgesLeasesByItsOwnClock) && self.goes_wrong(20);
        if is_ahead {
            // By its clock, whatever others hold has run out.
            (0..REPLICAS).filter(|other| *other != by.replica).for_each(|other| {
                self.replicas[other].store.crash();
            });
        }
        self.free_the_lost();
        self.hold(by.replica);
        let by = self.by(by.replica);
        let mut leased = by.store.lease(room, self.now).now_or_never().unwrap().unwrap();
        if leased.is_empty() {
            return;
        }
        if is_ahead {
            leased.iter_mut().flat_map(|lane| &mut lane.effects).for_each(long_ago);
        }
        let lanes: Vec<TakenOver> = leased.into_iter().map(taken_over).collect();
        self.happened.taken_over += lanes.iter().map(|lane| lane.events.len()).sum::<usize>();
        self.tell_in_order(by, Input::TakenOver(lanes));
    }

    pub(super) fn crash(&mut self, replica: usize) {
        if !self.replicas[replica].is_up {
            return;
        }
        self.note(|| format!("{replica} crashes"));
        self.happened.crashes += 1;
        let epoch = self.replicas[replica].epoch + 1;
        self.replicas[replica] = Replica { epoch, is_up: false, ..Replica::new(self.store.beside()) };
        let at = self.after(100, 40_000);
        self.at(at, Act::Start { replica });
    }
}

/// What was being sent, as it looks to a clock that is ahead.
fn long_ago(effect: &mut Effect) {
    if let EffectState::Sending(attempt) | EffectState::Ambiguous(attempt) = &mut effect.state {
        attempt.since = Timestamp::from_micros(attempt.since.micros() - 45_000_000);
    }
}

fn taken_over(leased: Leased) -> TakenOver {
    let old = |event: Stored| OldEvent {
        sequence: event.sequence,
        state: event.state,
        crashes: event.crashes,
        attempts: event.attempts,
        dispatch: event.dispatch,
        job: Some(job(std::str::from_utf8(&event.body).unwrap().parse().unwrap(), event.received, event.recorded)),
    };
    TakenOver { lease: leased.lease, events: leased.events.into_iter().map(old).collect(), effects: leased.effects }
}
