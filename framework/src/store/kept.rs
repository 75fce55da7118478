//! Values that authors keep beside their events.

use std::{fmt, sync::Arc};

use crate::{
    clock::Timestamp,
    id::{ChannelId, MessageId, UserId},
};

/// Where a value stands: whose it is, and its name there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) scope: Scope,
    pub(crate) key: Arc<str>,
}

/// Whose a value is, as text: what is a person's is `person/U0123ABCD`, and is found by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Scope(pub(crate) Arc<str>);

impl Scope {
    /// The bot's own.
    pub(crate) fn bot() -> Self {
        Self(Arc::from("bot"))
    }

    /// That of what handlers did elsewhere.
    pub(crate) fn once() -> Self {
        Self(Arc::from("once"))
    }

    /// That of how far schedules have come.
    #[cfg(feature = "schedule")]
    pub(crate) fn schedules() -> Self {
        Self(Arc::from("schedules"))
    }

    /// That of a person.
    pub(crate) fn person(id: &UserId) -> Self {
        Self(format!("person/{id}").into())
    }

    /// That of a channel.
    pub(crate) fn channel(id: &ChannelId) -> Self {
        Self(format!("channel/{id}").into())
    }

    /// That of a thread, or of a direct-message channel, which is one conversation.
    pub(crate) fn conversation(channel: &ChannelId, root: Option<&MessageId>) -> Self {
        Self(match root {
            Some(root) => format!("conversation/{channel}/{root}").into(),
            None => format!("conversation/{channel}").into(),
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.scope.0, self.key)
    }
}

/// A value, as JSON.
pub(crate) type Value = Arc<str>;

/// A value that is set or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) place: Place,
    /// What must stand there for the change to be made.
    pub(crate) expected: Expected,
    /// What is to stand there; nothing removes it.
    pub(crate) value: Option<Value>,
    /// From when on it counts as removed.
    pub(crate) expires: Option<Timestamp>,
    /// When the change was decided: what had expired then was not there.
    pub(crate) at: Timestamp,
}

/// What must stand at a place for it to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Anything,
    /// This value, or none.
    Exactly(Option<Value>),
}

impl Expected {
    /// Whether what stands there is what is expected.
    pub(crate) fn allows(&self, stands: Option<&Value>) -> bool {
        match self {
            Self::Anything => true,
            Self::Exactly(expected) => expected.as_ref() == stands,
        }
    }
}

/// Whether something has ended by a time.
pub(super) fn has_expired(expires: Option<Timestamp>, at: Timestamp) -> bool {
    expires.is_some_and(|expires| expires <= at)
}
