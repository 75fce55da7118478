//! Slash commands and their `response_url`.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{
    super::{Message, Workspace},
    bot::{Bot, answer},
    http, shown,
};
use crate::{ManualClock, Timestamp};

async fn post(url: &str, body: Value) -> (u16, String) {
    let response = http().post(url).json(&body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn a_command_arrives_as_a_form_and_its_answer_is_for_one_person() {
    let bot = Bot::with(|_, _| Some(answer(200, "Deploying & so on"))).await;
    let workspace = Workspace::builder().deliver_to(bot.url()).start().await.unwrap();
    let (alice, general) = (workspace.person("alice"), workspace.channel("general"));
    let url = alice.command(&general, "/deploy api to prod").unwrap();
    workspace.quiet().await;
    let seen = &bot.seen()[0];
    assert_eq!((seen.field("command").as_str(), seen.field("text").as_str()), ("/deploy", "api to prod"));
    assert_eq!((seen.field("user_name").as_str(), seen.field("channel_name").as_str()), ("alice", "general"));
    assert_eq!(seen.field("response_url"), url);
    assert!(!seen.field("trigger_id").is_empty());
    let answers = general.messages();
    assert_eq!(shown(&answers), ["Deploying & so on"]);
    assert_eq!(answers[0].ephemeral_to.as_ref(), Some(alice.id()));
}

#[tokio::test]
async fn a_json_answer_may_be_for_all() {
    let bot = Bot::with(|_, _| {
        let mut response = answer(200, r#"{"response_type":"in_channel","text":"done"}"#);
        response.headers_mut().insert("content-type", "application/json; charset=utf-8".parse().unwrap());
        Some(response)
    })
    .await;
    let workspace = Workspace::builder().deliver_to(bot.url()).start().await.unwrap();
    let general = workspace.channel("general");
    workspace.person("alice").command(&general, "/deploy").unwrap();
    workspace.quiet().await;
    let answers = general.messages();
    assert_eq!(shown(&answers), ["done"]);
    assert_eq!(answers[0].ephemeral_to, None);
}

#[tokio::test]
async fn a_command_without_answer_is_not_tried_again() {
    let bot = Bot::silent().await;
    let builder = Workspace::builder().answer_within(Duration::from_millis(20)).deliver_to(bot.url());
    let workspace = builder.start().await.unwrap();
    let direct = workspace.person("alice").direct();
    workspace.person("alice").command(&direct, "/deploy").unwrap();
    workspace.quiet().await;
    assert_eq!(shown(&direct.messages()), ["/deploy failed with the error \"operation_timeout\""]);
    assert_eq!(bot.seen().len(), 1);
    assert_eq!(bot.seen()[0].field("channel_name"), "directmessage");
}

#[tokio::test]
async fn unknown_commands_never_leave_the_client() {
    let bot = Bot::polite().await;
    let workspace = Workspace::builder().commands(["/deploy"]).deliver_to(bot.url()).start().await.unwrap();
    let general = workspace.channel("general");
    let refused = workspace.person("alice").command(&general, "/destroy all").unwrap_err();
    assert_eq!(refused, "/destroy is not a valid command.");
    workspace.quiet().await;
    assert!(bot.seen().is_empty());
}

#[tokio::test]
async fn a_response_url_is_used_five_times() {
    let bot = Bot::polite().await;
    let workspace = Workspace::builder().deliver_to(bot.url()).start().await.unwrap();
    let general = workspace.channel("general").without_bot();
    let url = workspace.person("alice").command(&general, "/deploy").unwrap();
    workspace.quiet().await;
    assert_eq!(post(&url, json!({ "text": "one" })).await, (200, "ok".into()));
    assert_eq!(post(&url, json!({ "text": "two", "replace_original": "true" })).await.0, 200);
    assert_eq!(shown(&general.messages()), ["two"]);
    assert_eq!(post(&url, json!({ "delete_original": true })).await.0, 200);
    assert_eq!(shown(&general.messages()), [""; 0]);
    assert_eq!(post(&url, json!({ "response_type": "in_channel", "text": "all" })).await.0, 200);
    assert_eq!(post(&url, json!({})).await, (400, "no_text".into()));
    assert_eq!(post(&url, json!({ "text": "six" })).await, (404, "used_url".into()));
    assert!(general.messages().iter().all(Message::is_from_bot));
    assert_eq!(workspace.calls().len(), 6);
}

#[tokio::test]
async fn a_pressed_button_may_replace_its_message() {
    let bot = Bot::polite().await;
    let workspace = Workspace::builder().deliver_to(bot.url()).start().await.unwrap();
    let (alice, general) = (workspace.person("alice"), workspace.channel("general"));
    let button = json!({ "type": "button", "action_id": "approve", "value": "42",
        "text": { "type": "plain_text", "text": "Approve" } });
    let message = json!({ "channel": general.id(), "blocks": [{ "type": "actions", "elements": [button] }] });
    super::json(&workspace, "chat.postMessage", message).await;
    let asked = general.messages().remove(0);
    assert_eq!(asked.shown(), "[Approve]");
    assert!(alice.press(&asked, "refuse").unwrap_err().contains("no button refuse"));
    let url = alice.press(&asked, "approve").unwrap();
    workspace.quiet().await;
    let seen = bot.seen();
    let pressed = seen.iter().find(|seen| !seen.field("payload").is_empty()).unwrap();
    let payload: Value = serde_json::from_str(&pressed.field("payload")).unwrap();
    assert_eq!((&payload["type"], &payload["user"]["id"]), (&json!("block_actions"), &json!(alice.id())));
    assert_eq!((&payload["actions"][0]["value"], &payload["response_url"]), (&json!("42"), &json!(url)));
    assert_eq!(payload["actions"][0]["block_id"], asked.blocks.as_ref().unwrap()[0]["block_id"]);
    assert_eq!((&payload["message"]["ts"], &payload["container"]["is_ephemeral"]), (&json!(asked.id), &json!(false)));
    assert_eq!(post(&url, json!({ "replace_original": true, "text": "approved" })).await.0, 200);
    assert_eq!(shown(&general.messages()), ["approved"]);
}

#[tokio::test]
async fn a_response_url_lives_for_half_an_hour() {
    let bot = Bot::polite().await;
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_700_000_000)));
    let builder = Workspace::builder().clock(Arc::clone(&clock) as _).deliver_to(bot.url());
    let workspace = builder.start().await.unwrap();
    let url = workspace.person("alice").command(&workspace.channel("general"), "/deploy").unwrap();
    clock.advance(Duration::from_secs(30 * 60));
    assert_eq!(post(&url, json!({ "text": "just in time" })).await.0, 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!(post(&url, json!({ "text": "too late" })).await, (404, "expired_url".into()));
}
