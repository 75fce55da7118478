//! Methods with a shape of their own.

use serde_json::{Value, json};

use super::*;
use crate::id::UserId;

/// The body that arrived, as JSON.
fn body(server: &Server, at: usize) -> Value {
    serde_json::from_str(&server.requests()[at].body).unwrap()
}

#[tokio::test]
async fn whose_token_it_is() {
    let (server, client) = with([Step::json(200, r#"{"ok":true,"user_id":"U1","bot_id":"B1","team_id":"T1"}"#)]);
    let identity = client.auth_test().await.unwrap();
    assert_eq!((identity.user_id.unwrap().as_str(), identity.bot_id.as_deref()), ("U1", Some("B1")));
    assert_eq!(server.requests()[0].body, "{}");
}

#[tokio::test]
async fn messages_leave_out_what_they_do_not_say() {
    let done = Step::json(200, r#"{"ok":true,"channel":"C1","ts":"1.2","message_ts":"1.2","message":{"text":"hi"}}"#);
    let (server, client) = with(vec![done; 3]);
    let message = NewMessage { text: Some("hi".to_owned()), ..NewMessage::new("C1".into()) };
    assert_eq!(client.post_message(&message).await.unwrap().ts.unwrap(), "1.2");
    assert_eq!(body(&server, 0), json!({"channel": "C1", "text": "hi"}));
    let message = NewEphemeral { user: "U1".into(), message };
    assert_eq!(client.post_ephemeral(&message).await.unwrap().message_ts.unwrap(), "1.2");
    assert_eq!(body(&server, 1), json!({"channel": "C1", "user": "U1", "text": "hi"}));
    client.delete_message(&"C1".into(), &"1.2".into()).await.unwrap();
    assert_eq!(body(&server, 2), json!({"channel": "C1", "ts": "1.2"}));
}

#[tokio::test]
async fn people_are_joined_by_commas() {
    let (server, client) = with([Step::json(200, r#"{"ok":true,"channel":{"id":"D1","is_im":true}}"#)]);
    let users: Vec<UserId> = vec!["U1".into(), "U2".into()];
    let open = OpenConversation { users: Some(users), ..OpenConversation::default() };
    assert_eq!(client.open_conversation(&open).await.unwrap().id.unwrap(), "D1");
    assert_eq!(body(&server, 0), json!({"users": "U1,U2"}));
}

#[tokio::test]
async fn a_thread_is_read_by_its_own_method() {
    let answer = Step::json(200, r#"{"ok":true,"messages":[{"ts":"1.2","text":null,"metadata":{"event_type":"x"}}]}"#);
    let (server, client) = with([answer.clone(), answer]);
    let history = History { include_all_metadata: Some(true), ..History::of("C1".into()) };
    let page = client.history(&history).next().await.unwrap().unwrap().json::<Messages>().unwrap();
    assert_eq!(page.messages.unwrap()[0].metadata.as_ref().unwrap()["event_type"], "x");
    assert!(server.requests()[0].line.contains("conversations.history"));
    client.history(&History { ts: Some("1.1".into()), ..history }).next().await.unwrap();
    assert!(server.requests()[1].line.contains("conversations.replies"));
    assert_eq!(server.requests()[1].body, "channel=C1&include_all_metadata=true&limit=200&ts=1.1");
}

#[tokio::test]
async fn a_reaction_that_is_as_asked_is_no_error() {
    let refused = |code| Step::json(200, &format!(r#"{{"ok":false,"error":"{code}"}}"#));
    let (server, client) = with([refused("already_reacted"), refused("no_reaction"), refused("invalid_name")]);
    let (channel, ts) = ("C1".into(), "1.2".into());
    client.add_reaction(&channel, &ts, ":eyes:").await.unwrap();
    client.remove_reaction(&channel, &ts, "eyes").await.unwrap();
    assert_eq!(client.add_reaction(&channel, &ts, "x").await.unwrap_err().code(), Some("invalid_name"));
    assert_eq!(body(&server, 0), json!({"channel": "C1", "timestamp": "1.2", "name": "eyes"}));
}

#[tokio::test]
async fn what_is_null_is_absent() {
    let (_server, client) = with([
        Step::json(200, r#"{"ok":true,"user":{"id":"U1","profile":null,"tz":null,"locale":"fr-FR"}}"#),
        Step::json(200, r#"{"ok":true,"user":null}"#),
        Step::json(200, r#"{"ok":true}"#),
    ]);
    let user = client.user(&"U1".into()).await.unwrap();
    assert_eq!((user.locale.as_deref(), user.profile.is_none()), (Some("fr-FR"), true));
    assert!(client.user(&"U1".into()).await.unwrap().id.is_none());
    assert!(client.team().await.unwrap().id.is_none());
}

#[tokio::test]
async fn the_address_of_a_socket_is_not_shown() {
    let (_server, client) = with([Step::json(200, r#"{"ok":true,"url":"wss://wss.slack.com/link/?ticket=canary"}"#)]);
    let socket = client.open_socket().await.unwrap();
    assert!(socket.url.ends_with("canary") && !format!("{socket:?}").contains("canary"));
}
