//! Slash commands and the addresses their answers may be sent to.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use url::form_urlencoded;

use super::{
    delivery::{Delivery, Outgoing, Withheld},
    message::Author,
    state::{Draft, State},
};
use crate::{ChannelId, MessageId, Timestamp, UserId};

/// How often, and how long, a `response_url` may be used.
const USES: u8 = 5;
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// An address a request may be answered at.
#[derive(Clone, Debug)]
pub(super) struct ResponseUrl {
    pub(super) key: String,
    pub(super) channel: ChannelId,
    pub(super) user: UserId,
    pub(super) origin: Origin,
    /// The message that was last written through it, which is the one it may replace.
    pub(super) source: Option<MessageId>,
    pub(super) made: Timestamp,
    pub(super) used: u8,
}

/// What an address came with.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// This command: its answer is shown, and so is its failure.
    Command(String),
    /// A message that was acted upon: the answer itself says nothing.
    Message,
}

/// Why a post to a `response_url` is refused: the status and the body.
pub(super) type Refused = (u16, &'static str);

impl State {
    /// A person types a command; gives what follows the workspace's address in its `response_url`, or the sentence the
    /// client shows when there is no such command.
    pub(super) fn command(&mut self, user: &UserId, channel: &ChannelId, typed: &str) -> Result<String, String> {
        let typed = typed.trim();
        let (name, text) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        let commands = self.identity.commands.as_ref();
        let known = commands.is_none_or(|commands| commands.iter().any(|command| command == name));
        if !known || !name.starts_with('/') || !self.identity.has_scope("commands") {
            return Err(format!("{name} is not a valid command."));
        }
        if self.deliver_to.is_none() {
            self.withheld.push(Withheld { event: name.into(), why: "there is no address to deliver to" });
            return Err(format!("{name} failed because the app did not respond."));
        }
        let key = self.open_response_url(channel, user, Origin::Command(name.into()), None);
        let response_url = format!("{}{key}", self.base);
        let trigger = self.trigger();
        let token = self.identifier("");
        let place = match self.conversation(channel.as_str()).map(|place| (&place.kind, &place.name)) {
            Some((super::conversation::Kind::Public, name)) => name.clone(),
            Some((super::conversation::Kind::Private, _)) => "privategroup".into(),
            _ => "directmessage".into(),
        };
        let person = self.user(user.as_str()).map(|user| user.name.clone()).unwrap_or_default();
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", &token)
            .append_pair("team_id", self.identity.team.as_str())
            .append_pair("team_domain", &self.identity.team_name.to_lowercase())
            .append_pair("channel_id", channel.as_str())
            .append_pair("channel_name", &place)
            .append_pair("user_id", user.as_str())
            .append_pair("user_name", &person)
            .append_pair("command", name)
            .append_pair("text", text.trim())
            .append_pair("api_app_id", self.identity.app.as_str())
            .append_pair("is_enterprise_install", "false")
            .append_pair("response_url", &response_url)
            .append_pair("trigger_id", &trigger)
            .finish();
        self.send(Outgoing {
            kind: name.into(),
            event_id: None,
            content_type: "application/x-www-form-urlencoded",
            body: Bytes::from(body),
            request: Some(key.clone()),
        });
        Ok(key)
    }

    /// Shows the person what the answer to their request said, or that there was none.
    pub(super) fn answered(&mut self, key: &str, delivery: &Delivery, json: bool) {
        let Some(at) = self.response_urls.iter().position(|response| response.key == key) else { return };
        let ResponseUrl { channel, user, origin, .. } = self.response_urls[at].clone();
        let Origin::Command(command) = origin else { return };
        if let Some(failure) = delivery.failure {
            let failure = if failure == "http_timeout" { "operation_timeout" } else { "dispatch_failed" };
            let text = format!("{command} failed with the error \"{failure}\"");
            let draft = Draft { text, ephemeral_to: Some(user), ..Draft::default() };
            self.post(&channel, Author::Workspace, draft);
            return;
        }
        let body = match serde_json::from_str::<Value>(&delivery.body) {
            Ok(body) if json => body,
            _ if delivery.body.trim().is_empty() => return,
            _ => serde_json::json!({ "text": delivery.body }),
        };
        self.respond(at, &body).ok();
    }

    /// Takes a post to a `response_url`. Refused when there is no such address, when it is too old or used up, and
    /// when it says nothing.
    pub(super) fn posted_to_response_url(&mut self, key: &str, body: &[u8]) -> Result<(), Refused> {
        let found = self.response_urls.iter().position(|response| response.key == key);
        let at = found.ok_or((404, "no_such_url"))?;
        let now = self.now();
        let response = &mut self.response_urls[at];
        if now.since(response.made) > LIFETIME {
            return Err((404, "expired_url"));
        }
        if response.used >= USES {
            return Err((404, "used_url"));
        }
        response.used += 1;
        let body = serde_json::from_slice::<Value>(body).ok().filter(Value::is_object);
        self.respond(at, &body.ok_or((400, "invalid_payload"))?)
    }

    fn respond(&mut self, at: usize, body: &Value) -> Result<(), Refused> {
        let ResponseUrl { channel, user, source, .. } = self.response_urls[at].clone();
        let says = |name: &str| body[name].as_bool().unwrap_or_else(|| body[name] == "true");
        if says("delete_original") {
            let source = source.ok_or((404, "message_not_found"))?;
            self.delete(&channel, &source);
            self.response_urls[at].source = None;
            return Ok(());
        }
        let present = |name: &str| Some(&body[name]).filter(|value| !value.is_null()).cloned();
        let text = body["text"].as_str().unwrap_or_default().to_owned();
        let (blocks, attachments) = (present("blocks"), present("attachments"));
        if text.is_empty() && blocks.is_none() && attachments.is_none() {
            return Err((400, "no_text"));
        }
        if let Some(source) = source.filter(|_| says("replace_original")) {
            let bot = self.identity.user.clone();
            self.edit(&channel, &source, &bot, |message| {
                message.text = text;
                message.blocks = blocks;
                message.attachments = attachments;
            });
            return Ok(());
        }
        let seen_by_all = body["response_type"] == "in_channel";
        let draft = Draft {
            text,
            thread: body["thread_ts"].as_str().filter(|_| seen_by_all).map(MessageId::from),
            ephemeral_to: (!seen_by_all).then_some(user),
            blocks,
            attachments,
            ..Draft::default()
        };
        let message = self.post(&channel, Author::Bot, draft);
        self.response_urls[at].source = Some(message.id);
        Ok(())
    }
}
