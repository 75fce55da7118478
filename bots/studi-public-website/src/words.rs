//! The words of people who ask a school, and of those who are in a hurry.

mod hurried;

use std::sync::LazyLock;

use answers::{Language, Vocabulary};

/// Words that mean the same on the site of a school.
pub(crate) fn vocabulary(language: Language) -> &'static Vocabulary {
    match language {
        Language::French => &FRENCH,
        Language::English => &ENGLISH,
    }
}

static FRENCH: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::read(Language::French, include_str!("words/french.txt")));
static ENGLISH: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::read(Language::English, include_str!("words/english.txt")));

/// A question in French as it would have been written with more time; one in English as it is.
pub(crate) fn unhurried(text: &str) -> String {
    if Language::of(text) == Some(Language::English) {
        return text.to_owned();
    }
    // Among small letters a word in capitals is a title: "MS" is no "mais", and "DS" no "dans".
    let shouts = !text.chars().any(char::is_lowercase);
    let mut before = "";
    let words = text.split_whitespace().map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let after = std::mem::replace(&mut before, bare);
        let is_title = !shouts && !TITLES.contains(&bare) && bare.chars().all(char::is_uppercase);
        if is_title || after.eq_ignore_ascii_case("langage") {
            return word.to_owned();
        }
        let meant = hurried::WORDS.iter().find(|(hurried, _)| hurried.eq_ignore_ascii_case(bare));
        meant.map_or_else(|| word.to_owned(), |(_, meant)| word.replacen(bare, meant, 1))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Titles that are written out.
const TITLES: &[&str] = &["RH"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hurried_words_are_written_out() {
        assert_eq!(unhurried("c koi le CPF ?"), "c’est quoi le CPF ?");
        assert_eq!(unhurried("jpeux commencer qd?"), "je peux commencer quand?");
        assert_eq!(unhurried("KOI COMME STAGE"), "quoi COMME STAGE");
        assert_eq!(unhurried("le bachelor RH"), "le bachelor ressources humaines");
    }

    #[test]
    fn what_is_written_out_already_and_what_is_english_stay() {
        for text in [
            "Combien coûte le bachelor ?",
            "Avez-vous un MS en data ?",
            "bts vs bachelor",
            "Quand a lieu le DS ?",
            "apprend-on le langage C ?",
            "un titre tel que le RNCP",
            "can you tell me the price pls",
        ] {
            assert_eq!(unhurried(text), text);
        }
    }
}
