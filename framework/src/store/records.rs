//! What operators see of a store, and what they change in it.
//!
//! Everything here is plain data. What is listed is ordered by its key and read page by page: the last key of one page
//! is where the next begins.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use memchr::memmem;
use serde::{Deserialize, Serialize};

use super::{Commit, Effect, EffectKey, EffectState, EventState, Lane, Place, Sequence, Value};
use crate::{
    clock::Timestamp,
    id::{MessageId, UserId},
};

/// What operators see. Nothing is changed by it.
#[cfg_attr(
    not(any(feature = "sqlite", feature = "postgres")),
    allow(dead_code, reason = "nothing of this build outlives its process")
)]
pub(crate) trait Records: Send + Sync + fmt::Debug + 'static {
    /// Events that are not at their end, or those that were given up.
    fn events(&self, selection: Selection<Sequence>) -> Commit<Vec<EventRecord>>;

    /// One event, with its body.
    fn event(&self, event: Sequence) -> Commit<Option<EventRecord>>;

    /// Effects that are not at their end, or those that were given up.
    fn effects(&self, selection: Selection<EffectKey>) -> Commit<Vec<EffectRecord>>;

    /// The effects of one event, of both kinds, with their bodies.
    fn effects_of(&self, event: Sequence) -> Commit<Vec<EffectRecord>>;

    /// The values that authors keep of a person, or that name them.
    fn values_of(&self, person: UserId) -> Commit<Vec<ValueRecord>>;

    /// What operators did, the oldest first, behind this number.
    fn audit(&self, after: u64, limit: usize) -> Commit<Vec<AuditRecord>>;
}

/// What operators change. Each change is one commit with its line in the audit; one that finds nothing leaves none.
///
/// Lanes that somebody holds are not touched where that would pull the work out from under their holder.
pub(crate) trait Operate: Records {
    fn intervene(&self, change: Intervention, by: By) -> Commit<Changed>;

    /// Forgets everything that somebody said, whatever was said to them, and whatever names them; when this is answered
    /// it is gone from the disk too.
    fn erase(&self, person: UserId, by: By) -> Commit<Erased>;

    /// Forgets some of what is out of date; says whether there may be more. With the last of it, what was deleted since
    /// is gone from the disk too.
    fn forget(&self, now: Timestamp) -> Commit<bool>;
}

/// Which rows, and how much of them.
#[derive(Clone, Debug)]
pub(crate) struct Selection<K> {
    /// Those that were given up, in the place of those that are not at their end.
    pub(crate) dead: bool,
    /// Only those that are of this person, or name them.
    pub(crate) person: Option<UserId>,
    /// With what was said, which is else left empty.
    pub(crate) bodies: bool,
    /// Behind this one.
    pub(crate) after: Option<K>,
    /// So many at most.
    pub(crate) limit: usize,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventRecord {
    pub(crate) sequence: Sequence,
    pub(crate) lane: Lane,
    pub(crate) person: Option<UserId>,
    pub(crate) received: Timestamp,
    pub(crate) state: EventState,
    pub(crate) attempts: u32,
    pub(crate) crashes: u32,
    pub(crate) replays: u32,
    pub(crate) body: Bytes,
}

/// An effect, with what is known of its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EffectRecord {
    pub(crate) effect: Effect,
    pub(crate) lane: Lane,
    /// Whom it answers.
    pub(crate) person: Option<UserId>,
    /// When the event came in that it answers. It was sent at no time before.
    pub(crate) received: Timestamp,
}

/// A value that authors keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ValueRecord {
    pub(crate) place: Place,
    pub(crate) value: Value,
    pub(crate) expires: Option<Timestamp>,
}

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditRecord {
    /// Grows with each line.
    pub(crate) number: u64,
    pub(crate) by: By,
    pub(crate) action: String,
    pub(crate) what: String,
}

/// Who changes something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct By {
    pub(crate) who: String,
    pub(crate) at: Timestamp,
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Intervention {
    /// An event that was given up is taken up again, under a new number and in its lane as before.
    Replay(Sequence),
    /// An event is given up; one that was given up already is forgotten.
    Drop(Sequence),
    /// The doubt about an effect, or the wait for it, ends.
    Resolve(EffectKey, Resolution),
    /// Nothing but a line in the audit.
    Note { action: String, what: String },
}

/// How the doubt about an effect ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Resolution {
    /// It is there, as this message.
    Sent(MessageId),
    /// It is not: it is sent, or sent once more.
    Resend,
    /// It is given up; one that was given up already is forgotten.
    Drop,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Changed {
    Done,
    /// The event goes on under this number.
    Replayed(Sequence),
    /// There is no such row.
    Missing,
    /// Somebody holds its lane and works on it: only the holder can change it.
    Held,
}

/// How much was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Erased {
    pub(crate) events: usize,
    pub(crate) effects: usize,
    /// Values that authors kept.
    pub(crate) values: usize,
    /// How much is left for now, because it is being worked on.
    pub(crate) held: usize,
}

/// The reason of what an operator gives up.
pub(crate) const DROPPED: &str = "dropped: by an operator";

impl<K> Selection<K> {
    /// Everything of a person, or that names them.
    pub(crate) fn of(person: &UserId, dead: bool) -> Self {
        Self { dead, person: Some(person.clone()), bodies: false, after: None, limit: usize::MAX }
    }

    /// An event as it is selected, if it is.
    pub(super) fn event(&self, mut record: EventRecord) -> Option<EventRecord> {
        if !self.is_of(record.person.as_ref(), &record.body) {
            return None;
        }
        if !self.bodies {
            record.body = Bytes::new();
        }
        Some(record)
    }

    /// An effect as it is selected, if it is.
    pub(super) fn effect(&self, mut record: EffectRecord) -> Option<EffectRecord> {
        if !self.is_of(record.person.as_ref(), &record.effect.outgoing.body) {
            return None;
        }
        if !self.bodies {
            Arc::make_mut(&mut record.effect.outgoing).body = Bytes::new();
        }
        Some(record)
    }

    fn is_of(&self, person: Option<&UserId>, text: &[u8]) -> bool {
        self.person.as_ref().is_none_or(|sought| person == Some(sought) || names(text, sought))
    }
}

impl ValueRecord {
    /// Whether it is a person's, or names them.
    pub(super) fn is_of(&self, person: &UserId) -> bool {
        let Place { scope, key } = &self.place;
        [&scope.0, key, &self.value].into_iter().any(|text| names(text.as_bytes(), person))
    }
}

impl Resolution {
    /// Where an effect stands by it.
    pub(crate) fn state(&self) -> EffectState {
        match self {
            Self::Sent(message) => EffectState::Sent { channel: None, message: Some(message.clone()) },
            Self::Resend => EffectState::Pending,
            Self::Drop => EffectState::Dead { reason: DROPPED.to_owned() },
        }
    }
}

impl Intervention {
    /// What is done, in a word of the audit.
    pub(crate) fn action(&self) -> &str {
        match self {
            Self::Replay(_) => "replay",
            Self::Drop(_) | Self::Resolve(_, Resolution::Drop) => "drop",
            Self::Resolve(_, Resolution::Sent(_)) => "sent",
            Self::Resolve(_, Resolution::Resend) => "resend",
            Self::Note { action, .. } => action,
        }
    }

    /// What it is done to.
    pub(crate) fn subject(&self) -> String {
        match self {
            Self::Replay(event) | Self::Drop(event) => event.to_string(),
            Self::Resolve(effect, Resolution::Sent(message)) => format!("{effect} as {message}"),
            Self::Resolve(effect, _) => effect.to_string(),
            Self::Note { what, .. } => what.clone(),
        }
    }
}

impl Changed {
    /// The words of the audit, if anything changed.
    pub(super) fn words(self, change: &Intervention) -> Option<(&str, String)> {
        match self {
            Self::Missing | Self::Held => None,
            Self::Done => Some((change.action(), change.subject())),
            Self::Replayed(again) => Some((change.action(), format!("{} as {again}", change.subject()))),
        }
    }
}

impl Erased {
    /// The words of the audit, which do not name the person.
    pub(super) fn words(&self) -> (&'static str, String) {
        ("erase", format!("a person: {} events, {} messages, {} values", self.events, self.effects, self.values))
    }
}

/// Whether some text names a person: their identifier stands in it, and not within a longer one.
fn names(text: &[u8], person: &UserId) -> bool {
    let id = person.as_str().as_bytes();
    let inside = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let found = memmem::find_iter(text, id);
    let mut alone = found.filter(|at| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        !inside(before) && !inside(text.get(at + id.len()))
    });
    !id.is_empty() && alone.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_not_found_within_another() {
        let person = UserId::new("U12");
        assert!(names(b"<@U12> hello", &person) && names(b"U12", &person) && names(b"U123 U12", &person));
        assert!(!names(b"<@U123>", &person) && !names(b"AU12", &person) && !names(b"", &person));
        assert!(!names(b"anything", &UserId::new("")));
    }
}
