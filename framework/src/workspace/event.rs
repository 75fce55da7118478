//! What the bot is told, as event envelopes.

use serde_json::{Map, Value, json};

use super::{
    conversation::Kind,
    delivery::{Outgoing, Withheld},
    message::{Author, Message},
    state::State,
};
use crate::{ChannelId, MessageId, UserId};

/// The inner event.
type Fields = Map<String, Value>;

impl State {
    /// A new message: `app_mention` where the bot is mentioned outside direct messages, and `message`.
    pub(super) fn tell_posted(&mut self, message: &Message) {
        let Some(conversation) = self.conversation(message.channel.as_str()) else { return };
        if message.ephemeral_to.is_some() || message.author == Author::Workspace {
            return;
        }
        let kind = conversation.kind.clone();
        let Value::Object(mut fields) = conversation.message_json(message, &self.identity, true) else { return };
        fields.remove("reactions");
        if message.broadcast {
            let root = message.thread.as_ref().and_then(|thread| conversation.message(thread.as_str()));
            fields.insert("root".into(), root.map_or(Value::Null, |root| root.json(&self.identity).into()));
        }
        fields.insert("channel".into(), json!(message.channel));
        fields.insert("event_ts".into(), json!(message.id));
        let mention = format!("<@{}>", self.identity.user);
        if message.text.contains(&mention) && !matches!(kind, Kind::Direct(_)) {
            let mut twin = fields.clone();
            twin.insert("type".into(), json!("app_mention"));
            twin.remove("subtype");
            self.emit("app_mention", &message.channel, &twin);
        }
        fields.insert("channel_type".into(), json!(kind.channel_type()));
        self.emit(&kind.subscription(), &message.channel, &fields);
    }

    pub(super) fn tell_changed(&mut self, before: &Message, after: &Message) {
        if after.ephemeral_to.is_some() {
            return;
        }
        let changed = json!({
            "subtype": "message_changed",
            "message": after.json(&self.identity),
            "previous_message": before.json(&self.identity),
        });
        self.tell_about(&after.channel, changed);
    }

    pub(super) fn tell_deleted(&mut self, before: &Message) {
        if before.ephemeral_to.is_some() {
            return;
        }
        let deleted = json!({
            "subtype": "message_deleted",
            "deleted_ts": before.id,
            "previous_message": before.json(&self.identity),
        });
        self.tell_about(&before.channel, deleted);
    }

    /// A hidden message about another message.
    fn tell_about(&mut self, channel: &ChannelId, event: Value) {
        let Some(kind) = self.conversation(channel.as_str()).map(|conversation| conversation.kind.clone()) else {
            return;
        };
        let Value::Object(mut fields) = event else { return };
        let ts = self.next_ts();
        fields.insert("type".into(), json!("message"));
        fields.insert("hidden".into(), json!(true));
        fields.insert("channel".into(), json!(channel));
        fields.insert("channel_type".into(), json!(kind.channel_type()));
        fields.insert("ts".into(), json!(ts));
        fields.insert("event_ts".into(), json!(ts));
        self.emit(&kind.subscription(), channel, &fields);
    }

    /// `reaction_added` or `reaction_removed`.
    pub(super) fn tell_reaction(&mut self, event: &str, user: &UserId, name: &str, on: (&ChannelId, &MessageId)) {
        let (channel, id) = on;
        let item_user = self.message(channel, id).map(|message| message.user(&self.identity).to_owned());
        let mut fields = Fields::new();
        fields.insert("type".into(), json!(event));
        fields.insert("user".into(), json!(user));
        fields.insert("reaction".into(), json!(name));
        fields.insert("item".into(), json!({ "type": "message", "channel": channel, "ts": id }));
        fields.insert("item_user".into(), json!(item_user));
        fields.insert("event_ts".into(), json!(self.next_ts()));
        self.emit(event, channel, &fields);
    }

    /// Queues an event, or records why it is not delivered.
    fn emit(&mut self, subscription: &str, channel: &ChannelId, event: &Fields) {
        let member = self
            .conversation(channel.as_str())
            .is_some_and(|conversation| conversation.has_member(&self.identity.user));
        let obstacle = if !self.identity.is_subscribed(subscription) {
            Some("the app is not subscribed to it")
        } else if !member {
            Some("the bot is not a member of the channel")
        } else {
            None
        };
        match obstacle {
            Some(why) => self.withheld.push(Withheld { event: subscription.into(), why }),
            None => self.send_event(subscription, event),
        }
    }

    /// Queues an event whatever the subscriptions say.
    pub(super) fn send_event(&mut self, name: &str, event: &Fields) {
        if self.deliver_to.is_none() {
            self.withheld.push(Withheld { event: name.into(), why: "there is no address to deliver to" });
            return;
        }
        let id = self.event_id();
        let envelope = json!({
            "token": self.identifier("")[..9],
            "team_id": self.identity.team,
            "context_team_id": self.identity.team,
            "context_enterprise_id": null,
            "api_app_id": self.identity.app,
            "event": event,
            "type": "event_callback",
            "event_id": id,
            "event_time": self.now().seconds(),
            "authorizations": [{
                "enterprise_id": null,
                "team_id": self.identity.team,
                "user_id": self.identity.user,
                "is_bot": true,
                "is_enterprise_install": false,
            }],
            "is_ext_shared_channel": false,
            "event_context": format!("4-{}", self.identifier("")),
        });
        self.send(Outgoing::event(name, id, &envelope));
    }

    /// Queues a delivery, which counts as in flight from now on.
    pub(super) fn send(&mut self, outgoing: Outgoing) {
        if self.stopped {
            self.withheld.push(Withheld { event: outgoing.kind, why: "the workspace has stopped" });
            return;
        }
        self.in_flight += 1;
        self.outgoing.push(outgoing);
    }
}
