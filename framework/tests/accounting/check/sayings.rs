//! I3: said once.

use std::collections::BTreeMap;

use super::Runs;
use crate::{ledger::Ledgers, words};

pub(super) fn once(ledgers: &Ledgers, runs: &Runs<'_>) -> Vec<String> {
    let mut keys: BTreeMap<&str, usize> = BTreeMap::new();
    let mut answers = BTreeMap::new();
    for post in &ledgers.posts {
        *keys.entry(&post.key).or_default() += 1;
        if let Some(answer) = words::read_answer(&post.text) {
            *answers.entry(answer).or_insert(0) += 1;
        }
    }
    let keys = keys.iter().filter(|(_, count)| **count > 1);
    let mut found: Vec<_> = keys.map(|(key, count)| format!("the key {key:?} stands there {count} times")).collect();
    let doubled = answers.iter().filter(|(_, count)| **count > 1);
    found.extend(doubled.map(|((kind, number, ordinal), count)| {
        format!("answer {number}/{ordinal} ({}) stands there {count} times", kind.word())
    }));
    // Which ones the log lists is not told by their number.
    let missing = missing(ledgers, runs, &answers);
    if missing.len() > ledgers.left.given_up {
        let listed = ledgers.left.given_up;
        found.extend(missing.into_iter().map(|answer| format!("{answer} is missing; {listed} are listed as given up")));
    }
    found
}

/// The answers that completed runs should have left.
fn missing(ledgers: &Ledgers, runs: &Runs<'_>, answers: &BTreeMap<(words::Kind, u64, u32), usize>) -> Vec<String> {
    let mut missing = Vec::new();
    for (number, runs) in runs {
        let Some(run) = runs.iter().find(|run| run.ended.is_some()) else { continue };
        if ledgers.left.dead.contains_key(number) || ledgers.left.open.contains(number) {
            continue;
        }
        let expected = (0..run.kind.answers()).filter(|ordinal| !answers.contains_key(&(run.kind, *number, *ordinal)));
        missing.extend(expected.map(|ordinal| format!("answer {number}/{ordinal} ({})", run.kind.word())));
    }
    missing
}
