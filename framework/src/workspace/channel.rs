//! A channel of a workspace, as a test or a terminal holds it.

use super::{Message, Workspace, conversation::Conversation, conversation::Kind};
use crate::ChannelId;

/// A channel or the direct messages with one person.
#[derive(Clone, Debug)]
pub struct Channel {
    pub(super) workspace: Workspace,
    pub(super) id: ChannelId,
}

impl Channel {
    /// The channel's identifier.
    #[must_use]
    pub fn id(&self) -> &ChannelId {
        &self.id
    }

    /// What was said in it, oldest first, replies and ephemeral messages included.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.workspace.messages(&self.id)
    }

    /// Makes it private: the bot's scopes for it are those of `groups:`. Direct messages stay what they are.
    #[must_use]
    pub fn private(self) -> Self {
        self.change(|channel, _| {
            if channel.kind == Kind::Public {
                channel.kind = Kind::Private;
            }
        })
    }

    /// Archives it: nothing can be written any more.
    #[must_use]
    pub fn archived(self) -> Self {
        self.change(|channel, _| channel.archived = true)
    }

    /// Takes the bot out of it.
    #[must_use]
    pub fn without_bot(self) -> Self {
        self.change(|channel, bot| channel.members.retain(|member| *member != *bot))
    }

    /// Brings the bot into it.
    #[must_use]
    pub fn with_bot(self) -> Self {
        self.change(|channel, bot| channel.join(bot))
    }

    fn change(self, change: impl FnOnce(&mut Conversation, &crate::UserId)) -> Self {
        self.workspace.shared().update(|state| {
            let bot = state.identity.user.clone();
            if let Some(channel) = state.conversation_mut(self.id.as_str()) {
                change(channel, &bot);
            }
        });
        self
    }
}
