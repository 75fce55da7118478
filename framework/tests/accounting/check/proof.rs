//! Each invariant, violated: a checker that cannot fail proves nothing, so every run begins with this.

use std::collections::BTreeMap;

use super::*;
use crate::{
    ledger::{Attempt, Left, Life, Post, Said, Tried, Wait},
    words::{self, Kind},
};

const EVERYTHING: Extent = Extent { patience: Some(10), fairness: true };

/// Fails unless the checker finds what it has to find, and nothing else. Gives the number of cases.
pub(crate) fn prove() -> usize {
    let cases: [fn(); 13] = [
        sound_ledgers_hold,
        an_acknowledged_message_that_is_lost_is_found,
        a_run_that_was_cut_short_does_not_count_as_done,
        a_second_run_is_found,
        what_is_doubled_is_found,
        what_is_missing_is_found_unless_it_is_listed,
        what_is_out_of_order_is_found,
        the_order_of_deliveries_that_overlap_is_free,
        what_nobody_asked_for_is_found,
        what_is_left_is_found,
        an_impatient_post_is_found,
        a_workspace_that_is_kept_waiting_is_found,
        runs_are_found_by_their_message,
    ];
    cases.iter().for_each(|case| case());
    cases.len()
}

/// Two messages of one conversation and one of another, all as it should be.
fn sound() -> Ledgers {
    let mut ledgers = Ledgers::default();
    for (number, conversation, at) in [(1, 7, 100), (2, 7, 200), (3, 8, 150)] {
        let attempt = Attempt { retry: 0, sent: at, ended: at + 10, status: Some(200) };
        let said = Said { kind: Kind::Talk, conversation, team: 0, attempts: vec![attempt] };
        ledgers.said.insert(number, said);
        let run = Run { number, kind: Kind::Talk, life: 1, begun: at + 20, ended: Some(at + 40), left: None };
        ledgers.runs.push(run);
        ledgers.posts.extend([post(number, 0, at + 30), post(number, 1, at + 50)]);
    }
    ledgers.runs.sort_by_key(|run| run.begun);
    ledgers.posts.sort_by_key(|post| post.at);
    ledgers.lives = vec![Life { number: 1, halts: vec![900] }];
    ledgers
}

fn post(number: u64, ordinal: u32, at: u64) -> Post {
    let text = words::answer(Kind::Talk, number, ordinal, &words::words(number));
    Post { at, key: format!("key-{number}/{ordinal}"), text }
}

/// What is violated once something is changed.
fn violated(change: impl FnOnce(&mut Ledgers)) -> Vec<Invariant> {
    let mut ledgers = sound();
    change(&mut ledgers);
    let mut violated: Vec<_> =
        check(&ledgers, EVERYTHING).violations.iter().map(|violation| violation.invariant).collect();
    violated.dedup();
    violated
}

fn dead(ledgers: &mut Ledgers, number: u64) {
    ledgers.left.dead.insert(number, "crash_loop".to_owned());
}

fn sound_ledgers_hold() {
    let verdict = check(&sound(), EVERYTHING);
    assert!(verdict.holds(), "{:?}", verdict.violations);
    assert_eq!(verdict.judged.len(), 8);
}

fn an_acknowledged_message_that_is_lost_is_found() {
    let lose = |ledgers: &mut Ledgers| {
        ledgers.runs.retain(|run| run.number != 3);
        ledgers.posts.retain(|post| !post.text.starts_with("talk 3/"));
    };
    assert_eq!(violated(lose), [Invariant::Acknowledged]);
    assert!(violated(|ledgers| (lose(ledgers), dead(ledgers, 3)).1).is_empty(), "dead is an end");
    let unacknowledged = |ledgers: &mut Ledgers| {
        lose(ledgers);
        ledgers.said.get_mut(&3).unwrap().attempts[0].status = Some(503);
    };
    assert!(violated(unacknowledged).is_empty(), "nothing was promised of it");
}

fn a_run_that_was_cut_short_does_not_count_as_done() {
    let cut = |ledgers: &mut Ledgers| {
        ledgers.runs.iter_mut().find(|run| run.number == 3).unwrap().ended = None;
        ledgers.posts.retain(|post| !post.text.starts_with("talk 3/"));
    };
    assert_eq!(violated(cut), [Invariant::Acknowledged]);
}

fn a_second_run_is_found() {
    let again = |life, begun| {
        move |ledgers: &mut Ledgers| {
            ledgers.lives.push(Life { number: 2, halts: vec![2_000] });
            ledgers.runs.push(Run { number: 3, kind: Kind::Talk, life, begun, ended: Some(begun + 5), left: None });
        }
    };
    assert_eq!(violated(again(1, 192)), [Invariant::RunOnce], "in one process");
    assert_eq!(violated(again(2, 192)), [Invariant::RunOnce], "beside the process of the first");
    assert_eq!(violated(again(2, 1_000)), [Invariant::RunOnce], "after it was answered");
    let cut_short = |ledgers: &mut Ledgers| {
        again(2, 1_000)(ledgers);
        ledgers.posts.iter_mut().filter(|post| post.text.starts_with("talk 3/1")).for_each(|post| post.at = 1_100);
        ledgers.posts.sort_by_key(|post| post.at);
    };
    assert!(violated(cut_short).is_empty(), "it was cut short, and run again");
}

fn what_is_doubled_is_found() {
    assert_eq!(violated(|ledgers| ledgers.posts.push(post(3, 1, 600))), [Invariant::SaidOnce]);
    let other_key = |ledgers: &mut Ledgers| ledgers.posts.push(Post { key: "new".to_owned(), ..post(3, 1, 600) });
    assert_eq!(violated(other_key), [Invariant::SaidOnce]);
    let other_answer = |ledgers: &mut Ledgers| ledgers.posts[0].key = ledgers.posts[1].key.clone();
    assert_eq!(violated(other_answer), [Invariant::SaidOnce], "one key, two answers");
}

fn what_is_missing_is_found_unless_it_is_listed() {
    let lose = |ledgers: &mut Ledgers| ledgers.posts.retain(|post| !post.text.starts_with("talk 3/1"));
    assert_eq!(violated(lose), [Invariant::SaidOnce]);
    assert!(violated(|ledgers| (lose(ledgers), ledgers.left.given_up = 1).1).is_empty());
}

fn what_is_out_of_order_is_found() {
    let run = |number, begun| {
        move |ledgers: &mut Ledgers| {
            let run = ledgers.runs.iter_mut().find(|run| run.number == number).unwrap();
            (run.begun, run.ended) = (begun, Some(begun + 20));
        }
    };
    assert_eq!(violated(run(1, 260)), [Invariant::RunOnce, Invariant::InOrder], "the second ran first");
    assert_eq!(violated(run(1, 210)), [Invariant::RunOnce, Invariant::InOrder], "both at a time");
    let heard = |ledgers: &mut Ledgers| {
        let texts = ["talk 1/1", "talk 2/0"]
            .map(|start| ledgers.posts.iter().position(|post| post.text.starts_with(start)).unwrap());
        let swapped = ledgers.posts[texts[0]].text.clone();
        ledgers.posts[texts[0]].text = std::mem::replace(&mut ledgers.posts[texts[1]].text, swapped);
    };
    assert!(violated(heard).contains(&Invariant::InOrder));
    let within = |ledgers: &mut Ledgers| {
        let swapped = ledgers.posts[0].text.clone();
        let other = ledgers.posts.iter().position(|post| post.text.starts_with("talk 1/1")).unwrap();
        ledgers.posts[0].text = std::mem::replace(&mut ledgers.posts[other].text, swapped);
    };
    assert!(violated(within).contains(&Invariant::InOrder), "the parts of one answer");
}

fn the_order_of_deliveries_that_overlap_is_free() {
    let overlapping = |ledgers: &mut Ledgers| {
        ledgers.said.get_mut(&2).unwrap().attempts[0].sent = 105;
        for (number, at) in [(1, 300), (2, 200)] {
            let run = ledgers.runs.iter_mut().find(|run| run.number == number).unwrap();
            (run.begun, run.ended) = (at + 20, Some(at + 40));
        }
        ledgers.posts.retain(|post| !post.text.starts_with("talk 1/"));
        ledgers.posts.extend([post(1, 0, 330), post(1, 1, 350)]);
        ledgers.runs.sort_by_key(|run| run.begun);
    };
    assert!(violated(overlapping).is_empty());
}

fn what_nobody_asked_for_is_found() {
    let run = Run { number: 9, kind: Kind::Talk, life: 1, begun: 700, ended: None, left: None };
    assert_eq!(violated(|ledgers| ledgers.runs.push(run)), [Invariant::Asked]);
    let garbled =
        |ledgers: &mut Ledgers| ledgers.posts.push(Post { text: "talk 3/1 the bu!ld".into(), ..post(8, 0, 1) });
    assert_eq!(violated(garbled), [Invariant::Asked]);
    let early = |ledgers: &mut Ledgers| {
        let attempt = &mut ledgers.said.get_mut(&3).unwrap().attempts[0];
        (attempt.sent, attempt.ended) = (175, 185);
    };
    assert_eq!(violated(early), [Invariant::Asked], "run before it was delivered");
    let sorry = |ledgers: &mut Ledgers| {
        let text = "Sorry, something went wrong on my side. It was noted.".into();
        ledgers.posts.push(Post { text, ..post(8, 0, 1) });
    };
    assert_eq!(violated(sorry), [Invariant::Asked], "nothing was given up");
    assert!(violated(|ledgers| (sorry(ledgers), dead(ledgers, 3)).1).is_empty(), "something was");
}

fn what_is_left_is_found() {
    let left = |left: Left| move |ledgers: &mut Ledgers| ledgers.left = left;
    assert_eq!(violated(left(Left { unsent: 1, ..Left::default() })), [Invariant::NothingLeft]);
    let open = Left { open: vec![2], ..Left::default() };
    assert_eq!(violated(left(open)), [Invariant::Acknowledged, Invariant::NothingLeft]);
}

fn an_impatient_post_is_found() {
    let tried = |channel: &str, at| {
        let channel = channel.to_owned();
        move |ledgers: &mut Ledgers| {
            ledgers.waits.push(Wait { channel: "C1".to_owned(), from: 100, until: 200 });
            ledgers.tried.push(Tried { channel, at });
        }
    };
    assert_eq!(violated(tried("C1", 150)), [Invariant::Patient]);
    assert!(violated(tried("C2", 150)).is_empty(), "another channel");
    assert!(violated(tried("C1", 105)).is_empty(), "it was under way");
    assert!(violated(tried("C1", 200)).is_empty(), "the wait is over");
}

fn a_workspace_that_is_kept_waiting_is_found() {
    let teams = |order: &[u64]| {
        let mut ledgers = Ledgers::default();
        for (number, team) in (1..).zip(order) {
            let attempt = Attempt { retry: 0, sent: 1, ended: 2, status: Some(200) };
            let said = Said { kind: Kind::Note, conversation: number, team: *team, attempts: vec![attempt] };
            ledgers.said.insert(number, said);
            ledgers.runs.push(Run { number, kind: Kind::Note, life: 1, begun: 10 * number, ended: None, left: None });
        }
        pace::fair(&ledgers).len()
    };
    assert_eq!(teams(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]), 1);
    assert_eq!(teams(&[0, 0, 1, 0, 0, 1, 0, 0, 0]), 0);
}

fn runs_are_found_by_their_message() {
    let ledgers = sound();
    let counts: BTreeMap<_, _> = by_number(&ledgers.runs).iter().map(|(number, runs)| (*number, runs.len())).collect();
    assert_eq!(counts, BTreeMap::from([(1, 1), (2, 1), (3, 1)]));
}
