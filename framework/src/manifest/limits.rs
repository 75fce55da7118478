//! What the platform does not take in a manifest, by the limits of its schema.

use std::fmt;

use serde_json::Value;

use super::Needs;

/// Something that the platform does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excess {
    what: String,
    /// Where it is written: `src/main.rs:12`; nothing for what belongs to the app as a whole.
    place: Option<String>,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.place.iter().try_for_each(|place| write!(f, " ({place})"))
    }
}

const MOST_COMMANDS: usize = 50;
const MOST_EVENTS: usize = 100;
const MOST_SCOPES: usize = 255;
const LONGEST_NAME: usize = 35;
const LONGEST_COMMAND: usize = 32;
const LONGEST_DESCRIPTION: usize = 2_000;
const LONGEST_USAGE: usize = 1_000;
const LONGEST_ADDRESS: usize = 3_000;

pub(super) fn excesses(needs: &Needs, document: &Value) -> Vec<Excess> {
    let mut found = Vec::new();
    let whole = |what: String| Excess { what, place: None };
    let name = document["display_information"]["name"].as_str().unwrap_or_default();
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) {
        found.push(whole(format!("the name {name:?} has to be of 1 to {LONGEST_NAME} characters")));
    }
    for (many, most, what) in [
        (needs.commands.len(), MOST_COMMANDS, "slash commands"),
        (needs.events.len(), MOST_EVENTS, "events"),
        (needs.scopes.len(), MOST_SCOPES, "scopes"),
    ] {
        if many > most {
            found.push(whole(format!("{many} {what} are more than the {most} that an app may have")));
        }
    }
    let commands = document["features"]["slash_commands"].as_array().into_iter().flatten();
    for (command, known) in commands.zip(needs.commands.values()) {
        let text = |key: &str| command[key].as_str().unwrap_or_default().chars().count();
        let name = command["command"].as_str().unwrap_or_default();
        let place = Some(known.handler.origin());
        if !(2..=LONGEST_COMMAND).contains(&text("command")) {
            let what = format!("the command {name} has to be of 2 to {LONGEST_COMMAND} characters");
            found.push(Excess { what, place: place.clone() });
        }
        for (key, longest) in
            [("description", LONGEST_DESCRIPTION), ("usage_hint", LONGEST_USAGE), ("url", LONGEST_ADDRESS)]
        {
            if text(key) > longest {
                let what = format!("the {key} of {name} is longer than {longest} characters");
                found.push(Excess { what, place: place.clone() });
            }
        }
    }
    found
}
