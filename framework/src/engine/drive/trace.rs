//! What is traced: one span for each event, from its receipt until what was said for it has arrived, and a line for each
//! step of its way. Conversations stand there as a digest, and what people say never does.

use tracing::{Span, field::Empty};

use super::{count, run::Run};
use crate::{
    engine::core::End,
    event::Event,
    metrics::EventKind,
    platform::Delivery,
    store::{Admitted, EffectKey, EventState, Key, Lane, StoreError},
};

/// The kind of key by which conversations stand in the log.
const CONVERSATION: u8 = 5;

/// Begins the span of an event. Where nobody listens, nothing of it is made.
pub(super) fn begin(event: &Event, lane: &Lane) -> Span {
    tracing::debug_span!(
        parent: None,
        "event",
        id = event.id.as_str(),
        kind = kind(event),
        retry = event.retry.number,
        conversation = Key::of(CONVERSATION, &[&lane.0]).digits(12),
        seq = Empty,
        handler = Empty,
        attempt = Empty,
        outcome = Empty,
    )
}

/// An event was committed, or was not.
pub(super) fn admitted(span: &Span, result: &Result<Admitted, StoreError>) {
    if span.is_disabled() {
        return;
    }
    let word = match result {
        Ok(Admitted::New { sequence, .. }) => {
            span.record("seq", sequence.0);
            "new"
        }
        Ok(Admitted::Duplicate) => "duplicate",
        Err(_) => "failed",
    };
    span.in_scope(|| tracing::debug!(result = word, "admitted"));
}

/// The handlers of an event begin.
pub(super) fn running(run: &Run) -> Span {
    let span = run.job.span.clone();
    if !span.is_disabled() {
        let taker = run.job.plan.taker.as_ref().filter(|_| run.dispatch);
        span.record("seq", run.sequence.0);
        span.record("attempt", run.attempts + 1);
        span.record("handler", taker.map_or("(observers)", |taker| taker.origin.handler.path));
        span.in_scope(|| tracing::debug!("running"));
    }
    span
}

/// They are done.
pub(super) fn ended(span: &Span, end: &End) {
    if span.is_disabled() {
        return;
    }
    let outcome = match end.state {
        EventState::Done => "done",
        EventState::Retry { .. } => "retry",
        EventState::Dead { .. } => "dead",
        _ => "open",
    };
    span.record("outcome", outcome);
    span.in_scope(|| tracing::debug!(effects = end.effects.len(), "ended"));
}

/// Something said was sent, in vain or not.
pub(super) fn sent(span: &Span, effect: &EffectKey, method: &str, delivery: &Delivery) {
    let (outcome, why) = match delivery {
        Delivery::Sent { .. } => ("sent", None),
        Delivery::RateLimited { .. } => ("rate_limited", None),
        Delivery::NotYet { .. } => ("not_yet", None),
        Delivery::NotSent { why } => ("not_sent", Some(why)),
        Delivery::Refused { why } => ("refused", Some(why)),
        Delivery::TokenRefused { why } => ("token_refused", Some(why)),
        Delivery::Ambiguous { why } => ("ambiguous", Some(why)),
    };
    let event = effect.event.0;
    tracing::debug!(parent: span, method, event, ordinal = effect.ordinal, outcome, why, "sent");
}

fn kind(event: &Event) -> &'static str {
    match count::kind(event) {
        EventKind::Message => "message",
        EventKind::Command => "command",
        EventKind::Reaction => "reaction",
        EventKind::Schedule => "schedule",
        EventKind::Other => "other",
    }
}
