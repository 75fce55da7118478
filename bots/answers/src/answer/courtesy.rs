//! What people say to a bot that is no question.

use crate::analyse::fold;

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
    /// The courtesy `text` is, when it is nothing else.
    pub fn of(text: &str) -> Option<Self> {
        let folded = fold(text);
        let words: Vec<_> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let is_code = text.contains(['_', '`', ':', '(']) && !text.contains(":)");
        if words.is_empty() || words.len() > LONGEST || is_code {
            return None;
        }
        let kinds = [
            (THANKS, Self::Thanks),
            (FAREWELL, Self::Farewell),
            (GREETING, Self::Greeting),
            (AGREEMENT, Self::Agreement),
        ];
        let known = |word: &&str| COMPANY.contains(word) || kinds.iter().any(|(list, _)| list.contains(word));
        if !words.iter().all(known) {
            return None;
        }
        kinds.into_iter().find(|(list, _)| words.iter().any(|word| list.contains(word))).map(|(_, kind)| kind)
    }
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
            ("", None),
        ] {
            assert_eq!(Courtesy::of(text), expected, "{text}");
        }
    }
}
