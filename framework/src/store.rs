//! What is kept so that nothing acknowledged is lost and nothing is said twice.
//!
//! A [`Store`] keeps events from their acknowledgement to their end, and effects (what handlers say) from the moment
//! they are decided to the moment the platform has them. Every change is one commit; what it answered `Ok` is durable.
//!
//! The lane (a conversation) is the unit of ownership: whoever holds its lease runs its events and sends its effects.
//! A lease carries a token that grows with each new holder, so that a holder that lost it without knowing is told.
//! Each lane counts its work in the row that every change of it locks, so that it is never left while an event comes
//! in: it is forgotten by the change that ends its last work, and by no other.
//!
//! Operators look at what is kept through [`Records`], and change it through [`Operate`].

mod commit;
#[cfg(test)]
pub(crate) mod conformance;
mod kept;
mod key;
pub(crate) mod memory;
#[cfg(test)]
pub(crate) mod moody;
#[cfg(feature = "postgres")]
mod postgres;
mod records;
mod shared;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::{borrow::Cow, fmt, str::FromStr, sync::Arc, time::Duration};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

#[cfg(feature = "postgres")]
pub(crate) use self::postgres::{PostgresPlace, PostgresRecords, PostgresStore};
#[cfg(feature = "sqlite")]
pub(crate) use self::sqlite::{SqlitePlace, SqliteReader, SqliteStore, restore};
pub(crate) use self::{
    commit::Commit,
    kept::{Change, Expected, Place, Scope, Value},
    key::Key,
    memory::MemoryStore,
    records::{
        AuditRecord, By, Changed, DROPPED, EffectRecord, Erased, EventRecord, Intervention, Operate, Records,
        Resolution, Selection, ValueRecord,
    },
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

    /// Takes over lanes that have work and no holder: after a start, those of the run before. It also tells of what
    /// operators brought back to lanes that are held here, and where others use the store too of what they took into
    /// them, each thing once.
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

    /// Books the next turn of a call to the platform among all processes that use the store, and says how long it is
    /// until then. A turn that is further away than `furthest` is not booked.
    fn turn(&self, _: &Outgoing, _furthest: Duration) -> Commit<Duration> {
        Commit::ended(Ok(Duration::ZERO))
    }

    /// The platform asks to wait for so long with such calls: whoever else uses the store is told.
    fn hold(&self, _: &Outgoing, _: Duration) {}

    /// A lease that was told is not taken: its lane is free for all again.
    fn renounce(&self, _: &Lease) {}

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

/// What stands before the point is the run of the store that gave the number; stores that do not count runs have none.
impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (run, number) = (self.0 >> 32, self.0 & u64::from(u32::MAX));
        if run == 0 { write!(f, "{number}") } else { write!(f, "{run}.{number}") }
    }
}

impl FromStr for Sequence {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (run, number) = text.split_once('.').unwrap_or(("0", text));
        let [run, number] = [run, number].map(|part| part.parse::<u32>().map_err(drop));
        Ok(Self((u64::from(run?) << 32) | u64::from(number?)))
    }
}

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
    /// Who caused it.
    pub(crate) person: Option<UserId>,
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
    /// How often it was taken up again after it was given up.
    pub(crate) replays: u32,
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
    /// To be run, and it may have been before: it stood in a copy that was put back. What it says is looked for before
    /// it is sent.
    Restored,
    /// Run by itself, for processes may have ended over it before; and whether it stood in a copy that was put back.
    Suspected { restored: bool },
    /// To be run again, not before this.
    Retry { at: Timestamp },
    /// Its handler asked a person something.
    Waiting { person: UserId, until: Timestamp },
    /// Its handlers are done.
    Done,
    /// Given up, and why.
    Dead { reason: String },
}

/// How many crashes make an event a suspect, which is run by itself.
pub(crate) const SUSPECTED_FROM: u32 = 2;

impl Stored {
    /// Notes that nobody holds the lane any more of which this is the first event, which alone may have been run. Says
    /// whether its row changes.
    ///
    /// What a process ended over is not known, so that a crash counts for every event that may have been run, until it
    /// is suspected; from then on for the one that was run by itself.
    fn cut_short(&mut self, crashed: bool, now: Timestamp) -> bool {
        let suspected = match self.state {
            EventState::Suspected { restored } => Some(restored),
            _ => None,
        };
        let may_be = self.crashes < SUSPECTED_FROM && self.state.may_run(now);
        let counts = crashed && (suspected.is_some() || may_be);
        self.crashes += u32::from(counts);
        if let Some(restored) = suspected {
            self.state = if restored { EventState::Restored } else { EventState::Ready };
        }
        counts || suspected.is_some()
    }
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

impl EffectKey {
    /// A short name among the effects of its event, for people.
    pub(crate) fn digits(&self) -> String {
        Key::of(4, &[&self.handler, &self.ordinal.to_string(), &self.part.to_string()]).digits(4)
    }
}

/// The number of its event, and behind a stroke what tells it from the others of that.
impl fmt::Display for EffectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.event, self.digits())
    }
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

/// How long what was given up is kept, counted from when its event came in.
pub(crate) const DEAD_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How long it is kept what operators did.
pub(crate) const AUDIT_KEPT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_for_people_and_read_back() {
        for (number, text) in [(17, "17"), ((3 << 32) + 17, "3.17")] {
            assert_eq!(Sequence(number).to_string(), text);
            assert_eq!(text.parse(), Ok(Sequence(number)));
        }
        for text in ["", ".", "3.", "x", "1.2.3", "-1", "4294967296"] {
            assert_eq!(text.parse::<Sequence>(), Err(()), "{text}");
        }
        let key = EffectKey { event: Sequence(17), handler: "h".into(), ordinal: 0, part: 0 };
        let other = EffectKey { ordinal: 1, ..key.clone() };
        assert!(key.to_string().starts_with("17-") && key.to_string() != other.to_string());
    }
}
