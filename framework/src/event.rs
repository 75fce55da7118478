//! What happened, as plain data that knows no platform.
//!
//! A plug decodes what its platform sends into an [`Event`]. Whatever it does not know stays available: the body is
//! kept as it came, and an unknown kind is [`Kind::Other`] under its own name, never an error.

mod command;
mod message;
mod reaction;
mod scheduled;
mod text;
mod utterance;

use std::{fmt, sync::Arc};

use bytes::Bytes;
use serde::de::DeserializeOwned;

pub use self::{
    command::{Command, ResponseUrl},
    message::{Message, Place, PlaceKind},
    reaction::Reaction,
    scheduled::Scheduled,
    text::{Entity, Reference, Text},
    utterance::{Speaker, Utterance},
};
use crate::{
    clock::Timestamp,
    id::{AppId, ChannelId, EventId, MessageId, TeamId, UserId},
};

/// One thing that happened on the platform and was delivered to the bot.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event {
    /// The identifier of the delivery, the same for each retry.
    pub id: EventId,
    /// The app it was delivered to.
    pub app: AppId,
    /// The workspace through which the app sees it.
    pub team: TeamId,
    /// The bot's own user there, when the delivery says so.
    pub bot: Option<UserId>,
    /// The platform's own name of it (`app_mention`, `reaction_added`, …).
    pub name: Arc<str>,
    /// What it is.
    pub kind: Kind,
    /// When the delivery began.
    pub received: Timestamp,
    /// How often it was delivered before.
    pub retry: Retry,
    /// The body as it came.
    pub raw: Raw,
}

impl Event {
    /// The conversation it belongs to, if it belongs to one.
    #[must_use]
    pub fn channel(&self) -> Option<&ChannelId> {
        match &self.kind {
            Kind::Message(message) => Some(&message.place.channel),
            Kind::Command(command) => Some(&command.place.channel),
            Kind::Reaction(reaction) => Some(&reaction.channel),
            Kind::Scheduled(scheduled) => scheduled.channel.as_ref(),
            Kind::Other => None,
        }
    }

    /// The person who caused it, if a person did.
    #[must_use]
    pub fn user(&self) -> Option<&UserId> {
        match &self.kind {
            Kind::Message(message) => message.user.as_ref(),
            Kind::Command(command) => Some(&command.user),
            Kind::Reaction(reaction) => Some(&reaction.user),
            Kind::Scheduled(_) | Kind::Other => None,
        }
    }

    /// What was said, if something was.
    #[must_use]
    pub fn text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::Message(message) => Some(&message.text),
            Kind::Command(command) => Some(&command.text),
            Kind::Reaction(_) | Kind::Scheduled(_) | Kind::Other => None,
        }
    }

    /// The conversation it is a part of, as its channel and the message that starts it; a direct-message channel is one
    /// as a whole.
    pub(crate) fn conversation(&self) -> Option<(&ChannelId, Option<&MessageId>)> {
        match &self.kind {
            Kind::Message(message) if message.place.kind == PlaceKind::Direct => Some((&message.place.channel, None)),
            Kind::Message(message) => {
                Some((&message.place.channel, Some(message.thread.as_ref().unwrap_or(&message.id))))
            }
            Kind::Reaction(reaction) => Some((&reaction.channel, Some(&reaction.message))),
            Kind::Command(_) | Kind::Scheduled(_) | Kind::Other => None,
        }
    }

    /// The thread it stands in: that of the message, or the message a reaction was given to.
    #[must_use]
    pub fn thread(&self) -> Option<&MessageId> {
        match &self.kind {
            Kind::Message(message) => message.thread.as_ref(),
            Kind::Command(_) | Kind::Reaction(_) | Kind::Scheduled(_) | Kind::Other => None,
        }
    }
}

/// What an [`Event`] is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// Somebody said something.
    Message(Message),
    /// Somebody typed a command such as `/deploy`.
    Command(Command),
    /// Somebody added a reaction to a message.
    Reaction(Reaction),
    /// The time of a schedule has come.
    Scheduled(Scheduled),
    /// Anything else; the event's name and raw body tell what.
    Other,
}

/// How often and why an event was delivered before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retry {
    /// Zero for the first delivery.
    pub number: u32,
    /// The platform's own word for why it tries again, if it gave one.
    pub reason: Option<String>,
}

/// The body of an event as it came: JSON.
#[derive(Clone)]
pub struct Raw(Bytes);

impl Raw {
    /// Takes the bytes of a body.
    #[must_use]
    pub fn new(body: Bytes) -> Self {
        Self(body)
    }

    /// The bytes as they came.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// Reads the body as `T`.
    ///
    /// # Errors
    /// Says what does not fit when the body has another shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.0)
    }
}

impl fmt::Debug for Raw {
    /// The length alone: a body holds what people wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} bytes)", self.0.len())
    }
}
