//! The JSON envelope around an event.

use std::sync::Arc;

use bytes::Bytes;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

use super::{
    Decoded, Ignored,
    fields::{Envelope, Inner},
    loose::Loose,
    message,
    utterance::overhear,
};
use crate::{
    clock::Timestamp,
    conversation::Kept,
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
    overheard(body, callback, None)
}

/// Decodes a JSON body, and tells what is kept of conversations what it says of them.
pub(crate) fn overheard(body: &Bytes, callback: Callback, kept: Option<&Kept>) -> Decoded {
    // Looked at once as a whole, the text of the body need not be looked at again string by string.
    let Ok(text) = std::str::from_utf8(body) else { return Decoded::Ignored(Ignored::Unparsable) };
    let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(text) else {
        let json = serde_json::from_str::<IgnoredAny>(text).is_ok();
        return Decoded::Ignored(if json { Ignored::Unknown } else { Ignored::Unparsable });
    };
    match envelope.kind.as_str() {
        "url_verification" => Decoded::Challenge(envelope.challenge.into_string()),
        "app_rate_limited" => Decoded::RateLimited,
        "event_callback" => match &envelope.event {
            Some(inner) => event(&envelope, inner, body, callback, kept.map(|kept| (kept, text))),
            None => Decoded::Ignored(Ignored::Unknown),
        },
        // Interactions and whatever comes later: an event under the name of its type.
        "" => Decoded::Ignored(Ignored::Unknown),
        name => Decoded::Event(Box::new(other(&envelope, name, body, callback))),
    }
}

fn event(
    envelope: &Envelope<'_>,
    inner: &Inner<'_>,
    body: &Bytes,
    callback: Callback,
    kept: Option<(&Kept, &str)>,
) -> Decoded {
    if inner.kind.is_empty() {
        return Decoded::Ignored(Ignored::Unknown);
    }
    let bot = envelope.bot().or_else(|| callback.bot.clone()).or_else(|| envelope.legacy_bot());
    if let Some((kept, text)) = kept {
        overhear(kept, envelope, inner, text, bot.as_ref());
    }
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
        // Kept for longer than the request: the buffer that it came in serves the next one.
        raw: Raw::new(Bytes::copy_from_slice(body)),
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
