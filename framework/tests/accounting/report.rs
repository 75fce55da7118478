//! What came out, told.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use crate::{check::Violation, world::Judged};

/// How many cases of one violated invariant are told.
const FIRST: usize = 5;

/// What came out of one scenario.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Figures by their names, in the order in which they are told.
    figures: Vec<(String, String)>,
    violations: Vec<Violation>,
    complaints: Vec<String>,
    judged: Vec<&'static str>,
    kept: Vec<PathBuf>,
    /// Why it was not run.
    skipped: Option<String>,
}

impl Report {
    /// What came out of a world.
    pub(crate) fn of(judged: Judged) -> Self {
        let mut report = Self::default();
        report.add(judged);
        report
    }

    pub(crate) fn skipped(why: &str) -> Self {
        Self { skipped: Some(why.to_owned()), ..Self::default() }
    }

    /// Adds what came out of another world of the same scenario; figures add up.
    pub(crate) fn add(&mut self, judged: Judged) {
        let Judged { ledgers, verdict, complaints, answers, drained, kept } = judged;
        let acknowledged = ledgers.said.values().filter(|said| said.acknowledged().is_some()).count();
        let attempts = ledgers.said.values().flat_map(|said| &said.attempts);
        let again = attempts.filter(|attempt| attempt.retry > 0).count();
        let cut = ledgers.runs.iter().filter(|run| run.ended.is_none() && run.left.is_none()).count();
        self.count("messages", ledgers.said.len());
        self.count("acknowledged", acknowledged);
        for (status, count) in answers {
            let name =
                if status == 0 { "deliveries without answer".to_owned() } else { format!("deliveries, {status}") };
            self.count(&name, count);
        }
        self.count("delivered again", again);
        self.count("runs", ledgers.runs.len());
        self.count("runs cut short", cut);
        self.count("answers", ledgers.posts.len());
        self.count("answers given up (listed)", ledgers.left.given_up);
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for reason in ledgers.left.dead.values() {
            *reasons.entry(reason.split(':').next().unwrap_or_default()).or_default() += 1;
        }
        for (reason, count) in reasons {
            self.count(&format!("dead, {reason}"), count);
        }
        self.most("seconds until everything was at its end", drained);
        self.judged = verdict.judged.iter().map(|invariant| invariant.name()).collect();
        self.violations.extend(verdict.violations);
        self.complaints.extend(complaints);
        self.kept.extend(kept);
    }

    /// Adds another report of the same scenario.
    pub(crate) fn merge(&mut self, other: Self) {
        for (name, figure) in other.figures {
            match (figure.parse::<usize>(), figure.parse::<f64>()) {
                (Ok(count), _) => self.count(&name, count),
                (_, Ok(seconds)) => self.most(&name, Duration::from_secs_f64(seconds)),
                _ => {}
            }
        }
        self.violations.extend(other.violations);
        self.complaints.extend(other.complaints);
        self.kept.extend(other.kept);
    }

    /// Adds to a figure.
    pub(crate) fn count(&mut self, name: &str, count: usize) {
        let before = self.figures.iter_mut().find(|(known, _)| known == name);
        match before {
            Some((_, figure)) => *figure = (figure.parse::<usize>().unwrap() + count).to_string(),
            None => self.figures.push((name.to_owned(), count.to_string())),
        }
    }

    /// Sets a figure that is a time, or leaves it when it was longer before.
    pub(crate) fn most(&mut self, name: &str, time: Duration) {
        let time = format!("{:.1}", time.as_secs_f64());
        match self.figures.iter_mut().find(|(known, _)| known == name) {
            Some((_, figure)) if figure.parse::<f64>().unwrap() < time.parse().unwrap() => *figure = time,
            Some(_) => {}
            None => self.figures.push((name.to_owned(), time)),
        }
    }

    /// Something that must not be, beside the invariants.
    pub(crate) fn complain(&mut self, what: impl Into<String>) {
        self.complaints.push(what.into());
    }

    pub(crate) fn holds(&self) -> bool {
        self.violations.is_empty() && self.complaints.is_empty()
    }

    pub(crate) fn print(&self, scenario: &str, taken: Duration) {
        let verdict = match (&self.skipped, self.holds()) {
            (Some(why), _) => format!("skipped: {why}"),
            (None, true) => "holds".to_owned(),
            (None, false) => "VIOLATED".to_owned(),
        };
        println!("\n{scenario}: {verdict} ({:.1} s)", taken.as_secs_f64());
        for (name, figure) in &self.figures {
            println!("  {figure:>9}  {name}");
        }
        for name in &self.judged {
            let mut cases = self.violations.iter().filter(|violation| violation.invariant.name() == *name).peekable();
            let count = cases.clone().count();
            println!("  {:>9}  {name}", if count == 0 { "holds".to_owned() } else { format!("{count} cases") });
            cases.by_ref().take(FIRST).for_each(|violation| println!("             - {}", violation.what));
        }
        self.complaints.iter().for_each(|complaint| println!("  complaint  {complaint}"));
        self.kept.iter().for_each(|kept| println!("  ledgers and log are kept in {}", kept.display()));
    }
}
