//! Turns text into index terms: words, identifiers and their parts, folded, stopped and stemmed.
//!
//! The same function serves indexing and asking, so what was indexed is what is looked for.

mod fold;
mod glossary;
mod language;
mod stops;
mod words;

pub use fold::fold;
pub(crate) use fold::squash;
pub(crate) use glossary::english;
pub use language::Language;
pub(crate) use stops::function_words;
pub(crate) use words::is_identifier;

use frostem::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};

/// Words longer than this are data, not language: hashes, encoded blobs.
const LONGEST_WORD: usize = 80;

/// How a text is analysed. It is chosen for each passage and each question.
///
/// Every chain keeps an identifier whole and adds its parts; they differ in stop words and stems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Chain {
    /// Source code, and prose about it: English stems, few stop words.
    Code,
    /// English prose.
    English,
    /// French prose: accents folded first, then stop words, then stems.
    French,
}

impl Chain {
    /// The chain for prose in `language`.
    pub fn for_prose(language: Language) -> Self {
        match language {
            Language::English => Self::English,
            Language::French => Self::French,
        }
    }

    fn stemmer(self) -> Stemmer {
        Stemmer::new(match self {
            Self::Code | Self::English => Algorithm::English,
            Self::French => Algorithm::French,
        })
    }

    fn drops(self, folded: &str) -> bool {
        match self {
            Self::Code | Self::English => stops::is_english(folded),
            Self::French => stops::is_french(folded),
        }
    }
}

/// One index term and the place it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The term as indexed.
    pub text: String,
    /// The ordinal of the word in the text; an identifier and its parts share it.
    pub position: usize,
    /// First byte in the text.
    pub from: usize,
    /// Byte after the last one.
    pub to: usize,
}

/// The index terms of `text`, in order. An identifier gives itself and then its parts.
pub fn tokens(text: &str, chain: Chain) -> Vec<Token> {
    let stemmer = chain.stemmer();
    let mut found = Vec::new();
    for (position, word) in words::words(text).enumerate() {
        if word.text.len() > LONGEST_WORD {
            continue;
        }
        let parts = words::parts(word.text);
        let mut push = |text: String, span: &std::ops::Range<usize>| {
            found.push(Token { text, position, from: word.from + span.start, to: word.from + span.end });
        };
        if parts.len() > 1 {
            // Written in any case, an identifier is the same term.
            push(squash(word.text), &(0..word.text.len()));
        }
        for part in parts {
            let folded = fold(&word.text[part.clone()]);
            if !chain.drops(&folded) {
                push(stemmer.stem(&folded).into_owned(), &part);
            }
        }
    }
    found.retain(|token| !token.text.is_empty());
    found
}

/// The distinct terms of `text`, in the order they first appear.
pub(crate) fn terms(text: &str, chain: Chain) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    tokens(text, chain).into_iter().map(|token| token.text).filter(|term| seen.insert(term.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str, chain: Chain) -> Vec<String> {
        terms(text, chain)
    }

    #[test]
    fn an_identifier_is_kept_whole_and_split() {
        assert_eq!(texts("writeBoolean", Chain::Code), ["writeboolean", "write", "boolean"]);
        assert_eq!(texts("parse_http2_request", Chain::Code), ["parsehttp2request", "pars", "http", "2", "request"]);
        assert_eq!(texts("HTTPServer", Chain::Code), ["httpserver", "http", "server"]);
        assert_eq!(texts("connections", Chain::Code), ["connect"]);
    }

    #[test]
    fn an_identifier_and_its_parts_share_a_position() {
        let found = tokens("call write_boolean now", Chain::Code);
        let positions: Vec<_> = found.iter().map(|token| (token.text.as_str(), token.position)).collect();
        assert_eq!(positions, [("call", 0), ("writeboolean", 1), ("write", 1), ("boolean", 1), ("now", 2)]);
    }

    #[test]
    fn french_is_the_same_with_and_without_accents() {
        let typed = "Où sont les réservations de l’école ? Jusqu'à quand ?";
        let plain = "Ou sont les reservations de l'ecole ? Jusqu'a quand ?";
        assert_eq!(texts(typed, Chain::French), texts(plain, Chain::French));
        assert_eq!(texts(typed, Chain::French), ["reserv", "ecol"]);
    }

    #[test]
    fn decomposed_accents_are_the_same_word() {
        assert_eq!(texts("e\u{301}cole", Chain::French), texts("école", Chain::French));
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_text(text in "\\PC{0,80}|[a-zA-Z_0-9éÉœß ]{0,80}") {
            for chain in [Chain::Code, Chain::English, Chain::French] {
                for token in tokens(&text, chain) {
                    prop_assert!(token.from < token.to && token.to <= text.len());
                    prop_assert!(text.get(token.from..token.to).is_some());
                    prop_assert!(!token.text.is_empty());
                }
            }
        }

        #[test]
        fn positions_never_go_back(text in "\\PC{0,80}") {
            let positions: Vec<_> = tokens(&text, Chain::Code).iter().map(|token| token.position).collect();
            prop_assert!(positions.is_sorted());
        }
    }
}
