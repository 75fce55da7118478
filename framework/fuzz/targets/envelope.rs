//! Whatever is posted as JSON: no panic, the body is kept as it came, and what was stored comes back the same.
#![no_main]

mod checks;

use bavard::__fuzz::{envelope, restored};
use bytes::Bytes;
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use serde_json::{Value, json};

#[derive(Arbitrary, Debug)]
enum Body<'a> {
    Any(&'a [u8]),
    Event { kind: Kind, fields: Vec<(Field, Content<'a>)>, around: Vec<(Field, Content<'a>)> },
}

#[derive(Arbitrary, Debug)]
enum Kind {
    Message,
    AppMention,
    ReactionAdded,
    MemberJoinedChannel,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Field {
    Text,
    User,
    Ts,
    Channel,
    ThreadTs,
    ChannelType,
    Subtype,
    BotId,
    AppId,
    Edited,
    Item,
    Reaction,
    EventId,
    TeamId,
    ApiAppId,
    Authorizations,
    AuthedUsers,
    Challenge,
}

#[derive(Arbitrary, Debug)]
enum Content<'a> {
    Text(&'a str),
    Bot,
    Id(u8),
    Number(f64),
    Null,
    Flag(bool),
    List(Vec<Content<'a>>),
    Object(Vec<(Field, Content<'a>)>),
}

fuzz_target!(|body: Body<'_>| {
    let body = match body {
        Body::Any(bytes) => Bytes::copy_from_slice(bytes),
        Body::Event { kind, fields, around } => Bytes::from(written(&kind, &fields, &around)),
    };
    let Some(event) = envelope(&body) else { return };
    assert_eq!(*event.raw.bytes(), body);
    checks::event(&event);
    let again = restored(&body).expect("what was an event is one when it comes back");
    checks::same(&event, &again);
});

fn written(kind: &Kind, fields: &[(Field, Content<'_>)], around: &[(Field, Content<'_>)]) -> String {
    let kind = match kind {
        Kind::Message => "message",
        Kind::AppMention => "app_mention",
        Kind::ReactionAdded => "reaction_added",
        Kind::MemberJoinedChannel => "member_joined_channel",
    };
    let mut inner = object(fields, json!({ "type": kind, "user": "U1", "ts": "1.2", "channel": "C1" }));
    if inner["item"].is_null() {
        inner["item"] = json!({ "type": "message", "channel": "C1", "ts": "1.2" });
    }
    let mut envelope = object(around, json!({ "type": "event_callback" }));
    envelope["event"] = inner;
    envelope.to_string()
}

fn object(fields: &[(Field, Content<'_>)], mut object: Value) -> Value {
    for (field, content) in fields {
        object[name(*field)] = value(content);
    }
    object
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Text => "text",
        Field::User => "user",
        Field::Ts => "ts",
        Field::Channel => "channel",
        Field::ThreadTs => "thread_ts",
        Field::ChannelType => "channel_type",
        Field::Subtype => "subtype",
        Field::BotId => "bot_id",
        Field::AppId => "app_id",
        Field::Edited => "edited",
        Field::Item => "item",
        Field::Reaction => "reaction",
        Field::EventId => "event_id",
        Field::TeamId => "team_id",
        Field::ApiAppId => "api_app_id",
        Field::Authorizations => "authorizations",
        Field::AuthedUsers => "authed_users",
        Field::Challenge => "challenge",
    }
}

fn value(content: &Content<'_>) -> Value {
    match content {
        Content::Text(text) => json!(text),
        Content::Bot => json!("<@UBOT>"),
        Content::Id(number) => json!(format!("U{number}")),
        Content::Number(number) => json!(number),
        Content::Null => Value::Null,
        Content::Flag(flag) => json!(flag),
        Content::List(list) => list.iter().map(value).collect(),
        Content::Object(fields) => object(fields, json!({})),
    }
}
