//! Help, written from the handlers' own doc comments.

use super::{Context, Handler, IntoReply, Matching, On};
use crate::{error::Result, language::Language, reply::Reply, route::Pattern};

/// The help of the bot, as an answer: what it can do, from its handlers' doc comments.
///
/// `help`, `aide` and `?` answer it unless the author claims one of these words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Help;

impl IntoReply for Help {
    fn into_reply(self, context: &Context) -> Result<Option<Reply>> {
        Ok(Some(Reply::markdown(context.help_page())))
    }
}

/// How many ways to use one handler a page of help shows.
const SHOWN: usize = 2;

/// What there is to know of all handlers.
#[derive(Debug, Default)]
pub(crate) struct HelpBook {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    usages: Vec<String>,
    handler: &'static Handler,
}

impl HelpBook {
    /// Writes the book of these handlers, in their order.
    pub(crate) fn of(handlers: &[&'static Handler]) -> Self {
        let entries = handlers.iter().filter_map(|handler| {
            let mut usages: Vec<String> = Vec::new();
            for usage in handler.triggers.iter().filter(|trigger| !trigger.hidden).filter_map(usage) {
                if !usages.contains(&usage) {
                    usages.push(usage);
                }
            }
            (!usages.is_empty()).then_some(Entry { usages, handler })
        });
        Self { entries: entries.collect() }
    }

    /// The page that a person reads.
    pub(crate) fn page(&self, language: Language) -> String {
        let mut page = language.pick("Here is what I can do:", "Voici ce que je sais faire :").to_owned();
        for entry in &self.entries {
            let usages = entry.usages.iter().take(SHOWN).map(|usage| format!("`{}`", shown(usage)));
            let usages = usages.collect::<Vec<_>>().join(", ");
            let described = description(entry.handler, language);
            let line =
                if described.is_empty() { format!("\n- {usages}") } else { format!("\n- {usages} – {described}") };
            page.push_str(&line);
        }
        page
    }

    /// One line for each handler: how it is used, and what it does.
    #[cfg(feature = "playground")]
    pub(crate) fn abilities(&self, language: Language) -> Vec<String> {
        let line = |entry: &Entry| {
            let usage = entry.usages.first().map(|usage| shown(usage)).unwrap_or_default();
            let described = description(entry.handler, language);
            if described.is_empty() { usage } else { format!("{usage:<26} {described}") }
        };
        self.entries.iter().map(line).collect()
    }

    /// The ways to use a command.
    pub(crate) fn of_command(&self, name: &str) -> Vec<String> {
        let name = crate::route::fold(name);
        let of_name =
            |usage: &&str| usage.split_whitespace().next().is_some_and(|first| crate::route::fold(first) == name);
        self.entries.iter().flat_map(|entry| &entry.usages).map(String::as_str).filter(of_name).map(shown).collect()
    }

    /// The pattern that what was said only lacks the end of, with what is missing.
    pub(crate) fn incomplete(&self, said: &str) -> Option<(String, String)> {
        self.entries.iter().flat_map(|entry| &entry.usages).find_map(|usage| {
            let missing = Pattern::parse(usage).ok()?.lacking(said)?;
            Some((shown(usage), shown(&missing)))
        })
    }

    /// The patterns nearest to what was said, best first, at most three.
    pub(crate) fn nearest(&self, said: &str) -> Vec<String> {
        let said = crate::route::fold(said);
        let mut scored: Vec<(usize, &str)> = self
            .entries
            .iter()
            .flat_map(|entry| &entry.usages)
            .filter_map(|usage| distance(&said, usage).map(|distance| (distance, usage.as_str())))
            .collect();
        scored.sort_by_key(|(distance, _)| *distance);
        scored.into_iter().take(3).map(|(_, usage)| shown(usage)).collect()
    }
}

/// A pattern as people read it: `show {name..}` takes what is written for `{name}`, and `hello {name?}` what may be written
/// for `[name]`.
pub(crate) fn shown(pattern: &str) -> String {
    let word = |word: &str| {
        let inner = word.strip_prefix('{').and_then(|word| word.strip_suffix('}'));
        match inner {
            Some(inner) if inner.ends_with("..") => format!("{{{}}}", inner.trim_end_matches('.')),
            Some(inner) if inner.ends_with('?') => format!("[{}]", inner.trim_end_matches('?')),
            _ => word.to_owned(),
        }
    };
    pattern.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// How a trigger is used, in the words a person types; `None` for what is not typed.
fn usage(trigger: &super::Trigger) -> Option<String> {
    match (trigger.on, trigger.matching) {
        (On::Mention | On::Dm | On::Message | On::Command, Matching::Words(pattern)) => Some(pattern.to_owned()),
        _ => None,
    }
}

/// The first paragraph of a handler's description in a language.
pub(crate) fn description(handler: &Handler, language: Language) -> String {
    let translated = handler.help.iter().find(|(code, _)| *code == language.code()).map(|(_, text)| *text);
    let text = translated.unwrap_or(handler.doc);
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default();
    paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// How far the first word said is from the first word of a usage; `None` when they are not alike.
fn distance(said: &str, usage: &str) -> Option<usize> {
    let said = said.split_whitespace().next()?;
    let usage = crate::route::fold(usage);
    let word = usage.split_whitespace().next()?;
    let distance = crate::route::edits(said, word);
    (distance <= word.chars().count().div_ceil(3)).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_patterns_without_their_marks() {
        for (pattern, expected) in [
            ("show {name..}", "show {name}"),
            ("hello {name?}", "hello [name]"),
            ("deploy {service} to {env}", "deploy {service} to {env}"),
            ("?", "?"),
        ] {
            assert_eq!(shown(pattern), expected);
        }
    }

    #[test]
    fn only_words_that_are_alike_are_near() {
        assert_eq!(distance("hlep me", "help"), Some(1));
        assert_eq!(distance("weather", "help"), None);
    }
}
