//! I4: conversations in order.
//!
//! The order of commits is seen from outside where one message was acknowledged before the next was first delivered.
//! What was delivered at the same time may be committed in either order.

use std::collections::BTreeMap;

use super::{Runs, over};
use crate::{
    ledger::{Ledgers, Micros, Run, Said},
    words,
};

/// A message of a conversation, with its runs.
struct Turn<'l> {
    number: u64,
    said: &'l Said,
    runs: &'l [&'l Run],
}

pub(super) fn in_order(ledgers: &Ledgers, runs: &Runs<'_>) -> Vec<String> {
    let mut conversations: BTreeMap<u64, Vec<Turn<'_>>> = BTreeMap::new();
    for (number, runs) in runs {
        if let Some(said) = ledgers.said.get(number) {
            conversations.entry(said.conversation).or_default().push(Turn { number: *number, said, runs });
        }
    }
    let posted = posted(ledgers);
    let mut found = Vec::new();
    for turns in conversations.values() {
        one_at_a_time(ledgers, turns, &mut found);
        as_committed(turns, &mut found);
        as_said(turns, &posted, &mut found);
    }
    found
}

/// No two runs of a conversation overlap.
fn one_at_a_time(ledgers: &Ledgers, turns: &[Turn<'_>], found: &mut Vec<String>) {
    let mut runs: Vec<&Run> = turns.iter().flat_map(|turn| turn.runs.iter().copied()).collect();
    runs.sort_by_key(|run| run.begun);
    let overlapping = runs.windows(2).filter(|pair| over(ledgers, pair[0]) > pair[1].begun);
    found.extend(overlapping.map(|pair| {
        let (before, next) = (pair[0].number, pair[1].number);
        format!("message {next} was begun before a run of {before} in its conversation was over")
    }));
}

/// A message that was acknowledged is run, and if need be run again, before any that was delivered after that.
fn as_committed(turns: &[Turn<'_>], found: &mut Vec<String>) {
    for before in turns {
        let Some(acknowledged) = before.said.acknowledged() else { continue };
        let last = before.runs[before.runs.len() - 1].begun;
        let later = turns.iter().filter(|later| later.said.first_sent().is_some_and(|sent| sent > acknowledged));
        let early = later.filter(|later| later.runs[0].begun < last);
        found.extend(early.map(|later| {
            format!("message {} was run before {}, which was committed earlier", later.number, before.number)
        }));
    }
}

/// When the answers to each message were posted, by their places.
type Posted = BTreeMap<(u64, u32), Micros>;

fn posted(ledgers: &Ledgers) -> Posted {
    let mut posted = Posted::new();
    for post in &ledgers.posts {
        if let Some((_, number, ordinal)) = words::read_answer(&post.text) {
            posted.entry((number, ordinal)).or_insert(post.at);
        }
    }
    posted
}

/// Answers to one message are posted in their order, the first of two within its run; and answers to a message before
/// those to any that was committed later.
fn as_said(turns: &[Turn<'_>], posted: &Posted, found: &mut Vec<String>) {
    let times = |turn: &Turn<'_>| -> Vec<Micros> {
        let ordinals = 0..turn.said.kind.answers();
        ordinals.filter_map(|ordinal| posted.get(&(turn.number, ordinal)).copied()).collect()
    };
    for before in turns {
        let own = times(before);
        let ended = before.runs.iter().filter_map(|run| run.ended).max();
        if !own.is_sorted() || (own.len() > 1 && ended.is_some_and(|ended| own[0] > ended)) {
            found.push(format!("the answers to message {} are out of order", before.number));
        }
        let Some((last, acknowledged)) = own.last().copied().zip(before.said.acknowledged()) else { continue };
        let later = turns.iter().filter(|later| later.said.first_sent().is_some_and(|sent| sent > acknowledged));
        let early = later.filter(|later| times(later).first().is_some_and(|first| *first < last));
        found.extend(early.map(|later| {
            let (before, later) = (before.number, later.number);
            format!("the answer to message {before} came after that to {later}, which was committed later")
        }));
    }
}
