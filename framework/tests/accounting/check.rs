//! The invariants, judged over the ledgers.

mod order;
mod pace;
pub(crate) mod proof;
mod runs;
mod sayings;

use std::{collections::BTreeMap, fmt};

use crate::{
    ledger::{Ledgers, Micros, Run},
    words,
};

/// What has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Invariant {
    /// Whatever was acknowledged is done or dead.
    Acknowledged,
    /// No message is run again once its run is completed, nor twice at a time.
    RunOnce,
    /// Everything said stands there once, except what is listed.
    SaidOnce,
    /// Conversations are run in the order of their commits, and heard in the order of their runs.
    InOrder,
    /// Nothing is run or said that nobody asked for, nor otherwise than it was asked.
    Asked,
    /// Nothing is left under way in the store.
    NothingLeft,
    /// The platform's calls for patience are obeyed.
    Patient,
    /// No workspace keeps the others from being served.
    Fair,
}

impl Invariant {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Acknowledged => "I1 acknowledged is done or dead",
            Self::RunOnce => "I2 run once",
            Self::SaidOnce => "I3 said once",
            Self::InOrder => "I4 in order",
            Self::Asked => "I5 nothing unasked",
            Self::NothingLeft => "I6 nothing left under way",
            Self::Patient => "I7 patient with the platform",
            Self::Fair => "I8 fair to every workspace",
        }
    }
}

/// A case in which an invariant does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) invariant: Invariant,
    pub(crate) what: String,
}

/// What is judged beside I1 to I6, which always are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    /// The least wait of the platform's that is judged by I7 begins this long after it was asked for: what was sent
    /// before could not know. `None` leaves I7 out.
    pub(crate) patience: Option<u64>,
    /// Whether several workspaces compete: I8.
    pub(crate) fairness: bool,
}

/// The judgement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) judged: Vec<Invariant>,
    pub(crate) violations: Vec<Violation>,
}

impl Verdict {
    fn judge(&mut self, invariant: Invariant, found: impl IntoIterator<Item = String>) {
        self.judged.push(invariant);
        self.violations.extend(found.into_iter().map(|what| Violation { invariant, what }));
    }

    pub(crate) fn holds(&self) -> bool {
        self.violations.is_empty()
    }
}

/// Judges the ledgers.
pub(crate) fn check(ledgers: &Ledgers, extent: Extent) -> Verdict {
    let runs = by_number(&ledgers.runs);
    let mut verdict = Verdict::default();
    verdict.judge(Invariant::Acknowledged, acknowledged(ledgers, &runs));
    verdict.judge(Invariant::RunOnce, runs::once(ledgers, &runs));
    verdict.judge(Invariant::SaidOnce, sayings::once(ledgers, &runs));
    verdict.judge(Invariant::InOrder, order::in_order(ledgers, &runs));
    verdict.judge(Invariant::Asked, asked(ledgers));
    verdict.judge(Invariant::NothingLeft, nothing_left(ledgers));
    if let Some(grace) = extent.patience {
        verdict.judge(Invariant::Patient, pace::patient(ledgers, grace));
    }
    if extent.fairness {
        verdict.judge(Invariant::Fair, pace::fair(ledgers));
    }
    verdict
}

/// The runs of each message, in their order.
pub(crate) type Runs<'l> = BTreeMap<u64, Vec<&'l Run>>;

pub(crate) fn by_number(runs: &[Run]) -> Runs<'_> {
    let mut by_number = Runs::new();
    for run in runs {
        by_number.entry(run.number).or_default().push(run);
    }
    by_number
}

/// When a run was over: it ended, or its process did.
pub(crate) fn over(ledgers: &Ledgers, run: &Run) -> Micros {
    let halted = ledgers.lives.iter().find(|life| life.number == run.life).and_then(|life| life.halted(run.begun));
    [run.ended, run.left, halted].into_iter().flatten().min().unwrap_or(Micros::MAX)
}

/// I1. What is open at the end is not done, whatever a handler wrote.
fn acknowledged(ledgers: &Ledgers, runs: &Runs<'_>) -> Vec<String> {
    let completed = |number| runs.get(&number).is_some_and(|runs| runs.iter().any(|run| run.ended.is_some()));
    let acknowledged = ledgers.said.iter().filter(|(_, said)| said.acknowledged().is_some());
    let found = acknowledged.filter_map(|(number, _)| match () {
        () if ledgers.left.dead.contains_key(number) => None,
        () if ledgers.left.open.contains(number) => Some(format!("message {number} is neither done nor dead")),
        () if !completed(*number) => Some(format!("message {number} is lost")),
        () => None,
    });
    found.collect()
}

/// I5.
fn asked(ledgers: &Ledgers) -> Vec<String> {
    let known = |number, kind, at| {
        let said = ledgers.said.get(&number).filter(|said| said.kind == kind);
        said.and_then(|said| said.first_sent()).is_some_and(|sent| sent <= at)
    };
    let runs = ledgers.runs.iter().filter(|run| !known(run.number, run.kind, run.begun));
    let unasked = ledgers
        .posts
        .iter()
        .filter(|post| words::read_answer(&post.text).is_none_or(|(kind, number, _)| !known(number, kind, post.at)));
    let (apologies, unasked): (Vec<_>, Vec<_>) = unasked.partition(|post| words::is_apology(&post.text));
    // Whoever asked for an answer that was given up is told so.
    let posts = apologies.into_iter().skip(ledgers.left.dead.len()).chain(unasked);
    let runs = runs.map(|run| format!("message {} was run before anybody delivered it", run.number));
    let posts = posts.map(|post| format!("nobody asked for {:?}", Shortened(&post.text)));
    runs.chain(posts).collect()
}

/// I6.
fn nothing_left(ledgers: &Ledgers) -> Vec<String> {
    let events = ledgers.left.open.iter().map(|number| format!("message {number} is left open"));
    let effects = (ledgers.left.unsent > 0).then(|| format!("{} sayings are left unsent", ledgers.left.unsent));
    events.chain(effects).collect()
}

/// The beginning of a text.
struct Shortened<'t>(&'t str);

impl fmt::Debug for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let beginning: String = self.0.chars().take(60).collect();
        fmt::Debug::fmt(&beginning, f)
    }
}
