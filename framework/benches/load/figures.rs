//! What was measured, told.

use std::{fmt, time::Duration};

/// The figures of one round.
pub(crate) struct Round {
    pub(crate) micros_per_event: f64,
    pub(crate) events_per_second: f64,
    pub(crate) acknowledged_p50: Duration,
    pub(crate) acknowledged_p99: Duration,
}

/// The least, the median and the most of several figures.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Spread {
    pub(crate) fn of(figures: &[f64]) -> Self {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self { least: sorted[0], median: sorted[sorted.len() / 2], most: sorted[sorted.len() - 1] }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "min {:>8.1}  median {:>8.1}  max {:>8.1}", self.least, self.median, self.most)
    }
}

/// A figure of a round by its name.
type Figure = (&'static str, fn(&Round) -> f64);

/// Prints the rounds of the bot and of its rival, and how they compare.
pub(crate) fn print([echo, rival]: &[Vec<Round>; 2]) {
    let figures: [Figure; 4] = [
        ("processor, µs an event", |round| round.micros_per_event),
        ("events a second", |round| round.events_per_second),
        ("acknowledged, p50 µs", |round| round.acknowledged_p50.as_secs_f64() * 1e6),
        ("acknowledged, p99 µs", |round| round.acknowledged_p99.as_secs_f64() * 1e6),
    ];
    for (name, figure) in figures {
        let spread = |rounds: &[Round]| Spread::of(&rounds.iter().map(figure).collect::<Vec<_>>());
        let (echo, rival) = (spread(echo), spread(rival));
        println!("{name:<24} echo  {echo}");
        println!("{:<24} rival {rival}", "");
        println!("{:<24} ratio of medians {:.3}", "", echo.median / rival.median);
    }
}

/// The figure below which this part of the sorted figures lies.
pub(crate) fn quantile(sorted: &[Duration], part: f64) -> Duration {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * part) as usize).copied().unwrap_or_default()
}
