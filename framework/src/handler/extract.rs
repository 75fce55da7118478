//! The extractors: parameters filled from the call itself.

use std::{fmt, ops::Deref, sync::Arc};

use super::{Call, Context, FromCall, Need, Triggers};
use crate::{
    error::{Error, Result},
    event::{Command, Event, Kind, Message, PlaceKind, Raw, Reaction, Retry, Scheduled, Text},
    id::{ChannelId, MessageId, UserId},
    markup,
    storage::Storage,
};

/// The person who caused the call. `Display` mentions them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Who it is.
    pub id: UserId,
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        markup::mention(markup::USER, self.id.as_str(), f)
    }
}

/// The conversation of the call. `Display` mentions it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Which it is.
    pub id: ChannelId,
    /// What sort of conversation it is; `None` for a reaction, which does not say.
    pub kind: Option<PlaceKind>,
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        markup::mention(markup::CHANNEL, self.id.as_str(), f)
    }
}

/// The thread of the call: the one the message was said in, or the one it would start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// The conversation it is in.
    pub channel: ChannelId,
    /// The message that starts it.
    pub root: MessageId,
    /// Whether the message was said inside the thread, rather than being its possible start.
    pub inside: bool,
}

/// A value that the app provides with [`App::state`](crate::App::state).
#[derive(Debug)]
pub struct State<T>(Arc<T>);

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> State<T> {
    /// A state for calling a handler directly, as in a unit test.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }

    /// The value, shared.
    #[must_use]
    pub fn into_inner(self) -> Arc<T> {
        self.0
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Send + Sync + 'static> FromCall for State<T> {
    const TRIGGERS: Triggers = Triggers::ALL;
    const ELSEWHERE: &'static str = "`State` exists everywhere";

    fn need() -> Option<Need> {
        Some(Need::of::<T>())
    }

    fn from_call(call: &Call) -> Result<Self> {
        call.context().state::<T>().map(Self).ok_or_else(|| {
            Error::new(format!("the app provides no `{0}`: add `.state(…)` with a `{0}`", std::any::type_name::<T>()))
        })
    }
}

macro_rules! extractors {
    ($($ty:ty, $triggers:expr, $elsewhere:literal, |$call:ident| $value:expr;)*) => {$(
        impl FromCall for $ty {
            const TRIGGERS: Triggers = $triggers;
            const ELSEWHERE: &'static str = $elsewhere;

            fn from_call($call: &Call) -> Result<Self> {
                let value: Option<Self> = $value;
                value.ok_or_else(|| Error::new(concat!("the event has no such part: ", $elsewhere)))
            }
        }
    )*};
}

extractors! {
    Context, Triggers::ALL, "`Context` exists everywhere",
        |call| Some(call.context().clone());
    Arc<Event>, Triggers::ALL, "`Arc<Event>` exists everywhere",
        |call| Some(call.context().event().clone());
    Raw, Triggers::ALL, "`Raw` exists everywhere",
        |call| Some(call.context().event().raw.clone());
    Retry, Triggers::ALL, "`Retry` exists everywhere",
        |call| Some(call.context().event().retry.clone());
    Storage, Triggers::ALL, "`Storage` exists everywhere",
        |call| Some(call.context().storage());
    User, Triggers::PEOPLE, "`User` exists for what a person does: nobody causes a schedule, and `on_event` may be anything, which `Raw` tells",
        |call| call.context().event().user().map(|id| User { id: id.clone() });
    Channel, Triggers::PEOPLE, "`Channel` exists for what a person does: nobody causes a schedule, and `on_event` may be anything, which `Raw` tells",
        |call| channel(call.context().event());
    Text, Triggers::MESSAGES.with(Triggers::COMMAND), "`Text` exists for messages and commands alone: a reaction or an event has none, take `Raw` there",
        |call| call.context().event().text().cloned();
    Thread, Triggers::MESSAGES, "`Thread` exists for messages alone: a command or a reaction stands in no thread",
        |call| thread(call.context().event());
    Message, Triggers::MESSAGES, "`Message` exists for messages alone: take `Command` for a command, `Reaction` for a reaction",
        |call| match &call.context().event().kind { Kind::Message(message) => Some(message.clone()), _ => None };
    Command, Triggers::COMMAND, "`Command` exists for `on_command` alone: take `Message` for a message",
        |call| match &call.context().event().kind { Kind::Command(command) => Some(command.clone()), _ => None };
    Reaction, Triggers::REACTION, "`Reaction` exists for `on_reaction` alone",
        |call| match &call.context().event().kind { Kind::Reaction(reaction) => Some(reaction.clone()), _ => None };
    Scheduled, Triggers::SCHEDULE, "`Scheduled` exists for `on_schedule` alone",
        |call| match &call.context().event().kind { Kind::Scheduled(scheduled) => Some(scheduled.clone()), _ => None };
}

fn channel(event: &Event) -> Option<Channel> {
    let kind = match &event.kind {
        Kind::Message(message) => Some(message.place.kind),
        Kind::Command(command) => Some(command.place.kind),
        Kind::Reaction(_) | Kind::Scheduled(_) | Kind::Other => None,
    };
    event.channel().map(|id| Channel { id: id.clone(), kind })
}

fn thread(event: &Event) -> Option<Thread> {
    let Kind::Message(message) = &event.kind else { return None };
    let root = message.thread.clone().unwrap_or_else(|| message.id.clone());
    Some(Thread { channel: message.place.channel.clone(), inside: message.thread.is_some(), root })
}
