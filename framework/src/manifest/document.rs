//! The manifest as a document of JSON.

use serde_json::{Map, Value, json};

use super::{About, Needs, needs::Command};
use crate::handler::description;

/// The longest name of a bot's user.
const LONGEST_USER: usize = 80;

pub(super) fn of(needs: &Needs, about: &About<'_>) -> Value {
    let address = about.url.map(|url| format!("{}{}", url.trim_end_matches('/'), about.events_path));
    let mut features = json!({
        "app_home": {
            "home_tab_enabled": false,
            // Without both, nobody can write to the bot directly.
            "messages_tab_enabled": true,
            "messages_tab_read_only_enabled": false,
        },
        "bot_user": { "always_online": true, "display_name": user(about.name) },
    });
    if !needs.commands.is_empty() {
        let commands = needs.commands.iter().map(|(name, known)| command(name, known, about, address.as_deref()));
        features["slash_commands"] = commands.collect();
    }
    json!({
        "_metadata": { "major_version": 1, "minor_version": 1 },
        "display_information": { "name": about.name },
        "features": features,
        "oauth_config": { "scopes": { "bot": needs.scopes.keys().collect::<Vec<_>>() } },
        "settings": settings(needs, address.as_deref()),
    })
}

fn settings(needs: &Needs, address: Option<&str>) -> Value {
    let mut settings = json!({
        "interactivity": with_address(json!({ "is_enabled": !needs.interactivity.is_empty() }), "request_url", address
            .filter(|_| !needs.interactivity.is_empty())),
        "org_deploy_enabled": false,
        "socket_mode_enabled": false,
        "token_rotation_enabled": false,
    });
    if !needs.events.is_empty() {
        let events = json!({ "bot_events": needs.events.keys().collect::<Vec<_>>() });
        settings["event_subscriptions"] = with_address(events, "request_url", address);
    }
    settings
}

fn command(name: &str, known: &Command, about: &About<'_>, address: Option<&str>) -> Value {
    let told = description(known.handler, about.language);
    // An empty description is refused.
    let told = if told.is_empty() { about.name.to_owned() } else { told };
    let mut command = Map::from_iter([
        ("command".to_owned(), name.into()),
        ("description".to_owned(), told.into()),
        ("should_escape".to_owned(), true.into()),
    ]);
    if !known.usages.is_empty() {
        command.insert("usage_hint".to_owned(), known.usages.join(" | ").into());
    }
    with_address(command.into(), "url", address)
}

fn with_address(mut object: Value, key: &str, address: Option<&str>) -> Value {
    if let Some(address) = address {
        object[key] = address.into();
    }
    object
}

/// The name of the bot's user: only these characters are taken.
fn user(name: &str) -> String {
    let taken = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(taken).take(LONGEST_USER).collect()
}
