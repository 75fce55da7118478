//! What a bot counts, for whoever watches it.
//!
//! Counters and histograms are relaxed atomics: counting takes no lock and no memory. Every label takes its values from
//! a list that is known when the bot starts, so that there are only so many series, and none is named after a person,
//! a conversation, a text or a token.

mod description;
mod label;
mod page;
mod series;
#[cfg(test)]
mod tests;

use std::time::Duration;

use self::{
    description as of,
    page::Page,
    series::{Buckets, Histogram, Named, PerLabel},
};
pub(crate) use self::{
    label::{Admission, CallOutcome, Cause, Code, EventKind, HandlerOutcome, Reason, Resolution, Route, RunOutcome},
    series::Counter,
};

/// Everything that is counted while a bot runs.
#[derive(Debug)]
pub(crate) struct Metrics {
    pub(crate) http_requests: PerLabel<Route, PerLabel<Code, Counter>>,
    pub(crate) ack: Histogram,
    pub(crate) commit: Histogram,
    pub(crate) commit_batch: Histogram,
    pub(crate) admitted: PerLabel<EventKind, PerLabel<Admission, Counter>>,
    pub(crate) ignored: PerLabel<EventKind, Counter>,
    pub(crate) retries: Named<Counter>,
    pub(crate) app_rate_limited: Counter,
    pub(crate) signature_failures: Named<Counter>,
    pub(crate) handler: Named<PerLabel<HandlerOutcome, Histogram>>,
    pub(crate) end_to_end: Histogram,
    pub(crate) attempts: PerLabel<RunOutcome, Counter>,
    pub(crate) dead: PerLabel<Reason, Counter>,
    pub(crate) lease_expired: Counter,
    pub(crate) fenced: Counter,
    pub(crate) calls: Named<PerLabel<CallOutcome, Counter>>,
    pub(crate) call: Histogram,
    pub(crate) rate_limited: Named<Counter>,
    pub(crate) rate_wait: Histogram,
    pub(crate) ambiguous: PerLabel<Resolution, Counter>,
    pub(crate) shed: PerLabel<Cause, Counter>,
}

/// The names that labels may take beside those that the framework itself gives.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// The paths of the handlers.
    pub(crate) handlers: Vec<&'static str>,
    /// The methods of the platform.
    pub(crate) methods: Vec<&'static str>,
    /// Why the platform refuses to take a request for its own.
    pub(crate) refusals: Vec<&'static str>,
    /// Why the platform delivers something again.
    pub(crate) retries: Vec<&'static str>,
}

/// How it stands at this moment; what is not known is left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    pub(crate) name: String,
    pub(crate) inbox_ready: usize,
    pub(crate) inbox_oldest: Duration,
    pub(crate) outbox_ready: usize,
    pub(crate) outbox_oldest: Duration,
    pub(crate) dead: Option<usize>,
    pub(crate) free_bytes: Option<u64>,
}

/// From a tenth of a millisecond to five seconds: a disk.
const COMMIT: Buckets =
    Buckets::seconds(&[100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 500_000, 5_000_000]);

/// From one millisecond to the three seconds that the platform waits.
const ACK: Buckets = Buckets::seconds(&[
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_000_000, 3_000_000,
]);

/// From one millisecond to the longest that something usually takes.
const WORK: Buckets = Buckets::seconds(&[
    1_000, 5_000, 10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 30_000_000,
    60_000_000,
]);

/// From ten milliseconds to an hour.
const WAIT: Buckets = Buckets::seconds(&[
    10_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    10_000_000,
    30_000_000,
    60_000_000,
    300_000_000,
    900_000_000,
    3_600_000_000,
]);

const BATCH: Buckets = Buckets::numbers(&[1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);

impl Metrics {
    /// Nothing is counted yet. What has none of these names is counted as `other`.
    pub(crate) fn new(names: &Names) -> Self {
        let counters = |names: &[&'static str]| Named::of(names, Counter::default);
        Self {
            http_requests: PerLabel::of(|| PerLabel::of(Counter::default)),
            ack: Histogram::of(&ACK),
            commit: Histogram::of(&COMMIT),
            commit_batch: Histogram::of(&BATCH),
            admitted: PerLabel::of(|| PerLabel::of(Counter::default)),
            ignored: PerLabel::of(Counter::default),
            retries: counters(&names.retries),
            app_rate_limited: Counter::default(),
            signature_failures: counters(&names.refusals),
            handler: Named::of(&names.handlers, || PerLabel::of(|| Histogram::of(&WORK))),
            end_to_end: Histogram::of(&WAIT),
            attempts: PerLabel::of(Counter::default),
            dead: PerLabel::of(Counter::default),
            lease_expired: Counter::default(),
            fenced: Counter::default(),
            calls: Named::of(&names.methods, || PerLabel::of(Counter::default)),
            call: Histogram::of(&WORK),
            rate_limited: counters(&names.methods),
            rate_wait: Histogram::of(&WAIT),
            ambiguous: PerLabel::of(Counter::default),
            shed: PerLabel::of(Counter::default),
        }
    }

    /// All of it in the text format of Prometheus.
    pub(crate) fn text(&self, now: &Standing) -> String {
        let mut page = Page::default();
        page.family(&of::HTTP_REQUESTS, &self.http_requests);
        page.family(&of::ACK, &self.ack);
        page.family(&of::COMMIT, &self.commit);
        page.family(&of::COMMIT_BATCH, &self.commit_batch);
        page.family(&of::ADMITTED, &self.admitted);
        page.family(&of::IGNORED, &self.ignored);
        page.family(&of::RETRIES, &self.retries);
        page.family(&of::APP_RATE_LIMITED, &self.app_rate_limited);
        page.family(&of::SIGNATURE_FAILURES, &self.signature_failures);
        page.gauge(&of::INBOX_READY, Some(now.inbox_ready));
        page.gauge(&of::INBOX_OLDEST, Some(now.inbox_oldest.as_secs_f64()));
        page.family(&of::HANDLER, &self.handler);
        page.family(&of::END_TO_END, &self.end_to_end);
        page.family(&of::ATTEMPTS, &self.attempts);
        page.family(&of::DEAD, &self.dead);
        page.gauge(&of::DEAD_CURRENT, now.dead);
        page.family(&of::LEASE_EXPIRED, &self.lease_expired);
        page.family(&of::FENCED, &self.fenced);
        page.gauge(&of::OUTBOX_READY, Some(now.outbox_ready));
        page.gauge(&of::OUTBOX_OLDEST, Some(now.outbox_oldest.as_secs_f64()));
        page.family(&of::CALLS, &self.calls);
        page.family(&of::CALL, &self.call);
        page.family(&of::RATE_LIMITED, &self.rate_limited);
        page.family(&of::RATE_WAIT, &self.rate_wait);
        page.family(&of::AMBIGUOUS, &self.ambiguous);
        page.family(&of::SHED, &self.shed);
        page.gauge(&of::STORE_FREE, now.free_bytes);
        page.build_info(&of::BUILD_INFO, &now.name, env!("CARGO_PKG_VERSION"));
        page.into_text()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new(&Names::default())
    }
}
