//! What counts: counters, histograms, and one of them for each value of a label.

use std::{
    marker::PhantomData,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use super::{label::Label, page::Page};

/// Something that is counted, or several of it.
pub(super) trait Series {
    /// Writes its samples.
    fn write(&self, page: &mut Page);

    /// Whether nothing of it was ever counted.
    fn is_untouched(&self) -> bool;
}

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn increment(&self) {
        self.add(1);
    }

    pub(crate) fn add(&self, number: u64) {
        self.0.fetch_add(number, Ordering::Relaxed);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Series for Counter {
    fn write(&self, page: &mut Page) {
        page.sample("", None, self.value());
    }

    fn is_untouched(&self) -> bool {
        self.value() == 0
    }
}

/// The upper bounds of a histogram's buckets, and how many of what they count make one of what is shown.
#[derive(Debug)]
pub(super) struct Buckets {
    bounds: &'static [u64],
    in_one: u32,
}

impl Buckets {
    /// Bounds in microseconds, shown in seconds.
    pub(super) const fn seconds(bounds: &'static [u64]) -> Self {
        Self { bounds, in_one: 1_000_000 }
    }

    pub(super) const fn numbers(bounds: &'static [u64]) -> Self {
        Self { bounds, in_one: 1 }
    }

    #[expect(clippy::cast_precision_loss, reason = "what is shown need not be exact beyond 2^53")]
    fn shown(&self, value: u64) -> f64 {
        value as f64 / f64::from(self.in_one)
    }
}

/// How many of what is observed lie where.
#[derive(Debug)]
pub(crate) struct Histogram {
    buckets: &'static Buckets,
    /// One for each bucket, and one for what lies above all of them.
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl Histogram {
    pub(super) fn of(buckets: &'static Buckets) -> Self {
        let counts = (0..=buckets.bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { buckets, counts, sum: AtomicU64::new(0) }
    }

    /// Counts a time.
    pub(crate) fn observe(&self, took: Duration) {
        self.count(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// Counts a number, or a time in microseconds.
    pub(crate) fn count(&self, value: u64) {
        let bucket = self.buckets.bounds.partition_point(|bound| *bound < value);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }
}

impl Series for Histogram {
    fn write(&self, page: &mut Page) {
        let mut so_far = 0;
        for (bound, count) in self.buckets.bounds.iter().zip(&self.counts) {
            so_far += count.load(Ordering::Relaxed);
            page.sample("_bucket", Some(&self.buckets.shown(*bound).to_string()), so_far);
        }
        so_far += self.counts.last().map_or(0, |above| above.load(Ordering::Relaxed));
        page.sample("_bucket", Some("+Inf"), so_far);
        page.sample("_sum", None, self.buckets.shown(self.sum.load(Ordering::Relaxed)));
        page.sample("_count", None, so_far);
    }

    fn is_untouched(&self) -> bool {
        self.counts.iter().all(|count| count.load(Ordering::Relaxed) == 0)
    }
}

/// One for each value of a label.
#[derive(Debug)]
pub(crate) struct PerLabel<L, S> {
    series: Box<[S]>,
    label: PhantomData<L>,
}

impl<L: Label, S> PerLabel<L, S> {
    pub(super) fn of(make: impl Fn() -> S) -> Self {
        Self { series: L::WORDS.iter().map(|_| make()).collect(), label: PhantomData }
    }

    pub(crate) fn get(&self, label: L) -> &S {
        &self.series[label.number()]
    }
}

impl<L: Label, S: Series> Series for PerLabel<L, S> {
    /// All of them, for an alarm that waits for the first one must see it come from zero.
    fn write(&self, page: &mut Page) {
        for (word, series) in L::WORDS.iter().zip(&self.series) {
            page.under(word, series);
        }
    }

    fn is_untouched(&self) -> bool {
        self.series.iter().all(Series::is_untouched)
    }
}

/// One for each of the names that were known at the start, and one for all others.
#[derive(Debug)]
pub(crate) struct Named<S> {
    /// By name.
    series: Box<[(&'static str, S)]>,
    other: S,
}

impl<S> Named<S> {
    pub(super) fn of(names: &[&'static str], make: impl Fn() -> S) -> Self {
        let mut names = names.to_vec();
        names.sort_unstable();
        names.dedup();
        Self { series: names.into_iter().map(|name| (name, make())).collect(), other: make() }
    }

    /// That of a name, or of all that are not known.
    pub(crate) fn get(&self, name: &str) -> &S {
        self.find(name).unwrap_or(&self.other)
    }

    /// That of a name, if it is known.
    pub(crate) fn find(&self, name: &str) -> Option<&S> {
        let at = self.series.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        Some(&self.series[at].1)
    }
}

impl<S: Series> Series for Named<S> {
    /// Those that were counted: there may be many names.
    fn write(&self, page: &mut Page) {
        let all = self.series.iter().map(|(name, series)| (*name, series)).chain([("other", &self.other)]);
        for (name, series) in all.filter(|(_, series)| !series.is_untouched()) {
            page.under(name, series);
        }
    }

    fn is_untouched(&self) -> bool {
        self.other.is_untouched() && self.series.iter().all(|(_, series)| series.is_untouched())
    }
}
