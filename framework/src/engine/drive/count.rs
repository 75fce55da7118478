//! What is counted.

use super::Engine;
use crate::{
    engine::core::{Note, Shed},
    event::{Event, Kind},
    metrics::{Admission, Cause, EventKind, Metrics, Reason, Resolution, RunOutcome},
    store::{Admitted, Attempt, EffectState, EventState, StoreError},
};

/// What a commit is counted as once it is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    run: Option<RunOutcome>,
    dead: Option<Reason>,
    resolution: Option<Resolution>,
}

impl Tally {
    /// The end of a run.
    pub(super) fn of_run(state: &EventState) -> Self {
        let (run, dead) = match state {
            EventState::Done => (RunOutcome::Done, None),
            EventState::Retry { .. } => (RunOutcome::Retry, None),
            EventState::Dead { reason } => (RunOutcome::Dead, Some(Reason::of(reason))),
            _ => return Self::default(),
        };
        Self { run: Some(run), dead, resolution: None }
    }

    /// Where an effect stands.
    pub(super) fn of_mark(state: &EffectState) -> Self {
        match state {
            EffectState::Dead { reason } => {
                let dead = Reason::of(reason);
                let resolution = (dead == Reason::Ambiguous).then_some(Resolution::GivenUp);
                Self { run: None, dead: Some(dead), resolution }
            }
            EffectState::Sending(Attempt { again: true, .. }) => {
                Self { resolution: Some(Resolution::Resent), ..Self::default() }
            }
            _ => Self::default(),
        }
    }

    /// Counts it if the commit is there.
    pub(super) fn count(self, metrics: &Metrics, commit: &Result<(), StoreError>) {
        if commit.is_err() {
            return;
        }
        self.run.into_iter().for_each(|run| metrics.attempts.get(run).increment());
        self.dead.into_iter().for_each(|dead| metrics.dead.get(dead).increment());
        self.resolution.into_iter().for_each(|resolution| metrics.ambiguous.get(resolution).increment());
    }
}

impl Engine {
    pub(super) fn metrics(&self) -> &Metrics {
        &self.0.parts.metrics
    }

    pub(super) fn count_note(&self, note: Note) {
        match note {
            Note::Over(took) => self.metrics().end_to_end.observe(took),
            Note::Paced(waited) => self.metrics().rate_wait.observe(waited),
            Note::TakenOver => self.metrics().lease_expired.increment(),
            Note::Sheds { waiting, oldest } => tracing::error!(
                waiting,
                ?oldest,
                "too much waits: events that begin a conversation are not taken in, for three minutes at most. The \
                 platform delivers them again. Look for handlers that are slow, or start the bot on a larger machine"
            ),
            Note::Lags => tracing::error!("still too much waits: events are taken in again, and answered late"),
            Note::ShedsNoMore => tracing::info!("little waits again: all events are taken in"),
        }
    }

    pub(super) fn count_admission(&self, event: &Event, result: &Result<Admitted, StoreError>) {
        let admission = match result {
            Ok(Admitted::New { .. }) => Admission::New,
            Ok(Admitted::Duplicate) => Admission::Duplicate,
            Err(_) => return,
        };
        self.metrics().admitted.get(kind(event)).get(admission).increment();
    }

    pub(super) fn count_shed(&self, kind: EventKind, shed: Shed) {
        self.metrics().admitted.get(kind).get(Admission::Shed).increment();
        let cause = match shed {
            Shed::Draining => Cause::Draining,
            Shed::Admitting => Cause::Admitting,
            Shed::Backlog => Cause::Backlog,
            Shed::Age => Cause::Age,
            Shed::Disk => Cause::Disk,
            Shed::Store => Cause::Store,
            Shed::Late => Cause::Late,
        };
        self.metrics().shed.get(cause).increment();
    }
}

/// What an event is counted as.
pub(super) fn kind(event: &Event) -> EventKind {
    match event.kind {
        Kind::Message(_) => EventKind::Message,
        Kind::Command(_) => EventKind::Command,
        Kind::Reaction(_) => EventKind::Reaction,
        Kind::Scheduled(_) => EventKind::Schedule,
        Kind::Other => EventKind::Other,
    }
}
