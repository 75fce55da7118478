//! Words that stand nowhere, read as what was meant: an apostrophe left out, a letter too many.

use std::collections::BTreeSet;

use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use super::{Asked, Vocabulary};
use crate::analyse::{Chain, terms};

/// Shorter words have too many others a letter away.
const SHORTEST: usize = 5;
/// Shorter stems are the beginning of too many words.
const SHORTEST_ROOT: usize = 5;
/// Letters that often stand before an apostrophe in French.
const ELIDED: &[char] = &['l', 'd', 'm', 'j', 's'];
/// So many words may be meant by one.
const MOST: usize = 3;

/// Lets words that stand in no passage, and that the vocabulary does not hold, find those that do and are nearly the same.
pub(super) fn mend(asked: &mut Asked, vocabulary: &Vocabulary, searcher: &Searcher, body: Field) {
    let is_indexed = |term: &str| searcher.doc_freq(&Term::from_field_text(body, term)).is_ok_and(|count| count > 0);
    let is_known = |term: &str| is_indexed(term) || vocabulary.holds(term);
    for word in &mut asked.words {
        if word.is_weak || word.french.iter().chain(&word.other).any(|term| is_known(term)) {
            continue;
        }
        let Some(term) = word.french.first().or(word.other.first()).cloned() else { continue };
        let whole = term.strip_prefix(ELIDED).filter(|rest| rest.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']));
        let whole = whole.and_then(|rest| terms(rest, Chain::French).into_iter().next()).filter(|term| is_known(term));
        word.alike = whole.map_or_else(|| near(&term, searcher, body), |term| vec![term]);
    }
}

/// The terms of the index that are one letter away from `term`.
fn near(term: &str, searcher: &Searcher, body: Field) -> Vec<String> {
    if term.chars().count() < SHORTEST_ROOT {
        return Vec::new();
    }
    let mut found = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let Ok(inverted) = segment.inverted_index(body) else { continue };
        let Ok(mut known) = inverted.terms().stream() else { continue };
        while known.advance() && found.len() < MOST {
            if let Ok(other) = std::str::from_utf8(known.key())
                && (is_slip(term, other) || is_same_root(term, other))
            {
                found.insert(other.to_owned());
            }
        }
    }
    found.into_iter().collect()
}

/// Whether one word goes on where the other ends: stems of one family are not always the same.
fn is_same_root(one: &str, other: &str) -> bool {
    one.len().min(other.len()) >= SHORTEST_ROOT && (one.starts_with(other) || other.starts_with(one))
}

/// Whether two words differ in one letter: another, one more, one less, or two that changed places.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    // The first letter is rarely the wrong one.
    if start == 0 {
        return false;
    }
    if one.len().min(other.len()) < SHORTEST {
        return false;
    }
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let end = end.min(one.len() - start).min(other.len() - start);
    match (&one[start..one.len() - end], &other[start..other.len() - end]) {
        ([_], [_] | []) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_is_a_slip_and_two_are_another_word() {
        for (one, other) in [
            ("alternence", "alternance"),
            ("finacement", "financement"),
            ("plussieurs", "plusieurs"),
            ("satge", "stage"),
        ] {
            assert!(is_slip(one, other) && is_slip(other, one), "{one} {other}");
        }
        for (one, other) in [("stage", "stage"), ("tesla", "tests"), ("bourse", "course"), ("a", "ab"), ("", "a")] {
            assert!(!is_slip(one, other), "{one} {other}");
        }
        assert!(is_same_root("resil", "resili") && !is_same_root("rest", "restaur"));
    }
}
