//! Lanes that are held no more: whatever was decided in them is void.

use std::collections::VecDeque;

use foldhash::HashMap;

use super::{
    Core,
    io::{Acknowledgement, Output, Shed},
    lane::Owed,
    run::respond,
};
use crate::store::{Lane, Lease, StoreError};

/// How many lanes are remembered to be lost.
const MOST: usize = 1_024;

/// Leases that were lost of late: what comes in under one is told later than the loss, if at all.
#[derive(Debug, Default)]
pub(super) struct Lost {
    /// The highest token of each lane that is void.
    tokens: HashMap<Lane, u64>,
    /// The lanes, those that were lost first in front.
    order: VecDeque<Lane>,
}

impl Lost {
    fn remember(&mut self, lease: Lease) {
        if let Some(token) = self.tokens.get_mut(&lease.lane) {
            *token = lease.token.max(*token);
            self.order.retain(|lane| *lane != lease.lane);
            return self.order.push_back(lease.lane);
        }
        if self.order.len() == MOST
            && let Some(first) = self.order.pop_front()
        {
            self.tokens.remove(&first);
        }
        self.order.push_back(lease.lane.clone());
        self.tokens.insert(lease.lane, lease.token);
    }

    fn holds(&self, lease: &Lease) -> bool {
        self.tokens.get(&lease.lane).is_some_and(|token| *token >= lease.token)
    }
}

impl Core {
    /// Leases up to these are void, though no change was refused yet.
    pub(super) fn void(&mut self, leases: Vec<Lease>, out: &mut Vec<Output>) {
        for lease in leases {
            if self.lanes.get(&lease.lane).is_some_and(|state| state.lease.token <= lease.token) {
                self.lost(&lease.lane, out);
            }
            self.lost.remember(lease);
        }
    }

    /// Whatever was done under an older lease of the lane is void, though nobody was told. Says whether this lease may be
    /// taken: it may be void itself. If that is not sure, it is given back.
    pub(super) fn make_way(&mut self, lease: &Lease, out: &mut Vec<Output>) -> bool {
        let known = self.lanes.get(&lease.lane).map_or(lease.token, |state| state.lease.token);
        if known < lease.token {
            self.lost(&lease.lane, out);
        }
        if known <= lease.token && self.lost.holds(lease) {
            out.push(Output::Renounce { lease: lease.clone() });
            return false;
        }
        known <= lease.token
    }

    /// Somebody else holds the lane: everything decided here is void.
    pub(super) fn lost(&mut self, lane: &Lane, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.remove(lane) else { return };
        self.lost.remember(state.lease);
        self.waiting -= state.queue.len();
        self.cleared(lane);
        if let Some(running) = state.running {
            if running.counted {
                self.running -= 1;
                self.ready.served_of(&running.event.job.event.team);
            }
            running.turn.iter().for_each(|place| self.give_turn(lane, place, out));
            if let Some(request) = running.request.filter(|request| request.response != Owed::Nothing) {
                out.push(respond(request.ticket, Acknowledgement::Shed(Shed::Store)));
            }
        }
        let waiters = state.outbox.into_iter().filter_map(|outbound| outbound.waiter);
        for waiter in waiters.chain(state.records.waiters()) {
            out.push(Output::Spoken { waiter, result: Err(StoreError::Fenced.to_string()) });
        }
    }
}
