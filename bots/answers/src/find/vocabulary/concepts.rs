//! What is meant, by the words that pages use and by what people say.

use std::collections::{BTreeSet, HashMap};

use super::phrases::{Phrase, Phrases};
use crate::analyse::{Chain, fold, terms};

/// The concepts of a subject.
#[derive(Debug, Clone, Default)]
pub(super) struct Concepts {
    /// The terms that are looked up beside a term.
    like: HashMap<String, BTreeSet<String>>,
    pub(super) phrases: Phrases,
    /// All single words as people write them, folded.
    pub(super) words: BTreeSet<String>,
}

impl Concepts {
    /// Reads one concept a line, `told, told: said, said`: what pages say, which finds each other, and after the colon what
    /// people say for it, which finds what pages say. Several words may be a phrase: one that pages say is looked up by the
    /// other words of the concept, and its own mean nothing else in it. Lines that begin with `#` are headings. The chains
    /// are those of what is told and of what is said.
    pub(super) fn read(text: &str, [told_in, said_in]: [Chain; 2]) -> Self {
        let mut concepts = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (told, said) = line.split_once(':').unwrap_or((line, ""));
            let (phrases, words): (Vec<&str>, Vec<&str>) = pieces(told).partition(|piece| is_phrase(piece));
            let told: Vec<(String, &str)> =
                words.into_iter().filter_map(|word| Some((term(word, told_in)?, word))).collect();
            for (own, word) in &told {
                concepts.add_word(word, own, &told);
            }
            for phrase in phrases {
                concepts.phrases.add(Phrase::new(phrase, &told, said_in).fixed());
            }
            for piece in pieces(said) {
                match term(piece, said_in).filter(|_| !is_phrase(piece)) {
                    Some(own) => concepts.add_word(piece, &own, &told),
                    None => concepts.phrases.add(Phrase::new(piece, &told, said_in)),
                }
            }
        }
        concepts
    }

    fn add_word(&mut self, word: &str, own: &str, told: &[(String, &str)]) {
        let others = told.iter().map(|(term, _)| term).filter(|term| *term != own).cloned();
        self.like.entry(own.to_owned()).or_default().extend(others);
        self.words.insert(fold(word));
    }

    /// The terms that mean what `term` means, but for itself.
    pub(super) fn like(&self, term: &str) -> impl Iterator<Item = &String> {
        self.like.get(term).into_iter().flatten()
    }

    /// Whether `term` is that of one of its words.
    pub(super) fn holds(&self, term: &str) -> bool {
        self.like.contains_key(term)
    }
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|piece| !piece.is_empty())
}

fn is_phrase(piece: &str) -> bool {
    piece.contains(char::is_whitespace)
}

/// The term of a single word.
fn term(word: &str, chain: Chain) -> Option<String> {
    match &terms(word, chain)[..] {
        [only] => Some(only.clone()),
        _ => None,
    }
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
        assert!(concepts.holds("prix") && like("prix").is_empty() && !concepts.holds("vi"));
    }
}
