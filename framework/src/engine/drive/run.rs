//! Running the handlers of one event.

use std::{borrow::Cow, panic::AssertUnwindSafe, pin::pin, sync::Arc, time::Duration};

use futures_util::FutureExt;

use super::{
    Engine, lock,
    speak::{Floor, Recorded, effects, key, recorded, said_before},
};
use crate::{
    dispatch::{Origin, Taker},
    engine::core::{End, Input, Job},
    error::{Error, Result},
    event::{Event, Text},
    handler::{Call, Context, Failure, Handler, Matching, Surroundings},
    metrics::HandlerOutcome,
    platform::Occasion,
    reply::Reply,
    store::{Effect, EventState, Lease, Sequence},
    within::within,
};

/// The longest wait before a handler is run again.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// How often a handler may ask to be run again.
const MOST_ATTEMPTS: u32 = 10;

/// One run of an event.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) lease: Lease,
    pub(super) sequence: Sequence,
    pub(super) job: Arc<Job>,
    /// Whether the handler that takes it is run, or only those that observe it.
    pub(super) dispatch: bool,
    pub(super) attempts: u32,
}

/// What a handler is to an event. One that is two things to it says two things.
#[derive(Clone, Copy, Debug)]
enum Role {
    Taker,
    Observer,
    Failure,
}

impl Role {
    /// Under which name a handler's effects are kept.
    fn speaker(self, handler: &Handler) -> Cow<'static, str> {
        let path = handler.path;
        match self {
            Self::Taker => Cow::Borrowed(path),
            Self::Observer => Cow::Owned(format!("{path}, observing")),
            Self::Failure => Cow::Owned(format!("{path}, on failure")),
        }
    }
}

/// How one handler ended.
enum Outcome {
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
    /// Runs the handler that takes the event, and beside it those that observe it.
    pub(super) async fn run(&self, run: Run) -> End {
        // Whoever observes has seen it when its handler is run again.
        if run.job.plan.observers.is_empty() || run.attempts > 0 {
            return self.take_if_due(&run).await;
        }
        Box::pin(self.take_observed(&run)).await
    }

    async fn take_observed(&self, run: &Run) -> End {
        let taken = async {
            let end = self.take_if_due(run).await;
            self.say_now(run, end)
        };
        let (end, ()) = tokio::join!(taken, self.observe(run));
        end
    }

    async fn take_if_due(&self, run: &Run) -> End {
        match run.job.plan.taker.as_ref().filter(|_| run.dispatch) {
            Some(taker) => self.take(run, taker).await,
            None => done(Vec::new()),
        }
    }

    /// An answer does not wait for those that only observe. That of a request stays for its response.
    fn say_now(&self, run: &Run, end: End) -> End {
        if end.effects.is_empty() || matches!(end.state, EventState::Retry { .. }) {
            return end;
        }
        match recorded(&lock(&run.job.recorded), &end.effects) {
            Recorded::Nothing => {}
            // A run that was cut short had said it already.
            Recorded::Ended(_) => return End { effects: Vec::new(), ..end },
            Recorded::Otherwise => return End::dead(format!("diverged: {}", diverged())),
        }
        self.begin(Input::Spoke { lease: run.lease.clone(), effects: end.effects, waiter: None });
        End { effects: Vec::new(), ..end }
    }

    /// Nobody asked those that observe: what becomes of them is for the log alone.
    async fn observe(&self, run: &Run) {
        for observer in &run.job.plan.observers {
            match self.call(run, *observer, Role::Observer, None, None).await {
                Outcome::Said { .. } => {}
                Outcome::Failed { error, .. } => {
                    self.note(run, observer.handler, &error);
                }
                Outcome::Diverged => {
                    self.note(run, observer.handler, &diverged());
                }
            }
        }
    }

    async fn take(&self, run: &Run, taker: &Taker) -> End {
        let handler = taker.origin.handler;
        match self.call(run, taker.origin, Role::Taker, Some(taker), None).await {
            Outcome::Said { reply, spoken } => self.answered(run, handler, EventState::Done, reply, spoken),
            Outcome::Diverged => {
                self.note(run, handler, &diverged());
                End { state: dead("diverged", handler), ..done(Vec::new()) }
            }
            // Boxed, so that what goes well does not carry its room.
            Outcome::Failed { error, spoken } => Box::pin(self.failed(run, handler, error, spoken)).await,
        }
    }

    /// An error or a panic is final, unless the author asked for another run.
    async fn failed(&self, run: &Run, handler: &'static Handler, error: Error, spoken: u32) -> End {
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
                self.apology(run, handler, reference, &error).await
            }
        };
        self.answered(run, handler, dead("failed", handler), reply, spoken)
    }

    fn wait(&self, run: &Run, handler: &Handler, error: &Error) -> Option<Duration> {
        let asked = error.wait().filter(|_| run.attempts < MOST_ATTEMPTS);
        let backoff = || Duration::from_secs(1 << run.attempts.min(9)).min(LONGEST_WAIT);
        asked.or_else(|| (error.told().is_none() && run.attempts < handler.retry).then(backoff))
    }

    /// What `on_failure` says to the person.
    async fn apology(&self, run: &Run, handler: &'static Handler, reference: String, error: &Error) -> Option<Reply> {
        let failure = Failure { reference, handler: handler.name, cause: error.to_string() };
        let failure = Arc::new(failure);
        match self.call(run, self.0.parts.dispatcher.failure(), Role::Failure, None, Some(failure.clone())).await {
            Outcome::Said { reply, .. } => reply,
            Outcome::Failed { error, .. } => {
                tracing::error!(%error, "on_failure failed itself");
                match self.call(run, crate::dispatch::failure(), Role::Failure, None, Some(failure)).await {
                    Outcome::Said { reply, .. } => reply,
                    Outcome::Failed { .. } | Outcome::Diverged => None,
                }
            }
            Outcome::Diverged => None,
        }
    }

    /// Writes a failure to the log, and gives the reference under which it stands there.
    fn note(&self, run: &Run, handler: &'static Handler, error: &Error) -> String {
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

    fn answered(
        &self,
        run: &Run,
        handler: &'static Handler,
        state: EventState,
        reply: Option<Reply>,
        spoken: u32,
    ) -> End {
        let event = &run.job.event;
        let platform = &self.0.parts.platform;
        let speaker = Role::Taker.speaker(handler);
        let before = said_before(&run.job, &speaker, spoken);
        let key = key(event, run.job.replays, &speaker, spoken);
        let occasion = Occasion { event, key: &key, replaces: None, before };
        let outgoing = reply.iter().flat_map(|reply| platform.render(reply, &occasion));
        let effects: Vec<Effect> = effects(run.sequence, speaker, spoken, outgoing).collect();
        if run.job.request {
            let response = platform.respond(reply.as_ref(), event);
            return End { state, effects: Vec::new(), answer: Some((response, effects)) };
        }
        End { state, effects, answer: None }
    }

    /// Calls one handler, and waits for it within its limit.
    async fn call(
        &self,
        run: &Run,
        origin: Origin,
        role: Role,
        taker: Option<&Taker>,
        failure: Option<Arc<Failure>>,
    ) -> Outcome {
        let floor = Arc::new(Floor::new(run, role.speaker(origin.handler)));
        let context = self.context(run, origin, taker, failure, floor.clone());
        let call = Call::new(context.clone(), arguments(&run.job.event, taker));
        let clock = &self.0.parts.clock;
        let started = clock.now();
        let running = pin!(AssertUnwindSafe(self.checked(run, origin, call)).catch_unwind());
        let limit = self.0.parts.handler_limit;
        let ended = tokio::select! {
            biased;
            ended = within(limit, running) => Some(ended),
            () = floor.diverged() => None,
        };
        let handlers = self.metrics().handler.get(origin.handler.path);
        handlers.get(outcome(ended.as_ref())).observe(clock.now().since(started));
        let Some(ended) = ended else { return Outcome::Diverged };
        // What it left running has nothing more to say here.
        floor.close();
        let spoken = context.spoken();
        match ended {
            Some(Ok(Ok(reply))) => Outcome::Said { reply, spoken },
            Some(Ok(Err(error))) => Outcome::Failed { error, spoken },
            Some(Err(panic)) => {
                Outcome::Failed { error: Error::new(format!("panicked: {}", message(&*panic))), spoken }
            }
            None => Outcome::Failed { error: Error::new(format!("ran longer than {limit:?}")), spoken },
        }
    }

    async fn checked(&self, run: &Run, origin: Origin, call: Call) -> Result<Option<Reply>> {
        let context = call.context();
        if let Some(check) = origin.trigger.check {
            check(context.clone()).await.map_err(Error::into_misuse)?;
        }
        // A further run of the same event is not a further use.
        if let Some(user) = context.event().user().filter(|_| run.attempts == 0) {
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
        })
    }
}

/// What the end of a call is counted as: within its limit, without a panic, without an error; nothing when it diverged.
fn outcome<P>(ended: Option<&Option<Result<Result<Option<Reply>>, P>>>) -> HandlerOutcome {
    match ended {
        None => HandlerOutcome::Diverged,
        Some(None) => HandlerOutcome::Timeout,
        Some(Some(Err(_))) => HandlerOutcome::Panic,
        Some(Some(Ok(Err(error)))) if error.told().is_some() => HandlerOutcome::Told,
        Some(Some(Ok(Err(_)))) => HandlerOutcome::Error,
        Some(Some(Ok(Ok(_)))) => HandlerOutcome::Ok,
    }
}

fn done(effects: Vec<Effect>) -> End {
    End { state: EventState::Done, effects, answer: None }
}

fn diverged() -> Error {
    Error::new("it was run again and said something else than before")
}

fn dead(reason: &str, handler: &Handler) -> EventState {
    EventState::Dead { reason: format!("{reason}: {}", handler.name) }
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

/// Eight characters that stand for an event, the same at every run.
fn reference(event: &Event) -> String {
    let key = crate::store::Key::of(2, &[event.app.as_str(), event.team.as_str(), event.id.as_str()]);
    key.digits(8)
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}
