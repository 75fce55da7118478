//! Words that stand nowhere, read as what was meant: written by ear, an apostrophe left out, a letter too many, cut short.

mod near;
mod sound;

use std::cell::Cell;
use std::collections::BTreeMap;

use tantivy::{Searcher, Term};

use super::asked::Word;
use super::query::stands;
use super::{Asked, Vocabulary};
use crate::analyse::{Chain, Language, function_words, terms};
use crate::index::Fields;
use near::{Nearness, Typed};

/// Shorter words are too many others with a letter changed.
const SHORTEST: usize = 4;
/// Letters that stand before an apostrophe in French, which is often left out.
const ELIDED: &[&str] = &["qu", "l", "d", "m", "j", "s", "n", "t", "c"];
/// So many times all words of the index are gone through for a question.
const MOST_LOOKUPS: usize = 16;
/// So many words may be meant by one.
const MOST: usize = 3;

/// Reads words that stand in no passage, and that the vocabulary does not hold, as those that do and are nearly the same.
/// Gives the words that are read instead.
pub(super) fn correct(asked: &mut Asked, vocabulary: &Vocabulary, searcher: &Searcher, fields: Fields) -> Vec<String> {
    let speller = Speller { vocabulary, searcher, fields, lookups: Cell::new(MOST_LOOKUPS) };
    vocabulary.weaken(asked);
    let mut all = Vec::new();
    asked.words.retain_mut(|word| speller.correct(word, &mut all));
    all
}

struct Speller<'a> {
    vocabulary: &'a Vocabulary,
    searcher: &'a Searcher,
    fields: Fields,
    /// How many are left: of pasted text and of noise no more than the beginning is read closely.
    lookups: Cell<usize>,
}

impl Speller<'_> {
    /// Whether the word is still one to look for. What is meant by it is added to `all`.
    fn correct(&self, word: &mut Word, all: &mut Vec<String>) -> bool {
        if word.is_weak || word.is_elsewhere || self.vocabulary.terms_of(word).iter().any(|term| self.is_known(term)) {
            return true;
        }
        let meant = self.meant(&word.typed);
        all.extend(meant.iter().filter_map(|(_, words)| words.first().cloned()));
        let Some((nearness, words)) = meant else { return true };
        if words.iter().all(|word| self.is_function_word(word)) {
            return false;
        }
        if words.iter().all(|word| self.vocabulary.is_asking(word)) {
            word.is_weak = true;
        }
        let found: Vec<String> = words.iter().flat_map(|word| terms(word, self.chain())).collect();
        match (nearness, found.split_first()) {
            // Nothing else can be meant.
            (Nearness::Same, Some((first, others))) => {
                word.french = vec![first.clone()];
                word.other = vec![first.clone()];
                word.alike = others.to_vec();
            }
            _ => word.alike = found,
        }
        true
    }

    /// The words that `typed` may stand for, all as near to it.
    fn meant(&self, typed: &str) -> Option<(Nearness, Vec<String>)> {
        if self.vocabulary.language() == Language::French {
            for (letter, rest) in ELIDED.iter().filter_map(|letter| Some((*letter, typed.strip_prefix(letter)?))) {
                if rest.len() >= SHORTEST - 1 && rest.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']) {
                    // The article stands before nouns alone: `lune` is not `l’une`.
                    if letter != "l" && self.is_function_word(rest) {
                        return Some((Nearness::Same, vec![rest.to_owned()]));
                    }
                    if terms(rest, self.chain()).iter().any(|term| self.is_known(term)) {
                        return Some((Nearness::Same, vec![rest.to_owned()]));
                    }
                    if let Some(found) =
                        Some(rest).filter(|rest| rest.len() > SHORTEST).and_then(|rest| self.nearest(rest))
                    {
                        return Some(found);
                    }
                }
            }
        }
        self.nearest(typed)
    }

    fn nearest(&self, typed: &str) -> Option<(Nearness, Vec<String>)> {
        if typed.chars().count() < SHORTEST || typed.chars().any(char::is_numeric) {
            return None;
        }
        self.lookups.set(self.lookups.get().checked_sub(1)?);
        let typed = Typed::new(typed, self.vocabulary.language());
        let mut found: BTreeMap<Nearness, Vec<(u64, String)>> = BTreeMap::new();
        let mut add = |word: &str, nearness: Option<Nearness>, passages: u64| {
            let Some(nearness) = nearness else { return };
            let words = found.entry(nearness).or_default();
            if words.iter().all(|(_, other)| other != word) {
                words.push((passages, word.to_owned()));
            }
        };
        self.each_indexed(&mut |word, passages| add(word, typed.nearness(word), passages));
        for word in self.vocabulary.words() {
            let is_common = self.is_function_word(word) || self.vocabulary.is_asking(word);
            add(word, if is_common { typed.nearness_to_common(word) } else { typed.nearness(word) }, 0);
        }
        let (nearness, mut words) = found.pop_first()?;
        words.sort_by(|one, other| other.cmp(one));
        words.truncate(MOST);
        Some((nearness, words.into_iter().map(|(_, word)| word).collect()))
    }

    fn each_indexed(&self, each: &mut impl FnMut(&str, u64)) {
        for segment in self.searcher.segment_readers() {
            let Ok(inverted) = segment.inverted_index(self.fields.word) else { continue };
            let Ok(mut words) = inverted.terms().stream() else { continue };
            while words.advance() {
                if let Ok(word) = std::str::from_utf8(words.key()) {
                    each(word, words.value().doc_freq.into());
                }
            }
        }
    }

    fn is_known(&self, term: &str) -> bool {
        self.vocabulary.holds(term) || stands(self.searcher, &Term::from_field_text(self.fields.body, term))
    }

    fn is_function_word(&self, word: &str) -> bool {
        function_words(self.vocabulary.language()).binary_search(&word).is_ok()
    }

    fn chain(&self) -> Chain {
        Chain::for_prose(self.vocabulary.language())
    }
}
