//! Lists of everyday words, which are no vocabulary of any subject of ours.

use crate::analyse::Language;

/// Words of any story: "my cousin", "at last", "figure out".
pub(super) fn neutral(language: Language) -> impl Iterator<Item = &'static str> {
    words(language, include_str!("lists/neutral.fr.txt"), include_str!("lists/neutral.en.txt"))
}

/// Words that ask for something, or tell of who asks, without saying what about: "get", "cost", "my son". A page that
/// shares no more with a question than these is about something else. The forms of a verb that its stem does not lead to
/// are words of their own.
pub(super) fn asking(language: Language) -> impl Iterator<Item = &'static str> {
    words(language, include_str!("lists/asking.fr.txt"), include_str!("lists/asking.en.txt"))
}

/// Words of computing, which a code base may be about.
pub(super) fn computing(language: Language) -> impl Iterator<Item = &'static str> {
    words(language, include_str!("lists/computing.fr.txt"), include_str!("lists/computing.en.txt"))
}

/// Words of what people ask a program that knows all, and that a website or a code base is rarely about: weather, sport,
/// cooking. One that stands nowhere there says that the question is about something else; any other word may be part of
/// somebody's story.
pub(super) fn elsewhere(language: Language) -> impl Iterator<Item = &'static str> {
    words(language, include_str!("lists/elsewhere.fr.txt"), include_str!("lists/elsewhere.en.txt"))
}

fn words(language: Language, french: &'static str, english: &'static str) -> impl Iterator<Item = &'static str> {
    let text = match language {
        Language::French => french,
        Language::English => english,
    };
    text.split_whitespace()
}
