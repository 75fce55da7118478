//! The words of a question, and where they stand.

use std::ops::Range;

use crate::analyse::fold;

/// A word of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// As it is typed.
    pub(super) text: &'a str,
    /// Where it stands, in bytes.
    pub(super) at: Range<usize>,
    /// As it is compared.
    pub(super) folded: String,
}

impl Word<'_> {
    /// Whether it is among folded words.
    pub(super) fn is(&self, list: &[&str]) -> bool {
        list.contains(&self.folded.as_str())
    }
}

/// The words of a text. Names in code are words as a whole: `Router::route`.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let breaks = |c: char| c.is_whitespace() || "'’,;?!\"«»“”()[]{}…".contains(c);
    let mut found = Vec::new();
    let mut start = 0;
    for part in text.split_inclusive(breaks) {
        let word = part.trim_end_matches(breaks);
        let inner = word.trim_matches(|c: char| "`*.:-".contains(c));
        if !inner.is_empty() {
            let begin = start + word.find(inner).unwrap_or_default();
            found.push(Word { text: inner, at: begin..begin + inner.len(), folded: fold(inner) });
        }
        start += part.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_with_their_places() {
        let text = "Où est `Router::new`, l’école ?";
        let found: Vec<_> = words(text).iter().map(|word| (word.text, &text[word.at.clone()])).collect();
        let expected = ["Où", "est", "Router::new", "l", "école"];
        assert_eq!(found, expected.map(|word| (word, word)));
    }
}
