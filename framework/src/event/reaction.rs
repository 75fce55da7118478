//! A reaction to a message.

use crate::id::{ChannelId, MessageId, UserId};

/// Somebody added a reaction to a message.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reaction {
    /// Its name without colons, as `thumbsup`; a skin tone follows behind `::`.
    pub name: String,
    /// Who added it.
    pub user: UserId,
    /// The conversation of the message.
    pub channel: ChannelId,
    /// The message.
    pub message: MessageId,
}

impl Reaction {
    /// The name without its skin tone: `wave` for `wave::skin-tone-2`.
    #[must_use]
    pub fn base(&self) -> &str {
        self.name.split("::").next().unwrap_or(&self.name)
    }
}
