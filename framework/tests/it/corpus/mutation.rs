//! Payloads whose fields are gone, empty, of another type, or somewhere else.

use proptest::{prelude::*, sample::Index, test_runner::TestRunner};
use serde_json::{Value, json};

use super::{Form, Ran, bot, send};

/// The shapes that travel, written after the platform's documentation.
fn shapes() -> Vec<(Form, Value)> {
    let message = json!({
        "type": "message", "channel": "C111", "user": "U111", "text": "hi <@UBOT> &amp; <https://a.b|a>", "team": "T111",
        "ts": "1700000000.000100", "thread_ts": "1700000000.000000", "event_ts": "1700000000.000100",
        "channel_type": "channel", "client_msg_id": "x", "blocks": [{"type": "rich_text", "elements": [{"type": "x"}]}],
        "files": [{"id": "F1"}], "edited": null,
    });
    let mut mention = message.clone();
    mention["type"] = json!("app_mention");
    let mut changed = message.clone();
    changed["subtype"] = json!("message_changed");
    changed["message"] = message.clone();
    let reaction = json!({
        "type": "reaction_added", "user": "U111", "reaction": "wave", "item_user": "U222",
        "item": {"type": "message", "channel": "C111", "ts": "1700000000.000100"}, "event_ts": "1700000001.000000",
    });
    let joined = json!({
        "type": "member_joined_channel", "user": "U111", "channel": "C111", "channel_type": "C", "team": "T111",
        "inviter": "U222",
    });
    let envelope = |event: &Value| {
        json!({
            "token": "x", "team_id": "T111", "context_team_id": "T111", "enterprise_id": "E111", "api_app_id": "A111",
            "event": event, "type": "event_callback", "event_id": "Ev111", "event_time": 1_700_000_000,
            "authorizations": [{"enterprise_id": null, "team_id": "T111", "user_id": "UBOT", "is_bot": true}],
            "authed_users": ["UBOT"], "is_ext_shared_channel": false, "event_context": "4-x",
        })
    };
    let action = json!({
        "type": "block_actions", "user": {"id": "U111", "name": "a"}, "api_app_id": "A111", "trigger_id": "1.2.x",
        "team": {"id": "T111", "domain": "x"}, "channel": {"id": "C111", "name": "x"}, "container": {"type": "message"},
        "response_url": "https://hooks.slack.com/actions/T111/1/x", "actions": [{"action_id": "x", "value": "y"}],
        "view": {"id": "V1", "state": {"values": {}}},
    });
    let command = json!({
        "token": "x", "team_id": "T111", "channel_id": "C111", "channel_name": "general", "user_id": "U111",
        "command": "/hello", "text": "world <@U222|bob>", "api_app_id": "A111", "trigger_id": "1.2.y",
        "response_url": "https://hooks.slack.com/commands/T111/1/x", "enterprise_id": "E111",
    });
    let mut shapes: Vec<(Form, Value)> =
        [&message, &mention, &changed, &reaction, &joined].map(|event| (Form::Envelope, envelope(event))).to_vec();
    shapes.push((Form::Interaction, action));
    shapes.push((Form::Fields, command));
    shapes.push((Form::Envelope, json!({"type": "url_verification", "token": "x", "challenge": "y"})));
    shapes.push((Form::Envelope, json!({"type": "app_rate_limited", "team_id": "T111", "minute_rate_limited": 1})));
    shapes
}

/// What is done to a field.
#[derive(Clone, Debug)]
enum Change {
    Drop,
    Replace(Value),
    Wrap,
    Unfold,
}

fn change() -> impl Strategy<Value = Change> {
    let deep = (0..200).fold(json!("x"), |inside, _| json!([inside]));
    let values = vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1.5e300),
        json!(u64::MAX),
        json!(""),
        json!(" "),
        json!("U111"),
        json!("<@UBOT>"),
        json!("<@UBOT"),
        json!("\u{0}\u{FDD0}@U1\u{FDD1}\u{FFFF}"),
        json!("é".repeat(5_000)),
        json!([]),
        json!({}),
        json!({"id": "U111"}),
        json!({"id": {"id": 7}}),
        json!([{"id": "U111"}]),
        deep,
    ];
    prop_oneof![
        Just(Change::Drop),
        proptest::sample::select(values).prop_map(Change::Replace),
        "\\PC{0,20}".prop_map(|text| Change::Replace(json!(text))),
        Just(Change::Wrap),
        Just(Change::Unfold),
    ]
}

/// The places of all fields and elements.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(values) => values.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in inside {
        let place = format!("{at}/{name}");
        places(value, &place, found);
        found.push(place);
    }
}

fn apply(payload: &mut Value, place: &str, change: Change) {
    if let (Change::Drop, Some((parent, name))) = (&change, place.rsplit_once('/')) {
        match payload.pointer_mut(parent) {
            Some(Value::Object(fields)) => drop(fields.remove(name)),
            Some(Value::Array(values)) => values.clear(),
            _ => {}
        }
        return;
    }
    let Some(value) = payload.pointer_mut(place) else { return };
    *value = match change {
        Change::Replace(other) => other,
        Change::Wrap => json!([value.take()]),
        Change::Unfold => json!(value.take().to_string()),
        Change::Drop => Value::Null,
    };
}

#[test]
fn whatever_becomes_of_a_payload_it_is_acknowledged() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ran = Ran::default();
    let bot = runtime.block_on(bot(&ran));
    let shapes = shapes();
    let changes = proptest::collection::vec((any::<Index>(), change()), 1..4);
    let strategy = (any::<Index>(), any::<usize>(), changes);
    let config = ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&strategy, |(shape, number, changes)| {
        let (form, mut payload) = shape.get(&shapes).clone();
        for (at, change) in changes {
            let mut found = Vec::new();
            places(&payload, "", &mut found);
            if !found.is_empty() {
                apply(&mut payload, &found[at.index(found.len())], change);
            }
        }
        let answer = runtime.block_on(send(&bot, form, &payload, number));
        prop_assert_eq!(answer.status, 200, "{}", payload);
        Ok(())
    });
    outcome.unwrap();
    runtime.block_on(async {
        bot.bot().idle().await;
        assert!(ran.count() > 0);
        let (form, payload) = &shapes[0];
        assert_eq!(send(&bot, *form, payload, 0).await.status, 200, "it still answers");
        assert!(bot.stop().await);
    });
}
