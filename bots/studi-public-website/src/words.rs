//! The words of people who ask a school, and of those who are in a hurry.

mod english;
mod french;
mod hurried;

use std::sync::LazyLock;

use answers::{Language, Vocabulary, fold};

/// Words that mean the same on the site of a school.
pub(crate) fn vocabulary(language: Language) -> &'static Vocabulary {
    match language {
        Language::French => &FRENCH,
        Language::English => &ENGLISH,
    }
}

static FRENCH: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(Language::French, french::GROUPS));
static ENGLISH: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(Language::English, english::GROUPS));

/// A question as it would have been written with more time.
pub(crate) fn unhurried(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let meant = hurried::WORDS.iter().find(|(hurried, _)| hurried.eq_ignore_ascii_case(bare));
        meant.map_or_else(|| word.to_owned(), |(_, meant)| word.replacen(bare, meant, 1))
    });
    let text = words.collect::<Vec<_>>().join(" ");
    let folded = fold(&text).replace(|c: char| !c.is_alphanumeric(), " ");
    let meant = hurried::PHRASES.iter().filter(|(phrase, _)| folded.contains(phrase)).map(|(_, meant)| *meant);
    std::iter::once(text.as_str()).chain(meant).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hurried_words_are_written_out() {
        assert_eq!(unhurried("c koi le CPF ?"), "c’est quoi le CPF ?");
        assert_eq!(unhurried("jpeux commencer qd?"), "je peux commencer quand?");
        assert_eq!(unhurried("Combien coûte le bachelor ?"), "Combien coûte le bachelor ?");
    }
}
