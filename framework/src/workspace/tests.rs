//! A workspace and a bot written by hand, over real TCP.

mod bot;
mod chat;
mod commands;
mod deliveries;
mod faults;
mod reading;

use std::time::Duration;

use serde_json::Value;

use self::bot::Bot;
use super::{Message, Workspace};

/// Longer than anything here takes: only a failing test waits for it.
const SOON: Duration = Duration::from_secs(20);

/// Calls the Web API with a form, as the bot would.
async fn form(workspace: &Workspace, method: &str, args: &[(&str, &str)]) -> Value {
    let request = http().post(workspace.api_url() + method).bearer_auth(&workspace.identity().token).form(args);
    let text = request.send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Calls the Web API with JSON.
async fn json(workspace: &Workspace, method: &str, args: Value) -> Value {
    let request = http().post(workspace.api_url() + method).bearer_auth(&workspace.identity().token).json(&args);
    let text = request.send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap()
}

fn http() -> reqwest::Client {
    super::client().unwrap()
}

fn shown(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(Message::shown).collect()
}

#[tokio::test]
async fn a_mention_is_answered_in_its_thread() {
    let workspace = Workspace::start().await.unwrap();
    let bot = Bot::that_says("Hello, <@{user}>!", &workspace).await;
    workspace.deliver_to(&bot.url());
    let (alice, general) = (workspace.person("alice"), workspace.channel("#general"));
    let asked = alice.say(&general, "@bot hello & welcome");
    assert_eq!(asked.text, format!("<@{}> hello &amp; welcome", workspace.identity().user));
    let answer = workspace
        .wait_until(|state| state.thread(general.id(), &asked.id).get(1).map(|answer| (*answer).clone()), SOON)
        .await
        .unwrap();
    assert!(answer.is_from_bot());
    assert_eq!(answer.shown(), "Hello, @alice!");
    assert_eq!(workspace.calls()[0].method, "chat.postMessage");
}

#[tokio::test]
async fn waiting_in_vain_tells_what_happened() {
    let workspace = Workspace::start().await.unwrap();
    workspace.person("alice").tell("hello");
    form(&workspace, "users.list", &[]).await;
    let error = workspace.wait_until(|_| None::<()>, Duration::ZERO).await.unwrap_err().to_string();
    assert!(error.contains("users.list Refused(\"missing_scope\")"), "{error}");
    assert!(error.contains("message.im: there is no address to deliver to"), "{error}");
}

#[tokio::test]
async fn it_stops_listening_when_it_is_dropped() {
    let workspace = Workspace::start().await.unwrap();
    let address = workspace.api_url();
    drop(workspace);
    // The task ends at its next turn, which yielding gives it.
    while http().get(format!("{address}api.test")).send().await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn nothing_is_in_flight_after_a_stop() {
    let bot = Bot::silent().await;
    let workspace = Workspace::builder().deliver_to(bot.url()).start().await.unwrap();
    workspace.person("alice").tell("one");
    workspace.shutdown();
    workspace.person("alice").tell("two");
    workspace.quiet().await;
}
