//! Tells French from English by the function words of a text.

use super::{fold, stops, words};
use serde::{Deserialize, Serialize};

/// A language people write in, and the language of an answer's fixed words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
}

impl Language {
    /// The language of `text` by a vote of its function words; nothing when they do not decide.
    pub fn of(text: &str) -> Option<Self> {
        let (mut english, mut french) = (0_usize, 0_usize);
        for word in words::words(text) {
            // An accent is a French vote of its own: English has next to none.
            let accented = word.text.chars().any(|c| "àâçéèêëîïôùûœÀÂÇÉÈÊÎÔÙŒ".contains(c));
            // A letter alone is a name more often than a word.
            if word.text.len() == 1 {
                continue;
            }
            let folded = fold(word.text);
            let (e, f) = (stops::is_english(&folded), stops::is_french(&folded));
            let told = SIGNS.binary_search(&folded.as_str()).is_ok();
            english += usize::from(e && !f);
            french += usize::from((f && !e) || accented || told);
        }
        match english.cmp(&french) {
            std::cmp::Ordering::Greater => Some(Self::English),
            std::cmp::Ordering::Less => Some(Self::French),
            std::cmp::Ordering::Equal => None,
        }
    }
}

// Frequent in short French requests, rare in English.
#[rustfmt::skip]
const SIGNS: &[&str] = &[
    "affiche", "aide", "bonjour", "bonsoir", "cherche", "connard", "debile", "defini", "definie",
    "explique", "fichier", "fonction", "merci", "montre", "salut", "trouve",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_decide() {
        assert_eq!(Language::of("Where is the router defined?"), Some(Language::English));
        assert_eq!(Language::of("Où est défini Router ?"), Some(Language::French));
        assert_eq!(Language::of("ou est defini le Router"), Some(Language::French));
        assert_eq!(Language::of("cherche Router"), Some(Language::French));
        assert_eq!(Language::of("Router"), None);
        assert_eq!(Language::of("search a c d l"), None);
        assert_eq!(Language::of(""), None);
    }

    #[test]
    fn the_signs_are_sorted() {
        assert!(SIGNS.is_sorted());
    }
}
