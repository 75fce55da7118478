//! Which lane is served next: each workspace in turn, each of its lanes in turn, and none more than its share.

use std::collections::VecDeque;

use foldhash::HashMap;

use crate::{clock::Timestamp, id::TeamId, store::Lane};

/// The part of the workers that one workspace may have while others have something to do too.
const SHARE: usize = 4;

/// The lanes with an event to run. The work of each step does not grow with how many there are.
#[derive(Debug, Default)]
pub(super) struct Ready {
    teams: Vec<Team>,
    /// Where a workspace stands among them.
    known: HashMap<TeamId, usize>,
    /// Those with a lane to serve, in turn. Those that have all of their share are left out.
    turn: VecDeque<usize>,
    /// Those that were left out, to be looked at again when they are the only ones.
    over: Vec<usize>,
    /// How many have something to do.
    active: usize,
}

/// A workspace. It is kept once it was seen: there are only so many.
#[derive(Debug, Default)]
struct Team {
    /// Its lanes, with the time since which each waits.
    lanes: VecDeque<(Timestamp, Lane)>,
    /// How many of its lanes are being served.
    served: usize,
    in_turn: bool,
    is_over: bool,
    is_active: bool,
}

impl Ready {
    /// Puts a lane behind all others of its workspace.
    pub(super) fn list(&mut self, team: &TeamId, lane: Lane, now: Timestamp) {
        let team = self.team(team);
        self.teams[team].lanes.push_back((now, lane));
        self.update(team);
        self.bring_in_turn(team);
    }

    /// Takes the lane that so many workers serve next, with the number of its workspace. Whoever takes one says when it is
    /// served.
    pub(super) fn next(&mut self, workers: usize) -> Option<(usize, Lane)> {
        while let Some(team) = self.turn.pop_front() {
            let share = self.share(workers);
            let state = &mut self.teams[team];
            state.in_turn = false;
            if state.served >= share {
                if !std::mem::replace(&mut state.is_over, true) {
                    self.over.push(team);
                }
                continue;
            }
            let Some((_, lane)) = state.lanes.pop_front() else { continue };
            state.served += 1;
            self.bring_in_turn(team);
            return Some((team, lane));
        }
        None
    }

    /// A lane of this workspace is served.
    pub(super) fn served_of(&mut self, team: &TeamId) {
        let team = self.team(team);
        self.served(team);
    }

    /// The same by its number.
    pub(super) fn served(&mut self, team: usize) {
        let served = &mut self.teams[team].served;
        *served = served.saturating_sub(1);
        self.update(team);
        self.bring_in_turn(team);
    }

    /// Since when the lane waits that has waited longest.
    pub(super) fn oldest(&self) -> Option<Timestamp> {
        self.teams.iter().filter_map(|team| team.lanes.front()).map(|(since, _)| *since).min()
    }

    fn share(&self, workers: usize) -> usize {
        if self.active > 1 { (workers / SHARE).max(1) } else { workers }
    }

    fn team(&mut self, id: &TeamId) -> usize {
        if let Some(team) = self.known.get(id) {
            return *team;
        }
        self.teams.push(Team::default());
        self.known.insert(id.clone(), self.teams.len() - 1);
        self.teams.len() - 1
    }

    fn bring_in_turn(&mut self, team: usize) {
        let state = &mut self.teams[team];
        if !state.lanes.is_empty() && !state.in_turn {
            state.in_turn = true;
            self.turn.push_back(team);
        }
    }

    /// Notices that a workspace has something to do, or no more.
    fn update(&mut self, team: usize) {
        let state = &mut self.teams[team];
        let is_active = state.served > 0 || !state.lanes.is_empty();
        if std::mem::replace(&mut state.is_active, is_active) == is_active {
            return;
        }
        if is_active {
            self.active += 1;
            return;
        }
        self.active -= 1;
        // The one that is left may have all workers again.
        if self.active == 1 {
            while let Some(team) = self.over.pop() {
                self.teams[team].is_over = false;
                self.bring_in_turn(team);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);
    const WORKERS: usize = 8;

    fn list(ready: &mut Ready, team: &str, count: usize) {
        for number in 0..count {
            ready.list(&team.into(), Lane(format!("{team}/{number}").into()), NOW);
        }
    }

    /// Takes as many lanes as there are workers; gives how many of each workspace are served.
    fn take(ready: &mut Ready, free: usize) -> Vec<String> {
        let taken = std::iter::from_fn(|| ready.next(WORKERS)).take(free);
        taken.map(|(_, lane)| lane.0.split('/').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_workspace_that_is_alone_has_all_workers() {
        let mut ready = Ready::default();
        list(&mut ready, "noisy", 20);
        assert_eq!(take(&mut ready, 8).len(), 8);
    }

    #[test]
    fn workspaces_are_served_in_turn_and_their_lanes_in_order() {
        let mut ready = Ready::default();
        list(&mut ready, "a", 3);
        list(&mut ready, "b", 2);
        let order: Vec<_> = std::iter::from_fn(|| ready.next(100)).map(|(_, lane)| lane.0.to_string()).collect();
        assert_eq!(order, ["a/0", "b/0", "a/1", "b/1", "a/2"]);
    }

    #[test]
    fn among_several_none_has_more_than_a_quarter() {
        let mut ready = Ready::default();
        list(&mut ready, "noisy", 20);
        list(&mut ready, "quiet", 1);
        assert_eq!(take(&mut ready, 8), ["noisy", "quiet", "noisy"]);
        ready.served_of(&"noisy".into());
        assert_eq!(take(&mut ready, 6), ["noisy"]);
    }

    #[test]
    fn one_that_came_first_does_not_hold_up_those_that_come_later() {
        let mut ready = Ready::default();
        list(&mut ready, "noisy", 20);
        assert_eq!(take(&mut ready, 8).len(), 8);
        list(&mut ready, "quiet", 2);
        for expected in ["quiet", "quiet"] {
            ready.served_of(&"noisy".into());
            assert_eq!(take(&mut ready, 1), [expected]);
        }
    }

    #[test]
    fn who_is_left_alone_has_all_workers_again() {
        let mut ready = Ready::default();
        list(&mut ready, "noisy", 20);
        list(&mut ready, "quiet", 1);
        assert_eq!(take(&mut ready, 8).len(), 3);
        ready.served_of(&"quiet".into());
        assert_eq!(take(&mut ready, 6), ["noisy"; 6]);
    }

    #[test]
    fn nobody_starves_and_nothing_is_lost_or_served_twice() {
        for seed in 0..200_u64 {
            let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let mut below = |bound: u64| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                random % bound
            };
            let (mut ready, mut running, mut listed, mut taken) = (Ready::default(), Vec::new(), 0, 0);
            let names = ["a", "b", "c"];
            for _ in 0..200 {
                if below(2) == 0 {
                    list(&mut ready, names[usize::try_from(below(3)).unwrap()], 1);
                    listed += 1;
                } else if !running.is_empty() {
                    let at = usize::try_from(below(running.len() as u64)).unwrap();
                    let team: String = running.swap_remove(at);
                    ready.served_of(&team.as_str().into());
                }
                let started = take(&mut ready, 8 - running.len());
                taken += started.len();
                running.extend(started);
            }
            while let Some(team) = running.pop() {
                ready.served_of(&team.as_str().into());
                let started = take(&mut ready, 8 - running.len());
                taken += started.len();
                running.extend(started);
            }
            assert_eq!((taken, ready.oldest()), (listed, None), "seed {seed}");
        }
    }

    #[test]
    fn the_longest_wait_is_known() {
        let mut ready = Ready::default();
        assert_eq!(ready.oldest(), None);
        ready.list(&"a".into(), Lane("a/1".into()), NOW + std::time::Duration::from_secs(5));
        ready.list(&"b".into(), Lane("b/1".into()), NOW);
        assert_eq!(ready.oldest(), Some(NOW));
    }
}
