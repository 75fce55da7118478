//! A message that a person said.

use super::Text;
use crate::id::{ChannelId, MessageId, UserId};

/// Somebody said something.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Message {
    /// Its identifier within the channel.
    pub id: MessageId,
    /// Where it was said.
    pub place: Place,
    /// Who said it; absent for what no user said.
    pub user: Option<UserId>,
    /// What was said, without the bot's own mention at its start or end.
    pub text: Text,
    /// The message that started the thread it was said in, if it was said in one.
    pub thread: Option<MessageId>,
    /// Whether it was said to the bot: by a mention, or in a direct message.
    pub addressed: bool,
}

/// Where something was said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The conversation.
    pub channel: ChannelId,
    /// What sort of conversation it is.
    pub kind: PlaceKind,
}

/// A sort of conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlaceKind {
    /// A channel, public or private, or a group of several people.
    Channel,
    /// A direct message between one person and the bot.
    Direct,
}
