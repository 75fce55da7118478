//! What people say to a bot that is no question.

use super::insult::{is_insult, is_said};
use crate::analyse::{Language, fold};

/// A message that wants a word back, not a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Courtesy {
    /// Hello.
    Greeting,
    /// Thank you.
    Thanks,
    /// All right.
    Agreement,
    /// Goodbye.
    Farewell,
    /// Well done.
    Praise,
    /// Rude words and nothing else.
    Insult,
}

const LONGEST: usize = 6;

const GREETING: &[&str] =
    &["hi", "hello", "hey", "bonjour", "bonsoir", "salut", "coucou", "hola", "yo", "morning", "evening", "afternoon"];
const THANKS: &[&str] = &["thanks", "thank", "thx", "ty", "cheers", "merci", "remercie"];
const FAREWELL: &[&str] = &["bye", "goodbye", "revoir", "ciao", "bientot", "later", "night", "soiree", "journee"];
const AGREEMENT: &[&str] = &[
    "ok",
    "okay",
    "accord",
    "parfait",
    "super",
    "great",
    "cool",
    "nice",
    "perfect",
    "good",
    "bien",
    "oui",
    "yes",
    "non",
    "no",
    "compris",
    "understood",
    "genial",
    "top",
    "sure",
    "fine",
    "alright",
    "k",
];
/// Praise by itself.
const BRAVO: &[&str] = &["bravo", "congrats", "congratulations", "felicitations", "chapeau"];
/// Praise, when it is said of something.
#[rustfmt::skip]
const PRAISING: &[&str] = &[
    "good", "great", "nice", "excellent", "amazing", "awesome", "well", "bon", "bonne", "beau",
    "bel", "belle", "super", "bien",
];
/// What is praised.
#[rustfmt::skip]
const PRAISED: &[&str] = &[
    "job", "work", "bot", "answer", "one", "done", "played", "travail", "boulot", "reponse", "joue",
    "fait", "vu",
];
/// Words that insult where nothing else is said.
const WEAK: &[&str] = &["bad", "inutile", "mauvais", "suck", "sucks"];
/// Who is insulted.
const SOMEBODY: &[&str] = &["tu", "t", "ta", "vous", "you", "u", "bot", "espece"];
/// Words that go with insults.
#[rustfmt::skip]
const AROUND: &[&str] = &[
    "es", "etes", "un", "une", "de", "sale", "gros", "ferme", "vraiment", "trop", "ce", "an", "this",
    "re", "is", "really", "off", "piece", "of", "such", "completement", "completely",
];
/// Words that go with any of them.
const COMPANY: &[&str] = &[
    "a",
    "all",
    "au",
    "beaucoup",
    "bon",
    "bonne",
    "bot",
    "c",
    "ca",
    "d",
    "est",
    "everybody",
    "everyone",
    "for",
    "help",
    "it",
    "je",
    "l",
    "les",
    "lot",
    "much",
    "pour",
    "s",
    "see",
    "so",
    "t",
    "te",
    "that",
    "the",
    "there",
    "to",
    "tous",
    "toi",
    "tout",
    "tres",
    "va",
    "vais",
    "very",
    "vous",
    "works",
    "you",
    "your",
    "aide",
    "monde",
    "le",
    "how",
    "are",
    "comment",
];

impl Courtesy {
    /// What is said back, but for a greeting and an insult: each bot offers its own help then.
    pub fn told(self, language: Language) -> Option<&'static str> {
        match (self, language) {
            (Self::Greeting | Self::Insult, _) => None,
            (Self::Thanks, Language::English) => Some("You’re welcome."),
            (Self::Thanks, Language::French) => Some("Avec plaisir."),
            (Self::Agreement, Language::English) => Some("All right."),
            (Self::Agreement, Language::French) => Some("Très bien."),
            (Self::Farewell, Language::English) => Some("Goodbye!"),
            (Self::Farewell, Language::French) => Some("Au revoir\u{a0}!"),
            (Self::Praise, Language::English) => Some("Thank you!"),
            (Self::Praise, Language::French) => Some("Merci\u{a0}!"),
        }
    }

    /// The courtesy `text` is, when it is nothing else.
    pub fn of(text: &str) -> Option<Self> {
        let folded = fold(text);
        let words: Vec<_> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let is_code = text.contains(['_', '`', ':', '(']) && !text.contains(":)");
        if words.is_empty() || words.len() > LONGEST || is_code {
            return None;
        }
        if is_praise(&words) {
            return Some(Self::Praise);
        }
        if is_insulting(&words) {
            return Some(Self::Insult);
        }
        let kinds = [
            (THANKS, Self::Thanks),
            (FAREWELL, Self::Farewell),
            (GREETING, Self::Greeting),
            (AGREEMENT, Self::Agreement),
        ];
        let known = |word: &&str| is_company(word) || kinds.iter().any(|(list, _)| list.contains(word));
        if !words.iter().all(known) {
            return None;
        }
        if words.ends_with(&["how", "are", "you"]) || words.ends_with(&["ca", "va"]) {
            return Some(Self::Greeting);
        }
        kinds.into_iter().find(|(list, _)| words.iter().any(|word| list.contains(word))).map(|(_, kind)| kind)
    }
}

fn is_company(word: &str) -> bool {
    COMPANY.contains(&word)
}

fn is_insulting(words: &[&str]) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let known = |word: &&str| is_company(word) || is_insult(word) || [WEAK, SOMEBODY, AROUND].concat().contains(word);
    (is_said(words) || any(WEAK) && any(SOMEBODY)) && words.iter().all(known)
}

fn is_praise(words: &[&str]) -> bool {
    let said = words.windows(2).any(|pair| PRAISING.contains(&pair[0]) && PRAISED.contains(&pair[1]));
    let all =
        |known: &[&[&str]]| words.iter().all(|word| is_company(word) || known.iter().any(|list| list.contains(word)));
    if said { all(&[PRAISING, PRAISED, BRAVO]) } else { words.iter().any(|word| BRAVO.contains(word)) && all(&[BRAVO]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courtesies_are_told_from_questions() {
        for (text, expected) in [
            ("Bonjour !", Some(Courtesy::Greeting)),
            ("hi there", Some(Courtesy::Greeting)),
            ("merci beaucoup", Some(Courtesy::Thanks)),
            ("ok thanks", Some(Courtesy::Thanks)),
            ("OK", Some(Courtesy::Agreement)),
            ("c'est bon", None),
            ("au revoir", Some(Courtesy::Farewell)),
            ("hello world handler", None),
            ("where is hello", None),
            ("`ok`", None),
            ("Router", None),
            ("good job", Some(Courtesy::Praise)),
            ("Bien joué !", Some(Courtesy::Praise)),
            ("bravo", Some(Courtesy::Praise)),
            ("job", None),
            ("how are you?", Some(Courtesy::Greeting)),
            ("tu es nul, connard", Some(Courtesy::Insult)),
            ("you are useless", Some(Courtesy::Insult)),
            ("stupid backoff", None),
            ("con", None),
            ("salut, ça va ?", Some(Courtesy::Greeting)),
            ("", None),
        ] {
            assert_eq!(Courtesy::of(text), expected, "{text}");
        }
    }
}
