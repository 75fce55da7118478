//! Reactions to messages: `reactions.*`.

use serde_json::json;

use super::{CallError, Client};
use crate::id::{ChannelId, MessageId};

impl Client {
    /// `reactions.add`: puts a reaction to a message. Takes the emoji's name without colons. One that is there
    /// already is no error.
    pub async fn add_reaction(&self, channel: &ChannelId, ts: &MessageId, name: &str) -> Result<(), CallError> {
        self.react("reactions.add", channel, ts, name, "already_reacted").await
    }

    /// `reactions.remove`: takes the bot's reaction away. One that is not there is no error.
    pub async fn remove_reaction(&self, channel: &ChannelId, ts: &MessageId, name: &str) -> Result<(), CallError> {
        self.react("reactions.remove", channel, ts, name, "no_reaction").await
    }

    async fn react(
        &self,
        method: &str,
        channel: &ChannelId,
        ts: &MessageId,
        name: &str,
        already: &str,
    ) -> Result<(), CallError> {
        let arguments = json!({ "channel": channel, "timestamp": ts, "name": name.trim_matches(':') });
        match self.call(method, arguments).await {
            Err(error) if error.code() != Some(already) => Err(error),
            _ => Ok(()),
        }
    }
}
