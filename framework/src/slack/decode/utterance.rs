//! What was said, out of messages as the platform tells of them or keeps them.

use serde::Deserialize;
use serde_json::Value;

use super::{
    fields::{Envelope, Inner},
    loose::Loose,
    message::{SAID, place_kind},
    text::text,
};
use crate::{
    conversation::{Kept, Strands},
    event::{PlaceKind, Speaker, Utterance},
    id::{MessageId, UserId},
};

/// A message as the platform keeps it: on a page of a conversation, or within the event that tells of its change.
#[derive(Deserialize)]
pub(crate) struct Stored<'a> {
    #[serde(borrow, default)]
    ts: Loose<'a>,
    #[serde(borrow, default)]
    thread_ts: Loose<'a>,
    #[serde(borrow, default)]
    subtype: Loose<'a>,
    #[serde(borrow, default)]
    user: Loose<'a>,
    #[serde(borrow, default)]
    bot_id: Loose<'a>,
    #[serde(borrow, default)]
    app_id: Loose<'a>,
    #[serde(borrow, default)]
    text: Loose<'a>,
    #[serde(default)]
    edited: Option<Value>,
}

/// The event in an envelope.
#[derive(Deserialize)]
struct Told<E> {
    event: E,
}

/// An event that tells of a change.
#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow, default)]
    message: Option<Stored<'a>>,
    #[serde(borrow, default)]
    deleted_ts: Loose<'a>,
}

/// Who the bot is, and where something is said.
#[derive(Clone, Copy)]
pub(crate) struct Listener<'a> {
    pub(crate) bot: Option<&'a UserId>,
    pub(crate) app: &'a str,
    pub(crate) direct: bool,
}

impl Listener<'_> {
    /// What a message says; nothing for a notice of the platform.
    pub(crate) fn utterance(&self, message: &Stored<'_>) -> Option<Utterance> {
        let notice = !SAID.contains(&message.subtype.as_str()) && message.subtype != *"bot_message";
        if notice || message.ts.is_empty() {
            return None;
        }
        let by = self.speaker(message)?;
        // What the bot says of itself stands.
        let heard = text(message.text.as_str(), self.bot.filter(|_| by != Speaker::Myself));
        let edited = message.edited.as_ref().and_then(|edited| edited.get("ts")?.as_str());
        Some(Utterance {
            id: MessageId::new(message.ts.as_str()),
            addressed: by != Speaker::Myself && (self.direct || heard.mentions_bot),
            by,
            text: heard.text,
            edited: edited.map(MessageId::from),
        })
    }

    fn speaker(&self, message: &Stored<'_>) -> Option<Speaker> {
        let by_user = self.bot.is_some_and(|bot| message.user == *bot.as_str());
        let by_app = !message.bot_id.is_empty() && !self.app.is_empty() && message.app_id == *self.app;
        if by_user || by_app {
            return Some(Speaker::Myself);
        }
        if !message.bot_id.is_empty() || message.subtype == *"bot_message" {
            return Some(Speaker::Bot);
        }
        (!message.user.is_empty()).then(|| Speaker::Person(UserId::new(message.user.as_str())))
    }
}

impl Stored<'_> {
    fn strands<'a>(&'a self, channel: &'a str) -> Strands<'a> {
        Strands { channel, id: self.ts.as_str(), thread: thread(&self.thread_ts) }
    }
}

fn thread<'a>(thread_ts: &'a Loose<'_>) -> Option<&'a str> {
    Some(thread_ts.as_str()).filter(|thread| !thread.is_empty())
}

/// Tells what is kept of conversations what an event says of them. Nearly always that is nothing.
pub(super) fn overhear(kept: &Kept, envelope: &Envelope<'_>, inner: &Inner<'_>, body: &str, bot: Option<&UserId>) {
    if !["message", "app_mention"].contains(&inner.kind.as_str()) {
        return;
    }
    let channel = inner.channel.as_str();
    let listener = Listener { bot, app: envelope.api_app_id.as_str(), direct: place_kind(inner) == PlaceKind::Direct };
    if ["message_changed", "message_deleted"].contains(&inner.subtype.as_str()) {
        if kept.knows(channel) {
            change(kept, channel, listener, body);
        }
        return;
    }
    let strands = Strands { channel, id: inner.ts.as_str(), thread: thread(&inner.thread_ts) };
    if kept.knows_any(strands)
        && let Ok(Told { event }) = serde_json::from_str(body)
        && let Some(utterance) = listener.utterance(&event)
    {
        kept.hear(strands, &utterance, inner.kind == *"message");
    }
}

/// Something that was said is another now, or is gone.
fn change(kept: &Kept, channel: &str, listener: Listener<'_>, body: &str) {
    let Ok(Told { event: Change { message, deleted_ts } }) = serde_json::from_str(body) else { return };
    match message {
        // What begins a thread is not taken from it, but emptied.
        Some(message) if message.subtype == *"tombstone" => {
            kept.take_back(channel, &MessageId::new(message.ts.as_str()));
        }
        Some(message) => {
            if let Some(utterance) = listener.utterance(&message) {
                kept.hear(message.strands(channel), &utterance, true);
            }
        }
        None => kept.take_back(channel, &MessageId::new(deleted_ts.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utterance(message: &str) -> Option<Utterance> {
        let bot = UserId::new("UBOT");
        let listener = Listener { bot: Some(&bot), app: "A1", direct: false };
        listener.utterance(&serde_json::from_str(message).unwrap())
    }

    #[test]
    fn a_message_tells_who_said_what() {
        let of = |message| utterance(message).map(|said| (said.by, said.text.as_str().to_owned(), said.addressed));
        let person = Speaker::Person("U1".into());
        for (message, expected) in [
            (r#"{"ts":"1.2","user":"U1","text":"<@UBOT> a &lt; b"}"#, Some((person.clone(), "a < b", true))),
            (r#"{"ts":"1.2","user":"U1","text":"see <https://a.b|it>"}"#, Some((person.clone(), "see it", false))),
            (r#"{"ts":"1.2","user":"U1","subtype":"file_share","text":""}"#, Some((person, "", false))),
            (
                r#"{"ts":"1.2","user":"UBOT","bot_id":"B1","text":"<@UBOT> I"}"#,
                Some((Speaker::Myself, "<@UBOT> I", false)),
            ),
            (r#"{"ts":"1.2","bot_id":"B1","app_id":"A1","text":"I"}"#, Some((Speaker::Myself, "I", false))),
            (r#"{"ts":"1.2","bot_id":"B2","app_id":"A2","user":"U9","text":"it"}"#, Some((Speaker::Bot, "it", false))),
            (r#"{"ts":"1.2","subtype":"bot_message","text":"it"}"#, Some((Speaker::Bot, "it", false))),
            (r#"{"ts":"1.2","user":"U1","subtype":"channel_join","text":"joined"}"#, None),
            (r#"{"ts":"1.2","user":"USLACKBOT","subtype":"tombstone","text":"deleted"}"#, None),
            (r#"{"ts":"1.2","text":"nobody"}"#, None),
            (r#"{"user":"U1","text":"nowhere"}"#, None),
        ] {
            let expected = expected.map(|(by, text, addressed)| (by, text.to_owned(), addressed));
            assert_eq!(of(message), expected, "{message}");
        }
    }
}
