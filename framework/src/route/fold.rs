//! How words are compared: without case, accents or typographic variants.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Punctuation that a person may put behind the last word without meaning it.
const TRAILING: [char; 5] = ['?', '!', '.', ',', '…'];

/// Folds text for comparison: compatibility decomposition, marks removed, lower case, œ→oe, æ→ae, ß→ss, ’→'.
#[must_use]
pub(crate) fn fold(text: &str) -> String {
    folded(text).into_owned()
}

/// The same, without a copy when nothing changes.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    if text.is_ascii() {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    let mut folded = String::with_capacity(text.len());
    for character in text.nfkd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase) {
        match character {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            '’' | 'ʼ' => folded.push('\''),
            _ if is_combining_mark(character) => {}
            _ => folded.push(character),
        }
    }
    Cow::Owned(folded)
}

/// The word without the punctuation behind it; a word of punctuation alone stays.
pub(crate) fn without_trailing(word: &str) -> &str {
    let bare = word.trim_end_matches(TRAILING);
    if bare.is_empty() { word } else { bare }
}

/// Whether a word is nothing but punctuation that may stand behind the last word, as French puts `?` apart.
pub(crate) fn is_trailing(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|character| TRAILING.contains(&character))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folds_what_people_type_differently() {
        for (typed, folded) in [
            ("Où", "ou"),
            ("ŒUVRE", "oeuvre"),
            ("Straße", "strasse"),
            ("l’École", "l'ecole"),
            ("ﬁn", "fin"),
            ("Ｈｅｌｐ", "help"),
            ("İstanbul", "istanbul"),
            ("déjà", "deja"),
        ] {
            assert_eq!(fold(typed), folded);
        }
    }

    #[test]
    fn drops_what_stands_behind_the_last_word() {
        assert_eq!(without_trailing("Router?!"), "Router");
        assert_eq!(without_trailing("?"), "?");
        assert!(is_trailing("…?"));
        assert!(!is_trailing("?x"));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
