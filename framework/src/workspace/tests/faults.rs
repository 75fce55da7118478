//! What goes wrong on demand.

use std::time::{Duration, Instant};

use super::{
    super::{Fault, Outcome, Workspace},
    SOON, form, http, shown,
};

async fn send(workspace: &Workspace, text: &str) -> Result<reqwest::Response, reqwest::Error> {
    let channel = workspace.channel("general").id().to_string();
    let args = [("channel", channel.as_str()), ("text", text)];
    let request = http().post(workspace.api_url() + "chat.postMessage").form(&args);
    request.bearer_auth(&workspace.identity().token).send().await
}

#[tokio::test]
async fn limits_errors_and_pages_of_proxies() {
    let workspace = Workspace::start().await.unwrap();
    for fault in [
        Fault::rate_limited(7),
        Fault::rate_limited_saying(None),
        Fault::rate_limited_saying(Some("soon")),
        Fault::status(503),
        Fault::html(),
        Fault::error("internal_error"),
    ] {
        workspace.fail(fault.on("chat.postMessage"));
    }
    let mut answers = Vec::new();
    for _ in 0..6 {
        let response = send(&workspace, "hello").await.unwrap();
        let wait = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
        answers.push((response.status().as_u16(), wait, response.text().await.unwrap()));
    }
    let wait = |at: usize| answers[at].1.as_deref();
    assert_eq!(answers.iter().map(|answer| answer.0).collect::<Vec<_>>(), [429, 429, 429, 503, 200, 200]);
    assert_eq!((wait(0), wait(1), wait(2), wait(3)), (Some("7"), None, Some("soon"), None));
    assert!(answers[4].2.starts_with("<!DOCTYPE html>"));
    assert_eq!(answers[5].2, r#"{"error":"internal_error","ok":false}"#);
    assert!(workspace.channel("general").messages().is_empty());
    assert_eq!(send(&workspace, "hello").await.unwrap().status(), 200);
    assert_eq!(shown(&workspace.channel("general").messages()), ["hello"]);
}

#[tokio::test]
async fn an_answer_may_be_lost_though_the_message_is_there() {
    let workspace = Workspace::start().await.unwrap();
    workspace.fail(Fault::lost_answer());
    assert!(send(&workspace, "hello").await.is_err());
    assert_eq!(shown(&workspace.channel("general").messages()), ["hello"]);
    assert_eq!(workspace.calls()[0].outcome, Outcome::Lost);
}

#[tokio::test]
async fn a_conversation_may_not_show_yet_what_was_said_last() {
    let workspace = Workspace::start().await.unwrap();
    let channel = workspace.channel("general").id().to_string();
    for text in ["first", "last"] {
        assert_eq!(send(&workspace, text).await.unwrap().status(), 200);
    }
    workspace.fail(Fault::lagging().on("conversations.history").times(2));
    let mut seen = Vec::new();
    for _ in 0..3 {
        let page = form(&workspace, "conversations.history", &[("channel", &channel)]).await;
        seen.push(page["messages"].as_array().unwrap().len());
    }
    assert_eq!(seen, [1, 1, 2]);
}

#[tokio::test]
async fn a_call_may_never_be_answered() {
    let workspace = Workspace::start().await.unwrap();
    workspace.fail(Fault::no_answer().on("auth.test").always());
    let request = http().post(workspace.api_url() + "auth.test").bearer_auth(&workspace.identity().token).send();
    tokio::select! {
        answered = request => panic!("it was answered: {answered:?}"),
        seen = workspace.wait_until(|state| state.calls().first().map(|call| call.outcome.clone()), SOON) => {
            assert_eq!(seen.unwrap(), Outcome::Unanswered);
        }
    }
    workspace.clear_faults();
    assert_eq!(form(&workspace, "auth.test", &[]).await["ok"], true);
}

#[tokio::test]
async fn a_call_may_be_slow() {
    let workspace = Workspace::start().await.unwrap();
    workspace.fail(Fault::slow(Duration::from_millis(30)));
    let begun = Instant::now();
    assert_eq!(send(&workspace, "hello").await.unwrap().status(), 200);
    assert!(begun.elapsed() >= Duration::from_millis(30));
}

#[tokio::test]
async fn the_record_never_holds_the_token() {
    let workspace = Workspace::start().await.unwrap();
    let token = workspace.identity().token.clone();
    let args = [("token", token.as_str()), ("channel", "C0"), ("text", "x")];
    http().post(workspace.api_url() + "chat.postMessage").form(&args).send().await.unwrap();
    let call = &workspace.calls()[0];
    assert_eq!(call.outcome, Outcome::Refused("channel_not_found".into()));
    assert!(!format!("{call:?}").contains(&token));
}
