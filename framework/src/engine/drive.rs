//! The shell around the core: it carries outputs out, on tokio, and brings their results back.

mod admission;
mod alarm;
mod call;
mod cooldown;
mod count;
mod disk;
mod failed;
mod given_up;
mod others;
mod outage;
mod probe;
mod run;
#[cfg(feature = "schedule")]
mod schedules;
mod speak;
#[cfg(all(test, feature = "workspace"))]
mod tests;
mod trace;
mod unclear;

use std::{
    collections::VecDeque,
    panic::AssertUnwindSafe,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use foldhash::HashMap;
use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::{Notify, oneshot};
use tracing::Instrument;

#[cfg(feature = "bench")]
pub(crate) use self::speak::key;
use self::{alarm::Alarm, cooldown::Cooldowns, count::Tally};
use super::core::{Acknowledgement, Core, CoreLimits, End, Input, Load, Note, Output, Ticket, Waiter};
use crate::{
    clock::Clock,
    dispatch::Dispatcher,
    handler::States,
    language::Language,
    metrics::{Metrics, Resolution},
    platform::{Found, Platform},
    storage::Storage,
    store::{Commit, Counts, Intervention, Lease, Store},
    within::within,
};

/// How many outputs of one task wait beside each other: the store is not to be flooded after an outage.
const MOST_ASIDE: usize = 256;

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
    /// Where it counts.
    pub(crate) metrics: Arc<Metrics>,
}

#[derive(Debug)]
struct Shell {
    parts: Parts,
    storage: Storage,
    core: Mutex<Core>,
    /// Requests whose response is owed.
    tickets: Mutex<HashMap<Ticket, oneshot::Sender<Acknowledgement>>>,
    /// Handlers that wait for what they said to be delivered.
    waiters: Mutex<HashMap<Waiter, speak::Waiting>>,
    next: AtomicU64,
    alarm: Alarm,
    cooldowns: Cooldowns,
    disk: disk::Disk,
    probe: probe::Probe,
    outage: outage::Outage,
    #[cfg(feature = "schedule")]
    schedules: schedules::Schedules,
    drained: Notify,
    idle: Notify,
}

impl Engine {
    /// Starts an engine. Call within a tokio runtime.
    pub(crate) fn start(parts: Parts) -> Self {
        let core = Mutex::new(Core::new(parts.limits));
        let storage = Storage::new(parts.store.clone(), parts.clock.clone());
        let shell = Shell {
            parts,
            storage,
            core,
            tickets: Mutex::default(),
            waiters: Mutex::default(),
            next: AtomicU64::new(1),
            alarm: Alarm::default(),
            cooldowns: Cooldowns::default(),
            disk: disk::Disk::default(),
            probe: probe::Probe::default(),
            outage: outage::Outage::default(),
            #[cfg(feature = "schedule")]
            schedules: schedules::Schedules::default(),
            drained: Notify::new(),
            idle: Notify::new(),
        };
        let engine = Self(Arc::new(shell));
        alarm::watch(&engine);
        disk::watch(&engine);
        #[cfg(feature = "schedule")]
        schedules::watch(&engine);
        if engine.0.parts.store.shared().is_some() {
            others::watch(&engine);
        }
        engine
    }

    /// Takes nothing more in, and waits until everything is at its end, but no longer than `limit`, and not for what
    /// has its time only later; says whether everything came to its end. What is left is kept by the store.
    pub(crate) async fn drain(&self, limit: Duration) -> bool {
        let drained = self.0.drained.notified();
        self.drive(Input::Drain { until: self.0.parts.clock.now() + limit }).await;
        // What is left is told of either way.
        let _ = within(limit, pin!(drained)).await;
        let core = lock(&self.0.core);
        if core.is_idle() {
            return true;
        }
        let (events, messages) = core.left();
        tracing::warn!(events, messages, "left behind when the bot stopped; lost, if the store is the one in memory");
        false
    }

    /// How much is to be done.
    pub(crate) fn load(&self) -> Load {
        lock(&self.0.core).load(self.0.parts.clock.now())
    }

    /// How much the store holds.
    pub(crate) fn counts(&self) -> Commit<Counts> {
        self.0.parts.store.counts()
    }

    /// The values that authors keep, for whoever is no handler.
    pub(crate) fn storage(&self) -> &Storage {
        &self.0.storage
    }

    /// Closes the store, after which nothing more can be done.
    pub(crate) async fn close(&self) {
        let _ = self.0.parts.store.close().await;
    }

    /// Waits until every event is at its end and everything said is delivered.
    pub(crate) async fn idle(&self) {
        loop {
            let idle = self.0.idle.notified();
            if lock(&self.0.core).is_idle() && !self.is_due() {
                return;
            }
            idle.await;
        }
    }

    /// Whether a schedule's time has come and its event has not.
    fn is_due(&self) -> bool {
        #[cfg(feature = "schedule")]
        return self.0.schedules.is_due(self.0.parts.clock.now());
        #[cfg(not(feature = "schedule"))]
        false
    }

    /// Gives the core an input, carries its outputs out, and goes on with their results until there are none.
    fn drive(&self, input: Input) -> impl Future<Output = ()> + Send + '_ {
        // Made outside of the future, which would keep room for the input beside it.
        let mut work = Work::new(input);
        async move {
            while let Some(output) = self.next_output(&mut work) {
                let input = self.carry_out_of(&mut work, output).await;
                work.inputs.extend(input);
            }
        }
    }

    /// Carries an output out, without keeping those behind it waiting: nothing is begun late, when its lease may be void.
    async fn carry_out_of(&self, work: &mut Work, output: Output) -> Option<Input> {
        let is_last = work.outputs.is_empty() && work.inputs.is_empty() && work.send.is_none();
        if is_last || !output.waits() || work.aside == MOST_ASIDE {
            return self.carry_out(output).await;
        }
        work.aside += 1;
        let engine = self.clone();
        let mut aside: BoxFuture<'static, Option<Input>> = Box::pin(async move { engine.carry_out(output).await });
        // The store is asked now, in the order of the outputs.
        if let Some(ended) = (&mut aside).now_or_never() {
            return ended;
        }
        self.spawn(aside);
        None
    }

    /// What is to be done next. The last message is sent by whoever asks; whatever else there is to do does not wait
    /// for it.
    fn next_output(&self, work: &mut Work) -> Option<Output> {
        loop {
            match work.outputs.pop() {
                Some(send @ (Output::Send { .. } | Output::Find { .. })) => {
                    work.send.replace(send).into_iter().for_each(|before| self.spawn_send(before));
                }
                Some(output) => return Some(output),
                None => {
                    let Some(input) = work.inputs.pop_front() else { return work.send_last() };
                    work.send.take().into_iter().for_each(|send| self.spawn_send(send));
                    self.step(input, work);
                    // What need not wait goes first; the last is popped first.
                    work.outputs.sort_by_key(Output::waits);
                    work.outputs.reverse();
                }
            }
        }
    }

    /// Everything goes through here: what need not be done under the lock is done after it.
    fn step(&self, input: Input, work: &mut Work) {
        let now = self.0.parts.clock.now();
        let mut core = lock(&self.0.core);
        core.step_into(now, input, &mut work.outputs);
        core.swap_notes(&mut work.notes);
        let is_idle = core.is_idle();
        drop(core);
        work.notes.drain(..).for_each(|note| self.count_note(note));
        if is_idle {
            self.0.idle.notify_waiters();
        }
    }

    fn spawn_send(&self, send: Output) {
        let engine = self.clone();
        self.spawn(Box::pin(async move { engine.carry_out(send).await }));
    }

    /// Goes on with what comes of an output in a task of its own.
    fn spawn(&self, carried_out: BoxFuture<'static, Option<Input>>) {
        let engine = self.clone();
        tokio::spawn(async move {
            if let Some(input) = carried_out.await {
                engine.drive(input).await;
            }
        });
    }

    /// Whether what is done under a lease can still come to anything.
    fn holds(&self, lease: &Lease) -> bool {
        lock(&self.0.core).holds(lease)
    }

    /// Makes a change to what waits here, for an operator; says whether it did.
    pub(crate) async fn intervene(&self, change: &Intervention) -> bool {
        let mut outputs = Vec::new();
        let done = lock(&self.0.core).intervene(self.0.parts.clock.now(), change, &mut outputs);
        outputs.reverse();
        let mut work = Work { outputs, ..Work::default() };
        while let Some(output) = self.next_output(&mut work) {
            let input = self.carry_out_of(&mut work, output).await;
            work.inputs.extend(input);
        }
        done
    }

    async fn carry_out(&self, output: Output) -> Option<Input> {
        let store = &self.0.parts.store;
        Some(match output {
            Output::Admit { ticket, job, inbound } => {
                let result = store.admit(inbound).await;
                self.count_admission(&job.event, &result);
                trace::admitted(&job.span, &result);
                Input::Admitted { ticket, job, result: self.heard(result) }
            }
            Output::Acknowledge { lease, event } => {
                let result = store.acknowledge(&lease, event).await;
                Input::Acknowledged { lease, result: self.heard(result) }
            }
            Output::Record { lease, effects, waiter } => {
                let result = store.record(&lease, effects.clone()).await;
                Input::Recorded { lease, effects, waiter, result: self.heard(result) }
            }
            Output::Settle { lease, settlement } => {
                let event = settlement.event;
                let tally = Tally::of_run(&settlement.state);
                let result = store.settle(&lease, settlement).await;
                tally.count(self.metrics(), &result);
                Input::Settled { lease, event, result: self.heard(result) }
            }
            Output::Mark { lease, effect, state } => {
                self.note_mark(&effect, &state);
                let tally = Tally::of_mark(&state);
                let result = store.mark(&lease, &effect, state).await;
                tally.count(self.metrics(), &result);
                Input::Marked { lease, effect, result: self.heard(result) }
            }
            Output::Send { lease, effect, outgoing, has_turn, span } => {
                let delivery = match self.may_send(&lease, &outgoing, has_turn).await {
                    Ok(()) => self.0.parts.platform.send(&outgoing).await,
                    Err(delivery) => delivery,
                };
                self.tell_others(&outgoing, &delivery);
                trace::sent(&span, &effect, &outgoing.method, &delivery);
                Input::Delivered { lease, effect, delivery }
            }
            Output::Find { lease, effect, outgoing, since } => {
                let found = self.0.parts.platform.find(&outgoing, since).await;
                if let Found::Yes { .. } = found {
                    self.metrics().ambiguous.get(Resolution::Found).increment();
                }
                tracing::debug!(method = outgoing.method, ?found, "looked for");
                Input::Found { lease, effect, found }
            }
            Output::Run { lease, sequence, job, dispatch, attempts, crashes, conflicts } => {
                let changes = Mutex::default();
                self.spawn_run(run::Run { lease, sequence, job, dispatch, attempts, crashes, conflicts, changes });
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
            Output::Renounce { lease } => {
                store.renounce(&lease);
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
        tokio::spawn(async move {
            let (lease, event) = (run.lease.clone(), run.sequence);
            let span = trace::running(&run);
            // Handlers are caught where they are called: this is for what is ours.
            let end =
                AssertUnwindSafe(engine.run(run)).catch_unwind().instrument(span.clone()).await.unwrap_or_else(|_| {
                    tracing::error!(?event, "running the handlers of an event panicked");
                    End::dead("failed: the framework panicked")
                });
            trace::ended(&span, &end);
            engine.drive(Input::Ended { lease, event, end }).await;
        });
    }

    fn next(&self) -> u64 {
        self.0.next.fetch_add(1, Ordering::Relaxed)
    }
}

/// What one task has to do.
#[derive(Debug, Default)]
struct Work {
    inputs: VecDeque<Input>,
    /// What the last input asks for, the first last.
    outputs: Vec<Output>,
    /// A message that goes out when nothing else is left.
    send: Option<Output>,
    /// What the last input is to be counted by.
    notes: Vec<Note>,
    /// How many outputs wait beside it.
    aside: usize,
}

impl Work {
    /// The message that is left, for which nothing is held while it is sent.
    fn send_last(&mut self) -> Option<Output> {
        std::mem::take(self).send
    }

    fn new(input: Input) -> Self {
        Self { inputs: VecDeque::from([input]), ..Self::default() }
    }
}

/// Nothing that holds a lock here can panic half way through a change.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
