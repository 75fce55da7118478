//! The manifest of handlers.

use serde_json::json;

use super::*;
use crate::{Conversation, handlers, on_command, on_dm, on_event, on_mention, on_message, on_reaction, reply::Reply};

#[on_mention("hello")]
async fn hello() {}

/// Ships a service.
#[on_command("/deploy {service}")]
async fn deploy(service: String) -> Reply {
    Reply::from(service)
}

#[on_command("/deploy")]
async fn deploy_what() {}

#[on_dm]
async fn anything() {}

#[on_message("outage", scopes("groups:history"))]
async fn overheard() {}

#[on_mention("and")]
async fn following(conversation: Conversation) {
    drop(conversation);
}

#[on_mention("so", scopes("groups:history"))]
async fn in_private(conversation: Conversation) {
    drop(conversation);
}

#[on_dm]
#[on_command("/so")]
async fn in_direct(conversation: Conversation) {
    drop(conversation);
}

#[on_reaction("eyes")]
async fn seen() {}

#[on_event("member_joined_channel")]
async fn joined() {}

#[on_event("block_actions")]
async fn pressed() {}

fn manifest(handlers: &[&'static Handler], url: Option<&str>) -> Manifest {
    let about = About { name: "Tower Bot", url, events_path: "/twilio/events", language: Language::English };
    Manifest::of(handlers, &about)
}

const URL: Option<&str> = Some("https://bot.example.com/");

#[test]
fn the_scopes_of_the_guide_are_what_mentions_direct_messages_and_a_command_need() {
    let manifest = manifest(handlers![hello, anything, deploy], URL);
    let scopes = ["app_mentions:read", "channels:history", "chat:write", "commands", "im:history"];
    assert_eq!(manifest.document["oauth_config"]["scopes"]["bot"], json!(scopes));
    let events = json!({
        "bot_events": ["app_mention", "message.im"],
        "request_url": "https://bot.example.com/twilio/events",
    });
    assert_eq!(manifest.document["settings"]["event_subscriptions"], events);
    assert!(manifest.excesses().is_empty());
}

#[test]
fn what_was_said_before_is_read_with_the_same_scopes_and_no_further_event() {
    let of = |handlers| {
        let document = manifest(handlers, URL).document;
        let events = &document["settings"]["event_subscriptions"]["bot_events"];
        (document["oauth_config"]["scopes"]["bot"].clone(), events.clone())
    };
    let guide = ["app_mentions:read", "channels:history", "chat:write", "commands", "im:history"];
    assert_eq!(of(handlers![following, anything, deploy]), (json!(guide), json!(["app_mention", "message.im"])));
    assert_eq!(of(handlers![in_direct]), (json!(["chat:write", "commands", "im:history"]), json!(["message.im"])));
    let (scopes, _) = of(handlers![in_private]);
    let private = ["app_mentions:read", "channels:history", "chat:write", "groups:history", "im:history"];
    assert_eq!(scopes, json!(private));
}

#[test]
fn a_scope_that_a_token_lacks_is_told_with_those_who_need_it() {
    let granted = ["app_mentions:read", "channels:history", "chat:write", "im:history"].map(str::to_owned);
    assert!(lacking(handlers![hello, anything], &granted).is_empty());
    let lacking = lacking(handlers![hello, seen], &granted);
    assert_eq!((lacking.len(), &*lacking[0].scope), (1, "reactions:read"));
    assert!(lacking[0].by.starts_with("seen ("), "{}", lacking[0].by);
}

#[test]
fn a_command_stands_there_once_with_its_words_and_its_address() {
    let manifest = manifest(handlers![deploy_what, deploy], URL);
    let command = json!([{
        "command": "/deploy",
        "description": "Ships a service.",
        "should_escape": true,
        "url": "https://bot.example.com/twilio/events",
        "usage_hint": "{service}",
    }]);
    assert_eq!(manifest.document["features"]["slash_commands"], command);
}

#[test]
fn the_rest_is_derived_from_what_is_heard() {
    let manifest = manifest(handlers![overheard, seen, joined, pressed], None);
    let settings = &manifest.document["settings"];
    let events = ["member_joined_channel", "message.channels", "message.groups", "reaction_added"];
    assert_eq!(settings["event_subscriptions"], json!({ "bot_events": events }));
    assert_eq!(settings["interactivity"], json!({ "is_enabled": true }));
    let scopes = ["channels:history", "channels:read", "chat:write", "groups:history", "reactions:read"];
    assert_eq!(manifest.document["oauth_config"]["scopes"]["bot"], json!(scopes));
    assert_eq!(manifest.document["features"].get("slash_commands"), None);
    assert_eq!(manifest.document["features"]["bot_user"]["display_name"], "tower-bot");
}

#[test]
fn what_the_platform_does_not_take_is_named_with_its_place() {
    let about = About { name: &"n".repeat(36), url: URL, events_path: "/e", language: Language::English };
    let excesses = Manifest::of(handlers![hello], &about).excesses();
    assert_eq!(excesses.len(), 1);
    assert!(excesses[0].to_string().contains("35 characters"), "{}", excesses[0]);
    let far = format!("https://{}.example.com", "a".repeat(3_000));
    let excesses = manifest(handlers![deploy], Some(&far)).excesses();
    assert!(excesses[0].to_string().contains("tests.rs:"), "{}", excesses[0]);
}

#[test]
fn another_manifest_is_told_apart() {
    let manifest = manifest(handlers![hello, deploy], URL);
    assert_eq!(manifest.differences(&manifest.document), []);
    let mut there = manifest.document.clone();
    there["oauth_config"]["scopes"]["bot"] = json!(["app_mentions:read", "chat:write", "commands", "users:read"]);
    there["features"]["app_home"]["messages_tab_read_only_enabled"] = json!(true);
    there["features"]["slash_commands"][0]["url"] = json!("https://old.example.com/");
    let told: Vec<_> =
        manifest.differences(&json!({ "manifest": there })).iter().map(|found| found.text(Language::English)).collect();
    assert!(told[0].starts_with("missing   scope channels:history  needed by hello ("), "{told:?}");
    assert!(told.contains(&"unneeded  scope users:read".to_owned()), "{told:?}");
    assert!(told.iter().any(|line| line.contains("the address of /deploy  is \"https://old")), "{told:?}");
    assert!(told.iter().any(|line| line.contains("for reading only  is true, has to be false")), "{told:?}");
    let french = manifest.differences(&there).iter().map(|found| found.text(Language::French)).collect::<Vec<_>>();
    assert!(french[0].starts_with("manque    portée channels:history  nécessaire à hello ("), "{french:?}");
    assert!(french.iter().any(|line| line.contains("en lecture seule  vaut true, doit valoir false")), "{french:?}");
}

#[test]
fn yaml_says_what_the_json_says() {
    let yaml = manifest(handlers![hello, deploy], URL).yaml();
    assert!(yaml.starts_with("_metadata:\n  major_version: 1\n"), "{yaml}");
    assert!(yaml.contains("    - command: \"/deploy\"\n      description: \"Ships a service.\"\n"), "{yaml}");
    assert!(yaml.contains("      - \"app_mentions:read\"\n"), "{yaml}");
}

#[test]
fn the_link_holds_all_of_it() {
    let manifest = manifest(handlers![hello], URL);
    let link = url::Url::parse(&manifest.link()).unwrap();
    assert!(!link.as_str().contains('+'), "{link}");
    let given = link.query_pairs().find(|(name, _)| name == "manifest_json").unwrap().1.into_owned();
    assert_eq!(serde_json::from_str::<Value>(&given).unwrap(), manifest.document);
}
