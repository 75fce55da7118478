//! What the app has on the platform, against what its handlers need.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Needs, needs::Needed};
use crate::{language::Language, sentence::Sentence};

/// Something in which the two differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The app on the platform lacks it; who needs it.
    Missing { what: Sentence, by: Vec<String> },
    /// It has it, and nothing needs it.
    Unneeded { what: Sentence },
    /// It stands there otherwise; nothing where it is not there.
    Otherwise { what: Sentence, there: Option<String>, needed: String },
}

impl Difference {
    /// Whether the bot does not do all it should because of it.
    pub(crate) fn harms(&self) -> bool {
        !matches!(self, Self::Unneeded { .. })
    }

    /// One line of it.
    pub(crate) fn text(&self, language: Language) -> String {
        let pick = |what: &Sentence| language.pick(&what.english, &what.french).clone();
        match self {
            Self::Missing { what, by } => {
                let line = format!("{:<9} {}", language.pick("missing", "manque"), pick(what));
                let by = by.join(", ");
                let needed = language.pick(format!("  needed by {by}"), format!("  nécessaire à {by}"));
                if by.is_empty() { line } else { line + &needed }
            }
            Self::Unneeded { what } => format!("{:<9} {}", language.pick("unneeded", "en trop"), pick(what)),
            Self::Otherwise { what, there, needed } => {
                let told = match there {
                    Some(there) => language
                        .pick(format!("is {there}, has to be {needed}"), format!("vaut {there}, doit valoir {needed}")),
                    None => language.pick(
                        format!("is not there, has to be {needed}"),
                        format!("n’y est pas, doit valoir {needed}"),
                    ),
                };
                format!("{:<9} {}  {told}", language.pick("differs", "diffère"), pick(what))
            }
        }
    }
}

/// Values that decide whether events arrive, by their place, with what they are called in English and in French.
const DECIDING: [(&str, &str, &str); 4] = [
    ("/features/app_home/messages_tab_enabled", "the messages tab is on", "l’onglet Messages est ouvert"),
    (
        "/features/app_home/messages_tab_read_only_enabled",
        "the messages tab is for reading only",
        "l’onglet Messages est en lecture seule",
    ),
    ("/settings/event_subscriptions/request_url", "the address of events", "l’adresse des événements"),
    ("/settings/socket_mode_enabled", "socket mode", "le mode Socket"),
];

pub(super) fn differences(needs: &Needs, ours: &Value, theirs: &Value) -> Vec<Difference> {
    // The platform's export wraps it.
    let theirs = theirs.get("manifest").unwrap_or(theirs);
    let mut found = lists(("scope", "portée"), &needs.scopes, &theirs["oauth_config"]["scopes"]["bot"]);
    found.extend(lists(
        ("event", "événement"),
        &needs.events,
        &theirs["settings"]["event_subscriptions"]["bot_events"],
    ));
    found.extend(commands(needs, ours, theirs));
    found.extend(DECIDING.iter().filter_map(|(place, english, french)| {
        otherwise(Sentence::new(*english, *french), ours.pointer(place), theirs.pointer(place))
    }));
    found
}

fn lists((english, french): (&str, &str), needed: &Needed, there: &Value) -> Vec<Difference> {
    let there: BTreeSet<&str> = there.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let named = |name: &str| Sentence::new(format!("{english} {name}"), format!("{french} {name}"));
    let missing = needed.iter().filter(|(name, _)| !there.contains(name.as_str())).map(|(name, by)| {
        Difference::Missing { what: named(name), by: by.iter().map(|handler| handler.placed()).collect() }
    });
    let unneeded = there.iter().filter(|name| !needed.contains_key(**name));
    missing.chain(unneeded.map(|name| Difference::Unneeded { what: named(name) })).collect()
}

fn commands(needs: &Needs, ours: &Value, theirs: &Value) -> Vec<Difference> {
    let list = |manifest: &Value| -> Vec<(String, Value)> {
        let commands = manifest["features"]["slash_commands"].as_array().into_iter().flatten();
        commands.map(|command| (command["command"].as_str().unwrap_or_default().to_owned(), command.clone())).collect()
    };
    let (ours, theirs) = (list(ours), list(theirs));
    let mut found = Vec::new();
    for (name, command) in &ours {
        let what = command_named(name);
        match theirs.iter().find(|(there, _)| there == name) {
            None => {
                let by = needs.commands.get(name).map(|known| known.handler.placed()).into_iter().collect();
                found.push(Difference::Missing { what, by });
            }
            Some((_, there)) => {
                found.extend(otherwise(address_of(name), command.get("url"), there.get("url")));
            }
        }
    }
    let unneeded = theirs.iter().filter(|(name, _)| ours.iter().all(|(known, _)| known != name));
    found.extend(unneeded.map(|(name, _)| Difference::Unneeded { what: command_named(name) }));
    found
}

fn command_named(name: &str) -> Sentence {
    Sentence::new(format!("command {name}"), format!("commande {name}"))
}

fn address_of(name: &str) -> Sentence {
    Sentence::new(format!("the address of {name}"), format!("l’adresse de {name}"))
}

/// What is not told here is not compared.
fn otherwise(what: Sentence, ours: Option<&Value>, theirs: Option<&Value>) -> Option<Difference> {
    let ours = ours?;
    let theirs = theirs.unwrap_or(&Value::Null);
    // What the platform leaves out is off.
    let same = ours == theirs || (*ours == Value::Bool(false) && theirs.is_null());
    let there = (!theirs.is_null()).then(|| theirs.to_string());
    (!same).then(|| Difference::Otherwise { what, there, needed: ours.to_string() })
}
