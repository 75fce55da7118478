//! Form bodies: commands, interactions and the platform's check of our certificate.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use bytes::Bytes;
use url::Url;

use super::{
    Decoded, Ignored,
    envelope::{Callback, envelope, identify},
    text::text,
};
use crate::{
    event::{Command, Event, Kind, Place, PlaceKind, Raw, ResponseUrl},
    id::{AppId, ChannelId, EventId, TeamId, UserId},
};

/// Decodes a form body.
pub(crate) fn command(body: &Bytes, callback: Callback) -> Decoded {
    let fields: Fields<'_> = url::form_urlencoded::parse(body).collect();
    match fields.get("payload") {
        Some(payload) => envelope(&Bytes::from(payload.to_string()), callback),
        None => from_fields(&fields, body, callback),
    }
}

/// The fields of a command.
pub(super) type Fields<'a> = HashMap<Cow<'a, str>, Cow<'a, str>>;

/// The fields of a command that was stored; `None` for another body.
pub(super) fn fields(stored: &Bytes) -> Option<Fields<'_>> {
    let fields: Fields<'_> = serde_json::from_slice(stored).ok()?;
    fields.contains_key("command").then_some(fields)
}

/// The command of these fields.
pub(super) fn from_fields(fields: &Fields<'_>, body: &Bytes, callback: Callback) -> Decoded {
    let field = |name: &str| fields.get(name).map_or("", |value| value.as_ref());
    if field("ssl_check") == "1" {
        return Decoded::Ignored(Ignored::CertificateCheck);
    }
    if field("command").is_empty() || field("user_id").is_empty() || field("channel_id").is_empty() {
        return Decoded::Ignored(Ignored::Unknown);
    }
    let direct = field("channel_name") == "directmessage" || field("channel_id").starts_with('D');
    let command = Command {
        name: field("command").to_owned(),
        text: text(field("text"), None).text,
        user: UserId::new(field("user_id")),
        place: Place {
            channel: ChannelId::new(field("channel_id")),
            kind: if direct { PlaceKind::Direct } else { PlaceKind::Channel },
        },
        response_url: Url::parse(field("response_url")).ok().map(ResponseUrl),
    };
    let trigger = field("trigger_id");
    Decoded::Event(Box::new(Event {
        id: if trigger.is_empty() { identify(body) } else { EventId::new(trigger) },
        app: AppId::new(field("api_app_id")),
        team: TeamId::new(if field("team_id").is_empty() { field("enterprise_id") } else { field("team_id") }),
        bot: callback.bot,
        name: Arc::from("slash_command"),
        kind: Kind::Command(command),
        received: callback.received,
        retry: callback.retry,
        raw: Raw::new(json(fields)),
    }))
}

/// The fields as JSON, so that every raw body is of one kind.
fn json(fields: &Fields<'_>) -> Bytes {
    serde_json::to_vec(fields).map(Bytes::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Timestamp, event::Retry};

    fn decoded(body: &str) -> Decoded {
        let callback = Callback { received: Timestamp::default(), retry: Retry::default(), bot: None };
        command(&Bytes::from(body.to_owned()), callback)
    }

    #[test]
    fn reads_a_command() {
        let body = "command=%2Fdeploy&text=api+to+%3C%40U2%7Cbob%3E&user_id=U1&channel_id=C1&team_id=T1&api_app_id=A1\
            &trigger_id=1.2.x&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F1";
        let Decoded::Event(event) = decoded(body) else { panic!() };
        let Kind::Command(command) = &event.kind else { panic!() };
        assert_eq!((command.name.as_str(), command.text.as_str()), ("/deploy", "api to <@U2>"));
        assert_eq!(event.id, "1.2.x");
        assert!(!format!("{event:?}").contains("hooks.slack.com"), "a response address is as good as a key");
    }

    #[test]
    fn an_interaction_is_an_event_under_the_name_of_its_type() {
        let payload = r#"payload=%7B%22type%22%3A%22block_actions%22%2C%22team%22%3A%7B%22id%22%3A%22T1%22%7D%7D"#;
        let Decoded::Event(event) = decoded(payload) else { panic!() };
        assert_eq!((&*event.name, event.team.as_str()), ("block_actions", "T1"));
    }

    #[test]
    fn a_certificate_check_is_nothing() {
        assert!(matches!(decoded("ssl_check=1&token=x"), Decoded::Ignored(Ignored::CertificateCheck)));
        assert!(matches!(decoded("hello=world"), Decoded::Ignored(Ignored::Unknown)));
    }
}
