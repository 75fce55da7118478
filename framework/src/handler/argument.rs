//! Arguments: what stands at a placeholder of a pattern.

mod types;

use super::Call;
use crate::{
    error::{Error, Result},
    event::Text,
    language::Language,
};

/// A type that can stand at a placeholder of a pattern.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a handler",
    label = "nothing typed by a person becomes this type",
    note = "arguments are `String`, `Text`, numbers, `bool`, `Duration`, `UserId`, `ChannelId`, `Url` and enums with `#[derive(Choice)]`",
    note = "a parameter that is not in the pattern is an extractor: take `State<T>` for a value of your own"
)]
pub trait FromArg: Sized {
    /// What it takes, in words that complete "this should be …".
    const LABEL: Label;

    /// The words it takes, when there are only so many.
    const CHOICES: &'static [&'static str] = &[];

    /// Reads what a person typed; `None` when it is not one.
    fn from_arg(argument: &Text) -> Option<Self>;
}

/// What an argument takes, in words: "a whole number", "un nombre entier".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// In English.
    pub english: &'static str,
    /// In French.
    pub french: &'static str,
}

impl Label {
    /// The words in one language.
    #[must_use]
    pub fn in_language(self, language: Language) -> &'static str {
        language.pick(self.english, self.french)
    }
}

/// The argument at `name`, which the pattern requires.
pub(crate) fn argument<T: FromArg>(call: &Call, name: &'static str) -> Result<T> {
    optional(call, name)?.ok_or_else(|| misuse(call, missing::<T>(name, call.context().language())))
}

/// The argument at `name`, if something was written there.
pub(crate) fn optional<T: FromArg>(call: &Call, name: &'static str) -> Result<Option<T>> {
    call.argument(name).map(|text| read(call, name, text)).transpose()
}

/// Everything from `name` to the end, as one argument.
pub(crate) fn rest<T: FromArg>(call: &Call, name: &'static str) -> Result<T> {
    let nothing = Text::plain("");
    read(call, name, call.argument(name).unwrap_or(&nothing))
}

/// Everything from `name` to the end, word by word.
pub(crate) fn many<T: FromArg>(call: &Call, name: &'static str) -> Result<Vec<T>> {
    let Some(text) = call.argument(name) else { return Ok(Vec::new()) };
    crate::route::words(text.as_str()).map(|range| read(call, name, &text.slice(range))).collect()
}

fn read<T: FromArg>(call: &Call, name: &'static str, text: &Text) -> Result<T> {
    T::from_arg(text).ok_or_else(|| misuse(call, wrong::<T>(name, text, call.context().language())))
}

fn misuse(call: &Call, sentence: String) -> Error {
    let usage = call.context().usage().map(super::shown);
    let sentence = match (usage, call.context().language()) {
        (None, _) => sentence,
        (Some(usage), Language::English) => format!("{sentence}\nUsage: `{usage}`"),
        (Some(usage), Language::French) => format!("{sentence}\nUsage : `{usage}`"),
    };
    Error::misuse(sentence)
}

fn missing<T: FromArg>(name: &str, language: Language) -> String {
    let what = expected::<T>(language);
    language.pick(format!("`{name}` is missing: {what}."), format!("Il manque `{name}` : {what}."))
}

fn wrong<T: FromArg>(name: &str, text: &Text, language: Language) -> String {
    let what = expected::<T>(language);
    language.pick(
        format!("“{text}” cannot be `{name}`: it should be {what}."),
        format!("« {text} » ne convient pas pour `{name}` : il faut {what}."),
    )
}

fn expected<T: FromArg>(language: Language) -> String {
    if T::CHOICES.is_empty() {
        return T::LABEL.in_language(language).to_owned();
    }
    let choices = T::CHOICES.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", ");
    language.pick(format!("one of {choices}"), format!("une valeur parmi {choices}"))
}
