//! Reading by the Web API.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{
    super::{Fault, Workspace},
    form, json as post,
};
use crate::{ManualClock, Timestamp};

fn texts(answer: &Value) -> Vec<&str> {
    answer["messages"].as_array().unwrap().iter().filter_map(|message| message["text"].as_str()).collect()
}

#[tokio::test]
async fn history_is_read_page_by_page() {
    let workspace = Workspace::start().await.unwrap();
    let (alice, general) = (workspace.person("alice"), workspace.channel("general"));
    let said: Vec<_> = (1..=5).map(|number| alice.say(&general, &format!("m{number}"))).collect();
    alice.reply(&said[0], "a reply");
    let channel = general.id().as_str();
    let (mut found, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    workspace.fail(Fault::empty_page().on("conversations.history"));
    loop {
        let args = [("channel", channel), ("limit", "2"), ("cursor", &cursor)];
        let page = form(&workspace, "conversations.history", &args).await;
        found.extend(texts(&page).into_iter().map(String::from));
        pages += 1;
        cursor = page["response_metadata"]["next_cursor"].as_str().unwrap().to_owned();
        assert_eq!(page["has_more"], !cursor.is_empty());
        if cursor.is_empty() {
            break;
        }
        assert!(cursor.ends_with('='));
    }
    assert_eq!((pages, found.join(" ").as_str()), (4, "m5 m4 m3 m2 m1"));
    let window = [("channel", channel), ("oldest", said[1].id.as_str()), ("latest", said[3].id.as_str())];
    assert_eq!(texts(&form(&workspace, "conversations.history", &window).await), ["m3"]);
    let inclusive = [window[0], window[1], window[2], ("inclusive", "true")];
    assert_eq!(texts(&form(&workspace, "conversations.history", &inclusive).await), ["m4", "m3", "m2"]);
    let wrong = [("channel", channel), ("cursor", "nonsense")];
    assert_eq!(form(&workspace, "conversations.history", &wrong).await["error"], "invalid_cursor");
}

#[tokio::test]
async fn a_thread_is_read_with_its_head_first() {
    let workspace = Workspace::start().await.unwrap();
    let (alice, bob, general) = (workspace.person("alice"), workspace.person("bob"), workspace.channel("general"));
    let head = alice.say(&general, "head");
    let reply = bob.reply(&head, "one");
    alice.reply(&reply, "two");
    let args = [("channel", general.id().as_str()), ("ts", head.id.as_str()), ("limit", "1")];
    let first = form(&workspace, "conversations.replies", &args).await;
    assert_eq!(texts(&first), ["head", "one"]);
    assert_eq!((&first["messages"][0]["reply_count"], &first["has_more"]), (&json!(2), &json!(true)));
    assert_eq!(first["messages"][0]["reply_users"], json!([bob.id(), alice.id()]));
    assert_eq!(first["messages"][1]["parent_user_id"], *alice.id().as_str());
    let missing = [("channel", general.id().as_str()), ("ts", "1.000001")];
    assert_eq!(form(&workspace, "conversations.replies", &missing).await["error"], "thread_not_found");
    let link = form(&workspace, "chat.getPermalink", &[args[0], ("message_ts", reply.id.as_str())]).await;
    assert!(link["permalink"].as_str().unwrap().contains(&format!("thread_ts={}&cid=", head.id)));
}

#[tokio::test]
async fn an_app_that_is_distributed_reads_once_a_minute_fifteen_messages() {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_700_000_000)));
    let workspace = Workspace::builder().distributed().clock(clock.clone()).start().await.unwrap();
    let (alice, general) = (workspace.person("alice"), workspace.channel("general"));
    let head = alice.say(&general, "head");
    (0..20).for_each(|number| drop(alice.reply(&head, &number.to_string())));
    let args = [("channel", general.id().as_str()), ("ts", head.id.as_str()), ("limit", "200")];
    let first = form(&workspace, "conversations.replies", &args).await;
    assert_eq!((texts(&first).len(), &first["has_more"]), (16, &json!(true)));
    assert_eq!(form(&workspace, "conversations.replies", &args).await["error"], "ratelimited");
    assert_eq!(form(&workspace, "conversations.history", &args[..1]).await["ok"], true);
    clock.advance(Duration::from_secs(60));
    assert_eq!(form(&workspace, "conversations.replies", &args).await["ok"], true);
}

#[tokio::test]
async fn a_method_that_reads_no_json_misses_its_arguments() {
    let workspace = Workspace::start().await.unwrap();
    let general = workspace.channel("general");
    let head = workspace.person("alice").say(&general, "head");
    let args = json!({ "channel": general.id(), "ts": head.id });
    let refused = post(&workspace, "conversations.replies", args).await;
    assert_eq!(refused["error"], "invalid_arguments");
    assert_eq!(refused["response_metadata"]["messages"][0], "[ERROR] missing required field: channel");
}

#[tokio::test]
async fn each_kind_of_conversation_needs_its_own_scope() {
    let workspace = Workspace::start().await.unwrap();
    let secret = workspace.channel("secret").private();
    let away = workspace.channel("away").without_bot();
    let refused = form(&workspace, "conversations.history", &[("channel", secret.id().as_str())]).await;
    assert_eq!((&refused["error"], &refused["needed"]), (&json!("missing_scope"), &json!("groups:history")));
    let refused = form(&workspace, "conversations.history", &[("channel", away.id().as_str())]).await;
    assert_eq!(refused["error"], "not_in_channel");
    let refused = form(&workspace, "conversations.list", &[]).await;
    assert_eq!(refused["needed"], "channels:read,groups:read,im:read,mpim:read");
}

#[tokio::test]
async fn lists_what_the_bot_may_see() {
    let scopes = ["channels:read", "groups:read", "im:read", "im:write", "users:read", "channels:join"];
    let workspace = Workspace::builder().scopes(scopes).start().await.unwrap();
    let (alice, _) = (workspace.person("alice"), workspace.channel("general"));
    let away = workspace.channel("away").without_bot();
    let _ = workspace.channel("old").archived();
    let _ = workspace.channel("hidden").private().without_bot();
    let names = |answer: &Value| -> Vec<String> {
        let channels = answer["channels"].as_array().unwrap().iter();
        channels.filter_map(|channel| channel["name"].as_str()).map(String::from).collect()
    };
    let all = [("types", "public_channel,private_channel"), ("exclude_archived", "true")];
    assert_eq!(names(&form(&workspace, "conversations.list", &all).await), ["general", "away"]);
    assert_eq!(names(&form(&workspace, "users.conversations", &all).await), ["general"]);
    let joined = form(&workspace, "conversations.join", &[("channel", away.id().as_str())]).await;
    assert_eq!((&joined["channel"]["is_member"], &joined["warning"]), (&json!(true), &Value::Null));
    let again = form(&workspace, "conversations.join", &[("channel", away.id().as_str())]).await;
    assert_eq!(again["warning"], "already_in_channel");
    let info = form(&workspace, "conversations.info", &[("channel", away.id().as_str())]).await;
    assert_eq!(info["channel"]["name"], "away");
    let members = form(&workspace, "conversations.members", &[("channel", away.id().as_str())]).await;
    assert_eq!(members["members"], json!([alice.id(), workspace.identity().user]));
    alice.speaks("fr-FR");
    let user = form(&workspace, "users.info", &[("user", alice.id().as_str()), ("include_locale", "1")]).await;
    assert_eq!((&user["user"]["name"], &user["user"]["locale"]), (&json!("alice"), &json!("fr-FR")));
    assert_eq!(form(&workspace, "users.list", &[]).await["members"].as_array().unwrap().len(), 2);
    let opened = form(&workspace, "conversations.open", &[("users", alice.id().as_str())]).await;
    assert_eq!((&opened["ok"], &opened["already_open"]), (&json!(true), &Value::Null));
    assert_eq!(opened["channel"]["id"], *alice.direct().id().as_str());
    let again = form(&workspace, "conversations.open", &[("users", alice.id().as_str())]).await;
    assert_eq!(again["already_open"], true);
}
