//! The JSON envelope around an event.

use std::{borrow::Cow, fmt, sync::Arc};

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use sha2::{Digest, Sha256};

use super::{Decoded, Ignored, message};
use crate::{
    clock::Timestamp,
    event::{Event, Kind, Raw, Reaction, Retry},
    id::{AppId, ChannelId, EventId, MessageId, TeamId, UserId},
};

/// What is known of a delivery beside its body.
#[derive(Clone, Debug)]
pub(crate) struct Callback {
    pub(crate) received: Timestamp,
    pub(crate) retry: Retry,
    /// The bot's own user, as far as it is known when the event does not say.
    pub(crate) bot: Option<UserId>,
}

/// Decodes a JSON body.
pub(crate) fn envelope(body: &Bytes, callback: Callback) -> Decoded {
    let Ok(envelope) = serde_json::from_slice::<Envelope<'_>>(body) else {
        let json = serde_json::from_slice::<IgnoredAny>(body).is_ok();
        return Decoded::Ignored(if json { Ignored::Unknown } else { Ignored::Unparsable });
    };
    match envelope.kind.as_str() {
        "url_verification" => Decoded::Challenge(envelope.challenge.into_string()),
        "app_rate_limited" => Decoded::RateLimited,
        "event_callback" => match &envelope.event {
            Some(inner) => event(&envelope, inner, body, callback),
            None => Decoded::Ignored(Ignored::Unknown),
        },
        // Interactions and whatever comes later: an event under the name of its type.
        "" => Decoded::Ignored(Ignored::Unknown),
        name => Decoded::Event(Box::new(other(&envelope, name, body, callback))),
    }
}

fn event(envelope: &Envelope<'_>, inner: &Inner<'_>, body: &Bytes, callback: Callback) -> Decoded {
    if inner.kind.is_empty() {
        return Decoded::Ignored(Ignored::Unknown);
    }
    let bot = envelope.bot().or_else(|| callback.bot.clone()).or_else(|| envelope.legacy_bot());
    if is_own(inner, envelope, bot.as_ref()) {
        return Decoded::Ignored(Ignored::Own);
    }
    let kind = match inner.kind.as_str() {
        "app_mention" | "message" => match message::message(inner, bot.as_ref()) {
            Ok(message) => Kind::Message(message),
            Err(message::NotSaid::ByBot) => return Decoded::Ignored(Ignored::OtherBot),
            Err(message::NotSaid::ByNobody) => Kind::Other,
        },
        "reaction_added" => reaction(inner).map_or(Kind::Other, Kind::Reaction),
        _ => Kind::Other,
    };
    let mut event = other(envelope, inner.kind.as_str(), body, callback);
    event.bot = bot;
    event.kind = kind;
    Decoded::Event(Box::new(event))
}

fn other(envelope: &Envelope<'_>, name: &str, body: &Bytes, callback: Callback) -> Event {
    let id = [&envelope.event_id, &envelope.trigger_id].into_iter().find(|id| !id.is_empty());
    Event {
        id: id.map_or_else(|| identify(body), |id| EventId::new(id.as_str())),
        app: AppId::new(envelope.api_app_id.as_str()),
        team: TeamId::new(envelope.team()),
        bot: callback.bot,
        name: Arc::from(name),
        kind: Kind::Other,
        received: callback.received,
        retry: callback.retry,
        raw: Raw::new(body.clone()),
    }
}

/// An identifier for a body that brings none: the same for the same bytes.
pub(crate) fn identify(body: &[u8]) -> EventId {
    let digest = Sha256::digest(body);
    let digits: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    EventId::from(format!("sha256-{digits}"))
}

/// Whether the bot did it itself. Its own coming and going is told all the same.
fn is_own(inner: &Inner<'_>, envelope: &Envelope<'_>, bot: Option<&UserId>) -> bool {
    if matches!(inner.kind.as_str(), "member_joined_channel" | "member_left_channel") {
        return false;
    }
    let by_user = bot.is_some_and(|bot| inner.user == *bot.as_str());
    let by_app = !inner.bot_id.is_empty() && !inner.app_id.is_empty() && inner.app_id == *envelope.api_app_id.as_str();
    by_user || by_app
}

fn reaction(inner: &Inner<'_>) -> Option<Reaction> {
    let item = inner.item.as_ref()?;
    let complete = ![&inner.reaction, &inner.user, &item.channel, &item.ts].into_iter().any(Loose::is_empty);
    complete.then(|| Reaction {
        name: inner.reaction.as_str().to_owned(),
        user: UserId::new(inner.user.as_str()),
        channel: ChannelId::new(item.channel.as_str()),
        message: MessageId::new(item.ts.as_str()),
    })
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    challenge: Loose<'a>,
    #[serde(borrow, default)]
    api_app_id: Loose<'a>,
    #[serde(borrow, default)]
    team_id: Loose<'a>,
    #[serde(borrow, default)]
    context_team_id: Loose<'a>,
    #[serde(borrow, default)]
    team: Loose<'a>,
    #[serde(borrow, default)]
    enterprise_id: Loose<'a>,
    #[serde(borrow, default)]
    event_id: Loose<'a>,
    #[serde(borrow, default)]
    trigger_id: Loose<'a>,
    #[serde(borrow, default)]
    authorizations: Option<Vec<Option<Authorization<'a>>>>,
    #[serde(borrow, default)]
    authed_users: Option<Vec<Loose<'a>>>,
    #[serde(borrow, default)]
    event: Option<Inner<'a>>,
}

impl Envelope<'_> {
    /// The workspace through which the app sees the event.
    fn team(&self) -> &str {
        let known = [&self.context_team_id, &self.team_id, &self.team, &self.enterprise_id];
        known.into_iter().find(|team| !team.is_empty()).map_or("", Loose::as_str)
    }

    /// The bot's own user. An authorization that is no bot's is of a person who installed the app.
    fn bot(&self) -> Option<UserId> {
        let mut authorizations = self.authorizations.iter().flatten().flatten();
        let bot = authorizations
            .find(|authorization| authorization.is_bot != Some(false) && !authorization.user_id.is_empty());
        bot.map(|authorization| UserId::new(authorization.user_id.as_str()))
    }

    /// What older deliveries told instead: a bot's user, or a person's.
    fn legacy_bot(&self) -> Option<UserId> {
        let user = self.authed_users.iter().flatten().next().filter(|user| !user.is_empty());
        user.map(|user| UserId::new(user.as_str()))
    }
}

#[derive(Deserialize)]
struct Authorization<'a> {
    #[serde(borrow, default)]
    user_id: Loose<'a>,
    #[serde(default, deserialize_with = "flag")]
    is_bot: Option<bool>,
}

/// A flag; nothing for anything else.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(|value| value.as_bool())
}

/// The inner event. Every field is loose: what one event calls a string, another calls an object.
#[derive(Deserialize)]
pub(super) struct Inner<'a> {
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) subtype: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) user: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) text: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) ts: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) thread_ts: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) channel: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) channel_type: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) bot_id: Loose<'a>,
    #[serde(borrow, default)]
    app_id: Loose<'a>,
    #[serde(default)]
    pub(super) edited: Option<IgnoredAny>,
    #[serde(borrow, default)]
    reaction: Loose<'a>,
    #[serde(borrow, default)]
    item: Option<Item<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, default)]
    channel: Loose<'a>,
    #[serde(borrow, default)]
    ts: Loose<'a>,
}

/// A string, or the `id` of an object; empty for anything else.
#[derive(Default)]
pub(super) struct Loose<'a>(Cow<'a, str>);

impl Loose<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl PartialEq<str> for Loose<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor).map(Self)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Cow::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Cow::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Cow::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Cow::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Cow::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cow::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let mut id = Cow::default();
        while let Some(key) = fields.next_key::<Cow<'_, str>>()? {
            if key == "id" {
                id = fields.next_value::<Loose<'_>>()?.0;
            } else {
                fields.next_value::<IgnoredAny>()?;
            }
        }
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::PlaceKind;

    fn decoded(body: &str) -> Decoded {
        let callback = Callback { received: Timestamp::default(), retry: Retry::default(), bot: None };
        envelope(&Bytes::from(body.to_owned()), callback)
    }

    fn an_event(inner: &str) -> Event {
        let body = format!(
            r#"{{"type":"event_callback","api_app_id":"A1","team_id":"T1","event_id":"Ev1",
            "authorizations":[null,{{"user_id":"UBOT","is_bot":true}}],"event":{inner}}}"#
        );
        match decoded(&body) {
            Decoded::Event(event) => *event,
            other => panic!("{other:?}"),
        }
    }

    fn a_message(inner: &str) -> crate::event::Message {
        match an_event(inner).kind {
            Kind::Message(message) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_two_deliveries_of_a_mention_are_one_message() {
        let mention = a_message(r#"{"type":"app_mention","user":"U1","text":"<@UBOT> hi","ts":"1.2","channel":"C1"}"#);
        let message = a_message(
            r#"{"type":"message","user":"U1","text":"<@UBOT> hi","ts":"1.2","channel":"C1","channel_type":"channel"}"#,
        );
        for message in [&mention, &message] {
            assert!(message.addressed);
            assert_eq!(message.text, "hi");
            assert_eq!((message.id.as_str(), message.place.channel.as_str()), ("1.2", "C1"));
        }
    }

    #[test]
    fn direct_messages_are_addressed() {
        let message =
            a_message(r#"{"type":"message","user":"U1","text":"hi","ts":"1.2","channel":"D1","channel_type":"im"}"#);
        assert_eq!((message.addressed, message.place.kind), (true, PlaceKind::Direct));
    }

    #[test]
    fn the_start_of_a_thread_is_not_inside_it() {
        let root = a_message(r#"{"type":"message","user":"U1","text":"","ts":"1.2","thread_ts":"1.2","channel":"C1"}"#);
        assert_eq!(root.thread, None);
        let reply =
            a_message(r#"{"type":"message","user":"U1","text":"","ts":"1.3","thread_ts":"1.2","channel":"C1"}"#);
        assert_eq!(reply.thread.unwrap(), "1.2");
    }

    #[test]
    fn edits_and_service_messages_are_not_said() {
        for inner in [
            r#"{"type":"message","subtype":"message_changed","hidden":true,"channel":"C1","ts":"1.2","message":{"user":"U1"}}"#,
            r#"{"type":"message","subtype":"channel_join","user":"U1","text":"joined","channel":"C1","ts":"1.2"}"#,
            r#"{"type":"app_mention","user":"U1","text":"<@UBOT> hi","ts":"1.2","channel":"C1","edited":{"user":"U1"}}"#,
            r#"{"type":"message","subtype":"something_new","user":"U1","channel":"C1","ts":"1.2"}"#,
        ] {
            assert!(matches!(an_event(inner).kind, Kind::Other), "{inner}");
        }
    }

    #[test]
    fn own_messages_are_ignored() {
        for author in [r#""user":"UBOT""#, r#""bot_id":"B1","app_id":"A1""#] {
            let body = format!(
                r#"{{"type":"event_callback","api_app_id":"A1","authorizations":[{{"user_id":"UBOT"}}],
                "event":{{"type":"message",{author},"text":"x","ts":"1.2","channel":"C1"}}}}"#
            );
            assert!(matches!(decoded(&body), Decoded::Ignored(Ignored::Own)), "{author}");
        }
    }

    #[test]
    fn a_channel_may_be_an_object() {
        let event = an_event(r#"{"type":"channel_created","channel":{"id":"C9","name":"x"},"user":{"id":"U1"}}"#);
        assert_eq!((&*event.name, event.id.as_str()), ("channel_created", "Ev1"));
    }

    #[test]
    fn what_is_unknown_is_never_an_error() {
        assert!(matches!(decoded("{}"), Decoded::Ignored(Ignored::Unknown)));
        assert!(matches!(decoded("[1]"), Decoded::Ignored(Ignored::Unknown)));
        assert!(matches!(decoded(r#"{"type":"event_callback","event":7}"#), Decoded::Ignored(Ignored::Unknown)));
        assert!(matches!(decoded("{"), Decoded::Ignored(Ignored::Unparsable)));
        assert!(
            matches!(decoded(r#"{"type":"url_verification","challenge":"abc"}"#), Decoded::Challenge(text) if text == "abc")
        );
        assert!(matches!(decoded(r#"{"type":"app_rate_limited"}"#), Decoded::RateLimited));
        let nested = format!(r#"{{"type":"new","x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(decoded(&nested), Decoded::Event(_) | Decoded::Ignored(_)));
    }

    #[test]
    fn a_reaction_needs_its_message() {
        let full = an_event(
            r#"{"type":"reaction_added","user":"U1","reaction":"wave::skin-tone-2","item":{"type":"message","channel":"C1","ts":"1.2"}}"#,
        );
        let Kind::Reaction(reaction) = full.kind else { panic!() };
        assert_eq!(reaction.base(), "wave");
        let file =
            an_event(r#"{"type":"reaction_added","user":"U1","reaction":"wave","item":{"type":"file","file":"F1"}}"#);
        assert!(matches!(file.kind, Kind::Other));
    }
}
