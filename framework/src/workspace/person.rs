//! What a person does in a workspace.

use super::{Message, Workspace, channel::Channel, message::Author, state::Draft};
use crate::{ChannelId, MessageId, UserId};

/// A person in a workspace: says things, types commands, reacts.
///
/// Everything happens at once and is on its way to the bot when the function returns; wait for what the bot makes of
/// it with [`Workspace::wait_until`]. What is typed is encoded as a client encodes it: `@bot`, `@alice`, `#general`
/// and addresses become references, `&<>` are escaped.
#[derive(Clone, Debug)]
pub struct Person {
    pub(super) workspace: Workspace,
    pub(super) id: UserId,
}

impl Person {
    /// The person's identifier.
    #[must_use]
    pub fn id(&self) -> &UserId {
        &self.id
    }

    /// The direct messages between the person and the bot.
    #[must_use]
    pub fn direct(&self) -> Channel {
        let id = self.workspace.shared().update(|state| state.direct(&self.id));
        Channel { workspace: self.workspace.clone(), id }
    }

    /// Sets the language of the person's client, such as `fr-FR`.
    pub fn speaks(&self, locale: &str) {
        self.workspace.shared().update(|state| {
            for user in state.users.iter_mut().filter(|user| user.id == self.id) {
                user.locale = locale.into();
            }
        });
    }

    /// Says something in a channel; the person joins it. Gives the message.
    pub fn say(&self, channel: &Channel, typed: &str) -> Message {
        self.post(channel.id(), None, typed)
    }

    /// Says something in the thread of a message, or in the thread that message belongs to.
    pub fn reply(&self, to: &Message, typed: &str) -> Message {
        let thread = to.thread.clone().unwrap_or_else(|| to.id.clone());
        self.post(&to.channel, Some(thread), typed)
    }

    /// Says something to the bot in direct messages.
    pub fn tell(&self, typed: &str) -> Message {
        self.post(self.direct().id(), None, typed)
    }

    /// Types a slash command, such as `/deploy api to prod`. Gives the command's `response_url`, or, when the client
    /// refuses the command, the sentence it shows. What the bot answers appears among the channel's messages.
    pub fn command(&self, channel: &Channel, typed: &str) -> Result<String, String> {
        let shared = self.workspace.shared();
        let key = shared.update(|state| state.command(&self.id, channel.id(), typed))?;
        Ok(shared.read(|state| format!("{}{key}", state.base)))
    }

    /// Presses a button of a message, by its `action_id`. Gives the `response_url`, or the reason why it cannot be
    /// pressed.
    pub fn press(&self, message: &Message, action_id: &str) -> Result<String, String> {
        let shared = self.workspace.shared();
        let key = shared.update(|state| state.press(&self.id, message, action_id))?;
        Ok(shared.read(|state| format!("{}{key}", state.base)))
    }

    /// Adds a reaction, by the name of the emoji without colons. `false` when it is there already.
    pub fn react(&self, to: &Message, name: &str) -> bool {
        self.workspace.shared().update(|state| state.react(&to.channel, &to.id, &self.id, name))
    }

    /// Removes a reaction. `false` when it is not there.
    pub fn unreact(&self, to: &Message, name: &str) -> bool {
        self.workspace.shared().update(|state| state.unreact(&to.channel, &to.id, &self.id, name))
    }

    /// Edits a message of the person's own. `None` for another's.
    pub fn edit(&self, message: &Message, typed: &str) -> Option<Message> {
        self.workspace.shared().update(|state| {
            self.owned(state.message(&message.channel, &message.id)?)?;
            let text = super::markup::encode(typed, &state.directory());
            state.edit(&message.channel, &message.id, &self.id, |message| message.text = text)
        })
    }

    /// Deletes a message of the person's own. `None` for another's.
    pub fn delete(&self, message: &Message) -> Option<Message> {
        self.workspace.shared().update(|state| {
            self.owned(state.message(&message.channel, &message.id)?)?;
            state.delete(&message.channel, &message.id)
        })
    }

    fn owned(&self, message: &Message) -> Option<()> {
        (message.author == Author::Person(self.id.clone())).then_some(())
    }

    fn post(&self, channel: &ChannelId, thread: Option<MessageId>, typed: &str) -> Message {
        self.workspace.shared().update(|state| {
            let text = super::markup::encode(typed, &state.directory());
            let draft = Draft { text, thread, ..Draft::default() };
            state.post(channel, Author::Person(self.id.clone()), draft)
        })
    }
}
