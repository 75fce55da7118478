//! What is delivered twice, in any order, by whomever.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bavard::{prelude::*, testing::TestBot};
use serde_json::{Value, json};

use crate::support::{JSON, deliver, envelope, shown};

/// Counts what was observed.
#[derive(Clone, Default)]
struct Seen(Arc<AtomicUsize>);

impl Seen {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// Says back.
#[on_mention("echo {text..}")]
async fn echo(text: Text) -> Reply {
    Reply::verbatim(text)
}

#[on_message("psst {text..}")]
async fn overhear(text: Text) -> Reply {
    Reply::verbatim(text)
}

#[on_event("message", "app_mention", "team_join", "something_new")]
async fn observe(seen: State<Seen>) {
    seen.0.fetch_add(1, Ordering::SeqCst);
}

async fn bot() -> TestBot {
    TestBot::start(App::empty().handlers(handlers![echo, overhear])).await
}

fn said(bot: &TestBot, kind: &str, text: &str, ts: &str) -> Value {
    let channel = bot.workspace().channel("general");
    let user = bot.workspace().person("alice");
    let mut event = json!({"type": kind, "user": user.id(), "text": text, "ts": ts, "channel": channel.id()});
    if kind == "message" {
        event["channel_type"] = json!("channel");
    }
    event
}

fn mention(bot: &TestBot, text: &str) -> String {
    format!("<@{}> {text}", bot.workspace().identity().user)
}

async fn send(bot: &TestBot, id: &str, inner: &Value) {
    let answer = deliver(bot, JSON, envelope(bot, id, inner).as_bytes()).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{inner}");
    bot.settle().await;
}

#[tokio::test]
async fn the_twins_of_a_mention_run_one_handler_in_either_order() {
    for order in [["app_mention", "message"], ["message", "app_mention"]] {
        let bot = bot().await;
        for (id, kind) in ["Ev1", "Ev2"].into_iter().zip(order) {
            send(&bot, id, &said(&bot, kind, &mention(&bot, "echo once"), "1700000000.000100")).await;
        }
        assert_eq!(shown(&bot), ["once"], "{order:?}");
    }
}

#[tokio::test]
async fn an_event_that_is_delivered_again_runs_once() {
    let bot = bot().await;
    let event = said(&bot, "app_mention", &mention(&bot, "echo once"), "1700000000.000100");
    for _ in 0..3 {
        send(&bot, "Ev1", &event).await;
    }
    assert_eq!(shown(&bot), ["once"]);
}

#[tokio::test]
async fn the_same_bytes_a_hundred_times_at_once_run_once() {
    let bot = bot().await;
    let event = said(&bot, "app_mention", &mention(&bot, "echo once"), "1700000000.000100");
    let body = envelope(&bot, "Ev1", &event);
    let answers = futures_util::future::join_all((0..100).map(|_| deliver(&bot, JSON, body.as_bytes()))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    bot.settle().await;
    assert_eq!(shown(&bot), ["once"]);
}

#[tokio::test]
async fn what_is_said_twice_is_answered_twice() {
    let bot = bot().await;
    let alice = bot.person("alice");
    alice.mentions("echo again").await.answered("again");
    alice.mentions("echo again").await.answered("again");
}

#[tokio::test]
async fn edited_messages_never_dispatch() {
    let bot = bot().await;
    let alice = bot.person("alice");
    let heard = alice.mentions("echo one").await;
    heard.answered("one");
    alice.edits(heard.message().unwrap(), "@bot echo two").await.unanswered();
    let heard = alice.tells("echo one").await;
    alice.edits(heard.message().unwrap(), "echo two").await.unanswered();
    let mut edited = said(&bot, "app_mention", &mention(&bot, "echo three"), "1700000000.000100");
    edited["edited"] = json!({"user": alice.id(), "ts": "1700000001.000000"});
    send(&bot, "Ev9", &edited).await;
    assert_eq!(shown(&bot), ["one", "one"]);
}

#[tokio::test]
async fn own_messages_and_those_of_other_bots_are_ignored() {
    let bot = bot().await;
    let identity = bot.workspace().identity();
    let (own, app) = (identity.user.clone(), identity.app.clone());
    let authors = [
        json!({"user": own}),
        json!({"user": own, "bot_id": "B0BAVARD0BT", "app_id": app}),
        json!({"user": "U0OTHER", "bot_id": "B0OTHER", "app_id": "A0OTHER"}),
        json!({"subtype": "bot_message", "bot_id": "B0OTHER", "username": "other"}),
    ];
    for (number, author) in authors.iter().enumerate() {
        for (kind, text) in [("message", "psst loop".to_owned()), ("app_mention", mention(&bot, "echo loop"))] {
            let mut event = said(&bot, kind, &text, &format!("17000000{number:02}.000100"));
            event.as_object_mut().unwrap().remove("user");
            for (field, value) in author.as_object().unwrap() {
                event[field] = value.clone();
            }
            send(&bot, &format!("Ev{number}{kind}"), &event).await;
        }
    }
    assert_eq!(shown(&bot), [""; 0]);
}

#[tokio::test]
async fn own_messages_are_known_by_auth_test_when_the_event_does_not_tell() {
    let bot = bot().await;
    until_identified(&bot).await;
    let own = bot.workspace().identity().user.clone();
    for (id, author, expected) in [("Ev1", own.as_str(), 0), ("Ev2", "U0ALICE", 1)] {
        let mut event = said(&bot, "message", "psst hello", &format!("{id}.1"));
        event["user"] = json!(author);
        let mut body: Value = serde_json::from_str(&envelope(&bot, id, &event)).unwrap();
        body.as_object_mut().unwrap().remove("authorizations");
        assert_eq!(deliver(&bot, JSON, body.to_string().as_bytes()).await.status, 200);
        bot.settle().await;
        assert_eq!(bot.said().len(), expected, "{author}");
    }
}

async fn until_identified(bot: &TestBot) {
    while crate::support::get(bot.bot().address(), "/bot_user_id").await.status != 200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_person_through_whom_an_event_is_seen_is_not_taken_for_the_bot() {
    let bot = bot().await;
    until_identified(&bot).await;
    let event = said(&bot, "message", "psst hello", "1700000000.000100");
    for authorizations in [json!([{"user_id": event["user"], "is_bot": false}]), json!(null)] {
        let mut body: Value = serde_json::from_str(&envelope(&bot, "Ev1", &event)).unwrap();
        body["authorizations"] = authorizations;
        body["authed_users"] = json!([event["user"]]);
        assert_eq!(deliver(&bot, JSON, body.to_string().as_bytes()).await.status, 200);
        bot.settle().await;
        assert_eq!(shown(&bot), ["hello"]);
    }
}

#[tokio::test]
async fn observers_run_in_addition_and_for_each_twin() {
    let seen = Seen::default();
    let app = App::empty().handlers(handlers![echo, observe]).state(seen.clone());
    let bot = TestBot::start(app).await;
    bot.person("alice").mentions("echo hi").await.answered("hi");
    // The mention, its twin, and not what the bot said itself.
    assert_eq!(seen.count(), 2);
    bot.person("alice").says("to nobody").await.unanswered();
    assert_eq!(seen.count(), 3);
    bot.workspace().send_event(json!({"type": "team_join", "user": {"id": "U9"}}));
    bot.settle().await;
    assert_eq!(seen.count(), 4);
}

#[tokio::test]
async fn whatever_is_unknown_is_acknowledged() {
    let seen = Seen::default();
    let app = App::empty().handlers(handlers![echo, observe]).state(seen.clone());
    let bot = TestBot::start(app).await;
    for event in [
        json!({"type": "something_new", "shape": [1, {"deep": null}]}),
        json!({"type": "never_heard_of"}),
        json!({"type": "message", "subtype": "never_heard_of", "channel": "C1", "ts": "1.2"}),
        json!({"type": "reaction_added", "reaction": "wave", "item": {"type": "file"}}),
        json!({"type": ""}),
        json!({"type": 7}),
    ] {
        bot.workspace().send_event(event);
    }
    bot.settle().await;
    let deliveries = bot.workspace().deliveries();
    assert_eq!(deliveries.iter().filter(|delivery| delivery.status == Some(200)).count(), 6);
    assert_eq!(deliveries.len(), 6, "none was tried again");
    for body in ["{}", "[]", "7", "null", "{", "", "plain", r#"{"type":"new"}"#, r#"{"type":"event_callback"}"#] {
        assert_eq!(deliver(&bot, JSON, body.as_bytes()).await.status, 200, "{body}");
    }
    assert_eq!(seen.count(), 2);
    assert_eq!(shown(&bot), [""; 0]);
}
