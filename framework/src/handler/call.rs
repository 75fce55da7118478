//! One call of a handler, and how its parameters are taken from it.

use std::{any::TypeId, sync::Arc};

use super::Context;
use crate::{error::Result, event::Text};

/// One call of a handler: its surroundings and the arguments that its pattern found.
#[derive(Clone, Debug)]
pub struct Call {
    context: Context,
    arguments: Arc<[(Arc<str>, Text)]>,
}

impl Call {
    pub(crate) fn new(context: Context, arguments: Vec<(Arc<str>, Text)>) -> Self {
        Self { context, arguments: Arc::from(arguments) }
    }

    /// The surroundings of the call.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The words that stand at the placeholder `name`; `None` when the pattern that matched has no such placeholder,
    /// or nothing was written there.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&Text> {
        self.arguments.iter().find(|(placeholder, _)| **placeholder == *name).map(|(_, text)| text)
    }
}

/// A type that a handler may take as a parameter, filled from the call itself.
///
/// A parameter whose name is a placeholder of the pattern is filled from the text instead, by
/// [`FromArg`](super::FromArg).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a parameter of a handler",
    label = "no extractor of this name",
    note = "a parameter named as a placeholder of the pattern is an argument: write `{{name}}` in the pattern",
    note = "extractors are `Context`, `State<T>`, `User`, `Channel`, `Text`, `Thread`, `Conversation`, `Message`, `Command`, `Reaction`, `Retry`, `Raw`, `Scheduled`, `Storage`, `Arc<Event>` and, under `on_failure`, `Failure`; a value of your own is taken as `State<T>`"
)]
pub trait FromCall: Sized {
    /// The attributes under which it exists.
    const TRIGGERS: Triggers;

    /// What an author reads when it is asked for elsewhere.
    const ELSEWHERE: &'static str;

    /// What the app must provide for it.
    #[must_use]
    fn need() -> Option<Need> {
        None
    }

    /// Takes it from the call.
    ///
    /// # Errors
    /// When the event does not have it after all; the handler is then not run.
    fn from_call(call: &Call) -> Result<Self>;
}

/// A value that an app must provide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Its type.
    pub id: TypeId,
    /// The name of its type, for messages.
    pub name: &'static str,
}

/// A set of attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triggers(u16);

impl Triggers {
    /// `on_mention`.
    pub const MENTION: Self = Self(1);
    /// `on_dm`.
    pub const DM: Self = Self(1 << 1);
    /// `on_message`.
    pub const MESSAGE: Self = Self(1 << 2);
    /// `on_command`.
    pub const COMMAND: Self = Self(1 << 3);
    /// `on_reaction`.
    pub const REACTION: Self = Self(1 << 4);
    /// `on_event`.
    pub const EVENT: Self = Self(1 << 5);
    /// `on_unhandled`.
    pub const UNHANDLED: Self = Self(1 << 6);
    /// `on_failure`.
    pub const FAILURE: Self = Self(1 << 7);
    /// `on_schedule`.
    pub const SCHEDULE: Self = Self(1 << 8);
    /// Whatever is said: mention, direct message, overheard, unhandled.
    pub const MESSAGES: Self = Self(1 | 1 << 1 | 1 << 2 | 1 << 6);
    /// Whatever a person does: messages, commands, reactions, and their failures.
    pub const PEOPLE: Self = Self(Self::MESSAGES.0 | 1 << 3 | 1 << 4 | 1 << 7);
    /// Every attribute.
    pub const ALL: Self = Self(0x1ff);

    /// Whether all of `other` is in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
