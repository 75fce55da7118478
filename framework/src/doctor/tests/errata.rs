//! The errors of the guide that the bots were first set up by, each of which is found.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{Set, app, assert_told, workspace};
use crate::{
    language::Language,
    manifest::{About, Manifest},
};

/// The scopes that it asks for.
const SCOPES: [&str; 4] = ["app_mentions:read", "chat:write", "channels:history", "commands"];

/// What an app has that was made by it, as the platform shows it.
fn first_app() -> Value {
    json!({ "manifest": {
        "display_information": { "name": "TwilioBot" },
        "features": { "bot_user": { "display_name": "twiliobot", "always_online": true } },
        "oauth_config": { "scopes": { "bot": SCOPES } },
        "settings": { "event_subscriptions": {
            "request_url": "https://code-doc.twilio.studi.ngrok.app/twilio/events",
            "bot_events": ["message.im"],
        } },
    } })
}

/// What that app lacks, a line each.
fn lacking() -> Vec<String> {
    let app = app();
    let dispatcher = app.dispatcher().unwrap();
    let about = About {
        name: "codedoc",
        url: Some("https://code-doc.twilio.studi.ngrok.app"),
        events_path: "/twilio/events",
        language: Language::French,
    };
    let manifest = Manifest::of(dispatcher.handlers(), &about);
    manifest.differences(&first_app()).iter().map(|found| found.text(Language::English)).collect()
}

/// A file beside this crate.
fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[tokio::test]
async fn the_signing_secret_is_not_the_client_secret() {
    let workspace = workspace(|builder| builder).await;
    let identity = workspace.identity();
    let set = Set::of(&workspace).with("SLACK_SIGNING_SECRET", &identity.client_secret);
    let told = set.with("SLACK_CLIENT_ID", &identity.client_id).told(None).await;
    assert_told(&told, "holds the Client Secret of the app", "contient le Client Secret de l’application");
    assert_told(&told, "Copy Signing Secret, and not Client Secret", "Copiez Signing Secret, et non Client Secret");
    // Without the client id it says what it takes to know.
    let told = Set::of(&workspace).with("SLACK_SIGNING_SECRET", &identity.client_secret).told(None).await;
    assert_told(&told, "Set SLACK_CLIENT_ID", "Définissez SLACK_CLIENT_ID");
}

#[tokio::test]
async fn what_stands_in_the_address_of_the_app_is_not_the_bots_user() {
    let workspace = workspace(|builder| builder).await;
    let app = workspace.identity().app.to_string();
    let told = Set::of(&workspace).with("SLACK_BOT_USER_ID", &app).told(None).await;
    assert_told(&told, "SLACK_BOT_USER_ID is A0BAVARD001, the id of an app", "l’identifiant d’une application");
    assert_told(&told, "Remove the setting", "Retirez ce réglage");
}

#[test]
fn app_mention_is_never_subscribed() {
    let lacking = lacking();
    assert!(
        lacking.iter().any(|line| line.starts_with("missing   event app_mention  needed by where_is (")),
        "{lacking:#?}"
    );
    assert!(!lacking.iter().any(|line| line.contains("event message.im")), "{lacking:#?}");
}

#[tokio::test]
async fn im_history_is_missing() {
    let workspace = workspace(|builder| builder.scopes(SCOPES)).await;
    let told = Set::of(&workspace).with("SLACK_BOT_USER_ID", "A0BAVARD001").told(None).await;
    assert_told(
        &told,
        "lacks the scope im:history, needed by where_is (",
        "la portée im:history, nécessaire à where_is (",
    );
    assert_told(&told, "no direct message arrives", "aucun message direct n’arrive");
    assert_told(&told, "https://api.slack.com/apps/A0BAVARD001/oauth", "https://api.slack.com/apps/A0BAVARD001/oauth");
    assert!(lacking().iter().any(|line| line.starts_with("missing   scope im:history")));
}

#[test]
fn a_slash_command_and_its_address_are_never_created() {
    let mut app = first_app();
    assert!(lacking().iter().any(|line| line.starts_with("missing   command /codedoc  needed by ask (")));
    // Nor is it enough to create it without the address.
    app["manifest"]["features"]["slash_commands"] = json!([{ "command": "/codedoc", "description": "Asks." }]);
    let ours = super::app();
    let dispatcher = ours.dispatcher().unwrap();
    let url = Some("https://code-doc.twilio.studi.ngrok.app");
    let about = About { name: "codedoc", url, events_path: "/twilio/events", language: Language::English };
    let differences = Manifest::of(dispatcher.handlers(), &about).differences(&app);
    let told: Vec<String> = differences.iter().map(|found| found.text(Language::English)).collect();
    assert!(told.iter().any(|line| line.contains("the address of /codedoc  is not there")), "{told:#?}");
}

#[tokio::test]
async fn an_app_that_was_installed_before_its_events_has_to_be_reinstalled() {
    // The scope that an event asks for later is not in the token that was given before.
    let workspace = workspace(|builder| builder.scopes(SCOPES)).await;
    let told = Set::of(&workspace).told(None).await;
    assert_told(
        &told,
        "reinstall the app: adding is not enough",
        "réinstallez l’application : l’ajouter ne suffit pas",
    );
    assert_told(&told, "and was reinstalled since", "et si elle a été réinstallée depuis");
    // An app that is made from the manifest has everything before it is installed.
    for (guide, made, installed) in [
        ("docs/fr/installation.md", "### 1.2 Créer l'application", "**Install App to Workspace**"),
        ("docs/en/setup.md", "### 1.2 Create the app", "**Install App to Workspace**"),
    ] {
        let text = file(guide);
        assert!(text.find(made).unwrap() < text.find(installed).unwrap(), "{guide}");
    }
}

#[test]
fn port_xxx_is_8301_or_8302() {
    for (program, port, name) in [
        ("bots/codedoc/src/main.rs", 8301, "code-doc.twilio.studi.ngrok.app"),
        ("bots/studi-public-website/src/main.rs", 8302, "public-website.twilio.studi.ngrok.app"),
    ] {
        let source = file(program);
        assert!(source.contains(&format!(".port({port})")), "{program}");
        assert!(source.contains(".events_path(\"/twilio/events\")"), "{program}");
        for guide in ["docs/fr/installation.md", "docs/en/setup.md"] {
            assert!(file(guide).contains(&format!("ngrok http --url={name} {port}\n")), "{guide}");
        }
    }
}
