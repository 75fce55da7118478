//! What the bot receives, and how often.

use std::{sync::Arc, time::Duration};

use super::{
    super::{Delivery, Withheld, Workspace, signing::sign},
    SOON,
    bot::{Bot, answer},
};
use crate::{ManualClock, Timestamp};

async fn workspace(bot: &Bot) -> Workspace {
    Workspace::builder().retry_schedule([Duration::ZERO; 3]).deliver_to(bot.url()).start().await.unwrap()
}

#[tokio::test]
async fn a_mention_is_told_twice_under_one_time_stamp() {
    let bot = Bot::polite().await;
    let workspace = workspace(&bot).await;
    let said = workspace.person("alice").say(&workspace.channel("general"), "@bot hello");
    workspace.quiet().await;
    let events = bot.events();
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    assert_eq!(kinds, ["app_mention", "message"]);
    for event in &events {
        assert_eq!(event["ts"], *said.id.as_str());
        assert_eq!(event["client_msg_id"], events[0]["client_msg_id"]);
        assert_eq!(event["blocks"][0]["elements"][0]["elements"][0]["type"], "user");
    }
    assert_eq!(events[1]["channel_type"], "channel");
    let envelopes: Vec<_> = bot.seen().iter().map(|seen| seen.json()).collect();
    assert_ne!(envelopes[0]["event_id"], envelopes[1]["event_id"]);
    assert_eq!(envelopes[0]["authorizations"][0]["user_id"], *workspace.identity().user.as_str());
    assert_eq!(envelopes[0]["type"], "event_callback");
}

#[tokio::test]
async fn deliveries_are_signed_by_the_injected_clock() {
    let bot = Bot::polite().await;
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_600_000_000)));
    let builder = Workspace::builder().signing_secret("secret").clock(clock).deliver_to(bot.url());
    let workspace = builder.start().await.unwrap();
    workspace.person("alice").tell("hello");
    workspace.quiet().await;
    let seen = &bot.seen()[0];
    assert_eq!(seen.header("x-slack-request-timestamp"), "1600000000");
    assert_eq!(seen.header("x-slack-signature"), sign("secret", 1_600_000_000, &seen.body));
    assert_eq!(seen.json()["event_time"], 1_600_000_000);
    assert_eq!(seen.json()["event"]["channel_type"], "im");
}

#[tokio::test]
async fn a_failure_is_tried_three_times_more_under_one_event_id() {
    let bot = Bot::with(|number, _| Some(answer(if number < 3 { 500 } else { 200 }, "body"))).await;
    let workspace = workspace(&bot).await;
    workspace.person("alice").tell("hello");
    workspace.quiet().await;
    let retries: Vec<(String, String)> = bot
        .seen()
        .iter()
        .map(|seen| (seen.header("x-slack-retry-num").into(), seen.header("x-slack-retry-reason").into()))
        .collect();
    let expected = [("", ""), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")];
    assert_eq!(retries, expected.map(|(number, reason)| (number.into(), reason.into())));
    let deliveries = workspace.deliveries();
    assert!(deliveries.iter().all(|delivery| delivery.event_id == deliveries[0].event_id));
    assert_eq!(deliveries.iter().map(|delivery| delivery.attempt).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert!(deliveries[3].is_accepted() && !deliveries[2].is_accepted());
    assert_eq!((deliveries[2].status, deliveries[2].body.as_str()), (Some(500), "body"));
}

#[tokio::test]
async fn it_gives_up_in_the_end_and_at_once_when_told() {
    let bot = Bot::with(|_, seen| {
        let mut refusal = answer(503, "");
        if seen.json()["event"]["text"] == "never again" {
            refusal.headers_mut().insert("x-slack-no-retry", "1".parse().unwrap());
        }
        Some(refusal)
    })
    .await;
    let workspace = workspace(&bot).await;
    workspace.person("alice").tell("never again");
    workspace.quiet().await;
    assert_eq!(bot.seen().len(), 1);
    workspace.person("alice").tell("again");
    workspace.quiet().await;
    assert_eq!(bot.seen().len(), 5);
}

#[tokio::test]
async fn no_answer_in_time_and_nobody_there_are_told_apart() {
    let bot = Bot::silent().await;
    let builder = Workspace::builder().retry_schedule([]).answer_within(Duration::from_millis(20));
    let workspace = builder.deliver_to(bot.url()).start().await.unwrap();
    workspace.person("alice").tell("hello");
    workspace.quiet().await;
    let nobody = bot.url();
    drop(bot);
    workspace.wait_until(|state| state.is_quiet().then_some(()), SOON).await.unwrap();
    // The listener closes once its task has ended.
    while tokio::net::TcpStream::connect(("127.0.0.1", nobody.port().unwrap())).await.is_ok() {
        tokio::task::yield_now().await;
    }
    workspace.person("alice").tell("hello?");
    workspace.quiet().await;
    let failures: Vec<_> = workspace.deliveries().iter().filter_map(|delivery| delivery.failure).collect();
    assert_eq!(failures, ["http_timeout", "connection_failed"]);
}

#[tokio::test]
async fn edits_deletions_and_reactions_are_told() {
    let bot = Bot::polite().await;
    let builder = Workspace::builder().scope("reactions:read").deliver_to(bot.url());
    let workspace = builder.start().await.unwrap();
    let (alice, bob, general) = (workspace.person("alice"), workspace.person("bob"), workspace.channel("general"));
    let said = alice.say(&general, "first");
    assert!(bob.edit(&said, "mine").is_none() && bob.delete(&said).is_none());
    alice.edit(&said, "second").unwrap();
    assert!(bob.react(&said, "eyes") && !bob.react(&said, "eyes"));
    assert!(bob.unreact(&said, "eyes") && !bob.unreact(&said, "eyes"));
    alice.delete(&said).unwrap();
    workspace.quiet().await;
    let events = bot.events();
    let (changed, added, removed, deleted) = (&events[1], &events[2], &events[3], &events[4]);
    assert_eq!(changed["subtype"], "message_changed");
    assert_eq!(
        (&changed["message"]["text"], &changed["previous_message"]["text"]),
        (&"second".into(), &"first".into())
    );
    assert_eq!(changed["message"]["edited"]["user"], *alice.id().as_str());
    assert_eq!(changed["message"]["ts"], *said.id.as_str());
    assert_eq!((&added["type"], &added["item"]["ts"]), (&"reaction_added".into(), &said.id.as_str().into()));
    assert_eq!(removed["type"], "reaction_removed");
    assert_eq!((&deleted["subtype"], &deleted["deleted_ts"]), (&"message_deleted".into(), &said.id.as_str().into()));
    assert!(general.messages().is_empty());
}

#[tokio::test]
async fn what_is_not_delivered_says_why() {
    let bot = Bot::polite().await;
    let builder = Workspace::builder().events(["message.channels", "message.im"]).deliver_to(bot.url());
    let workspace = builder.start().await.unwrap();
    let alice = workspace.person("alice");
    alice.say(&workspace.channel("general"), "@bot hello");
    alice.say(&workspace.channel("elsewhere").without_bot(), "hello");
    alice.say(&workspace.channel("secret").private(), "hello");
    workspace.quiet().await;
    let withheld = |event: &str, why| Withheld { event: event.into(), why };
    let expected = [
        withheld("app_mention", "the app is not subscribed to it"),
        withheld("message.channels", "the bot is not a member of the channel"),
        withheld("message.groups", "the app is not subscribed to it"),
    ];
    assert_eq!(workspace.withheld(), expected);
    assert_eq!(bot.seen().len(), 1);
}

#[tokio::test]
async fn a_subscription_needs_its_scope() {
    let refused = Workspace::builder().scopes(["chat:write"]).events(["message.im"]).start().await;
    assert!(refused.unwrap_err().to_string().contains("im:history"));
}

#[tokio::test]
async fn the_address_is_challenged() {
    let bot = Bot::with(|number, seen| {
        let challenge = seen.json()["challenge"].as_str().unwrap().to_owned();
        Some(match number {
            0 => answer(200, &challenge),
            1 => answer(200, &format!(r#"{{"challenge":"{challenge}"}}"#)),
            2 => answer(200, "hello"),
            _ => answer(401, &challenge),
        })
    })
    .await;
    let workspace = workspace(&bot).await;
    workspace.verify_url().await.unwrap();
    workspace.verify_url().await.unwrap();
    assert!(workspace.verify_url().await.unwrap_err().to_string().contains("something else: hello"));
    assert!(workspace.verify_url().await.unwrap_err().to_string().contains("http_error with status 401"));
    let secret = &workspace.identity().signing_secret;
    let seen = &bot.seen()[0];
    let at = seen.header("x-slack-request-timestamp").parse().unwrap();
    assert_eq!(seen.header("x-slack-signature"), sign(secret, at, &seen.body));
}

#[tokio::test]
async fn any_event_can_be_sent_and_sent_again() {
    let bot = Bot::polite().await;
    let workspace = workspace(&bot).await;
    let event = workspace.send_event(serde_json::json!({ "type": "team_rename", "name": "New" })).unwrap();
    workspace.quiet().await;
    assert!(workspace.send_again(&event));
    workspace.quiet().await;
    let bodies: Vec<_> = workspace.deliveries().into_iter().map(|delivery: Delivery| delivery.sent).collect();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bot.seen()[0].json()["event_id"], *event.as_str());
}
