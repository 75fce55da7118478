//! Cuts text into words, and identifiers into parts.

use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// A run of letters, digits and underscores.
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) from: usize,
}

/// The words of `text`. Everything else separates, apostrophes too, so `l'école` is two words.
pub(super) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let from = rest + text[rest..].find(starts_word)?;
        let length = text[from..].find(|c| !continues_word(c)).unwrap_or(text.len() - from);
        rest = from + length;
        Some(Word { text: &text[from..rest], from })
    })
}

fn starts_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn continues_word(c: char) -> bool {
    starts_word(c) || is_combining_mark(c)
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Lower,
    Upper,
    Digit,
    Mark,
    Gap,
}

fn class(c: char) -> Class {
    match c {
        '_' => Class::Gap,
        c if is_combining_mark(c) => Class::Mark,
        c if c.is_numeric() => Class::Digit,
        c if c.is_uppercase() => Class::Upper,
        _ => Class::Lower,
    }
}

/// The byte ranges of the parts of a word: `snake_case`, `camelCase`, `HTTPServer`, `utf8`.
/// Never empty unless the word is made of underscores alone.
pub(super) fn parts(word: &str) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut start: Option<usize> = None;
    let mut before = Class::Gap;
    let mut chars = word.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let now = match class(c) {
            Class::Mark => before,
            other => other,
        };
        let next = chars.peek().map(|&(_, c)| class(c));
        if let Some(from) = start
            && breaks(before, now, next)
        {
            parts.push(from..at);
            start = None;
        }
        if start.is_none() && now != Class::Gap {
            start = Some(at);
        }
        before = now;
    }
    if let Some(from) = start {
        parts.push(from..word.len());
    }
    parts
}

fn breaks(before: Class, now: Class, next: Option<Class>) -> bool {
    match (before, now) {
        (_, Class::Gap) | (Class::Lower, Class::Upper) => true,
        (Class::Digit, Class::Lower | Class::Upper) | (Class::Lower | Class::Upper, Class::Digit) => true,
        // The last capital of a run opens the next word: HTTPServer.
        (Class::Upper, Class::Upper) => next == Some(Class::Lower),
        _ => false,
    }
}

/// Whether a word can only be a name in code: it holds an underscore, a hump, or letters and digits.
pub(crate) fn is_identifier(word: &str) -> bool {
    let inner = word.trim_matches('_');
    let humps = inner.chars().zip(inner.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    let error_code = inner.len() > 2
        && inner.starts_with(|c: char| c.is_ascii_uppercase())
        && inner[1..].chars().all(|c| c.is_ascii_digit());
    inner.contains('_') || (word.starts_with('_') && !inner.is_empty()) || humps || error_code
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(word: &str) -> Vec<&str> {
        parts(word).into_iter().map(|range| &word[range]).collect()
    }

    #[test]
    fn parts_follow_case_and_digits() {
        assert_eq!(cut("__init__"), ["init"]);
        assert_eq!(cut("getHTTPResponseCode"), ["get", "HTTP", "Response", "Code"]);
        assert_eq!(cut("sha256sum"), ["sha", "256", "sum"]);
        assert_eq!(cut("Router"), ["Router"]);
        assert_eq!(cut("MAX_LEN"), ["MAX", "LEN"]);
        assert!(cut("___").is_empty());
    }

    #[test]
    fn identifiers_are_told_from_words() {
        for name in ["foo_bar", "fooBar", "_private", "E0308", "JoinHandle", "__init__"] {
            assert!(is_identifier(name), "{name}");
        }
        for word in ["router", "Router", "HTTP", "école", "_", "I"] {
            assert!(!is_identifier(word), "{word}");
        }
    }
}
