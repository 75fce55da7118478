//! Running the handlers of one event.

use std::sync::{Arc, Mutex};

use super::{
    Engine,
    call::{Outcome, Role},
    failed::dead,
    lock,
    speak::{Recorded, effects, key, recorded, said_before},
};
use crate::{
    dispatch::Taker,
    engine::core::{End, Input, Job},
    error::Error,
    handler::Handler,
    platform::Occasion,
    reply::Reply,
    store::{Change, Effect, EventState, Lease, Sequence},
};

/// How often a handler is run again because others changed the same values.
pub(super) const MOST_CONFLICTS: u32 = 16;

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

impl Engine {
    /// Runs the handler that takes the event, and beside it those that observe it.
    pub(super) async fn run(&self, run: Run) -> End {
        // Where lanes may be lost to others, a task that was begun late is not to do what another does already.
        if self.0.parts.store.shared().is_some() && !self.holds(&run.lease) {
            return done(Vec::new());
        }
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
            let outcome = self.call(run, *observer, Role::Observer, None, None).await;
            if !self.holds(&run.lease) {
                // It is run again elsewhere.
                return;
            }
            match outcome {
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
}

pub(super) fn done(effects: Vec<Effect>) -> End {
    End { state: EventState::Done, effects, changes: Vec::new(), answer: None }
}

fn diverged() -> Error {
    Error::new("it was run again and said something else than before")
}
