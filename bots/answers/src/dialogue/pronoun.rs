//! Words that stand for what was spoken of, told from those that stand for nothing.

use std::ops::Range;

use super::follow_up::ASKING;
use super::words::Word;
use crate::analyse::fold;

const PRONOUNS: &[&str] = &["they", "them", "ca", "cela", "celui-ci", "celle-ci", "elle", "ils", "elles"];
/// Words that may stand for nothing: "il faut", "it is possible".
const EMPTY: &[&str] = &["il", "it"];
/// Verbs whose "il" stands for nothing: "faut-il", "y a-t-il", "que se passe-t-il".
#[rustfmt::skip]
const IMPERSONAL: &[&str] = &[
    "a", "agit", "arrive", "convient", "existe", "fait", "faudra", "faudrait", "faut", "fera", "manque", "parait", "passe",
    "pleut", "pleuvra", "reste", "semble", "suffit", "va", "vaut", "y",
];
/// Behind "il est" and "it is" these say that it stands for nothing.
#[rustfmt::skip]
const STATES: &[&str] = &[
    "conseille", "indispensable", "interdit", "necessaire", "obligatoire", "permis", "possible", "preferable", "prevu", "tard",
    "temps", "utile", "vrai", "allowed", "cold", "hot", "late", "mandatory", "necessary", "okay", "ok", "permitted", "rain",
    "raining", "snowing", "true",
];
/// So many words behind "il" are looked at: "il n’est plus encore possible".
const NEAR: usize = 4;
/// A verb and what stands for its subject, as one word; the longest first.
const INVERTED: &[&str] = &["-t-elles", "-t-elle", "-t-ils", "-t-il", "-elles", "-elle", "-ils", "-il"];
/// Words that stand for it at the end or behind a word that asks: elsewhere they begin a clause.
const POINTING: &[&str] = &["this", "that", "these", "those"];
/// Words that say it belongs to what was spoken of.
const POSSESSIVES: &[&str] = &["its", "their", "son", "sa", "ses", "leur", "leurs"];

/// A word that stands for what was spoken of.
#[derive(Debug)]
pub(super) struct Pronoun<'a> {
    /// Where it stands, in bytes.
    pub(super) at: Range<usize>,
    /// The verb before it that is one word with it: "dure-t-il"; else nothing.
    pub(super) verb: &'a str,
}

impl<'a> Pronoun<'a> {
    pub(super) fn of(words: &[Word<'a>]) -> Option<Self> {
        (0..words.len()).find_map(|at| Self::at(words, at))
    }

    fn at(words: &[Word<'a>], at: usize) -> Option<Self> {
        let word = &words[at];
        let points = || word.is(POINTING) && (at + 1 == words.len() || at > 0 && words[at - 1].is(ASKING));
        if word.is(PRONOUNS) || points() || word.is(EMPTY) && !is_empty(words, at, &word.folded) {
            return Some(Self { at: word.at.clone(), verb: "" });
        }
        let end = INVERTED.iter().find(|end| word.text.len() > end.len() && word.text.ends_with(**end))?;
        let verb = &word.text[..word.text.len() - end.len()];
        let stands_for_nothing = end.ends_with("il") && is_empty(words, at, &fold(verb));
        (!stands_for_nothing).then(|| Self { at: word.at.clone(), verb })
    }
}

/// Whether what stands at a place stands for nothing, by the verb that is one word with it and by the words behind it.
fn is_empty(words: &[Word<'_>], at: usize, verb: &str) -> bool {
    let next = &words[at + 1..];
    // "Quelle heure est-il ?", "what time is it?"
    words.iter().any(|word| word.is(&["heure", "time"]))
        || IMPERSONAL.contains(&verb)
        || next.first().is_some_and(|word| word.is(IMPERSONAL))
        || next.iter().take(NEAR).any(|word| word.is(STATES))
}

/// Whether something is said to belong to what was spoken of. In "peut-on garder son emploi" it belongs to anybody.
pub(super) fn is_owned(words: &[Word<'_>]) -> bool {
    owned(words).is_some() && !words.iter().any(|word| word.is(&["on"]) || word.folded.ends_with("-on"))
}

/// The word that says to what something belongs.
pub(super) fn owned<'a, 'b>(words: &'b [Word<'a>]) -> Option<&'b Word<'a>> {
    words.iter().find(|word| word.is(POSSESSIVES))
}
