//! The words of the trade: who asks says "too many requests", and documents and code say "rate limit".

use std::sync::LazyLock;

use super::Vocabulary;
use crate::analyse::Language;

static ENGLISH: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::of_code(Language::English, include_str!("trade/english.txt")));
/// What is said in French, and the English words for it.
static FRENCH: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::of_code(Language::French, include_str!("trade/french.txt")));

/// The words of who asks in `language`, in the order in which they are to be used.
pub(super) fn words(language: Option<Language>) -> impl Iterator<Item = &'static Vocabulary> {
    let french = (language == Some(Language::French)).then(|| &*FRENCH);
    french.into_iter().chain([&*ENGLISH])
}
