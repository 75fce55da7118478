//! One attribute: what it matches, and its options.

use proc_macro2::{Span, TokenStream};
use syn::LitStr;

use crate::{
    arguments,
    on::On,
    options::{self, Options},
    pattern::{self, Placeholder},
    problems::Problems,
    regex,
};

/// An attribute that was read.
pub(crate) struct Attribute {
    pub(crate) on: On,
    pub(crate) span: Span,
    /// What it matches; several are alternatives, and there is always one.
    pub(crate) matchers: Vec<Matcher>,
    pub(crate) options: Options,
}

/// Something that an attribute matches.
pub(crate) struct Matcher {
    pub(crate) matching: Matching,
    pub(crate) placeholders: Vec<Placeholder>,
    /// Where it is written.
    pub(crate) place: Span,
    /// The same for two that match the same; unknown for what cannot be read.
    shape: Option<String>,
}

/// How it matches.
pub(crate) enum Matching {
    Any,
    Words(String),
    Regex(String),
    Name(String),
    Times(LitStr),
}

impl Attribute {
    /// Reads what stands between the parentheses of an attribute.
    pub(crate) fn read(on: On, tokens: TokenStream, span: Span, problems: &mut Problems) -> Self {
        let given = arguments::read(tokens, problems);
        if let Some(needed) = needed(on, cfg!(feature = "schedule")) {
            problems.at(span, needed);
        }
        let options = options::read(on, &given.options, problems);
        let mut matchers: Vec<Matcher> =
            given.literals.iter().map(|literal| Matcher::read(on, literal, problems)).collect();
        matchers.extend(options.regex.iter().map(|literal| Matcher::regex(literal, problems)));
        if matchers.is_empty() {
            if let Some((what, example)) = missing(on) {
                problems.at(span, format!("`{}` needs to know {what}: {example}", on.attribute()));
            }
            matchers.push(Matcher::any(span));
        }
        Self { on, span, matchers, options }
    }
}

/// What an attribute needs that is not there.
fn needed(on: On, schedules: bool) -> Option<&'static str> {
    (on == On::Schedule && !schedules).then_some(
        "`on_schedule` needs the feature `schedule` of `bavard`: write `features = [\"schedule\"]` beside its version in \
         Cargo.toml, or call `cargo add bavard -F schedule`",
    )
}

/// What an attribute that cannot stand without a text needs to know, and how it is written.
fn missing(on: On) -> Option<(&'static str, &'static str)> {
    match on {
        On::Command => Some(("of what", "`#[on_command(\"/deploy {service}\")]`")),
        On::Event => Some(("of what", "`#[on_event(\"member_joined_channel\")]`")),
        On::Schedule => Some(("when", "`#[on_schedule(\"0 9 * * 1-5\", timezone = \"Europe/Paris\")]`")),
        _ => None,
    }
}

/// Tells what two attributes of one function both match.
pub(crate) fn refuse_twins(attributes: &[Attribute], problems: &mut Problems) {
    let all = || attributes.iter().flat_map(|one| one.matchers.iter().map(move |matcher| (one, matcher)));
    for (index, (one, matcher)) in all().enumerate() {
        let twin = all().take(index).any(|(other, earlier)| {
            one.on == other.on
                && matcher.shape.is_some()
                && earlier.shape == matcher.shape
                && one.options.channel == other.options.channel
                && one.options.only == other.options.only
                && one.options.timezone == other.options.timezone
        });
        if twin {
            let name = one.on.attribute();
            problems.at(matcher.place, format!("`{name}` matches this already, further up: leave one of them out"));
        }
    }
}

impl Matcher {
    fn any(place: Span) -> Self {
        Self { matching: Matching::Any, placeholders: Vec::new(), place, shape: Some(String::new()) }
    }

    fn read(on: On, literal: &LitStr, problems: &mut Problems) -> Self {
        let text = literal.value();
        let text = text.trim();
        match on {
            On::Mention | On::Dm | On::Message => Self::words(literal, text.to_owned(), problems),
            On::Command => Self::words(literal, command(text, literal, problems), problems),
            On::Reaction => Self::name(literal, text, reaction_problem(text), problems),
            On::Event => Self::name(literal, text, event_problem(text), problems),
            On::Schedule => Self::times(literal),
            On::Unhandled | On::Failure => {
                problems.on(literal, format!("`{}` takes no text: it is for whatever comes", on.attribute()));
                Self::any(literal.span())
            }
        }
    }

    fn words(literal: &LitStr, text: String, problems: &mut Problems) -> Self {
        let words = pattern::read(&text);
        words.problems.iter().for_each(|problem| problems.on(literal, problem));
        let shape = words.problems.is_empty().then_some(words.shape);
        Self { matching: Matching::Words(text), placeholders: words.placeholders, place: literal.span(), shape }
    }

    fn regex(literal: &LitStr, problems: &mut Problems) -> Self {
        let text = literal.value();
        let groups = regex::read(&text).map_err(|problem| problems.on(literal, problem));
        let shape = groups.is_ok().then(|| format!("/{text}/"));
        let placeholders = groups.unwrap_or_default();
        Self { matching: Matching::Regex(text), placeholders, place: literal.span(), shape }
    }

    /// What it means is read by the framework, when what is written here is compiled.
    fn times(literal: &LitStr) -> Self {
        let shape = Some(literal.value().split_whitespace().collect::<Vec<_>>().join(" "));
        Self { matching: Matching::Times(literal.clone()), placeholders: Vec::new(), place: literal.span(), shape }
    }

    fn name(literal: &LitStr, text: &str, problem: Option<String>, problems: &mut Problems) -> Self {
        let name = text.to_owned();
        let shape = problem.is_none().then(|| name.clone());
        if let Some(problem) = problem {
            problems.on(literal, problem);
        }
        Self { matching: Matching::Name(name), placeholders: Vec::new(), place: literal.span(), shape }
    }
}

/// The pattern of a command, its name in lower case as the platform has it.
fn command(text: &str, literal: &LitStr, problems: &mut Problems) -> String {
    let (name, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    match name.strip_prefix('/') {
        None => problems.on(literal, format!("a command starts with a slash: write `/{text}`")),
        Some(name) if name.is_empty() || name.len() > 31 || !name.chars().all(allowed) => problems.on(
            literal,
            format!("`/{name}` cannot be a command: a name has 1 to 31 of the characters a-z, 0-9, `-` and `_`"),
        ),
        Some(_) => {}
    }
    format!("{}{rest}", name.to_lowercase())
}

fn reaction_problem(name: &str) -> Option<String> {
    let bare = name.trim_matches(':');
    if !bare.is_empty() && bare != name {
        return Some(format!("a reaction is named without colons: write `{bare}`"));
    }
    let allowed = |letter: char| letter.is_alphanumeric() || "_+-'".contains(letter);
    (name.is_empty() || !name.chars().all(allowed))
        .then(|| format!("`{name}` is not the name of a reaction: write it as `thumbsup`"))
}

fn event_problem(name: &str) -> Option<String> {
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_.".contains(letter);
    (name.is_empty() || !name.chars().all(allowed))
        .then(|| format!("`{name}` is not the name of an event: write it as `member_joined_channel`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_need_their_feature() {
        let told = needed(On::Schedule, false).unwrap_or_default();
        assert!(told.contains("features = [\"schedule\"]") && told.contains("cargo add bavard -F schedule"), "{told}");
        assert_eq!((needed(On::Schedule, true), needed(On::Mention, false)), (None, None));
    }
}
