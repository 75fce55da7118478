//! One spelling for words that people type in several ways.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without accents or ligatures: `Œuvre` and `oeuvre` are the same word.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            // A capital may become a letter and a mark: İ.
            c if is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

/// A name without case and separators, so that `write_boolean`, `writeBoolean` and
/// `write-boolean` are one name.
pub(crate) fn squash(name: &str) -> String {
    let mut squashed = fold(name);
    squashed.retain(char::is_alphanumeric);
    squashed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_is_stable() {
        for text in ["Œuvre", "ÉCOLE", "İstanbul", "Straße", "plain"] {
            assert_eq!(fold(&fold(text)), fold(text));
        }
        assert_eq!(fold("Cœur naïf"), "coeur naif");
    }

    #[test]
    fn names_in_any_case_are_one() {
        assert_eq!(squash("write_boolean"), squash("WriteBoolean"));
        assert_eq!(squash("__init__"), "init");
    }
}
