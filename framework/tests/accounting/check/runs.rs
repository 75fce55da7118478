//! I2: run once.
//!
//! The commit that completes a run is not seen from outside. What is seen: a message may be run again only when its run
//! before was cut short, or ended with its process before it was known; and not once its last answer stands there, for
//! that is sent after the commit.

use std::collections::BTreeMap;

use super::Runs;
use crate::{
    ledger::{Ledgers, Micros},
    words,
};

pub(super) fn once(ledgers: &Ledgers, runs: &Runs<'_>) -> Vec<String> {
    let answered = answered(ledgers);
    let mut found = Vec::new();
    for (number, runs) in runs {
        for pair in runs.windows(2) {
            let life = ledgers.lives.iter().find(|life| life.number == pair[0].life);
            let halted = life.and_then(|life| life.halted(pair[0].begun));
            if halted.is_none_or(|halted| halted > pair[1].begun) {
                found.push(format!("message {number} was run again while the process of its first run lived"));
            }
        }
        let answered = answered.get(number).copied().unwrap_or(Micros::MAX);
        if runs.iter().any(|run| run.begun > answered) {
            found.push(format!("message {number} was run again after its last answer"));
        }
    }
    found
}

/// When the last answer to each message first stood there.
fn answered(ledgers: &Ledgers) -> BTreeMap<u64, Micros> {
    let mut answered = BTreeMap::new();
    for post in &ledgers.posts {
        if let Some((kind, number, ordinal)) = words::read_answer(&post.text)
            && ordinal + 1 == kind.answers()
        {
            let first = answered.entry(number).or_insert(post.at);
            *first = post.at.min(*first);
        }
    }
    answered
}
