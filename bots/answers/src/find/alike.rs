//! Other words for what documents say of how something is done.

use super::asked::Word;
use crate::analyse::{Chain, terms};

/// Terms of documents that may stand where a question says `word`, in either language; none for most words.
pub(super) fn alike(word: &Word) -> Vec<String> {
    let is_said = |said: &str| terms(said, Chain::French) == word.french || terms(said, Chain::Code) == word.other;
    let others = ALIKE.iter().filter(|(said, _)| is_said(said)).flat_map(|(_, others)| *others);
    let mut found: Vec<String> =
        others.flat_map(|other| [Chain::Code, Chain::French].map(|chain| terms(other, chain))).flatten().collect();
    found.sort();
    found.dedup();
    found
}

const ALIKE: &[(&str, &[&str])] = &[
    ("minimum", MINIMUM),
    ("minimal", MINIMUM),
    ("lancer", &["run", "start"]),
    ("launch", &["run", "start"]),
    ("execute", &["run"]),
    ("setup", &["install"]),
];

/// "1.2 or newer" says what the least version is.
const MINIMUM: &[&str] = &["newer", "later", "least", "recent", "msrv"];
