//! What a process before this one left that is not run again.

use std::sync::Arc;

use super::{
    Engine,
    call::Role,
    failed::{dead, reference},
    run::Run,
    speak::spoken_before,
};
use crate::{
    engine::core::{End, Job},
    handler::Failure,
    store::{EventState, Sequence},
};

/// Why an event is given up that was cut short too often.
const CUT_SHORT: &str = "the process ended each time that it was run";

impl Engine {
    /// Ends an event over which process after process ended. Its handlers are not run again; whoever waits for an
    /// answer is told as of any failure.
    pub(super) async fn give_up(&self, run: &Run) -> End {
        let event = &run.job.event;
        let taker = run.job.plan.taker.as_ref().filter(|_| run.dispatch).map(|taker| taker.origin.handler);
        let reference = reference(event);
        let handlers = handlers(&run.job);
        tracing::error!(
            reference,
            handler = handlers,
            event = %event.id,
            crashes = run.crashes,
            "an event was given up: {CUT_SHORT}. Look at its handler and at how the process ended; `dead list` shows \
             the event, and `dead replay` runs it again"
        );
        let Some(handler) = taker else { return End::dead(format!("crash_loop: {handlers}")) };
        let failure = Arc::new(Failure { reference, handler: handler.name, cause: CUT_SHORT.to_owned() });
        // The process may have ended over `on_failure` too.
        let reply = match run.crashes > self.0.parts.limits.crashes {
            true => self.standard_apology(run, failure).await,
            false => self.apology(run, failure).await,
        };
        let spoken = spoken_before(&run.job, &Role::Taker.speaker(handler));
        self.answered(run, handler, dead("crash_loop", handler), reply, spoken)
    }
}

/// Tells of an event that is not taken up again.
pub(super) fn note_given_up(event: Sequence, state: &EventState, job: Option<&Job>) {
    match (state, job) {
        (EventState::Answering, job) => tracing::error!(
            ?event,
            reference = job.map(|job| reference(&job.event)),
            handler = job.map(handlers),
            "a command was given up: the process ended before it was answered. The platform has told the person that \
             it failed, and it is not run again"
        ),
        (_, None) => tracing::error!(?event, "an event was given up: no handler of this program takes it any more"),
        _ => {}
    }
}

fn handlers(job: &Job) -> String {
    let taker = job.plan.taker.iter().map(|taker| taker.origin.handler);
    let names = taker.chain(job.plan.observers.iter().map(|observer| observer.handler)).map(|handler| handler.name);
    names.collect::<Vec<_>>().join(", ")
}
