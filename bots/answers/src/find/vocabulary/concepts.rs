//! What is meant, by the words that pages use and by what people say.

use std::collections::{BTreeSet, HashMap};

use super::phrases::{Phrase, Phrases};
use crate::analyse::{Chain, fold, terms};

/// The concepts of a subject.
#[derive(Debug, Clone, Default)]
pub(super) struct Concepts {
    /// The terms that are looked up beside a term.
    like: HashMap<String, BTreeSet<String>>,
    /// The same for words that are meant in one spelling alone, folded.
    exact: HashMap<String, BTreeSet<String>>,
    pub(super) phrases: Phrases,
    /// Words about something else.
    pub(super) elsewhere: Vec<String>,
    /// All single words as people write them, folded.
    pub(super) words: BTreeSet<String>,
}

impl Concepts {
    /// Reads one concept a line, `told, told: said, said`: what pages say, which finds each other, and after the colon what
    /// people say for it, which finds what pages say. Lines that begin with `#` are headings.
    ///
    /// - The forms of a word need not be listed, unless it has another stem.
    /// - `=mali` is meant in this spelling alone: other words have the same stem.
    /// - Several words are a phrase. One before the colon, `emploi du temps`, finds the other words of its concept, and by
    ///   themselves its words mean nothing in it.
    /// - What stands behind nothing, `: carte grise, préfecture`, is about something else: words as far as no concept has them
    ///   and no page, and phrases whatever their words mean by themselves.
    ///
    /// The chains are those of what is told and of what is said.
    pub(super) fn read(text: &str, [told_in, said_in]: [Chain; 2]) -> Self {
        let mut concepts = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (told, said) = line.split_once(':').unwrap_or((line, ""));
            if told.trim().is_empty() {
                concepts.add_elsewhere(said, said_in);
                continue;
            }
            let (phrases, words): (Vec<&str>, Vec<&str>) = pieces(told).partition(|piece| is_phrase(piece));
            let mut met = BTreeSet::new();
            let told = words.iter().filter_map(|word| Some((term(word, told_in)?, spelling(word))));
            let told: Vec<(String, &str)> = told.filter(|(term, _)| met.insert(term.clone())).collect();
            for word in words {
                concepts.add_word(word, told_in, &told);
            }
            for phrase in phrases {
                concepts.phrases.add(Phrase::new(phrase, &told, said_in).fixed());
            }
            for piece in pieces(said) {
                match is_phrase(piece) {
                    true => concepts.phrases.add(Phrase::new(piece, &told, said_in)),
                    false => concepts.add_word(piece, said_in, &told),
                }
            }
        }
        concepts
    }

    fn add_elsewhere(&mut self, said: &str, chain: Chain) {
        for piece in pieces(said) {
            match is_phrase(piece) {
                true => self.phrases.add(Phrase::elsewhere(piece, chain)),
                false => self.elsewhere.push(piece.to_owned()),
            }
        }
    }

    fn add_word(&mut self, piece: &str, chain: Chain, told: &[(String, &str)]) {
        let Some(own) = term(piece, chain) else { return };
        let others = told.iter().map(|(term, _)| term).filter(|term| **term != own).cloned();
        let word = fold(spelling(piece));
        match piece.starts_with(EXACT) {
            true => self.exact.entry(word.clone()).or_default().extend(others),
            false => self.like.entry(own.clone()).or_default().extend(others),
        }
        self.words.insert(word);
    }

    /// The terms that mean what a term means, but for itself.
    pub(super) fn like(&self, term: &str) -> impl Iterator<Item = &String> {
        self.like.get(term).into_iter().flatten()
    }

    /// The same for a word in its spelling, folded.
    pub(super) fn like_exactly(&self, word: &str) -> impl Iterator<Item = &String> {
        self.exact.get(word).into_iter().flatten()
    }

    /// Whether `term` is that of one of its words.
    pub(super) fn holds(&self, term: &str) -> bool {
        self.like.contains_key(term)
    }

    /// Whether a word, folded, is one of those that are meant in one spelling.
    pub(super) fn holds_exactly(&self, word: &str) -> bool {
        self.exact.contains_key(word)
    }
}

/// Before a word that is meant in this spelling alone.
const EXACT: char = '=';

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|piece| !piece.is_empty())
}

fn is_phrase(piece: &str) -> bool {
    piece.contains(char::is_whitespace)
}

fn spelling(piece: &str) -> &str {
    piece.trim_start_matches(EXACT)
}

/// The term of a word; of one that has several, as `utf8`, the whole.
fn term(piece: &str, chain: Chain) -> Option<String> {
    terms(spelling(piece), chain).into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_finds_what_is_told_and_not_the_other_way() {
        let concepts = Concepts::read("# Travail\nemploi, métier: boulot, gagner sa vie\n\nprix", [Chain::French; 2]);
        let like = |term: &str| concepts.like(term).map(String::as_str).collect::<Vec<_>>();
        assert_eq!(like("boulot"), ["emploi", "meti"]);
        assert_eq!(like("emploi"), ["meti"]);
        let concepts_of = |text| Concepts::read(text, [Chain::French; 2]);
        let countries = concepts_of("étranger, =mali");
        assert!(!countries.holds("mal") && countries.holds_exactly("mali"));
        assert_eq!(countries.like_exactly("mali").collect::<Vec<_>>(), ["etrang"]);
        assert!(concepts.holds("prix") && like("prix").is_empty() && !concepts.holds("vi"));
    }
}
