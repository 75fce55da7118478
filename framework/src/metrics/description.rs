//! The names of what is counted, and what they mean. The book's page of metrics says the same.

/// A family of samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Description {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) labels: &'static [&'static str],
    /// One sentence.
    pub(crate) help: &'static str,
}

/// How samples behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// It tells how many lie where.
    Histogram,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

macro_rules! descriptions {
    ($($item:ident = $kind:ident $name:literal $labels:tt $help:literal;)*) => {
        $(pub(super) static $item: Description =
            Description { name: $name, kind: Kind::$kind, labels: &$labels, help: $help };)*

        /// All of them, as they are written.
        #[cfg(test)]
        pub(super) static ALL: &[&Description] = &[$(&$item),*];
    };
}

descriptions! {
    HTTP_REQUESTS = Counter "bavard_http_requests_total" ["route", "code"]
        "Requests to the public listener.";
    ACK = Histogram "bavard_ack_seconds" []
        "From the first look at an event to its acknowledgement.";
    COMMIT = Histogram "bavard_commit_seconds" []
        "How long a transaction of the store takes, with its way to the disk.";
    COMMIT_BATCH = Histogram "bavard_commit_batch_size" []
        "How many operations one transaction holds.";
    ADMITTED = Counter "bavard_events_admitted_total" ["kind", "result"]
        "Events that some handler is for: new, delivered before, or shed.";
    IGNORED = Counter "bavard_events_ignored_total" ["kind"]
        "Events that no handler is for; nothing of them is kept.";
    RETRIES = Counter "bavard_slack_retries_total" ["reason"]
        "Deliveries that Slack made again, by its own reason.";
    APP_RATE_LIMITED = Counter "bavard_app_rate_limited_total" []
        "How often Slack said that it drops events of this app.";
    SIGNATURE_FAILURES = Counter "bavard_signature_failures_total" ["why"]
        "Requests that were refused because of their signature.";
    INBOX_READY = Gauge "bavard_inbox_ready" []
        "Events that wait to be run.";
    INBOX_OLDEST = Gauge "bavard_inbox_oldest_seconds" []
        "How long ago the oldest of them came in.";
    HANDLER = Histogram "bavard_handler_seconds" ["handler", "outcome"]
        "How long a handler runs.";
    END_TO_END = Histogram "bavard_event_end_to_end_seconds" []
        "From an event to its end: its handlers are done, and what they said has arrived or was given up.";
    ATTEMPTS = Counter "bavard_attempts_total" ["outcome"]
        "Runs of events that were committed.";
    DEAD = Counter "bavard_dead_total" ["reason"]
        "Events and messages that were given up.";
    DEAD_CURRENT = Gauge "bavard_dead_current" []
        "Events that were given up and stand in the store.";
    LEASE_EXPIRED = Counter "bavard_lease_expired_total" []
        "Conversations that were taken over because their holder was gone.";
    FENCED = Counter "bavard_fenced_total" []
        "Commits that were void because another process held the conversation.";
    OUTBOX_READY = Gauge "bavard_outbox_ready" []
        "Messages that are stored and not yet at their end.";
    OUTBOX_OLDEST = Gauge "bavard_outbox_oldest_seconds" []
        "How long the oldest of them has waited.";
    CALLS = Counter "bavard_slack_calls_total" ["method", "outcome"]
        "Calls of the Web API.";
    CALL = Histogram "bavard_slack_call_seconds" []
        "How long a call of the Web API takes.";
    RATE_LIMITED = Counter "bavard_rate_limited_total" ["method"]
        "Calls that Slack answered with 429.";
    RATE_WAIT = Histogram "bavard_rate_wait_seconds" []
        "How long a message waited for its pace, if it had to.";
    AMBIGUOUS = Counter "bavard_ambiguous_total" ["resolution"]
        "Messages that may have arrived: found, sent once more, or given up.";
    SHED = Counter "bavard_shed_total" ["cause"]
        "Events that were not taken in; Slack was asked to deliver them again.";
    STORE_FREE = Gauge "bavard_store_free_bytes" []
        "Free room on the disk of the store.";
    BUILD_INFO = Gauge "bavard_build_info" ["app", "version"]
        "What runs; always 1.";
}
