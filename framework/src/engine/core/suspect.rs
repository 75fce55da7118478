//! Events that a process may have ended over: each is run by itself, so that the next crash tells which one it was.
//!
//! A crash cuts short whatever is run, and nobody knows what it was about. Whatever may have been run in two crashes is a
//! suspect, and begins again only when no other suspect runs, after a commit that says so. Without it, a bot that is
//! killed again and again from outside would give up events that did no harm.

use std::{collections::VecDeque, time::Duration};

use super::{
    Core,
    io::Output,
    lane::{LaneState, Queued, Running},
};
use crate::store::{EventState, Lane, Lease, SUSPECTED_FROM, Sequence, Settlement};

/// How long a process lives before an event is run again over which two or more have ended: others are served meanwhile,
/// and who is killed again and again from outside does not give up what just began.
const CALM: Duration = Duration::from_secs(5);

/// How long an event waits over which so many processes have ended.
pub(super) fn calm(crashes: u32) -> Duration {
    CALM * crashes.saturating_sub(1)
}

/// Who is suspected, and whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Suspects {
    run: Option<Lane>,
    /// Lanes that begin with a suspect and wait for it to be their turn. They count as listed.
    wait: VecDeque<Lane>,
}

impl Queued {
    /// Whether it has to be run by itself.
    fn is_suspect(&self) -> bool {
        self.crashes >= SUSPECTED_FROM
    }
}

impl Suspects {
    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.wait.len()
    }

    /// Whether the first event of a lane has to wait for another suspect.
    pub(super) fn wait(&mut self, lane: &Lane, state: &mut LaneState) -> bool {
        let waits = self.run.is_some() && state.queue.front().is_some_and(Queued::is_suspect);
        if waits {
            state.listed = true;
            self.wait.push_back(lane.clone());
        }
        waits
    }
}

impl Core {
    /// What begins a run: for a suspect the commit that says so.
    pub(super) fn begin(&mut self, lease: &Lease, running: &mut Running, out: &mut Vec<Output>) {
        if !running.event.is_suspect() {
            return out.push(running.output(lease));
        }
        self.suspects.run = Some(lease.lane.clone());
        let (event, restored) = (running.event.sequence, running.event.doubted.is_some());
        let state = EventState::Suspected { restored };
        let settlement = Settlement { event, state, effects: Vec::new(), changes: Vec::new() };
        out.push(Output::Settle { lease: lease.clone(), settlement: settlement.clone() });
        running.settling = Some((settlement, None));
    }

    /// Whether what was committed of an event is that it begins as a suspect, which then does.
    pub(super) fn begun(&mut self, lane: &Lane, event: Sequence, out: &mut Vec<Output>) -> bool {
        let Some(LaneState { running: Some(running), lease, .. }) = self.lanes.get_mut(lane) else { return false };
        let begins = |(settlement, _): &mut (Settlement, _)| {
            settlement.event == event && matches!(settlement.state, EventState::Suspected { .. })
        };
        let begins = running.settling.take_if(begins).is_some();
        if begins {
            out.push(running.output(lease));
        }
        begins
    }

    /// A lane runs nothing any more: if it was a suspect, the next one may begin.
    pub(super) fn cleared(&mut self, lane: &Lane) {
        self.suspects.run.take_if(|run| run == lane);
    }

    /// When no suspect runs, the next one is served like any other.
    pub(super) fn list_suspect(&mut self) {
        if self.suspects.run.is_some() {
            return;
        }
        while let Some(lane) = self.suspects.wait.pop_front() {
            let Some(state) = self.lanes.get_mut(&lane) else { continue };
            state.listed = false;
            self.list(&lane);
            if self.lanes.get(&lane).is_some_and(|state| state.listed) {
                return;
            }
            self.leave_if_empty(&lane);
        }
    }
}
