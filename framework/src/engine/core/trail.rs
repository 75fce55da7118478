//! What goes with events, and with what is said for them.

use std::time::Duration;

use tracing::Span;

use super::io::Job;
use crate::clock::Timestamp;

/// Goes with an event, and with what is said for it.
#[derive(Clone, Debug)]
pub(crate) struct Trail {
    /// When the event came in; not known of what a process that is gone left to be said.
    pub(crate) received: Option<Timestamp>,
    /// Whether it was a request, whose answer somebody waits for.
    pub(crate) answers: bool,
    pub(crate) span: Span,
}

impl Trail {
    /// That of what comes from nowhere.
    pub(crate) fn none() -> Self {
        Self { received: None, answers: false, span: Span::none() }
    }

    pub(crate) fn of(job: &Job) -> Self {
        Self { received: Some(job.event.received), answers: job.request, span: job.span.clone() }
    }
}

/// Something worth counting that no output tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// An event is at its end, and so is all that was said for it, so long after it came in.
    Over(Duration),
    /// Something said waited so long for its pace.
    Paced(Duration),
    /// A lane was taken over.
    TakenOver,
    /// Too much waits, or for too long: what begins a conversation is not taken in any more.
    Sheds { waiting: usize, oldest: Duration },
    /// That has lasted long enough: everything is taken in, and lags behind.
    Lags,
    /// Little waits again.
    ShedsNoMore,
}
