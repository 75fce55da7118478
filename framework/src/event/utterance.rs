//! Something that was said in a conversation.

use super::{Message, PlaceKind, Text};
use crate::{
    clock::Timestamp,
    id::{MessageId, UserId},
};

/// Something that was said in a conversation, by whomever.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Utterance {
    /// Its identifier within the channel.
    pub id: MessageId,
    /// Who said it.
    pub by: Speaker,
    /// What was said, without the bot's own mention at its start or end. Very long text is cut.
    pub text: Text,
    /// Whether it was said to the bot: by a mention, or in a direct message.
    pub addressed: bool,
    /// When it was last changed.
    pub(crate) edited: Option<MessageId>,
}

/// Who said something.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Speaker {
    /// A person.
    Person(UserId),
    /// The bot itself.
    Myself,
    /// Another bot.
    Bot,
}

impl Utterance {
    /// Something that was said, as for the unit test of a handler.
    #[must_use]
    pub fn new(id: impl Into<MessageId>, by: Speaker, text: impl Into<Text>) -> Self {
        Self { id: id.into(), by, text: text.into(), addressed: false, edited: None }
    }

    /// The same, said to the bot or not.
    #[must_use]
    pub fn addressed(self, addressed: bool) -> Self {
        Self { addressed, ..self }
    }

    /// When it was said; the epoch when its identifier does not tell.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        let (seconds, micros) = self.id.as_str().split_once('.').unwrap_or((self.id.as_str(), "0"));
        let (seconds, micros): (u64, u64) = (seconds.parse().unwrap_or(0), micros.parse().unwrap_or(0));
        Timestamp::from_micros(seconds.saturating_mul(1_000_000).saturating_add(micros))
    }

    /// Whether a person said it.
    #[must_use]
    pub fn is_by_person(&self) -> bool {
        matches!(self.by, Speaker::Person(_))
    }
}

impl From<&Message> for Utterance {
    fn from(message: &Message) -> Self {
        Self {
            id: message.id.clone(),
            by: message.user.clone().map_or(Speaker::Bot, Speaker::Person),
            text: message.text.clone(),
            addressed: message.addressed || message.place.kind == PlaceKind::Direct,
            edited: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_identifier_tells_when_it_was_said() {
        let at = |id: &str| Utterance::new(id, Speaker::Myself, "").at().micros();
        assert_eq!(at("1700000000.000042"), 1_700_000_000_000_042);
        assert_eq!(at("say-1"), 0);
    }
}
