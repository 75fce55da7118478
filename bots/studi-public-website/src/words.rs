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
        let (before, own) = (at.checked_sub(1).map_or("", bare), bare(at));
        let is_title = !shouts && !TITLES.contains(&own) && own.chars().all(char::is_uppercase);
        let is_code = before.eq_ignore_ascii_case("langage");
        let meant = if is_title || is_code { None } else { meant(before, own, bare(at + 1)) };
        meant.map_or_else(|| (*word).to_owned(), |meant| word.replacen(own, &meant, 1))
    });
    written.collect::<Vec<_>>().join(" ")
}

/// What a word in a hurry stands for between two others.
fn meant(before: &str, word: &str, next: &str) -> Option<String> {
    if word.eq_ignore_ascii_case("cb") {
        let is_one_of = |list: &[&str], other: &str| list.iter().any(|known| known.eq_ignore_ascii_case(other));
        let is_counted = is_one_of(COUNTED, next) || next.starts_with("d'") || next.starts_with("d’");
        let is_card = is_one_of(BEFORE_A_CARD, before) && !(before == "en" && is_counted);
        return (!is_card && (is_counted || is_one_of(ASKED, next))).then(|| "combien".to_owned());
    }
    let listed = hurried::WORDS.iter().find(|(hurried, _)| hurried.eq_ignore_ascii_case(word));
    listed.map(|(_, meant)| (*meant).to_owned()).or_else(|| without_its_e(word))
}

/// "jtravaille" is "je travaille": hardly any other word begins like it.
fn without_its_e(word: &str) -> Option<String> {
    let verb = word.strip_prefix('j').filter(|_| !OF_COMPUTERS.contains(&word))?;
    let is_vowel = |c: char| "aeiouyàâéèêëîïôûœh".contains(c);
    let is_verb = verb.chars().count() > 2 && verb.chars().all(char::is_lowercase) && verb.chars().any(is_vowel);
    (is_verb && !verb.starts_with(is_vowel)).then(|| format!("je {verb}"))
}

/// Other words that begin with j and a consonant.
const OF_COMPUTERS: &[&str] = &["jpeg", "jpegs", "jquery", "json"];
/// Before these "cb" is "combien", and no card.
const COUNTED: &[&str] = &["de", "d", "temps", "tps"];
/// The same, unless one of the others stands before it.
const ASKED: &[&str] = &["ça", "ca", "coute", "coûte", "pour", "dure", "il", "on", "faut"];
const BEFORE_A_CARD: &[&str] = &["en", "par", "ma", "la", "avec", "une", "votre", "sa", "carte"];

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
        assert_eq!(
            unhurried("cb d’heures par semaine, et cb ca coute"),
            "combien d’heures par semaine, et combien ca coute"
        );
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
            "payer en cb pour le bachelor",
            "j’ai perdu ma cb il faut faire quoi",
            "le jardin de Jules en jpeg, ou en json",
            "madame Jlassi",
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

    #[test]
    fn nothing_is_both_of_a_school_and_of_something_else() {
        let all = |text: &'static str| {
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            lines.flat_map(|line| line.split([',', ':'])).map(answers::fold).map(|piece| piece.trim().replace('’', " "))
        };
        for (concepts, elsewhere) in [
            (include_str!("words/french.txt"), include_str!("words/french_elsewhere.txt")),
            (include_str!("words/english.txt"), include_str!("words/english_elsewhere.txt")),
            (include_str!("words/english_for_french.txt"), include_str!("words/english_elsewhere.txt")),
        ] {
            let known: std::collections::HashSet<String> = all(concepts).filter(|piece| !piece.is_empty()).collect();
            let is_known = |piece: &String| {
                let starts = piece.match_indices(' ').map(|(at, _)| &piece[..at]);
                known.contains(piece) || starts.filter(|start| start.contains(' ')).any(|start| known.contains(start))
            };
            let both: Vec<String> = all(elsewhere).filter(is_known).collect();
            assert!(both.is_empty(), "{both:#?}");
        }
    }
}
