//! Writing by the Web API.

use serde_json::json;

use super::{
    super::{Outcome, Workspace},
    bot::Bot,
    form, http, json as post, shown,
};

#[tokio::test]
async fn tokens_and_scopes_are_checked() {
    let workspace = Workspace::builder().scopes(["chat:write", "im:history"]).start().await.unwrap();
    let url = workspace.api_url();
    let ask = |token: Option<String>, method: &str| {
        let request = http().get(format!("{url}{method}"));
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        async move { request.send().await.unwrap() }
    };
    let body = |text: String| serde_json::from_str::<serde_json::Value>(&text).unwrap();
    assert_eq!(body(ask(None, "auth.test").await.text().await.unwrap())["error"], "not_authed");
    assert_eq!(body(ask(Some("xoxb-other".into()), "auth.test").await.text().await.unwrap())["error"], "invalid_auth");
    assert_eq!(body(ask(None, "api.test?foo=bar").await.text().await.unwrap())["args"]["foo"], "bar");
    let token = workspace.identity().token.clone();
    assert_eq!(body(ask(Some(token.clone()), "views.open").await.text().await.unwrap())["error"], "unknown_method");
    let refused = ask(Some(token), "users.list").await;
    assert_eq!(refused.headers()["x-oauth-scopes"], "chat:write,im:history");
    assert_eq!(refused.headers()["x-accepted-oauth-scopes"], "users:read");
    let refused = body(refused.text().await.unwrap());
    assert_eq!((&refused["error"], &refused["needed"]), (&json!("missing_scope"), &json!("users:read")));
    assert_eq!(refused["provided"], "chat:write,im:history");
    let who = form(&workspace, "auth.test", &[]).await;
    assert_eq!(who["user_id"], *workspace.identity().user.as_str());
    assert_eq!(who["bot_id"], workspace.identity().bot);
}

#[tokio::test]
async fn posts_by_form_and_by_json_and_hears_itself() {
    let bot = Bot::polite().await;
    let workspace = Workspace::builder().deliver_to(bot.url()).start().await.unwrap();
    let general = workspace.channel("general");
    let metadata = r#"{"event_type":"t","event_payload":{"k":1}}"#;
    let args = [("channel", general.id().as_str()), ("text", "one"), ("metadata", metadata)];
    let one = form(&workspace, "chat.postMessage", &args).await;
    let two = post(
        &workspace,
        "chat.postMessage",
        json!({ "channel": general.id(), "text": "two",
        "thread_ts": one["ts"], "reply_broadcast": true }),
    )
    .await;
    assert_eq!((&one["ok"], &two["ok"]), (&json!(true), &json!(true)));
    assert_eq!(two["message"]["thread_ts"], one["ts"]);
    workspace.quiet().await;
    let events = bot.events();
    assert_eq!(events[0]["bot_id"], workspace.identity().bot);
    assert_eq!(events[0]["user"], *workspace.identity().user.as_str());
    assert_eq!(events[0]["app_id"], *workspace.identity().app.as_str());
    assert_eq!(events[0]["metadata"]["event_payload"]["k"], 1);
    assert_eq!((&events[1]["subtype"], &events[1]["root"]["ts"]), (&json!("thread_broadcast"), &one["ts"]));
    assert_eq!(events[1]["parent_user_id"], *workspace.identity().user.as_str());
}

#[tokio::test]
async fn a_person_is_written_to_by_their_own_identifier() {
    let workspace = Workspace::start().await.unwrap();
    let alice = workspace.person("alice");
    let sent = form(&workspace, "chat.postMessage", &[("channel", alice.id().as_str()), ("text", "psst")]).await;
    assert_eq!(sent["channel"], *alice.direct().id().as_str());
    assert_eq!(shown(&alice.direct().messages()), ["psst"]);
}

#[tokio::test]
async fn refuses_what_cannot_be_posted() {
    let workspace = Workspace::start().await.unwrap();
    let here = workspace.channel("here").id().to_string();
    let away = workspace.channel("away").without_bot().id().to_string();
    let hidden = workspace.channel("hidden").private().without_bot().id().to_string();
    let old = workspace.channel("old").archived().id().to_string();
    let long = "x".repeat(40_001);
    for (args, error) in [
        (json!({ "text": "x" }), "invalid_arguments"),
        (json!({ "channel": "C0", "text": "x" }), "channel_not_found"),
        (json!({ "channel": away, "text": "x" }), "not_in_channel"),
        (json!({ "channel": hidden, "text": "x" }), "channel_not_found"),
        (json!({ "channel": old, "text": "x" }), "is_archived"),
        (json!({ "channel": here }), "no_text"),
        (json!({ "channel": here, "blocks": [] }), "no_text"),
        (json!({ "channel": here, "text": long }), "msg_too_long"),
        (json!({ "channel": here, "text": "x", "markdown_text": "y" }), "markdown_text_conflict"),
        (json!({ "channel": here, "text": "x", "thread_ts": "1.000001" }), "cannot_reply_to_message"),
        (json!({ "channel": here, "blocks": [{ "type": "header" }] }), "invalid_blocks"),
        (json!({ "channel": here, "blocks": "no json" }), "invalid_blocks_format"),
        (json!({ "channel": here, "text": "x", "metadata": {} }), "invalid_metadata_format"),
    ] {
        assert_eq!(post(&workspace, "chat.postMessage", args.clone()).await["error"], error, "{args}");
    }
    assert!(workspace.calls().iter().all(|call| matches!(call.outcome, Outcome::Refused(_))));
    let malformed = http().post(workspace.api_url() + "chat.postMessage").header("content-type", "application/json");
    let malformed = malformed.bearer_auth(&workspace.identity().token).body("{").send().await.unwrap();
    assert!(malformed.text().await.unwrap().contains("invalid_json"));
}

#[tokio::test]
async fn updates_and_deletes_only_its_own() {
    let workspace = Workspace::start().await.unwrap();
    let general = workspace.channel("general");
    let foreign = workspace.person("alice").say(&general, "mine");
    let channel = general.id().as_str();
    let blocks = r#"[{"type":"section","text":{"type":"mrkdwn","text":"in blocks"}}]"#;
    let args = [("channel", channel), ("text", "first"), ("blocks", blocks)];
    let own = form(&workspace, "chat.postMessage", &args).await["ts"].as_str().unwrap().to_owned();
    assert_eq!(shown(&general.messages()), ["mine", "in blocks"]);
    let updated = form(&workspace, "chat.update", &[("channel", channel), ("ts", &own), ("text", "second")]).await;
    assert_eq!((&updated["ts"], &updated["text"]), (&json!(own), &json!("second")));
    assert_eq!(shown(&general.messages()), ["mine", "second"]);
    for (ts, change, removal) in [
        (foreign.id.as_str(), "cant_update_message", "cant_delete_message"),
        ("1.000001", "message_not_found", "message_not_found"),
    ] {
        let update = form(&workspace, "chat.update", &[("channel", channel), ("ts", ts), ("text", "x")]).await;
        assert_eq!(update["error"], change);
        assert_eq!(form(&workspace, "chat.delete", &[("channel", channel), ("ts", ts)]).await["error"], removal);
    }
    assert_eq!(form(&workspace, "chat.delete", &[("channel", channel), ("ts", &own)]).await["ok"], true);
    assert_eq!(shown(&general.messages()), ["mine"]);
}

#[tokio::test]
async fn ephemeral_messages_are_seen_by_one_and_kept_by_none() {
    let bot = Bot::polite().await;
    let workspace = Workspace::builder().deliver_to(bot.url()).start().await.unwrap();
    let (alice, general) = (workspace.person("alice"), workspace.channel("general"));
    let secret = workspace.channel("secret").private();
    let stranger = workspace.person("stranger");
    let args = |channel: &str, user: &str| json!({ "channel": channel, "user": user, "text": "for you" });
    let channel = general.id().as_str();
    let sent = post(&workspace, "chat.postEphemeral", args(channel, alice.id().as_str())).await;
    let ts = sent["message_ts"].as_str().unwrap();
    assert_eq!(general.messages()[0].ephemeral_to.as_ref(), Some(alice.id()));
    let refused = post(&workspace, "chat.postEphemeral", args(secret.id().as_str(), stranger.id().as_str())).await;
    assert_eq!(refused["error"], "user_not_in_channel");
    let update = form(&workspace, "chat.update", &[("channel", channel), ("ts", ts), ("text", "x")]).await;
    assert_eq!(update["error"], "message_not_found");
    let history = form(&workspace, "conversations.history", &[("channel", channel)]).await;
    assert_eq!(history["messages"], json!([]));
    workspace.quiet().await;
    assert!(bot.seen().is_empty());
}

#[tokio::test]
async fn reacts_once() {
    let workspace = Workspace::builder().scope("reactions:write").scope("reactions:read").start().await.unwrap();
    let general = workspace.channel("general");
    let said = workspace.person("alice").say(&general, "hello");
    let args = [("channel", general.id().as_str()), ("timestamp", said.id.as_str()), ("name", "wave")];
    assert_eq!(form(&workspace, "reactions.add", &args).await["ok"], true);
    assert_eq!(form(&workspace, "reactions.add", &args).await["error"], "already_reacted");
    let got = form(&workspace, "reactions.get", &args).await;
    assert_eq!(got["message"]["reactions"][0]["name"], "wave");
    assert_eq!(got["message"]["reactions"][0]["count"], 1);
    assert_eq!(form(&workspace, "reactions.remove", &args).await["ok"], true);
    assert_eq!(form(&workspace, "reactions.remove", &args).await["error"], "no_reaction");
}
