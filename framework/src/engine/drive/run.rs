//! Running the handlers of one event.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::sync::{Notify, oneshot};

use super::{Engine, lock};
use crate::{
    dispatch::{Origin, Taker},
    engine::core::{End, Input, Job, Waiter},
    error::{Error, Result},
    event::{Event, Text},
    handler::{Call, Context, Failure, Handler, Matching, Outlet, Posted, Speech, Surroundings},
    platform::Outgoing,
    reply::Reply,
    store::{Effect, EffectKey, EffectState, EventState, Lane, Sequence},
};

/// The longest wait before a handler is run again.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// How often a handler may ask to be run again.
const MOST_ATTEMPTS: u32 = 10;

/// One run of an event.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) lane: Lane,
    pub(super) sequence: Sequence,
    pub(super) job: Arc<Job>,
    /// Whether the handler that takes it is run, or only those that observe it.
    pub(super) dispatch: bool,
    pub(super) attempts: u32,
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
    /// A run that was cut short has recorded something else at the same place.
    Diverged,
}

impl Engine {
    /// Runs the handler that takes the event, then those that observe it.
    pub(super) async fn run(&self, run: Run) -> End {
        let plan = &run.job.plan;
        let mut end = match plan.taker.as_ref().filter(|_| run.dispatch) {
            Some(taker) => self.take(&run, taker).await,
            None => done(Vec::new()),
        };
        for observer in &plan.observers {
            match self.call(&run, *observer, None, None).await {
                Outcome::Said { .. } => {}
                Outcome::Failed { error, .. } => {
                    self.note(&run, observer.handler, &error);
                    if matches!(end.state, EventState::Done) {
                        end.state = dead("failed", observer.handler);
                    }
                }
                Outcome::Diverged => end.state = dead("diverged", observer.handler),
            }
        }
        end
    }

    async fn take(&self, run: &Run, taker: &Taker) -> End {
        let handler = taker.origin.handler;
        match self.call(run, taker.origin, Some(taker), None).await {
            Outcome::Said { reply, spoken } => {
                tracing::debug!(handler = handler.name, event = %run.job.event.id, "done");
                self.answered(run, handler, EventState::Done, reply, spoken)
            }
            Outcome::Diverged => End { state: dead("diverged", handler), ..done(Vec::new()) },
            Outcome::Failed { error, spoken } => self.failed(run, handler, error, spoken).await,
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
        let reference = self.note(run, handler, &error);
        let reply = match error.told() {
            Some(told) => Some(Reply::from(told)),
            None => self.apology(run, handler, reference, &error).await,
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
        match self.call(run, self.0.parts.dispatcher.failure(), None, Some(failure.clone())).await {
            Outcome::Said { reply, .. } => reply,
            Outcome::Failed { error, .. } => {
                tracing::error!(%error, "on_failure failed itself");
                match self.call(run, crate::dispatch::failure(), None, Some(failure)).await {
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
        let outgoing = reply.iter().flat_map(|reply| platform.render(reply, event, None));
        let effects: Vec<Effect> = effects(run.sequence, handler, spoken, outgoing).collect();
        if run.job.request {
            let response = platform.respond(reply.as_ref(), event);
            return End { state, effects: Vec::new(), answer: Some((response, effects)) };
        }
        End { state, effects, answer: None }
    }

    /// Calls one handler, and waits for it within its limit.
    async fn call(&self, run: &Run, origin: Origin, taker: Option<&Taker>, failure: Option<Arc<Failure>>) -> Outcome {
        let diverged = Arc::new(Notify::new());
        let context = self.context(run, origin, taker, failure, diverged.clone());
        let call = Call::new(context.clone(), arguments(&run.job.event, taker));
        let running = AssertUnwindSafe(self.checked(origin, call)).catch_unwind();
        let limit = self.0.parts.handler_limit;
        let ended = tokio::select! {
            biased;
            ended = tokio::time::timeout(limit, running) => ended,
            () = diverged.notified() => return Outcome::Diverged,
        };
        let spoken = context.spoken();
        match ended {
            Ok(Ok(Ok(reply))) => Outcome::Said { reply, spoken },
            Ok(Ok(Err(error))) => Outcome::Failed { error, spoken },
            Ok(Err(panic)) => Outcome::Failed { error: Error::new(format!("panicked: {}", message(&*panic))), spoken },
            Err(_) => Outcome::Failed { error: Error::new(format!("ran longer than {limit:?}")), spoken },
        }
    }

    async fn checked(&self, origin: Origin, call: Call) -> Result<Option<Reply>> {
        let context = call.context();
        if let Some(check) = origin.trigger.check {
            check(context.clone()).await.map_err(Error::into_misuse)?;
        }
        if let Some(user) = context.event().user() {
            let taken = self.0.cooldowns.take(origin.trigger, user, self.0.parts.clock.now());
            taken.map_err(|wait| too_soon(context, wait))?;
        }
        (origin.handler.run)(call).await
    }

    fn context(
        &self,
        run: &Run,
        origin: Origin,
        taker: Option<&Taker>,
        failure: Option<Arc<Failure>>,
        diverged: Arc<Notify>,
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
            outlet: self.outlet(run, diverged),
            spoken: 0.into(),
        })
    }

    /// The way on which a running handler speaks.
    fn outlet(&self, run: &Run, diverged: Arc<Notify>) -> Outlet {
        let (engine, lane, sequence, job) = (self.clone(), run.lane.clone(), run.sequence, run.job.clone());
        Arc::new(move |speech| {
            let (engine, lane, job, diverged) = (engine.clone(), lane.clone(), job.clone(), diverged.clone());
            Box::pin(async move { engine.speak(lane, sequence, &job, speech, &diverged).await })
        })
    }

    async fn speak(
        &self,
        lane: Lane,
        sequence: Sequence,
        job: &Job,
        speech: Speech,
        diverged: &Notify,
    ) -> Result<Posted> {
        let outgoing = self.0.parts.platform.render(&speech.reply, &job.event, speech.replaces.as_ref());
        let effects: Vec<Effect> = effects(sequence, speech.handler, speech.ordinal, outgoing).collect();
        let Some(last) = effects.last() else {
            return Err(Error::new("the event stands in no conversation to speak in"));
        };
        match recorded(job, &effects) {
            Recorded::Nothing => {}
            Recorded::Otherwise => {
                diverged.notify_one();
                return std::future::pending().await;
            }
            Recorded::Ended(result) => return result,
        }
        let fallback = last.outgoing.channel.clone();
        let waiter = Waiter(self.next());
        let (told, delivered) = oneshot::channel();
        lock(&self.0.waiters).insert(waiter, told);
        self.drive(Input::Spoke { lane, effects, waiter }).await;
        match delivered.await {
            Ok(Ok((channel, message))) => Ok(posted(channel.or(fallback), message)),
            Ok(Err(reason)) => Err(Error::new(format!("it was not said: {reason}"))),
            Err(_) => Err(Error::new("the bot stopped before it was said")),
        }
    }
}

/// What a run that was cut short has recorded at the place of some effects.
enum Recorded {
    Nothing,
    Otherwise,
    Ended(Result<Posted>),
}

fn recorded(job: &Job, effects: &[Effect]) -> Recorded {
    let mut last = Recorded::Nothing;
    for effect in effects {
        let Some(known) = job.recorded.iter().find(|known| known.key == effect.key) else { continue };
        if known.outgoing.method != effect.outgoing.method || known.outgoing.body != effect.outgoing.body {
            return Recorded::Otherwise;
        }
        last = match &known.state {
            EffectState::Sent { channel, message } => {
                Recorded::Ended(Ok(posted(channel.clone().or(effect.outgoing.channel.clone()), message.clone())))
            }
            EffectState::Dead { reason } => Recorded::Ended(Err(Error::new(format!("it was not said: {reason}")))),
            EffectState::Sending => {
                Recorded::Ended(Err(Error::new("nobody knows whether it was said before the bot stopped")))
            }
            EffectState::Pending => Recorded::Nothing,
        };
    }
    last
}

fn posted(channel: Option<crate::id::ChannelId>, message: Option<crate::id::MessageId>) -> Posted {
    Posted { channel: channel.unwrap_or_else(|| "".into()), message }
}

fn effects(
    event: Sequence,
    handler: &'static Handler,
    ordinal: u32,
    outgoing: impl IntoIterator<Item = Outgoing>,
) -> impl Iterator<Item = Effect> {
    outgoing.into_iter().zip(0..).map(move |(outgoing, part)| Effect {
        key: EffectKey { event, handler: Arc::from(handler.name), ordinal, part },
        outgoing: Arc::new(outgoing),
        state: EffectState::Pending,
    })
}

fn done(effects: Vec<Effect>) -> End {
    End { state: EventState::Done, effects, answer: None }
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
