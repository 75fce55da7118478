//! Adding and removing reactions.

use super::{message::Reaction, state::State};
use crate::{ChannelId, MessageId, UserId};

impl State {
    /// Adds a reaction and tells the bot; `false` when it is there already, or the message is not.
    pub(super) fn react(&mut self, channel: &ChannelId, id: &MessageId, user: &UserId, name: &str) -> bool {
        let Some(reactions) = self.reactions(channel, id) else { return false };
        match reactions.iter_mut().find(|reaction| reaction.name == name) {
            Some(reaction) if reaction.users.contains(user) => return false,
            Some(reaction) => reaction.users.push(user.clone()),
            None => reactions.push(Reaction { name: name.into(), users: vec![user.clone()] }),
        }
        self.tell_reaction("reaction_added", user, name, (channel, id));
        true
    }

    /// Removes a reaction and tells the bot; `false` when it is not there.
    pub(super) fn unreact(&mut self, channel: &ChannelId, id: &MessageId, user: &UserId, name: &str) -> bool {
        let Some(reactions) = self.reactions(channel, id) else { return false };
        let Some(reaction) = reactions.iter_mut().find(|reaction| reaction.name == name) else { return false };
        let Some(at) = reaction.users.iter().position(|known| known == user) else { return false };
        reaction.users.remove(at);
        reactions.retain(|reaction| !reaction.users.is_empty());
        self.tell_reaction("reaction_removed", user, name, (channel, id));
        true
    }

    fn reactions(&mut self, channel: &ChannelId, id: &MessageId) -> Option<&mut Vec<Reaction>> {
        Some(&mut self.conversation_mut(channel.as_str())?.message_mut(id.as_str())?.reactions)
    }
}
