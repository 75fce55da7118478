//! What is kept so that nothing acknowledged is lost and nothing is said twice.
//!
//! A [`Store`] keeps events from their acknowledgement to their end, and effects (what handlers say) from the moment
//! they are decided to the moment the platform has them. Every change is one commit; what it answered `Ok` is durable.
//!
//! The lane (a conversation) is the unit of ownership: whoever holds its lease runs its events and sends its effects.
//! A lease carries a token that grows with each new holder, so that a holder that lost it without knowing is told.
//! Each lane counts its work in the row that every change of it locks, so that it is never left while an event comes
//! in: it is forgotten by the change that ends its last work, and by no other.

mod commit;
#[cfg(test)]
pub(crate) mod conformance;
mod kept;
mod key;
pub(crate) mod memory;
#[cfg(feature = "postgres")]
mod postgres;
mod shared;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

#[cfg(feature = "postgres")]
pub(crate) use self::postgres::{PostgresPlace, PostgresStore};
#[cfg(feature = "sqlite")]
pub(crate) use self::sqlite::{SqlitePlace, SqliteStore};
pub(crate) use self::{
    commit::Commit,
    kept::{Change, Expected, Place, Scope, Value},
    key::Key,
    memory::MemoryStore,
    shared::Shared,
};
use crate::{
    clock::Timestamp,
    id::{ChannelId, MessageId, UserId},
    platform::Outgoing,
};

/// Keeps events and effects.
///
/// Every method is one commit, which happens whether or not it is waited for. Times are given by the caller and are
/// those of one clock, except that leases may be judged by the store's own.
pub(crate) trait Store: Send + Sync + fmt::Debug + 'static {
    /// Takes in an event, and with it the lease of its lane when it has no other work.
    fn admit(&self, inbound: Inbound) -> Commit<Admitted>;

    /// Takes over lanes that have work and no holder: after a start, those of the run before. Where others use the
    /// store too, it also tells of what they took into lanes that are held here, each event once.
    fn lease(&self, limit: usize, now: Timestamp) -> Commit<Vec<Leased>>;

    /// A request will not be answered in time: it goes on as an event.
    fn acknowledge(&self, lease: &Lease, event: Sequence) -> Commit<()>;

    /// Records what a handler that still runs says, all its parts at once, before any is sent.
    fn record(&self, lease: &Lease, effects: Vec<Effect>) -> Commit<()>;

    /// Ends a run of an event, with the effects it leaves and the values it changes. When one of these does not stand as
    /// expected, nothing of it is done: that is a conflict.
    fn settle(&self, lease: &Lease, settlement: Settlement) -> Commit<()>;

    /// Marks where an effect stands: about to be sent, sent, to be tried again, or given up.
    fn mark(&self, lease: &Lease, effect: &EffectKey, state: EffectState) -> Commit<()>;

    /// A value that was committed, unless it has expired.
    fn read(&self, place: &Place, now: Timestamp) -> Commit<Option<Value>>;

    /// Changes values that belong to no run: all of them, or none when one does not stand as expected.
    fn change(&self, changes: Vec<Change>) -> Commit<()>;

    /// How much there is of what.
    fn counts(&self) -> Commit<Counts>;

    /// Changes nothing, and is kept as any change is: the proof that changes are.
    fn probe(&self) -> Commit<()> {
        Commit::ended(Ok(()))
    }

    /// The room on the disk that it writes to, where there is one. It may wait for that disk.
    fn space(&self) -> Option<Space> {
        None
    }

    /// What is to be known of other processes that use the store at the same time; `None` where there are none.
    fn shared(&self) -> Option<&Shared> {
        None
    }

    /// Ends it in good order: what waits is committed, what it holds is free for others, and whatever is left does not
    /// count as cut short by a crash. Every change after that fails.
    fn close(&self) -> Commit<()> {
        Commit::ended(Ok(()))
    }
}

/// The number of an event in its store, in the order of admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Sequence(pub(crate) u64);

/// A conversation, or whatever else is handled one event at a time: `team/channel/thread`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Lane(pub(crate) Arc<str>);

/// An event that comes in.
#[derive(Clone, Debug)]
pub(crate) struct Inbound {
    /// The event's own key: one for all its deliveries.
    pub(crate) key: Key,
    /// The key of the message it brings, which two events may bring.
    pub(crate) message: Option<Key>,
    /// Whether somebody observes this event whatever becomes of its message.
    pub(crate) observed: bool,
    pub(crate) lane: Lane,
    pub(crate) body: Bytes,
    pub(crate) received: Timestamp,
    /// Whether its answer goes into the response.
    pub(crate) answering: bool,
}

/// What became of an event that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Admitted {
    /// It is new. Without a lease, somebody else holds its lane and will run it.
    New {
        sequence: Sequence,
        lease: Option<Lease>,
        /// Whether its message is new too; if not, it is for observers alone.
        dispatch: bool,
    },
    /// It, or its message, was here before.
    Duplicate,
}

/// The right to run a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lease {
    pub(crate) lane: Lane,
    /// Grows with each new holder.
    pub(crate) token: u64,
}

/// A lane that was taken over, with all its work; or one that is held, with what others took into it.
#[derive(Clone, Debug)]
pub(crate) struct Leased {
    pub(crate) lease: Lease,
    /// Its events, in order of admission.
    pub(crate) events: Vec<Stored>,
    /// Its effects that are not yet sent, in order.
    pub(crate) effects: Vec<Effect>,
}

/// An event that was taken over.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) sequence: Sequence,
    pub(crate) body: Bytes,
    pub(crate) received: Timestamp,
    pub(crate) dispatch: bool,
    pub(crate) state: EventState,
    /// How many runs a crash cut short.
    pub(crate) crashes: u32,
    /// How many runs ended in an error that asked for another.
    pub(crate) attempts: u32,
    /// The effects recorded by a run that was cut short, with what became of them.
    pub(crate) recorded: Vec<Effect>,
}

/// Where an event stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EventState {
    /// Its answer goes into the response, which nobody has yet.
    Answering,
    /// To be run.
    Ready,
    /// To be run again, not before this.
    Retry { at: Timestamp },
    /// Its handler asked a person something.
    Waiting { person: UserId, until: Timestamp },
    /// Its handlers are done.
    Done,
    /// Given up, and why.
    Dead { reason: String },
}

impl EventState {
    /// Whether an event in this state may have been run.
    fn may_run(&self, now: Timestamp) -> bool {
        match self {
            Self::Retry { at } => *at <= now,
            Self::Waiting { .. } => false,
            _ => true,
        }
    }
}

/// How a run of an event ends.
#[derive(Clone, Debug)]
pub(crate) struct Settlement {
    pub(crate) event: Sequence,
    pub(crate) state: EventState,
    pub(crate) effects: Vec<Effect>,
    /// The values that its handlers changed, at most one change for each.
    pub(crate) changes: Vec<Change>,
}

/// Something a handler says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    pub(crate) key: EffectKey,
    /// Shared, for it goes from the handler to the store, to the outbox and to the platform as it is.
    pub(crate) outgoing: Arc<Outgoing>,
    pub(crate) state: EffectState,
}

/// Which effect: of which event, of which handler, the how many-th.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct EffectKey {
    pub(crate) event: Sequence,
    /// The path of the handler, and what it is to the event when it does not take it.
    pub(crate) handler: Cow<'static, str>,
    pub(crate) ordinal: u32,
    /// Which part, when one saying is several messages.
    pub(crate) part: u32,
}

/// Where an effect stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EffectState {
    /// To be sent.
    Pending,
    /// About to be sent, or being sent.
    Sending(Attempt),
    /// It may have arrived: it is looked for.
    Ambiguous(Attempt),
    /// The platform has it.
    Sent { channel: Option<ChannelId>, message: Option<MessageId> },
    /// Given up, and why.
    Dead { reason: String },
}

impl EffectState {
    /// Whether nothing more is done about it.
    fn is_ended(&self) -> bool {
        matches!(self, Self::Sent { .. } | Self::Dead { .. })
    }
}

/// How something was sent of which nobody knows yet whether it arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attempt {
    /// When it was first about to be sent: it stands nowhere before.
    pub(crate) since: Timestamp,
    /// Whether it was looked for in vain since, and sent once more.
    pub(crate) again: bool,
}

/// How much there is of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Events that are not at their end.
    pub(crate) open: usize,
    /// Events given up.
    pub(crate) dead: usize,
    /// Effects that are not at their end.
    pub(crate) unsent: usize,
}

/// The room on a disk, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Space {
    /// What is left to this program.
    pub(crate) free: u64,
    pub(crate) total: u64,
}

/// Why a commit did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// Somebody else holds the lane now: whatever was decided is void.
    Fenced,
    /// What stands there is not what a change expected.
    Conflict(Box<Place>),
    /// The store is full, closed or broken.
    Failed { why: String },
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fenced => f.write_str("another process holds this conversation now"),
            Self::Conflict(place) => write!(f, "somebody else has changed a value meanwhile: {place}"),
            Self::Failed { why } => f.write_str(why),
        }
    }
}

impl std::error::Error for StoreError {}

/// How long the keys of ended events are remembered, by default.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(15 * 60);
