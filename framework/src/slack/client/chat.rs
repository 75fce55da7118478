//! Messages of one's own: `chat.*`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{CallError, Client, StoredMessage};
use crate::id::{ChannelId, MessageId, UserId};

/// The arguments of `chat.postMessage`; what is `None` is left out.
#[derive(Clone, Debug, Serialize)]
pub struct NewMessage {
    /// Where it is posted.
    pub channel: ChannelId,
    /// Its text; beside blocks, what a notification shows.
    pub text: Option<String>,
    /// Its text in Markdown, instead of text and blocks.
    pub markdown_text: Option<String>,
    /// Its blocks.
    pub blocks: Option<Value>,
    /// The message that begins the thread it belongs to.
    pub thread_ts: Option<MessageId>,
    /// Whether an answer in a thread is shown in the channel as well.
    pub reply_broadcast: Option<bool>,
    /// What only apps see: `event_type` and `event_payload`.
    pub metadata: Option<Value>,
    /// Whether links in text are unfolded.
    pub unfurl_links: Option<bool>,
    /// Whether media behind links are unfolded.
    pub unfurl_media: Option<bool>,
}

impl NewMessage {
    /// A message with nothing in it yet.
    #[must_use]
    pub fn new(channel: ChannelId) -> Self {
        Self {
            channel,
            text: None,
            markdown_text: None,
            blocks: None,
            thread_ts: None,
            reply_broadcast: None,
            metadata: None,
            unfurl_links: None,
            unfurl_media: None,
        }
    }
}

/// A message that was posted or changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Posted {
    /// Where it is.
    pub channel: Option<ChannelId>,
    /// What it is known by there.
    pub ts: Option<MessageId>,
    /// The message as it is stored.
    pub message: Option<StoredMessage>,
}

/// The arguments of `chat.postEphemeral`.
#[derive(Clone, Debug, Serialize)]
pub struct NewEphemeral {
    /// Who sees it.
    pub user: UserId,
    /// The message.
    #[serde(flatten)]
    pub message: NewMessage,
}

/// A message that one person saw. It cannot be changed afterwards.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EphemeralMessage {
    /// What it is known by.
    pub message_ts: Option<MessageId>,
}

/// The arguments of `chat.update`. Send all of the message: what is left out may be kept or dropped.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateMessage {
    /// Where the message is.
    pub channel: ChannelId,
    /// The message.
    pub ts: MessageId,
    /// Its new text.
    pub text: Option<String>,
    /// Its new text in Markdown, instead of text and blocks.
    pub markdown_text: Option<String>,
    /// Its new blocks; an empty list removes them.
    pub blocks: Option<Value>,
    /// Its new metadata.
    pub metadata: Option<Value>,
}

/// A message that was deleted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Deleted {
    /// Where it was.
    pub channel: Option<ChannelId>,
    /// What it was known by.
    pub ts: Option<MessageId>,
}

/// An address that opens a message.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Permalink {
    /// The address.
    pub permalink: Option<String>,
}

impl Client {
    /// `chat.postMessage`: posts a message, outside the promise that nothing is doubled.
    pub async fn post_message(&self, message: &NewMessage) -> Result<Posted, CallError> {
        self.typed("chat.postMessage", message).await
    }

    /// `chat.postEphemeral`: shows a message to one person in a channel.
    pub async fn post_ephemeral(&self, message: &NewEphemeral) -> Result<EphemeralMessage, CallError> {
        self.typed("chat.postEphemeral", message).await
    }

    /// `chat.update`: changes a message of the bot's own.
    pub async fn update_message(&self, update: &UpdateMessage) -> Result<Posted, CallError> {
        self.typed("chat.update", update).await
    }

    /// `chat.delete`: deletes a message of the bot's own.
    pub async fn delete_message(&self, channel: &ChannelId, ts: &MessageId) -> Result<Deleted, CallError> {
        self.typed("chat.delete", json!({ "channel": channel, "ts": ts })).await
    }

    /// `chat.getPermalink`: an address that opens a message.
    pub async fn permalink(&self, channel: &ChannelId, ts: &MessageId) -> Result<Permalink, CallError> {
        self.typed("chat.getPermalink", json!({ "channel": channel, "message_ts": ts })).await
    }
}
