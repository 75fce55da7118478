//! Runs that are run again, because a value they changed is not any more what they saw.

use super::{Core, io::Output};
use crate::store::{Lane, Place};

impl Core {
    /// Nothing of a run was committed. It is run again from the top, after those that conflicted over the same value
    /// before it: so each is in its turn the only one here to change it.
    pub(super) fn conflicted(&mut self, lane: &Lane, place: Place, out: &mut Vec<Output>) {
        let Some(running) = self.lanes.get_mut(lane).and_then(|state| state.running.as_mut()) else { return };
        running.settling = None;
        running.conflicts += 1;
        let had = running.turn.replace(place.clone());
        had.iter().for_each(|place| self.give_turn(lane, place, out));
        let turns = self.turns.entry(place).or_default();
        turns.push_back(lane.clone());
        if turns.len() == 1 {
            self.run_again(lane, out);
        }
    }

    /// Takes a lane out of those that have their turns for a value, and lets the next one run if it was the first.
    pub(super) fn give_turn(&mut self, lane: &Lane, place: &Place, out: &mut Vec<Output>) {
        let Some(turns) = self.turns.get_mut(place) else { return };
        let was_first = turns.front() == Some(lane);
        turns.retain(|other| other != lane);
        let next = turns.front().cloned();
        if next.is_none() {
            self.turns.remove(place);
        }
        if let Some(next) = next.filter(|_| was_first) {
            self.run_again(&next, out);
        }
    }

    /// It is no worker any more: there are few, one for each value that others change too.
    fn run_again(&self, lane: &Lane, out: &mut Vec<Output>) {
        let Some(state) = self.lanes.get(lane) else { return };
        let Some(running) = state.running.as_ref() else { return };
        out.push(running.output(&state.lease));
    }
}
