//! What goes into the core and what comes out.

use std::sync::{Arc, Mutex, OnceLock};

use crate::{
    clock::Timestamp,
    dispatch::Plan,
    event::Event,
    platform::{Delivery, Found, Outgoing, Response},
    store::{
        Admitted, Change, Effect, EffectKey, EffectState, EventState, Inbound, Lease, Sequence, Settlement, StoreError,
    },
};

/// Names a request for a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ticket(pub(crate) u64);

/// Names a handler that waits for what it said to be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Waiter(pub(crate) u64);

/// An event and what is to be run for it. The core carries it and looks at nothing but whether it is a request.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) event: Arc<Event>,
    /// The handlers it is for.
    pub(crate) plan: Plan,
    /// Whether its answer goes into the response.
    pub(crate) request: bool,
    /// How often it was taken up again after it was given up.
    pub(crate) replays: u32,
    /// What the runs before this one said.
    pub(crate) recorded: Mutex<Vec<Effect>>,
    /// What is traced of it.
    pub(crate) span: tracing::Span,
    /// How the handler that takes it ended, once its answer was said before the end of those that observe it: it is not
    /// run again with them.
    pub(crate) taken: OnceLock<EventState>,
}

impl Job {
    pub(crate) fn new(
        event: Arc<Event>,
        plan: Plan,
        request: bool,
        recorded: Vec<Effect>,
        span: tracing::Span,
    ) -> Self {
        Self { event, plan, request, replays: 0, recorded: recorded.into(), span, taken: OnceLock::new() }
    }
}

/// What happened. What comes of a lane comes under the lease that it was done for, which may be void by now.
#[derive(Debug)]
pub(crate) enum Input {
    /// A verified event that some handler takes.
    Arrived { ticket: Ticket, job: Arc<Job>, inbound: Inbound },
    /// The store's answer to an admission.
    Admitted { ticket: Ticket, job: Arc<Job>, result: Result<Admitted, StoreError> },
    /// Lanes that were taken over from a process that is gone, and what others took into lanes that are held here.
    TakenOver(Vec<TakenOver>),
    /// Lanes whose leases up to these are void.
    Void(Vec<Lease>),
    /// The store's answer to the acknowledgement of a request.
    Acknowledged { lease: Lease, result: Result<(), StoreError> },
    /// A running handler says something. Who does not wait for it has nobody to be told, and is never refused.
    Spoke { lease: Lease, effects: Vec<Effect>, waiter: Option<Waiter> },
    /// The store's answer to the record of what it said.
    Recorded { lease: Lease, effects: Vec<Effect>, waiter: Option<Waiter>, result: Result<(), StoreError> },
    /// The handlers of an event are done.
    Ended { lease: Lease, event: Sequence, end: End },
    /// The store's answer to the end of a run.
    Settled { lease: Lease, event: Sequence, result: Result<(), StoreError> },
    /// How the sending of an effect ended.
    Delivered { lease: Lease, effect: EffectKey, delivery: Delivery },
    /// What a look for an effect that may have arrived came to.
    Found { lease: Lease, effect: EffectKey, found: Found },
    /// The store's answer to a mark on an effect.
    Marked { lease: Lease, effect: EffectKey, result: Result<(), StoreError> },
    /// The room on the disk is another than before.
    Disk(Room),
    /// Time has come.
    Tick,
    /// Nothing more is to be taken in, and what cannot go on before this time is not waited for.
    Drain { until: Timestamp },
}

impl Input {
    /// The lease that it was done for.
    pub(super) fn lease(&self) -> Option<&Lease> {
        match self {
            Self::Acknowledged { lease, .. }
            | Self::Spoke { lease, .. }
            | Self::Recorded { lease, .. }
            | Self::Ended { lease, .. }
            | Self::Settled { lease, .. }
            | Self::Delivered { lease, .. }
            | Self::Found { lease, .. }
            | Self::Marked { lease, .. } => Some(lease),
            Self::Arrived { .. }
            | Self::Admitted { .. }
            | Self::TakenOver(_)
            | Self::Void(_)
            | Self::Disk(_)
            | Self::Tick
            | Self::Drain { .. } => None,
        }
    }
}

/// How the handlers of an event ended.
#[derive(Debug)]
pub(crate) struct End {
    /// Done, dead, or to be run again.
    pub(crate) state: EventState,
    /// What they leave to be said.
    pub(crate) effects: Vec<Effect>,
    /// The values that they changed.
    pub(crate) changes: Vec<Change>,
    /// The answer to a request: as the response, and as it is sent when the response has gone.
    pub(crate) answer: Option<(Response, Vec<Effect>)>,
}

impl End {
    /// An event that is given up, without a word to anybody.
    pub(crate) fn dead(reason: impl Into<String>) -> Self {
        Self {
            state: EventState::Dead { reason: reason.into() },
            effects: Vec::new(),
            changes: Vec::new(),
            answer: None,
        }
    }
}

/// A lane that was taken over.
#[derive(Debug)]
pub(crate) struct TakenOver {
    pub(crate) lease: Lease,
    pub(crate) events: Vec<OldEvent>,
    pub(crate) effects: Vec<Effect>,
}

/// An event of a lane that was taken over.
#[derive(Debug)]
pub(crate) struct OldEvent {
    pub(crate) sequence: Sequence,
    pub(crate) state: EventState,
    pub(crate) crashes: u32,
    pub(crate) attempts: u32,
    pub(crate) dispatch: bool,
    /// `None` when nothing of this bot takes it any more.
    pub(crate) job: Option<Arc<Job>>,
}

/// What is to be done. Commits answer with the input of the same name.
#[derive(Debug)]
pub(crate) enum Output {
    /// Commit an event.
    Admit { ticket: Ticket, job: Arc<Job>, inbound: Inbound },
    /// Commit that a request goes on as an event.
    Acknowledge { lease: Lease, event: Sequence },
    /// Commit what a running handler said.
    Record { lease: Lease, effects: Vec<Effect>, waiter: Option<Waiter> },
    /// Commit the end of a run.
    Settle { lease: Lease, settlement: Settlement },
    /// Commit where an effect stands.
    Mark { lease: Lease, effect: EffectKey, state: EffectState },
    /// Answer a request.
    Respond { ticket: Ticket, acknowledgement: Acknowledgement },
    /// Run the handlers of an event; or end it without, when too many processes ended over it.
    Run { lease: Lease, sequence: Sequence, job: Arc<Job>, dispatch: bool, attempts: u32, crashes: u32, conflicts: u32 },
    /// Send an effect, whose turn among all processes may have been taken before.
    Send { lease: Lease, effect: EffectKey, outgoing: Arc<Outgoing>, has_turn: bool, span: tracing::Span },
    /// Look whether an effect has arrived that was sent at `since` or later.
    Find { lease: Lease, effect: EffectKey, outgoing: Arc<Outgoing>, since: Timestamp },
    /// Tell a handler what became of what it said.
    Spoken { waiter: Waiter, result: Result<Spoken, String> },
    /// Give a lease back that is not taken.
    Renounce { lease: Lease },
    /// Come back with a tick at this time.
    WakeAt(Timestamp),
    /// Everything is at its end, or has its time too late to be waited for.
    Drained,
}

impl Output {
    /// Whether its result is waited for.
    pub(crate) fn waits(&self) -> bool {
        match self {
            Self::Run { .. }
            | Self::Respond { .. }
            | Self::Spoken { .. }
            | Self::Renounce { .. }
            | Self::WakeAt(_)
            | Self::Drained => false,
            Self::Admit { .. }
            | Self::Acknowledge { .. }
            | Self::Record { .. }
            | Self::Settle { .. }
            | Self::Mark { .. }
            | Self::Send { .. }
            | Self::Find { .. } => true,
        }
    }
}

/// The message that something said became.
pub(crate) type Spoken = (Option<crate::id::ChannelId>, Option<crate::id::MessageId>);

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Acknowledgement {
    /// It is stored.
    Stored,
    /// It is not; it may come again.
    Shed(Shed),
    /// Its answer.
    Answer(Response),
}

/// Why an event is not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shed {
    /// The bot is about to stop.
    Draining,
    /// Too many events are being stored at this moment.
    Admitting,
    /// Too many events wait.
    Backlog,
    /// They wait for too long.
    Age,
    /// The disk is nearly full.
    Disk,
    /// The store failed.
    Store,
    /// The store did not answer in time.
    Late,
}

/// The room on the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Room {
    /// There is enough, or nothing is known of it.
    #[default]
    Enough,
    /// What has begun can go on.
    Little,
    /// There is none to speak of.
    None,
}
