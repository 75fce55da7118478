//! Channels and direct messages as the workspace keeps them.

use serde_json::{Value, json};

use super::{identity::Identity, message::Message};
use crate::{ChannelId, MessageId, Timestamp, UserId};

/// A channel or a direct message, with what was said in it.
#[derive(Clone, Debug)]
pub(super) struct Conversation {
    pub(super) id: ChannelId,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) created: Timestamp,
    pub(super) archived: bool,
    pub(super) members: Vec<UserId>,
    pub(super) messages: Vec<Message>,
}

/// What kind of conversation it is, which decides events and scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Public,
    Private,
    Direct(UserId),
}

impl Kind {
    /// The prefix of the scopes that cover it.
    pub(super) fn scope(&self) -> &'static str {
        match self {
            Self::Public => "channels",
            Self::Private => "groups",
            Self::Direct(_) => "im",
        }
    }

    /// `channel_type` of a message event.
    pub(super) fn channel_type(&self) -> &'static str {
        match self {
            Self::Public => "channel",
            Self::Private => "group",
            Self::Direct(_) => "im",
        }
    }

    /// The name `types` gives it in a list.
    pub(super) fn listed_as(&self) -> &'static str {
        match self {
            Self::Public => "public_channel",
            Self::Private => "private_channel",
            Self::Direct(_) => "im",
        }
    }

    /// The subscription its messages come by.
    pub(super) fn subscription(&self) -> String {
        format!("message.{}", self.scope())
    }
}

impl Conversation {
    pub(super) fn has_member(&self, user: &UserId) -> bool {
        self.members.contains(user)
    }

    pub(super) fn join(&mut self, user: &UserId) {
        if !self.has_member(user) {
            self.members.push(user.clone());
        }
    }

    pub(super) fn message(&self, id: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == *id)
    }

    pub(super) fn message_mut(&mut self, id: &str) -> Option<&mut Message> {
        self.messages.iter_mut().find(|message| message.id == *id)
    }

    /// The replies of a thread that everybody sees, oldest first.
    pub(super) fn replies<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = &'a Message> {
        let public = self.messages.iter().filter(|message| message.ephemeral_to.is_none());
        public.filter(move |message| message.thread.as_ref().is_some_and(|thread| *thread == *parent))
    }

    /// Whether it is what the bot said last here.
    pub(super) fn is_last_of_bot(&self, message: &Message) -> bool {
        let last = self.messages.iter().rfind(|message| message.is_from_bot());
        last.is_some_and(|last| last.id == message.id)
    }

    /// A message as the Web API gives it: with the state of the thread it belongs to.
    pub(super) fn message_json(&self, message: &Message, identity: &Identity, metadata: bool) -> Value {
        let mut fields = message.json(identity);
        if let Some(parent) = message.thread.as_ref().and_then(|thread| self.message(thread.as_str())) {
            fields.insert("parent_user_id".into(), json!(parent.user(identity)));
        }
        let replies: Vec<&Message> = self.replies(message.id.as_str()).collect();
        if let Some(last) = replies.last() {
            let mut users = Vec::new();
            for user in replies.iter().map(|reply| reply.user(identity)) {
                if !users.contains(&user) {
                    users.push(user);
                }
            }
            fields.insert("thread_ts".into(), json!(message.id));
            fields.insert("reply_count".into(), json!(replies.len()));
            fields.insert("reply_users_count".into(), json!(users.len()));
            fields.insert("latest_reply".into(), json!(last.id));
            fields.insert("reply_users".into(), json!(users));
        }
        if let Some(value) = message.metadata.as_ref().filter(|_| metadata) {
            fields.insert("metadata".into(), value.clone());
        }
        Value::Object(fields)
    }

    /// The conversation as the Web API gives it.
    pub(super) fn json(&self, identity: &Identity) -> Value {
        let created = self.created.seconds();
        if let Kind::Direct(user) = &self.kind {
            return json!({
                "id": self.id, "created": created, "is_im": true, "is_org_shared": false, "user": user,
                "is_archived": false, "is_open": true, "priority": 0,
            });
        }
        let private = self.kind == Kind::Private;
        let unset = json!({ "value": "", "creator": "", "last_set": 0 });
        json!({
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": !private,
            "is_group": private,
            "is_im": false,
            "is_mpim": false,
            "is_private": private,
            "created": created,
            "creator": self.members.first(),
            "is_archived": self.archived,
            "is_general": self.name == "general",
            "is_member": self.has_member(&identity.user),
            "is_shared": false,
            "is_ext_shared": false,
            "is_org_shared": false,
            "unlinked": 0,
            "context_team_id": identity.team,
            "topic": unset.clone(),
            "purpose": unset,
            "previous_names": [],
            "num_members": self.members.len(),
        })
    }

    /// Whether `thread` may be answered here: it is a message of the conversation that is not itself a reply.
    pub(super) fn is_parent(&self, thread: &MessageId) -> bool {
        self.message(thread.as_str()).is_some_and(|parent| parent.thread.is_none() && parent.ephemeral_to.is_none())
    }
}
