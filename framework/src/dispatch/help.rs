//! Who answers `help`, `aide` and `?`.

use super::{Origin, builtin};
use crate::{
    handler::{Handler, Matching, On, Trigger},
    route::{Matcher, Pattern, Rule, Scope},
};

/// The names of help.
const NAMES: [&str; 3] = ["help", "aide", "?"];

/// The rules of help: one for each of its names, to the bot and in direct messages, where no handler takes that name.
///
/// A handler that an author gave one of the names answers to the others too; without one, what is built in does. They
/// stand in direct messages as well, so that a handler which takes all of those leaves help within reach.
pub(super) fn rules(handlers: &[&'static Handler]) -> Vec<(Rule, Origin)> {
    let mut rules = Vec::new();
    for (on, scope) in [(On::Mention, Scope::Mention), (On::Dm, Scope::Dm)] {
        for name in NAMES.into_iter().filter(|name| !triggers(handlers, on).any(|own| takes(own.trigger, name))) {
            let Ok(pattern) = Pattern::parse(name) else { continue };
            let origin = own(handlers, on, name).unwrap_or(builtin::help());
            let rule = Rule {
                scope: scope.clone(),
                only: None,
                priority: 0,
                matcher: Matcher::Words(pattern),
                source: format!("{}({name:?})", on.attribute()),
                name: origin.handler.name,
                origin: "built in".to_owned(),
            };
            rules.push((rule, origin));
        }
    }
    rules
}

/// The handler to which an author gave this name of help, or else another one, for everybody who says it.
fn own(handlers: &[&'static Handler], on: On, name: &str) -> Option<Origin> {
    let named = |on, names: &[&str]| {
        let mut open = triggers(handlers, on).filter(|own| own.trigger.only.is_none());
        open.find(|own| names.iter().any(|name| is_named(own.trigger, name)))
    };
    named(On::Mention, &[name]).or_else(|| named(on, &NAMES)).or_else(|| named(On::Mention, &NAMES))
}

fn triggers(handlers: &[&'static Handler], on: On) -> impl Iterator<Item = Origin> {
    let all = handlers.iter().flat_map(|handler| handler.triggers.iter().map(|trigger| Origin { handler, trigger }));
    all.filter(move |origin| origin.trigger.on == on && origin.trigger.channel.is_none())
}

/// Whether a rule of help would stand in the way of this attribute, or behind it.
fn takes(trigger: &Trigger, name: &str) -> bool {
    let anything = match trigger.matching {
        Matching::Any => true,
        Matching::Words(pattern) => Pattern::parse(pattern).is_ok_and(|pattern| pattern.takes(name)),
        Matching::Regex(_) | Matching::Name(_) | Matching::Times(_) => false,
    };
    is_named(trigger, name) || (anything && trigger.priority > 0)
}

/// Whether it takes the name as a word of its own.
fn is_named(trigger: &Trigger, name: &str) -> bool {
    let Matching::Words(pattern) = trigger.matching else { return false };
    Pattern::parse(pattern).is_ok_and(|pattern| pattern.begins_with_a_word() && pattern.takes(name))
}
