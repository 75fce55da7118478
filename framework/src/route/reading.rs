//! How text becomes words.

use std::{borrow::Cow, ops::Range};

use super::fold::{folded, is_trailing, without_trailing};

/// Text, read word by word as far as somebody asks.
///
/// Words are separated by Unicode space; `"…"`, `“…”` and `«…»` hold several together. An unclosed quote, or one that
/// closes in the middle of a word, is an ordinary character.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    text: &'a str,
    words: Vec<Word<'a>>,
    /// Where the next word is looked for; past the end when all are read.
    next: usize,
}

/// One word of a [`Reading`].
#[derive(Clone, Debug)]
pub(crate) struct Word<'a> {
    /// Where its content stands.
    pub(crate) inner: Range<usize>,
    /// Where it stands with its quotes.
    pub(crate) outer: Range<usize>,
    folded: Cow<'a, str>,
    /// Whether it was quoted: then its punctuation is meant.
    quoted: bool,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, words: Vec::new(), next: 0 }
    }

    /// The text that is read.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The word at `index`, from 0; `None` behind the last.
    pub(crate) fn word(&mut self, index: usize) -> Option<&Word<'a>> {
        while self.words.len() <= index {
            let word = next_word(self.text, self.next)?;
            self.next = word.outer.end;
            self.words.push(word);
        }
        self.words.get(index)
    }

    /// The word at `index` as it is compared; the last one without the punctuation behind it.
    pub(crate) fn compared(&mut self, index: usize) -> Option<&str> {
        let last = self.word(index + 1).is_none();
        let word = self.word(index)?;
        let bare = if last && !word.quoted { without_trailing(&word.folded) } else { &word.folded };
        Some(bare)
    }

    /// How many words there are.
    #[cfg(test)]
    pub(crate) fn count(&mut self) -> usize {
        while self.word(self.words.len()).is_some() {}
        self.words.len()
    }

    /// The same text without a last word that is punctuation alone, as in "où est Router ?"; `None` if there is none.
    pub(crate) fn without_last_punctuation(&mut self) -> Option<Reading<'a>> {
        // Only a short tail can be such a word: long texts are not read to their end for it.
        let trimmed = self.text.trim_end();
        let start = trimmed.char_indices().rev().find(|(_, character)| character.is_whitespace()).map(|(at, _)| at)?;
        let last = trimmed[start..].trim_start();
        let before = trimmed[..start].trim_end();
        (is_trailing(last) && !before.is_empty()).then(|| Reading::new(before))
    }
}

/// The places of the words in `text`, without their quotes.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let word = next_word(text, from)?;
        from = word.outer.end;
        Some(word.inner)
    })
}

fn next_word(text: &str, from: usize) -> Option<Word<'_>> {
    let rest = text.get(from..)?;
    let start = from + rest.find(|character: char| !character.is_whitespace())?;
    if let Some((inner, outer)) = quoted(text, start) {
        let folded = folded(&text[inner.clone()]);
        return Some(Word { inner, outer, folded, quoted: true });
    }
    let length = text[start..].find(char::is_whitespace).unwrap_or(text.len() - start);
    let range = start..start + length;
    Some(Word { inner: range.clone(), folded: folded(&text[range.clone()]), outer: range, quoted: false })
}

/// The quoted word that begins at `start`, if one does: its content, and the whole with quotes.
fn quoted(text: &str, start: usize) -> Option<(Range<usize>, Range<usize>)> {
    let open = text[start..].chars().next()?;
    let close = match open {
        '"' => '"',
        '“' => '”',
        '«' => '»',
        _ => return None,
    };
    let content = start + open.len_utf8();
    let end = content + text[content..].find(close)?;
    let behind = end + close.len_utf8();
    let tail = text[behind..].find(char::is_whitespace).unwrap_or(text.len() - behind);
    let ends_the_word = tail == 0 || is_trailing(&text[behind..behind + tail]);
    let inner = trimmed(text, content..end);
    (ends_the_word && !inner.is_empty()).then_some((inner, start..behind + tail))
}

/// The range without space at either end: French writes `« mots »`.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let content = &text[range.clone()];
    let start = range.start + (content.len() - content.trim_start().len());
    start..start + content.trim().len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> Vec<&str> {
        words(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(all(r#"deploy "my api" to «la prod »"#), ["deploy", "my api", "to", "la prod"]);
        assert_eq!(all("say “a b”, now"), ["say", "a b", "now"]);
        assert_eq!(all(r#"is it "so"?"#), ["is", "it", "so"]);
    }

    #[test]
    fn an_unclosed_quote_is_an_ordinary_character() {
        assert_eq!(all(r#"say "a b"#), ["say", "\"a", "b"]);
        assert_eq!(all(r#"5" nail"#), ["5\"", "nail"]);
        assert_eq!(all(r#""a"b c"#), ["\"a\"b", "c"]);
        assert_eq!(all(r#"x """#), ["x", "\"\""]);
    }

    #[test]
    fn the_last_word_is_compared_without_its_punctuation() {
        let mut reading = Reading::new("Help me, NOW!!");
        assert_eq!(reading.compared(1), Some("me,"));
        assert_eq!(reading.compared(2), Some("now"));
        assert_eq!(reading.compared(3), None);
        assert_eq!(Reading::new("?").compared(0), Some("?"));
        assert_eq!(Reading::new(r#"search "why?""#).compared(1), Some("why?"));
    }

    #[test]
    fn french_puts_the_question_mark_apart() {
        let mut reading = Reading::new("où est Router ?");
        assert_eq!(reading.without_last_punctuation().map(|shorter| shorter.text), Some("où est Router"));
        assert!(Reading::new("?").without_last_punctuation().is_none());
        assert!(Reading::new("no mark").without_last_punctuation().is_none());
    }

    #[test]
    fn separates_by_any_space_of_unicode() {
        assert_eq!(all("a\u{a0}b\u{202f}c\nd"), ["a", "b", "c", "d"]);
    }

    #[test]
    fn reads_a_long_text_no_further_than_asked() {
        let text = "word ".repeat(20_000);
        let mut reading = Reading::new(&text);
        reading.word(1);
        assert_eq!(reading.words.len(), 2);
        assert_eq!(reading.count(), 20_000);
    }

    proptest! {
        #[test]
        fn words_are_slices_in_order(text in "[a-z\"“”«» ’é🙂\n]{0,60}") {
            let mut end = 0;
            for range in words(&text) {
                prop_assert!(range.start >= end && range.start < range.end);
                prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
                end = range.end;
            }
        }

        #[test]
        fn every_character_but_space_and_quotes_is_in_a_word(text in "[a-z\"« »é🙂]{0,60}") {
            let plain = |text: &str| text.chars().filter(|c| c.is_alphabetic() || *c == '🙂').collect::<String>();
            let read: String = words(&text).map(|range| plain(&text[range])).collect();
            prop_assert_eq!(read, plain(&text));
        }
    }
}
