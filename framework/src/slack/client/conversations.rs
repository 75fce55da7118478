//! Conversations and what was said in them: `conversations.*` and `users.conversations`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{CallError, Client, Pages};
use crate::id::{AppId, ChannelId, MessageId, TeamId, UserId};

/// A channel, a group or a direct message.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Conversation {
    /// What it is known by.
    pub id: Option<ChannelId>,
    /// Its name, without `#`; a direct message has none.
    pub name: Option<String>,
    /// The person on the other side of a direct message.
    pub user: Option<UserId>,
    /// Whether it is a channel.
    pub is_channel: Option<bool>,
    /// Whether it is a private channel of the older kind.
    pub is_group: Option<bool>,
    /// Whether it is a direct message.
    pub is_im: Option<bool>,
    /// Whether it is a direct message among several.
    pub is_mpim: Option<bool>,
    /// Whether only its members see it.
    pub is_private: Option<bool>,
    /// Whether it is archived.
    pub is_archived: Option<bool>,
    /// Whether the bot is in it.
    pub is_member: Option<bool>,
    /// Whether people of another organisation are in it.
    pub is_ext_shared: Option<bool>,
    /// How many are in it, if that was asked for.
    pub num_members: Option<u64>,
    /// What it is about at present.
    pub topic: Option<Note>,
    /// What it is for.
    pub purpose: Option<Note>,
}

/// A topic or a purpose.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Note {
    /// Its text.
    pub value: Option<String>,
}

/// A message as the platform keeps it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StoredMessage {
    /// What it is known by in its channel.
    pub ts: Option<MessageId>,
    /// The message that begins its thread.
    pub thread_ts: Option<MessageId>,
    /// What kind of message it is, if not a person's or a bot's own words.
    pub subtype: Option<String>,
    /// Who wrote it.
    pub user: Option<UserId>,
    /// The bot that wrote it (`B…`).
    pub bot_id: Option<String>,
    /// The app that wrote it.
    pub app_id: Option<AppId>,
    /// Its text.
    pub text: Option<String>,
    /// What only apps see, if it was asked for.
    pub metadata: Option<Value>,
}

/// A page of conversations asked for: the arguments of `conversations.list` and `users.conversations`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListConversations {
    /// Kinds, comma-separated: `public_channel`, `private_channel`, `mpim`, `im`.
    pub types: Option<String>,
    /// Leaves archived ones out.
    pub exclude_archived: Option<bool>,
    /// The workspace, when the token is an organisation's.
    pub team_id: Option<TeamId>,
    /// How many a page.
    pub limit: Option<u32>,
}

/// A stretch of messages: the arguments of `conversations.history` and, with `ts`, `conversations.replies`.
#[derive(Clone, Debug, Serialize)]
pub struct History {
    /// The conversation.
    pub channel: ChannelId,
    /// The message that begins the thread; only for its answers.
    pub ts: Option<MessageId>,
    /// After this time stamp.
    pub oldest: Option<MessageId>,
    /// Before this time stamp.
    pub latest: Option<MessageId>,
    /// Whether messages of exactly `oldest` and `latest` belong to it.
    pub inclusive: Option<bool>,
    /// Whether each comes with its metadata.
    pub include_all_metadata: Option<bool>,
    /// How many a page.
    pub limit: Option<u32>,
}

impl History {
    /// All of a conversation.
    #[must_use]
    pub fn of(channel: ChannelId) -> Self {
        Self { channel, ts: None, oldest: None, latest: None, inclusive: None, include_all_metadata: None, limit: None }
    }
}

/// The arguments of `conversations.open`: people, or a direct message that exists.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OpenConversation {
    /// One person, or up to eight.
    pub users: Option<Vec<UserId>>,
    /// The direct message.
    pub channel: Option<ChannelId>,
    /// Whether all of it is answered, not only what it is known by.
    pub return_im: Option<bool>,
}

/// A page of the members of a conversation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Members {
    /// Who is in it.
    pub members: Option<Vec<UserId>>,
}

/// A page of conversations.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Conversations {
    /// The conversations.
    pub channels: Option<Vec<Conversation>>,
}

/// A page of messages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Messages {
    /// The messages: of a conversation the newest first, of a thread the oldest.
    pub messages: Option<Vec<StoredMessage>>,
    /// Whether there are more in the direction asked for.
    pub has_more: Option<bool>,
}

/// One conversation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OneConversation {
    channel: Option<Conversation>,
}

impl Client {
    /// `conversations.info`: what is known of a conversation.
    pub async fn conversation(&self, channel: &ChannelId) -> Result<Conversation, CallError> {
        self.one("conversations.info", json!({ "channel": channel })).await
    }

    /// `conversations.open`: the direct message with these people, made if there is none.
    pub async fn open_conversation(&self, open: &OpenConversation) -> Result<Conversation, CallError> {
        // Written as the method's reference has it: one text, separated by commas.
        let users = open.users.as_ref().map(|users| users.iter().map(UserId::as_str).collect::<Vec<_>>().join(","));
        let arguments = json!({ "users": users, "channel": open.channel, "return_im": open.return_im });
        self.one("conversations.open", arguments).await
    }

    /// `conversations.join`: enters a public channel.
    pub async fn join_conversation(&self, channel: &ChannelId) -> Result<Conversation, CallError> {
        self.one("conversations.join", json!({ "channel": channel })).await
    }

    /// `conversations.list`: the conversations of the workspace, as pages of [`Conversations`].
    pub fn conversations(&self, list: &ListConversations) -> Pages {
        self.pages("conversations.list", list)
    }

    /// `users.conversations`: the conversations that a person, or else the bot, is in, as pages of [`Conversations`].
    pub fn conversations_of(&self, user: Option<&UserId>, list: &ListConversations) -> Pages {
        let ListConversations { types, exclude_archived, team_id, limit } = list;
        let arguments = json!({
            "user": user, "types": types, "exclude_archived": exclude_archived, "team_id": team_id, "limit": limit,
        });
        self.pages("users.conversations", arguments)
    }

    /// `conversations.members`: who is in a conversation, as pages of [`Members`].
    pub fn members(&self, channel: &ChannelId) -> Pages {
        self.pages("conversations.members", json!({ "channel": channel }))
    }

    /// `conversations.history`, or `conversations.replies` when a thread is named: what was said, as pages of
    /// [`Messages`].
    pub fn history(&self, history: &History) -> Pages {
        let method = if history.ts.is_some() { "conversations.replies" } else { "conversations.history" };
        self.pages(method, history)
    }

    async fn one(&self, method: &str, arguments: Value) -> Result<Conversation, CallError> {
        let answer: OneConversation = self.typed(method, arguments).await?;
        Ok(answer.channel.unwrap_or_default())
    }
}
