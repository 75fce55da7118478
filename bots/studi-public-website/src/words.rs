//! The words of people who ask a school, and of those who are in a hurry.

mod hurried;

use std::sync::LazyLock;

use answers::{Language, Vocabulary};

/// What is meant by who asks in a language about the site of a school with pages in a language.
pub(crate) fn vocabulary(asked: Language, pages: Language) -> &'static Vocabulary {
    match (asked, pages) {
        (Language::English, Language::French) => &ENGLISH_FOR_FRENCH,
        (_, Language::French) => &FRENCH,
        (_, Language::English) => &ENGLISH,
    }
}

static FRENCH: LazyLock<Vocabulary> = LazyLock::new(|| {
    let concepts = concat!(include_str!("words/french.txt"), include_str!("words/french_elsewhere.txt"));
    Vocabulary::read(Language::French, concepts)
});
static ENGLISH: LazyLock<Vocabulary> = LazyLock::new(|| {
    let concepts = concat!(include_str!("words/english.txt"), include_str!("words/english_elsewhere.txt"));
    Vocabulary::read(Language::English, concepts)
});
static ENGLISH_FOR_FRENCH: LazyLock<Vocabulary> = LazyLock::new(|| {
    let concepts = concat!(include_str!("words/english_for_french.txt"), include_str!("words/english_elsewhere.txt"));
    Vocabulary::across(Language::English, Language::French, concepts)
});

/// A question in French as it would have been written with more time; one in English as it is.
pub(crate) fn unhurried(text: &str) -> String {
    if Language::of(text) == Some(Language::English) {
        return text.to_owned();
    }
    // Among small letters a word in capitals is a title: "MS" is no "mais", and "DS" no "dans".
    let shouts = !text.chars().any(char::is_lowercase);
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |at: usize| words.get(at).map_or("", |word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let written = words.iter().enumerate().map(|(at, word)| {
        let own = bare(at);
        let is_title = !shouts && !TITLES.contains(&own) && own.chars().all(char::is_uppercase);
        let is_code = at > 0 && bare(at - 1).eq_ignore_ascii_case("langage");
        let meant = if is_title || is_code { None } else { meant(own, bare(at + 1)) };
        meant.map_or_else(|| (*word).to_owned(), |meant| word.replacen(own, &meant, 1))
    });
    written.collect::<Vec<_>>().join(" ")
}

/// What a word in a hurry stands for before the word `next`.
fn meant(word: &str, next: &str) -> Option<String> {
    if word.eq_ignore_ascii_case("cb") && HOW_MANY.iter().any(|of| of.eq_ignore_ascii_case(next)) {
        return Some("combien".to_owned());
    }
    let listed = hurried::WORDS.iter().find(|(hurried, _)| hurried.eq_ignore_ascii_case(word));
    listed.map(|(_, meant)| (*meant).to_owned()).or_else(|| i_am_told_apart(word))
}

/// "jtravaille" is "je travaille": no other word begins like it.
fn i_am_told_apart(word: &str) -> Option<String> {
    let verb = word.strip_prefix(['j', 'J'])?;
    let is_vowel = |c: char| "aeiouyàâéèêëîïôûœh".contains(c);
    let is_verb = verb.chars().count() > 2 && verb.chars().all(char::is_lowercase) && verb.chars().any(is_vowel);
    (is_verb && !verb.starts_with(is_vowel)).then(|| format!("je {verb}"))
}

/// Before these "cb" is "combien", and no card.
const HOW_MANY: &[&str] =
    &["de", "d", "ça", "ca", "coute", "coûte", "pour", "temps", "tps", "dure", "il", "on", "faut"];

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
        assert_eq!(unhurried("si jramene un pote jgagne qqch ?"), "si je ramene un pote je gagne quelque chose ?");
        assert_eq!(unhurried("vs repondez en cb de tps"), "vs repondez en combien de temps");
    }

    #[test]
    fn what_is_written_out_already_and_what_is_english_stay() {
        for text in [
            "Combien coûte le bachelor ?",
            "Avez-vous un MS en data ?",
            "bts vs bachelor",
            "Quand a lieu le DS ?",
            "apprend-on le langage C ?",
            "payer par CB ou par cb",
            "le jardin de Jules en jpg",
            "un titre tel que le RNCP",
            "can you tell me the price pls",
        ] {
            assert_eq!(unhurried(text), text);
        }
    }

    #[test]
    fn what_is_listed_can_be_found() {
        let files = [
            (Language::French, include_str!("words/french.txt")),
            (Language::French, include_str!("words/french_elsewhere.txt")),
            (Language::English, include_str!("words/english.txt")),
            (Language::English, include_str!("words/english_elsewhere.txt")),
            (Language::English, include_str!("words/english_for_french.txt")),
        ];
        let mut wrong = Vec::new();
        for (language, text) in files {
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                let (told, said) = line.split_once(':').unwrap_or((line, ""));
                let said: Vec<&str> = said.split(',').map(str::trim).filter(|piece| !piece.is_empty()).collect();
                let twice = said.iter().enumerate().filter(|(at, piece)| said[..*at].contains(piece));
                wrong.extend(twice.map(|(_, piece)| format!("twice for {told}: {piece}")));
                // A question is written out before anything is looked for in it.
                let lost = said.iter().filter(|piece| language == Language::French && unhurried(piece) != **piece);
                wrong.extend(lost.map(|piece| format!("written out for {told}: {piece}")));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
