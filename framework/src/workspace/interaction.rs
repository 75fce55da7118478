//! Pressing the buttons of a message.

use bytes::Bytes;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{
    conversation::Kind,
    delivery::{Outgoing, Withheld},
    message::Message,
    response_url::{Origin, ResponseUrl},
    signing,
    state::State,
};
use crate::UserId;

impl State {
    /// A person presses the button `action` of a message of the bot. Refused: a message without such a button, and a
    /// bot without address.
    pub(super) fn press(&mut self, user: &UserId, message: &Message, action: &str) -> Result<String, String> {
        let message = self.message(&message.channel, &message.id).filter(|message| message.is_from_bot());
        let message = message.ok_or("the message is not there any more, or not the bot's")?.clone();
        let (block, button) = message
            .blocks
            .as_ref()
            .and_then(|blocks| button(blocks, action))
            .ok_or_else(|| format!("the message has no button {action}"))?;
        if self.deliver_to.is_none() {
            self.withheld.push(Withheld { event: "block_actions".into(), why: "there is no address to deliver to" });
            return Err("there is no address to deliver to".into());
        }
        let source = Some(message.id.clone());
        let key = self.open_response_url(&message.channel, user, Origin::Message, source);
        let payload = self.pressed(user, &message, &key, &action_json(block, button, self.now().seconds()));
        let body =
            form_urlencoded::Serializer::new(String::new()).append_pair("payload", &payload.to_string()).finish();
        self.send(Outgoing {
            kind: "block_actions".into(),
            event_id: None,
            content_type: "application/x-www-form-urlencoded",
            body: Bytes::from(body),
            request: Some(key.clone()),
        });
        Ok(key)
    }

    fn pressed(&mut self, user: &UserId, message: &Message, key: &str, action: &Value) -> Value {
        let (trigger, token) = (self.trigger(), self.identifier(""));
        let ephemeral = message.ephemeral_to.is_some();
        let place = self.conversation(message.channel.as_str());
        let place =
            place.map(|place| if matches!(place.kind, Kind::Direct(_)) { "directmessage" } else { &place.name });
        let name = self.user(user.as_str()).map(|user| user.name.as_str());
        let mut payload = json!({
            "type": "block_actions",
            "user": { "id": user, "username": name, "name": name, "team_id": self.identity.team },
            "api_app_id": self.identity.app,
            "token": token,
            "container": {
                "type": "message",
                "message_ts": message.id,
                "channel_id": message.channel,
                "is_ephemeral": ephemeral,
            },
            "trigger_id": trigger,
            "team": { "id": self.identity.team, "domain": self.identity.team_name.to_lowercase() },
            "enterprise": null,
            "is_enterprise_install": false,
            "channel": { "id": message.channel, "name": place },
            "state": { "values": {} },
            "response_url": format!("{}{key}", self.base),
            "actions": [action],
        });
        if let Some(thread) = &message.thread {
            payload["container"]["thread_ts"] = json!(thread);
        }
        if !ephemeral {
            payload["message"] = Value::Object(message.json(&self.identity));
        }
        payload
    }

    /// A fresh address to answer a request at: what follows the workspace's own.
    pub(super) fn open_response_url(
        &mut self,
        channel: &crate::ChannelId,
        user: &UserId,
        origin: Origin,
        source: Option<crate::MessageId>,
    ) -> String {
        // Whoever knows the address may write to it: it is not to be guessed from the one before.
        let number = self.identifier("response/");
        let proof = signing::sign(&self.identity.signing_secret, 0, number.as_bytes());
        let key = format!("{number}/{}", &proof["v0=".len()..]);
        self.response_urls.push(ResponseUrl {
            key: key.clone(),
            channel: channel.clone(),
            user: user.clone(),
            origin,
            source,
            made: self.now(),
            used: 0,
        });
        key
    }

    pub(super) fn trigger(&mut self) -> String {
        format!("{}.{}", self.now().micros(), self.identifier(""))
    }
}

/// The button `action` among `blocks`, with its block.
fn button<'a>(blocks: &'a Value, action: &str) -> Option<(&'a Value, &'a Value)> {
    let fits = |element: &&Value| element["type"] == "button" && element["action_id"] == *action;
    blocks.as_array()?.iter().find_map(|block| {
        let elements = block["elements"].as_array().into_iter().flatten();
        elements.chain(Some(&block["accessory"])).find(fits).map(|button| (block, button))
    })
}

fn action_json(block: &Value, button: &Value, at: u64) -> Value {
    let mut action = json!({ "block_id": block["block_id"], "action_ts": format!("{at}.000000") });
    for field in ["action_id", "type", "text", "value", "style", "url"] {
        if !button[field].is_null() {
            action[field] = button[field].clone();
        }
    }
    action
}
