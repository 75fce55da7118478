//! Calling one handler.

use std::{
    borrow::Cow,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures_util::FutureExt;

use super::{Engine, lock, run::Run, speak::Floor};
use crate::{
    dispatch::{Origin, Taker},
    error::{Error, Result},
    event::{Event, Text},
    handler::{Call, Context, Failure, Handler, Kept, Matching, Onces, Surroundings},
    metrics::HandlerOutcome,
    reply::Reply,
    storage::Draft,
    store::Change,
    within::within,
};

/// What a handler is to an event. One that is two things to it says two things.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    Taker,
    Observer,
    Failure,
}

impl Role {
    /// Under which name a handler's effects are kept.
    pub(super) fn speaker(self, handler: &Handler) -> Cow<'static, str> {
        let path = handler.path;
        match self {
            Self::Taker => Cow::Borrowed(path),
            Self::Observer => Cow::Owned(format!("{path}, observing")),
            Self::Failure => Cow::Owned(format!("{path}, on failure")),
        }
    }
}

/// How one handler ended.
pub(super) enum Outcome {
    Said {
        reply: Option<Reply>,
        spoken: u32,
    },
    Failed {
        error: Error,
        spoken: u32,
    },
    /// A run before this one said something else at the same place.
    Diverged,
}

impl Engine {
    /// Calls one handler, and again when another one of the same event has changed meanwhile what it had seen.
    pub(super) async fn call(
        &self,
        run: &Run,
        origin: Origin,
        role: Role,
        taker: Option<&Taker>,
        failure: Option<Arc<Failure>>,
    ) -> Outcome {
        let mut again = run.attempts > 0 || run.conflicts > 0;
        loop {
            let (outcome, changes) = self.call_once(run, origin, role, taker, failure.clone(), again).await;
            let failed = !matches!(outcome, Outcome::Said { .. });
            if failed || changes.is_empty() || Draft::merge(&mut lock(&run.changes), changes) {
                return outcome;
            }
            again = true;
        }
    }

    /// Calls one handler, waits for it within its limit, and gives what it has changed.
    async fn call_once(
        &self,
        run: &Run,
        origin: Origin,
        role: Role,
        taker: Option<&Taker>,
        failure: Option<Arc<Failure>>,
        again: bool,
    ) -> (Outcome, Vec<Change>) {
        let floor = Arc::new(Floor::new(run, role.speaker(origin.handler)));
        let context = self.context(run, origin, taker, failure, floor.clone());
        let call = Call::new(context.clone(), arguments(&run.job.event, taker));
        let clock = &self.0.parts.clock;
        let started = clock.now();
        let running = pin!(AssertUnwindSafe(self.checked(origin, call, again)).catch_unwind());
        let limit = self.0.parts.handler_limit;
        let ended = tokio::select! {
            biased;
            ended = self.in_time(run, running) => Some(ended),
            () = floor.diverged() => None,
        };
        // What it left running has nothing more to say here.
        floor.close();
        let (spoken, changes) = (context.spoken(), context.changes());
        let failed = |error: Error| Outcome::Failed { error, spoken };
        let (counted, outcome) = match ended {
            Some(Some(Ok(Ok(reply)))) => (HandlerOutcome::Ok, Outcome::Said { reply, spoken }),
            Some(Some(Ok(Err(error)))) if error.told().is_some() => (HandlerOutcome::Told, failed(error)),
            Some(Some(Ok(Err(error)))) => (HandlerOutcome::Error, failed(error)),
            Some(Some(Err(panic))) => {
                (HandlerOutcome::Panic, failed(Error::new(format!("panicked: {}", message(&*panic)))))
            }
            Some(None) => (HandlerOutcome::Timeout, failed(Error::new(format!("ran longer than {limit:?}")))),
            None => (HandlerOutcome::Diverged, Outcome::Diverged),
        };
        let took = clock.now().since(started);
        self.metrics().handler.get(origin.handler.path).get(counted).observe(took);
        (outcome, changes)
    }

    /// Waits for a handler within its limit. It has its time again while the store does not take what it says: that is not
    /// its own doing.
    async fn in_time<F: Future>(&self, run: &Run, mut running: Pin<&mut F>) -> Option<F::Output> {
        loop {
            let ended = within(self.0.parts.handler_limit, running.as_mut()).await;
            if ended.is_some() || !lock(&self.0.core).waits_for_store(&run.lease) {
                return ended;
            }
        }
    }

    async fn checked(&self, origin: Origin, call: Call, again: bool) -> Result<Option<Reply>> {
        let context = call.context();
        if let Some(check) = origin.trigger.check {
            check(context.clone()).await.map_err(Error::into_misuse)?;
        }
        // A further run of the same event is not a further use.
        if let Some(user) = context.event().user().filter(|_| !again) {
            let taken = self.0.cooldowns.take(origin.trigger, user, self.0.parts.clock.now());
            taken.map_err(|wait| too_soon(context, wait))?;
        }
        let context = context.clone();
        let result = (origin.handler.run)(call).await;
        // Who asked in a way that is not taken has not used it.
        if result.as_ref().is_err_and(Error::is_misuse)
            && let Some(user) = context.event().user()
        {
            self.0.cooldowns.give_back(origin.trigger, user);
        }
        result
    }

    fn context(
        &self,
        run: &Run,
        origin: Origin,
        taker: Option<&Taker>,
        failure: Option<Arc<Failure>>,
        floor: Arc<Floor>,
    ) -> Context {
        let parts = &self.0.parts;
        let usage = match origin.trigger.matching {
            Matching::Words(pattern) if taker.is_some_and(|taker| taker.found.is_some()) => Some(pattern),
            _ => None,
        };
        let onces = Onces::new(floor.speaker().clone());
        Context::new(Surroundings {
            event: run.job.event.clone(),
            handler: origin.handler,
            usage,
            default_language: parts.language,
            states: parts.states.clone(),
            help: parts.dispatcher.help().clone(),
            failure,
            outlet: self.outlet(floor),
            spoken: 0.into(),
            kept: Kept {
                of_bot: self.0.storage.clone(),
                before: lock(&run.changes).clone(),
                of_run: OnceLock::new(),
                onces,
            },
        })
    }
}

/// What the placeholders of the pattern stand for.
fn arguments(event: &Event, taker: Option<&Taker>) -> Vec<(Arc<str>, Text)> {
    let found = taker.and_then(|taker| taker.found.as_ref()).zip(event.text());
    let Some((found, text)) = found else { return Vec::new() };
    found.arguments.iter().map(|(name, range)| (name.clone(), text.slice(range.clone()))).collect()
}

fn too_soon(context: &Context, wait: Duration) -> Error {
    let seconds = wait.as_secs().max(1);
    Error::misuse(context.language().pick(
        format!("Please wait {seconds} s before you use this again."),
        format!("Merci d’attendre {seconds} s avant de recommencer."),
    ))
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}
