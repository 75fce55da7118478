//! I7 and I8: patient with the platform, fair to every workspace.

use std::collections::BTreeMap;

use crate::ledger::{Ledgers, Micros};

/// No post to a channel is tried while the platform has asked to wait. What came within `grace` after it asked was
/// under way by then.
pub(super) fn patient(ledgers: &Ledgers, grace: Micros) -> Vec<String> {
    let mut waits: BTreeMap<&str, Vec<(Micros, Micros)>> = BTreeMap::new();
    for wait in &ledgers.waits {
        waits.entry(&wait.channel).or_default().push((wait.from + grace, wait.until));
    }
    let early = ledgers.tried.iter().filter_map(|tried| {
        let waits = waits.get(&*tried.channel)?;
        let (_, until) = waits.iter().find(|(from, until)| (*from..*until).contains(&tried.at))?;
        let early = (until - tried.at) / 1_000;
        Some(format!("a post to {} was tried {early} ms before the wait was over", tried.channel))
    });
    early.collect()
}

/// While every workspace has messages that wait, each gets at least half of its equal part of the runs.
pub(super) fn fair(ledgers: &Ledgers) -> Vec<String> {
    let mut teams: BTreeMap<u64, Vec<Micros>> = BTreeMap::new();
    for run in &ledgers.runs {
        if let Some(said) = ledgers.said.get(&run.number) {
            teams.entry(said.team).or_default().push(run.begun);
        }
    }
    let many = teams.len();
    // All messages are there from the start: until the first workspace is through, all have some that wait.
    let Some(until) = teams.values().filter_map(|runs| runs.iter().max()).min().copied() else { return Vec::new() };
    let served: BTreeMap<u64, usize> =
        teams.iter().map(|(team, runs)| (*team, runs.iter().filter(|begun| **begun <= until).count())).collect();
    let all: usize = served.values().sum();
    let behind = served.iter().filter(|(_, served)| **served * 2 * many < all);
    behind.map(|(team, served)| format!("workspace {team} was served {served} of {all} times")).collect()
}
