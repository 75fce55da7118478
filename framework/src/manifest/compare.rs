//! What the app has on the platform, against what its handlers need.

use std::{collections::BTreeSet, fmt};

use serde_json::Value;

use super::{Needs, needs::Needed};

/// Something in which the two differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The app on the platform lacks it; who needs it.
    Missing { what: String, by: Vec<String> },
    /// It has it, and nothing needs it.
    Unneeded { what: String },
    /// It stands there otherwise.
    Otherwise { what: String, there: String, needed: String },
}

impl Difference {
    /// Whether the bot does not do all it should because of it.
    pub(crate) fn harms(&self) -> bool {
        !matches!(self, Self::Unneeded { .. })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { what, by } if by.is_empty() => write!(f, "missing   {what}"),
            Self::Missing { what, by } => write!(f, "missing   {what}  needed by {}", by.join(", ")),
            Self::Unneeded { what } => write!(f, "unneeded  {what}"),
            Self::Otherwise { what, there, needed } => write!(f, "differs   {what}  is {there}, has to be {needed}"),
        }
    }
}

/// Values that decide whether events arrive, by their place.
const DECIDING: [(&str, &str); 4] = [
    ("/features/app_home/messages_tab_enabled", "the messages tab is on"),
    ("/features/app_home/messages_tab_read_only_enabled", "the messages tab is for reading only"),
    ("/settings/event_subscriptions/request_url", "the address of events"),
    ("/settings/socket_mode_enabled", "socket mode"),
];

pub(super) fn differences(needs: &Needs, ours: &Value, theirs: &Value) -> Vec<Difference> {
    // The platform's export wraps it.
    let theirs = theirs.get("manifest").unwrap_or(theirs);
    let mut found = lists("scope", &needs.scopes, &theirs["oauth_config"]["scopes"]["bot"]);
    found.extend(lists("event", &needs.events, &theirs["settings"]["event_subscriptions"]["bot_events"]));
    found.extend(commands(needs, ours, theirs));
    found.extend(
        DECIDING.iter().filter_map(|(place, what)| otherwise(what, ours.pointer(place), theirs.pointer(place))),
    );
    found
}

fn lists(kind: &str, needed: &Needed, there: &Value) -> Vec<Difference> {
    let there: BTreeSet<&str> = there.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let missing = needed.iter().filter(|(name, _)| !there.contains(name.as_str())).map(|(name, by)| {
        Difference::Missing { what: format!("{kind} {name}"), by: by.iter().map(|handler| handler.placed()).collect() }
    });
    let unneeded = there.iter().filter(|name| !needed.contains_key(**name));
    missing.chain(unneeded.map(|name| Difference::Unneeded { what: format!("{kind} {name}") })).collect()
}

fn commands(needs: &Needs, ours: &Value, theirs: &Value) -> Vec<Difference> {
    let list = |manifest: &Value| -> Vec<(String, Value)> {
        let commands = manifest["features"]["slash_commands"].as_array().into_iter().flatten();
        commands.map(|command| (command["command"].as_str().unwrap_or_default().to_owned(), command.clone())).collect()
    };
    let (ours, theirs) = (list(ours), list(theirs));
    let mut found = Vec::new();
    for (name, command) in &ours {
        let what = format!("command {name}");
        match theirs.iter().find(|(there, _)| there == name) {
            None => {
                let by = needs.commands.get(name).map(|known| known.handler.placed()).into_iter().collect();
                found.push(Difference::Missing { what, by });
            }
            Some((_, there)) => {
                found.extend(otherwise(&format!("the address of {name}"), command.get("url"), there.get("url")));
            }
        }
    }
    let unneeded = theirs.iter().filter(|(name, _)| ours.iter().all(|(known, _)| known != name));
    found.extend(unneeded.map(|(name, _)| Difference::Unneeded { what: format!("command {name}") }));
    found
}

/// What is not told here is not compared.
fn otherwise(what: &str, ours: Option<&Value>, theirs: Option<&Value>) -> Option<Difference> {
    let ours = ours?;
    let theirs = theirs.unwrap_or(&Value::Null);
    // What the platform leaves out is off.
    let same = ours == theirs || (*ours == Value::Bool(false) && theirs.is_null());
    let shown = |value: &Value| if value.is_null() { "not there".to_owned() } else { value.to_string() };
    (!same).then(|| Difference::Otherwise { what: what.to_owned(), there: shown(theirs), needed: shown(ours) })
}
