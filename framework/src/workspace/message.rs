//! A message as the workspace keeps it.

use serde_json::{Map, Value, json};

use super::{blocks, identity::Identity, markup, markup::Directory};
use crate::{ChannelId, MessageId, UserId};

/// A message as the workspace keeps it.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its time stamp, which is its identifier within the channel.
    pub id: MessageId,
    /// Where it stands.
    pub channel: ChannelId,
    /// The message whose thread it belongs to; `None` in the channel itself, and for the parent of a thread.
    pub thread: Option<MessageId>,
    /// Who wrote it.
    pub author: Author,
    /// The text as stored: `&<>` escaped, references in angle brackets.
    pub text: String,
    /// The only person who sees it; `None`: everybody in the channel.
    pub ephemeral_to: Option<UserId>,
    /// The blocks, as they came, each with a `block_id`.
    pub blocks: Option<Value>,
    /// The attachments, as they came.
    pub attachments: Option<Value>,
    /// The metadata, as it came.
    pub metadata: Option<Value>,
    /// When it was last edited, and by whom.
    pub edited: Option<(UserId, MessageId)>,
    /// The reactions, each with those who added it.
    pub reactions: Vec<Reaction>,
    /// Whether a reply is shown in the channel, too.
    pub broadcast: bool,
    /// Whether it was deleted and stays only as the head of its thread.
    pub deleted: bool,
    pub(super) client_id: Option<String>,
    pub(super) shown: String,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// A person.
    Person(UserId),
    /// The bot under test.
    Bot,
    /// The workspace itself: what a client tells the person, such as a command that got no answer.
    Workspace,
}

/// A reaction and those who added it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// Name of the emoji, without colons.
    pub name: String,
    /// Those who added it, in order.
    pub users: Vec<UserId>,
}

impl Message {
    /// What a reader sees, without the markup: the blocks if there are any, else the text and the attachments.
    /// Entities are decoded, people and channels stand by name, links by label.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether the bot wrote it.
    #[must_use]
    pub fn is_from_bot(&self) -> bool {
        self.author == Author::Bot
    }

    pub(super) fn refresh(&mut self, directory: &Directory<'_>) {
        let markup = match (&self.blocks, self.is_from_bot()) {
            (Some(blocks), true) => blocks::text(blocks),
            _ => String::new(),
        };
        let markup = if markup.is_empty() { self.text.clone() } else { markup };
        let attached = self.attachments.as_ref().map(blocks::attachments).unwrap_or_default();
        let separator = if markup.is_empty() || attached.is_empty() { "" } else { "\n" };
        self.shown = markup::shown(&format!("{markup}{separator}{attached}"), directory);
    }

    /// The user it is signed with.
    pub(super) fn user<'a>(&'a self, identity: &'a Identity) -> &'a str {
        match &self.author {
            Author::Person(user) => user.as_str(),
            Author::Bot => identity.user.as_str(),
            Author::Workspace => "USLACKBOT",
        }
    }

    /// The fields every event and every answer of the Web API shares.
    pub(super) fn json(&self, identity: &Identity) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut set = |name: &str, value: Value| fields.insert(name.into(), value);
        set("type", json!("message"));
        if let Some(id) = &self.client_id {
            set("client_msg_id", json!(id));
        }
        set("user", json!(self.user(identity)));
        if self.is_from_bot() {
            set("bot_id", json!(identity.bot));
            set("app_id", json!(identity.app));
            set("bot_profile", bot_profile(identity));
        }
        set("text", json!(self.text));
        set("ts", json!(self.id));
        set("team", json!(identity.team));
        if let Some(thread) = &self.thread {
            set("thread_ts", json!(thread));
        }
        for (name, value) in [("blocks", &self.blocks), ("attachments", &self.attachments)] {
            if let Some(value) = value {
                set(name, value.clone());
            }
        }
        if let Some((user, ts)) = &self.edited {
            set("edited", json!({ "user": user, "ts": ts }));
        }
        if self.broadcast {
            set("subtype", json!("thread_broadcast"));
        }
        if self.deleted {
            set("subtype", json!("tombstone"));
        }
        if !self.reactions.is_empty() {
            set("reactions", self.reactions.iter().map(Reaction::json).collect());
        }
        fields
    }
}

impl Reaction {
    fn json(&self) -> Value {
        json!({ "name": self.name, "users": self.users, "count": self.users.len() })
    }
}

fn bot_profile(identity: &Identity) -> Value {
    json!({
        "id": identity.bot,
        "deleted": false,
        "name": identity.name,
        "updated": 0,
        "app_id": identity.app,
        "icons": {},
        "team_id": identity.team,
    })
}
