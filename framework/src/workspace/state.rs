//! Everything a workspace knows, and how it changes.

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use super::{
    api::Call,
    conversation::{Conversation, Kind},
    delivery::{Delivery, Outgoing, Withheld},
    fault::Fault,
    identity::Identity,
    markup::{self, Directory},
    message::{Author, Message},
    response_url::ResponseUrl,
    user::User,
};
use crate::{ChannelId, Clock, MessageId, Timestamp, UserId};

/// Everything a workspace knows: read by [`Workspace::wait_until`](super::Workspace::wait_until).
#[derive(Debug)]
pub struct State {
    pub(super) identity: Arc<Identity>,
    pub(super) clock: Arc<dyn Clock>,
    /// Where the workspace itself listens, with a slash at the end.
    pub(super) base: String,
    pub(super) deliver_to: Option<String>,
    pub(super) users: Vec<User>,
    pub(super) conversations: Vec<Conversation>,
    pub(super) response_urls: Vec<ResponseUrl>,
    pub(super) faults: Vec<Fault>,
    /// When each method was last answered that an app which is distributed may call once a minute.
    pub(super) answered: Vec<(String, Timestamp)>,
    pub(super) calls: Vec<Call>,
    pub(super) deliveries: Vec<Delivery>,
    pub(super) withheld: Vec<Withheld>,
    /// What is to be delivered once the lock is released.
    pub(super) outgoing: Vec<Outgoing>,
    /// What was to be delivered and is neither accepted nor given up.
    pub(super) in_flight: usize,
    /// Whether nothing is delivered any more.
    pub(super) stopped: bool,
    pub(super) last_ts: u64,
    pub(super) serial: u64,
}

/// What may be read.
impl State {
    /// What was said in a channel, oldest first, replies and ephemeral messages included.
    #[must_use]
    pub fn messages(&self, channel: &ChannelId) -> &[Message] {
        self.conversation(channel.as_str()).map(|conversation| conversation.messages.as_slice()).unwrap_or_default()
    }

    /// A message and its replies, oldest first, ephemeral ones included. Empty when there is no such message.
    #[must_use]
    pub fn thread(&self, channel: &ChannelId, parent: &MessageId) -> Vec<&Message> {
        let belongs = |message: &&Message| message.id == *parent || message.thread.as_ref() == Some(parent);
        self.messages(channel).iter().filter(belongs).collect()
    }

    /// One message.
    #[must_use]
    pub fn message(&self, channel: &ChannelId, id: &MessageId) -> Option<&Message> {
        self.conversation(channel.as_str())?.message(id.as_str())
    }

    /// Every message of the bot, channel by channel, oldest first.
    pub fn said_by_bot(&self) -> impl Iterator<Item = &Message> {
        self.conversations
            .iter()
            .flat_map(|conversation| &conversation.messages)
            .filter(|message| message.is_from_bot())
    }

    /// Every call of the Web API, in the order of their answers.
    #[must_use]
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// Every attempt to deliver, in the order they ended.
    #[must_use]
    pub fn deliveries(&self) -> &[Delivery] {
        &self.deliveries
    }

    /// What happened and was not delivered, and why.
    #[must_use]
    pub fn withheld(&self) -> &[Withheld] {
        &self.withheld
    }

    /// Whether every event was accepted or given up.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.in_flight == 0
    }

    /// What a test that waited in vain should know.
    pub(super) fn summary(&self, within: Duration) -> String {
        let calls = self.calls.iter().rev().take(3).map(|call| format!("{} {:?}", call.method, call.outcome));
        let deliveries = self.deliveries.iter().rev().take(3).map(|delivery| {
            let outcome = delivery.failure.map_or_else(|| "accepted".into(), |failure| format!("failed: {failure}"));
            format!("{} {outcome}", delivery.kind)
        });
        let withheld =
            self.withheld.iter().rev().take(3).map(|withheld| format!("{}: {}", withheld.event, withheld.why));
        let line = |list: Vec<String>| if list.is_empty() { "none".into() } else { list.join(", ") };
        format!(
            "what was waited for did not happen within {within:?}. The last first: calls of the Web API: {}; \
             deliveries: {}, {} in flight; withheld: {}",
            line(calls.collect()),
            line(deliveries.collect()),
            self.in_flight,
            line(withheld.collect()),
        )
    }
}

/// What a person or the bot may change.
impl State {
    pub(super) fn new(identity: Identity, clock: Arc<dyn Clock>, base: String) -> Self {
        let bot = User::bot(&identity);
        Self {
            identity: Arc::new(identity),
            clock,
            base,
            deliver_to: None,
            users: vec![bot],
            conversations: Vec::new(),
            response_urls: Vec::new(),
            faults: Vec::new(),
            answered: Vec::new(),
            calls: Vec::new(),
            deliveries: Vec::new(),
            withheld: Vec::new(),
            outgoing: Vec::new(),
            in_flight: 0,
            stopped: false,
            last_ts: 0,
            serial: 0,
        }
    }

    /// From now on nothing is delivered; what is in flight is given up.
    pub(super) fn stop(&mut self) {
        self.stopped = true;
        self.in_flight = 0;
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The person called `name`, met on first use; every person is a member of every public channel.
    pub(super) fn person(&mut self, name: &str) -> UserId {
        if let Some(known) = self.users.iter().find(|user| user.name == name) {
            return known.id.clone();
        }
        let id = UserId::new(self.identifier("U0"));
        self.users.push(User::person(id.clone(), name));
        for conversation in self.conversations.iter_mut().filter(|conversation| conversation.kind == Kind::Public) {
            conversation.join(&id);
        }
        id
    }

    /// The channel called `name`, made on first use with everybody and the bot in it.
    pub(super) fn channel(&mut self, name: &str) -> ChannelId {
        if let Some(known) = self.conversations.iter().find(|conversation| conversation.name == name) {
            return known.id.clone();
        }
        let id = ChannelId::new(self.identifier("C0"));
        self.add_channel(id.clone(), name);
        id
    }

    /// A channel with everybody and the bot in it.
    pub(super) fn add_channel(&mut self, id: ChannelId, name: &str) {
        let members = self.users.iter().map(|user| user.id.clone()).collect();
        self.open(id, name, Kind::Public, members);
    }

    /// The direct messages between `user` and the bot, opened on first use.
    pub(super) fn direct(&mut self, user: &UserId) -> ChannelId {
        let kind = Kind::Direct(user.clone());
        if let Some(known) = self.conversations.iter().find(|conversation| conversation.kind == kind) {
            return known.id.clone();
        }
        let members = vec![user.clone(), self.identity.user.clone()];
        let id = ChannelId::new(self.identifier("D0"));
        self.open(id.clone(), "", kind, members);
        id
    }

    fn open(&mut self, id: ChannelId, name: &str, kind: Kind, members: Vec<UserId>) {
        self.conversations.push(Conversation {
            id,
            name: name.into(),
            kind,
            created: self.now(),
            archived: false,
            members,
            messages: Vec::new(),
        });
    }

    pub(super) fn conversation(&self, id: &str) -> Option<&Conversation> {
        self.conversations.iter().find(|conversation| conversation.id == *id)
    }

    pub(super) fn conversation_mut(&mut self, id: &str) -> Option<&mut Conversation> {
        self.conversations.iter_mut().find(|conversation| conversation.id == *id)
    }

    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == *id)
    }

    /// Stores a new message and tells the bot. The channel must exist.
    pub(super) fn post(&mut self, channel: &ChannelId, author: Author, draft: Draft) -> Message {
        let mut message = Message {
            id: self.next_ts(),
            channel: channel.clone(),
            thread: draft.thread,
            author,
            text: draft.text,
            ephemeral_to: draft.ephemeral_to,
            blocks: draft.blocks,
            attachments: draft.attachments,
            metadata: draft.metadata,
            edited: None,
            reactions: Vec::new(),
            broadcast: draft.broadcast,
            deleted: false,
            client_id: None,
            shown: String::new(),
        };
        if matches!(message.author, Author::Person(_)) {
            message.client_id = Some(self.uuid());
            message.blocks = Some(markup::rich_text(&message.text, &self.block_id()));
        }
        self.name_blocks(&mut message);
        message.refresh(&self.directory());
        if let Some(conversation) = self.conversation_mut(channel.as_str()) {
            if let Author::Person(user) = &message.author {
                conversation.join(user);
            }
            conversation.messages.push(message.clone());
        }
        self.tell_posted(&message);
        message
    }

    /// Changes a message in place by `change`, and tells the bot. Nothing happens to a message that is not there.
    pub(super) fn edit(
        &mut self,
        channel: &ChannelId,
        id: &MessageId,
        by: &UserId,
        change: impl FnOnce(&mut Message),
    ) -> Option<Message> {
        let before = self.message(channel, id)?.clone();
        let mut after = before.clone();
        change(&mut after);
        after.edited = Some((by.clone(), self.next_ts()));
        if matches!(after.author, Author::Person(_)) {
            after.blocks = Some(markup::rich_text(&after.text, &self.block_id()));
        }
        self.name_blocks(&mut after);
        after.refresh(&self.directory());
        *self.conversation_mut(channel.as_str())?.message_mut(id.as_str())? = after.clone();
        self.tell_changed(&before, &after);
        Some(after)
    }

    /// Deletes a message and tells the bot. The head of a thread stays as a tombstone.
    pub(super) fn delete(&mut self, channel: &ChannelId, id: &MessageId) -> Option<Message> {
        let conversation = self.conversation_mut(channel.as_str())?;
        let before = conversation.message(id.as_str())?.clone();
        if conversation.replies(id.as_str()).next().is_some() {
            let head = conversation.message_mut(id.as_str())?;
            head.author = Author::Workspace;
            head.text = "This message was deleted.".into();
            head.shown.clone_from(&head.text);
            (head.blocks, head.attachments, head.metadata, head.client_id) = (None, None, None, None);
            head.deleted = true;
        } else {
            conversation.messages.retain(|message| message.id != *id);
        }
        self.tell_deleted(&before);
        Some(before)
    }

    pub(super) fn directory(&self) -> Directory<'_> {
        let bot = self.identity.user.as_str();
        let names = self.users.iter().map(|user| (user.name.as_str(), user.id.as_str()));
        let channels = self.conversations.iter().filter(|conversation| !conversation.name.is_empty());
        Directory {
            users: names.chain([("bot", bot)]).collect(),
            channels: channels.map(|channel| (channel.name.as_str(), channel.id.as_str())).collect(),
        }
    }

    /// Gives each block that has no name of its own one.
    fn name_blocks(&mut self, message: &mut Message) {
        let blocks = message.blocks.as_mut().and_then(Value::as_array_mut);
        for block in blocks.into_iter().flatten().filter_map(Value::as_object_mut) {
            block.entry("block_id").or_insert_with(|| self.block_id().into());
        }
    }
}

/// What is to be posted.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) text: String,
    pub(super) thread: Option<MessageId>,
    pub(super) broadcast: bool,
    pub(super) ephemeral_to: Option<UserId>,
    pub(super) blocks: Option<Value>,
    pub(super) attachments: Option<Value>,
    pub(super) metadata: Option<Value>,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::ManualClock;

    pub(in crate::workspace) fn state() -> State {
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_700_000_000)));
        State::new(Identity::new("bot"), clock, "http://127.0.0.1:1/".into())
    }

    #[test]
    fn a_thread_outlives_its_head() {
        let mut state = state();
        let (alice, general) = (state.person("alice"), state.channel("general"));
        let say = |text: &str, thread| Draft { text: text.into(), thread, ..Draft::default() };
        let head = state.post(&general, Author::Person(alice.clone()), say("head", None));
        state.post(&general, Author::Person(alice.clone()), say("reply", Some(head.id.clone())));
        let alone = state.post(&general, Author::Person(alice), say("alone", None));
        state.delete(&general, &head.id);
        state.delete(&general, &alone.id);
        let left: Vec<&str> = state.messages(&general).iter().map(Message::shown).collect();
        assert_eq!(left, ["This message was deleted.", "reply"]);
    }
}
