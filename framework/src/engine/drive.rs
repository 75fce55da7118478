//! The shell around the core: it carries outputs out, on tokio, and brings their results back.

mod admission;
mod alarm;
mod cooldown;
mod run;
mod speak;
#[cfg(all(test, feature = "workspace"))]
mod tests;
mod unclear;

use std::{
    collections::{HashMap, VecDeque},
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::{Notify, oneshot};

#[cfg(feature = "bench")]
pub(crate) use self::speak::key;
use self::{alarm::Alarm, cooldown::Cooldowns};
use super::core::{Acknowledgement, Core, CoreLimits, End, Input, Output, Ticket, Waiter};
use crate::{
    clock::Clock,
    dispatch::Dispatcher,
    handler::States,
    language::Language,
    platform::Platform,
    store::{Store, StoreError},
};

/// The engine, running. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Engine(Arc<Shell>);

/// What an engine is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) platform: Arc<dyn Platform>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) dispatcher: Arc<Dispatcher>,
    pub(crate) states: Arc<States>,
    pub(crate) language: Language,
    pub(crate) limits: CoreLimits,
    /// How long a handler may run.
    pub(crate) handler_limit: Duration,
}

#[derive(Debug)]
struct Shell {
    parts: Parts,
    core: Mutex<Core>,
    /// Requests whose response is owed.
    tickets: Mutex<HashMap<Ticket, oneshot::Sender<Acknowledgement>>>,
    /// Handlers that wait for what they said to be delivered.
    waiters: Mutex<HashMap<Waiter, speak::Waiting>>,
    next: AtomicU64,
    alarm: Alarm,
    cooldowns: Cooldowns,
    unclear: unclear::Unclear,
    drained: Notify,
    idle: Notify,
}

impl Engine {
    /// Starts an engine. Call within a tokio runtime.
    pub(crate) fn start(parts: Parts) -> Self {
        let core = Mutex::new(Core::new(parts.limits));
        let shell = Shell {
            parts,
            core,
            tickets: Mutex::default(),
            waiters: Mutex::default(),
            next: AtomicU64::new(1),
            alarm: Alarm::default(),
            cooldowns: Cooldowns::default(),
            unclear: unclear::Unclear::default(),
            drained: Notify::new(),
            idle: Notify::new(),
        };
        let engine = Self(Arc::new(shell));
        alarm::watch(&engine);
        engine
    }

    /// Takes nothing more in, and waits until everything is at its end, but no longer than `limit`; says whether it
    /// came to its end. What is left is kept by the store.
    pub(crate) async fn drain(&self, limit: Duration) -> bool {
        let drained = self.0.drained.notified();
        self.drive(Input::Drain).await;
        tokio::time::timeout(limit, drained).await.is_ok()
    }

    /// Waits until every event is at its end and everything said is delivered.
    pub(crate) async fn idle(&self) {
        loop {
            let idle = self.0.idle.notified();
            if lock(&self.0.core).is_idle() {
                return;
            }
            idle.await;
        }
    }

    /// Gives the core an input, carries its outputs out, and goes on with their results until there are none.
    async fn drive(&self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let outputs = self.step(input);
            let mut sends = Vec::new();
            for output in outputs {
                match output {
                    Output::Send { .. } | Output::Find { .. } => sends.push(output),
                    other => inputs.extend(self.carry_out(other).await),
                }
            }
            // The last one is sent from here; whatever else there is to do does not wait for it.
            let here = if inputs.is_empty() { sends.pop() } else { None };
            sends.into_iter().for_each(|send| self.spawn_send(send));
            if let Some(send) = here {
                inputs.extend(self.carry_out(send).await);
            }
        }
    }

    fn step(&self, input: Input) -> Vec<Output> {
        let mut core = lock(&self.0.core);
        let outputs = core.step(self.0.parts.clock.now(), input);
        if core.is_idle() {
            self.0.idle.notify_waiters();
        }
        outputs
    }

    fn spawn_send(&self, send: Output) {
        let engine = self.clone();
        let sending: BoxFuture<'static, ()> = Box::pin(async move {
            if let Some(input) = engine.carry_out(send).await {
                engine.drive(input).await;
            }
        });
        tokio::spawn(sending);
    }

    async fn carry_out(&self, output: Output) -> Option<Input> {
        let store = &self.0.parts.store;
        Some(match output {
            Output::Admit { ticket, job, inbound } => {
                let result = store.admit(inbound).await;
                Input::Admitted { ticket, job, result: heard(result) }
            }
            Output::Acknowledge { lease, event } => {
                let result = store.acknowledge(&lease, event).await;
                Input::Acknowledged { lane: lease.lane, result: heard(result) }
            }
            Output::Record { lease, effects, waiter } => {
                let result = store.record(&lease, effects.clone()).await;
                Input::Recorded { lane: lease.lane, effects, waiter, result: heard(result) }
            }
            Output::Settle { lease, settlement } => {
                let event = settlement.event;
                let result = store.settle(&lease, settlement).await;
                Input::Settled { lane: lease.lane, event, result: heard(result) }
            }
            Output::Mark { lease, effect, state } => {
                self.note_mark(&effect, &state);
                let result = store.mark(&lease, &effect, state).await;
                Input::Marked { lane: lease.lane, effect, result: heard(result) }
            }
            Output::Send { lane, effect, outgoing } => {
                let delivery = self.0.parts.platform.send(&outgoing).await;
                tracing::debug!(method = outgoing.method, ?delivery, "sent");
                Input::Delivered { lane, effect, delivery }
            }
            Output::Find { lane, effect, outgoing, since } => {
                let found = self.0.parts.platform.find(&outgoing, since).await;
                tracing::debug!(method = outgoing.method, ?found, "looked for");
                Input::Found { lane, effect, found }
            }
            Output::Run { lane, sequence, job, dispatch, attempts } => {
                self.spawn_run(run::Run { lane, sequence, job, dispatch, attempts });
                return None;
            }
            Output::Respond { ticket, acknowledgement } => {
                if let Some(owed) = lock(&self.0.tickets).remove(&ticket) {
                    // Whoever asked may have gone away.
                    let _ = owed.send(acknowledgement);
                }
                return None;
            }
            Output::Spoken { waiter, result } => {
                let waiting = lock(&self.0.waiters).remove(&waiter);
                if let Some(waiting) = waiting {
                    waiting.tell(result);
                }
                return None;
            }
            Output::WakeAt(at) => {
                self.0.alarm.set(at);
                return None;
            }
            Output::Drained => {
                self.0.drained.notify_waiters();
                return None;
            }
        })
    }

    fn spawn_run(&self, run: run::Run) {
        let engine = self.clone();
        let running: BoxFuture<'static, ()> = Box::pin(async move {
            let (lane, event) = (run.lane.clone(), run.sequence);
            // Handlers are caught where they are called: this is for what is ours.
            let end = AssertUnwindSafe(engine.run(run)).catch_unwind().await.unwrap_or_else(|_| {
                tracing::error!(?event, "running the handlers of an event panicked");
                End::dead("failed: the framework panicked")
            });
            engine.drive(Input::Ended { lane, event, end }).await;
        });
        tokio::spawn(running);
    }

    fn next(&self) -> u64 {
        self.0.next.fetch_add(1, Ordering::Relaxed)
    }
}

/// A failed commit is worth a line, wherever it happens.
fn heard<T>(result: Result<T, StoreError>) -> Result<T, StoreError> {
    if let Err(error) = &result {
        tracing::error!(%error, "the store did not commit");
    }
    result
}

/// Nothing that holds a lock here can panic half way through a change.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
