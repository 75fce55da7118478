//! What to say.

use serde::{Deserialize, Serialize};

use crate::{
    event::Text,
    id::{ChannelId, MessageId},
};

/// Something to say, and where.
///
/// Built from Markdown, or from a [`Text`] that is said back exactly as it was typed. Where nothing else is said, it is
/// said where the call came from: in the same channel, and in the same thread when the call stands in one.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// What is said.
    pub body: Body,
    /// Where it is said.
    pub placement: Placement,
}

/// The content of a [`Reply`].
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Markdown, translated to what the platform speaks.
    Markdown(String),
    /// Text that a person typed, said back as it came.
    Verbatim(Text),
}

/// Where a [`Reply`] is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Placement {
    /// Where the call came from.
    #[default]
    Same,
    /// In the thread of the message, which it starts if there is none yet.
    Thread,
    /// In the channel, for all to see, even when the call stands in a thread.
    Channel,
    /// In the channel, shown to the person alone.
    Private,
}

impl Reply {
    /// Says Markdown.
    #[must_use]
    pub fn markdown(text: impl Into<String>) -> Self {
        Self { body: Body::Markdown(text.into()), placement: Placement::Same }
    }

    /// Says what a person typed, exactly as it came.
    #[must_use]
    pub fn verbatim(text: Text) -> Self {
        Self { body: Body::Verbatim(text), placement: Placement::Same }
    }

    /// Says it in the thread of the message.
    #[must_use]
    pub fn in_thread(self) -> Self {
        Self { placement: Placement::Thread, ..self }
    }

    /// Says it in the channel for all to see, outside any thread.
    #[must_use]
    pub fn in_channel(self) -> Self {
        Self { placement: Placement::Channel, ..self }
    }

    /// Shows it to the person alone.
    #[must_use]
    pub fn privately(self) -> Self {
        Self { placement: Placement::Private, ..self }
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.body {
            Body::Markdown(text) => text.trim().is_empty(),
            Body::Verbatim(text) => text.as_str().trim().is_empty(),
        }
    }
}

/// A message that was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Where it stands.
    pub channel: ChannelId,
    /// Its identifier there; absent for what the platform gives none, as a message shown to one person.
    pub message: Option<MessageId>,
}

impl From<String> for Reply {
    fn from(text: String) -> Self {
        Self::markdown(text)
    }
}

impl From<&str> for Reply {
    fn from(text: &str) -> Self {
        Self::markdown(text)
    }
}

impl From<Text> for Reply {
    fn from(text: Text) -> Self {
        Self::verbatim(text)
    }
}
