//! Scopes without which everything is answered, and with which more is done.

use super::Needs;
use crate::{handler::Handler, sentence::Sentence};

/// Scopes that a token lacks, and what they would be used for.
#[derive(Debug)]
pub(crate) struct Improvement {
    /// By their names, with commas between them.
    pub(crate) scopes: String,
    pub(crate) what: Sentence,
}

/// Conversations in which a bot that is mentioned may answer, and may look whether its answer has arrived: public
/// channels are among what it needs.
const READ_AFTER: [&str; 2] = ["groups:history", "mpim:history"];

/// What is left undone for want of a scope.
pub(crate) fn improvements(handlers: &[&'static Handler], granted: &[String]) -> Vec<Improvement> {
    let speaks_in_channels = Needs::of(handlers).scopes.contains_key("channels:history");
    let lacking: Vec<&str> = READ_AFTER.into_iter().filter(|scope| !has(granted, scope)).collect();
    if !speaks_in_channels || lacking.is_empty() {
        return Vec::new();
    }
    let what = Sentence::new(
        "by which an answer that may have been lost in a private channel or a group message is looked for there, and \
         sent again, in the place of being given up",
        "qui permettent de chercher une réponse peut-être perdue dans un canal privé ou un message de groupe, et de la \
         renvoyer, au lieu de l’abandonner",
    );
    vec![Improvement { scopes: lacking.join(", "), what }]
}

/// The scopes of a token that no handler needs, and that would be used for nothing.
pub(crate) fn unneeded(handlers: &[&'static Handler], granted: &[String]) -> Vec<String> {
    let needed = Needs::of(handlers).scopes;
    let is_used = |scope: &&String| needed.contains_key(*scope) || READ_AFTER.contains(&scope.as_str());
    granted.iter().filter(|scope| !is_used(scope)).cloned().collect()
}

fn has(granted: &[String], scope: &str) -> bool {
    granted.iter().any(|granted| granted == scope)
}
