//! What becomes of an event whose handler failed.

use std::{sync::Arc, time::Duration};

use super::{
    Engine,
    call::{Outcome, Role},
    run::{MOST_CONFLICTS, Run, done},
    speak::spoken_before,
};
use crate::{
    engine::core::End,
    error::Error,
    event::Event,
    handler::{Failure, Handler},
    reply::Reply,
    store::{EventState, Key},
};

/// The longest wait before a handler is run again.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// How often a handler may ask to be run again.
const MOST_ATTEMPTS: u32 = 10;

impl Engine {
    /// An error or a panic is final, unless the author asked for another run.
    pub(super) async fn failed(&self, run: &Run, handler: &'static Handler, error: Error, spoken: u32) -> End {
        if !self.holds(&run.lease) {
            // Whoever holds the conversation now runs it again, and nothing of this run counts.
            tracing::info!(handler = handler.name, event = %run.job.event.id, %error, "cut short: it is run again");
            return done(Vec::new());
        }
        if error.is_misuse() {
            let reply = error.told().map(Reply::from);
            return self.answered(run, handler, EventState::Done, reply, spoken);
        }
        if let Some(wait) = self.wait(run, handler, &error) {
            tracing::warn!(handler = handler.name, event = %run.job.event.id, %error, ?wait, "to be run again");
            let at = self.0.parts.clock.now() + wait;
            return End { state: EventState::Retry { at }, ..done(Vec::new()) };
        }
        let reply = match error.told() {
            Some(told) => {
                // A refusal is no failure; one with a cause is.
                match error.cause() {
                    Some(_) => drop(self.note(run, handler, &error)),
                    None => tracing::info!(handler = handler.name, "the person was told why not"),
                }
                Some(Reply::from(told))
            }
            None => {
                let reference = self.note(run, handler, &error);
                // Of a schedule without a channel, nobody is there to hear it.
                match run.job.event.channel() {
                    Some(_) => {
                        let failure = Failure { reference, handler: handler.name, cause: error.to_string() };
                        self.apology(run, Arc::new(failure)).await
                    }
                    None => None,
                }
            }
        };
        self.answered(run, handler, dead("failed", handler), reply, spoken)
    }

    fn wait(&self, run: &Run, handler: &Handler, error: &Error) -> Option<Duration> {
        let asked = error.wait().filter(|_| run.attempts < MOST_ATTEMPTS);
        let backoff = || Duration::from_secs(1 << run.attempts.min(9)).min(LONGEST_WAIT);
        asked.or_else(|| (error.told().is_none() && run.attempts < handler.retry).then(backoff))
    }

    /// Others change the same values all the time: nothing of it is committed but an apology.
    pub(super) async fn give_up_conflicting(&self, run: &Run) -> End {
        let reason = format!("conflict: others changed the same values {MOST_CONFLICTS} times while it was run");
        let taker = run.job.plan.taker.as_ref().filter(|_| run.dispatch && run.job.taken.get().is_none());
        let Some(taker) = taker else { return End::dead(reason) };
        let (handler, error) = (taker.origin.handler, Error::new(reason));
        let reference = self.note(run, handler, &error);
        let failure = Failure { reference, handler: handler.name, cause: error.to_string() };
        let reply = self.apology(run, Arc::new(failure)).await;
        let spoken = spoken_before(&run.job, &Role::Taker.speaker(handler));
        self.answered(run, handler, dead("conflict", handler), reply, spoken)
    }

    /// What `on_failure` says to the person.
    pub(super) async fn apology(&self, run: &Run, failure: Arc<Failure>) -> Option<Reply> {
        match self.call(run, self.0.parts.dispatcher.failure(), Role::Failure, None, Some(failure.clone())).await {
            Outcome::Said { reply, .. } => reply,
            Outcome::Failed { error, .. } => {
                tracing::error!(%error, "on_failure failed itself");
                self.standard_apology(run, failure).await
            }
            Outcome::Diverged => None,
        }
    }

    /// What is said where `on_failure` cannot say it.
    pub(super) async fn standard_apology(&self, run: &Run, failure: Arc<Failure>) -> Option<Reply> {
        match self.call(run, crate::dispatch::failure(), Role::Failure, None, Some(failure)).await {
            Outcome::Said { reply, .. } => reply,
            Outcome::Failed { .. } | Outcome::Diverged => None,
        }
    }

    /// Writes a failure to the log, and gives the reference under which it stands there.
    pub(super) fn note(&self, run: &Run, handler: &'static Handler, error: &Error) -> String {
        let reference = reference(&run.job.event);
        tracing::error!(
            reference,
            handler = handler.name,
            at = handler.origin(),
            event = %run.job.event.id,
            %error,
            "a handler failed"
        );
        reference
    }
}

pub(super) fn dead(reason: &str, handler: &Handler) -> EventState {
    EventState::Dead { reason: format!("{reason}: {}", handler.name) }
}

/// Eight characters that stand for an event, the same at every run.
pub(super) fn reference(event: &Event) -> String {
    let key = Key::of(2, &[event.app.as_str(), event.team.as_str(), event.id.as_str()]);
    key.digits(8)
}
