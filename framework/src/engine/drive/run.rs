//! Running the handlers of one event.

use std::{
    borrow::Cow,
    panic::AssertUnwindSafe,
    pin::pin,
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use futures_util::FutureExt;

use super::{
    Engine, lock,
    speak::{Floor, Recorded, effects, key, recorded, said_before, spoken_before},
};
use crate::{
    dispatch::{Origin, Taker},
    engine::core::{End, Input, Job},
    error::{Error, Result},
    event::{Event, Text},
    handler::{Call, Context, Failure, Handler, Kept, Matching, Onces, Surroundings},
    metrics::HandlerOutcome,
    platform::Occasion,
    reply::Reply,
    storage::Draft,
    store::{Change, Effect, EventState, Lease, Sequence},
    within::within,
};

/// The longest wait before a handler is run again.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// How often a handler may ask to be run again.
const MOST_ATTEMPTS: u32 = 10;

/// How often a handler is run again because others changed the same values.
const MOST_CONFLICTS: u32 = 16;

/// One run of an event.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) lease: Lease,
    pub(super) sequence: Sequence,
    pub(super) job: Arc<Job>,
    /// Whether the handler that takes it is run, or only those that observe it.
    pub(super) dispatch: bool,
    pub(super) attempts: u32,
    /// How many runs before this one were cut short by the end of the process.
    pub(super) crashes: u32,
    /// How often nothing of a run of it was committed, because others changed the same values.
    pub(super) conflicts: u32,
    /// What its handlers have changed, of those that are done.
    pub(super) changes: Mutex<Vec<Change>>,
}

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
        if run.crashes >= self.0.parts.limits.crashes {
            return Box::pin(self.give_up(&run)).await;
        }
        if run.conflicts >= MOST_CONFLICTS {
            return Box::pin(self.give_up_conflicting(&run)).await;
        }
        // Whoever observes has seen it when its handler is run again.
        let end = if run.job.plan.observers.is_empty() || run.attempts > 0 {
            self.take_if_due(&run).await
        } else {
            Box::pin(self.take_observed(&run)).await
        };
        End { changes: std::mem::take(&mut *lock(&run.changes)), ..end }
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
        match (run.job.plan.taker.as_ref().filter(|_| run.dispatch), run.job.taken.get()) {
            (Some(taker), None) => self.take(run, taker).await,
            (_, Some(state)) => End { state: state.clone(), ..done(Vec::new()) },
            (None, None) => done(Vec::new()),
        }
    }

    /// An answer does not wait for those that only observe, unless values are to be committed with it. That of a request
    /// stays for its response.
    fn say_now(&self, run: &Run, end: End) -> End {
        let holds_values = !lock(&run.changes).is_empty();
        if holds_values || end.effects.is_empty() || matches!(end.state, EventState::Retry { .. }) {
            return end;
        }
        match recorded(&lock(&run.job.recorded), &end.effects) {
            Recorded::Nothing => {}
            // A run that was cut short had said it already.
            Recorded::Ended(_) => return End { effects: Vec::new(), ..end },
            Recorded::Otherwise => return End::dead(format!("diverged: {}", diverged())),
        }
        // It is set by nobody else.
        let _ = run.job.taken.set(end.state.clone());
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
    async fn give_up_conflicting(&self, run: &Run) -> End {
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

    pub(super) fn answered(
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
            return End { state, effects: Vec::new(), changes: Vec::new(), answer: Some((response, effects)) };
        }
        End { state, effects, changes: Vec::new(), answer: None }
    }

    /// Calls one handler, and again when another one of the same event has changed meanwhile what it had seen.
    async fn call(
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
            ended = within(limit, running) => Some(ended),
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

fn done(effects: Vec<Effect>) -> End {
    End { state: EventState::Done, effects, changes: Vec::new(), answer: None }
}

fn diverged() -> Error {
    Error::new("it was run again and said something else than before")
}

pub(super) fn dead(reason: &str, handler: &Handler) -> EventState {
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
pub(super) fn reference(event: &Event) -> String {
    let key = crate::store::Key::of(2, &[event.app.as_str(), event.team.as_str(), event.id.as_str()]);
    key.digits(8)
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}
