//! Words of a subject that mean the same: who asks says "price", and the page says "tuition".

mod asking;

use std::collections::BTreeSet;

use super::Asked;
use super::asked::Word;
use crate::analyse::{Chain, Language, fold, function_words, terms};
use asking::asking;

/// Shorter terms are those of several words: `visa` and `vis`.
const SURE_TERM: usize = 5;

/// Words that are looked up together.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    language: Language,
    groups: Vec<BTreeSet<String>>,
    /// Words that ask, and are no subject, folded.
    asking: BTreeSet<String>,
    /// What they are indexed under, when that is long enough to be of no other word.
    asking_terms: BTreeSet<String>,
    /// All words as people write them, folded: what somebody misspells may be any of them.
    words: BTreeSet<String>,
}

impl Vocabulary {
    /// Groups of words in `language`, each of which means one thing. Their forms need not be listed; what is more than one
    /// word is passed over.
    pub fn new(language: Language, groups: &[&[&str]]) -> Self {
        let chain = Chain::for_prose(language);
        let term = |word: &&str| match &terms(word, chain)[..] {
            [only] => Some(only.clone()),
            _ => None,
        };
        let own = groups.iter().copied().flatten().chain(asking(language)).map(|word| fold(word));
        let words = own.chain(function_words(language).iter().map(|word| (*word).to_owned())).collect();
        Self {
            language,
            groups: groups.iter().map(|group| group.iter().filter_map(term).collect()).collect(),
            asking: asking(language).iter().map(|word| fold(word)).collect(),
            asking_terms: asking(language).iter().filter_map(term).filter(|term| term.len() >= SURE_TERM).collect(),
            words,
        }
    }

    /// Whether a word of a question asks, and is no subject.
    fn asks(&self, word: &Word) -> bool {
        let is_number = word.typed.chars().all(char::is_numeric);
        let is_form = || self.terms_of(word).iter().any(|term| self.asking_terms.contains(term));
        is_number || self.is_adverb(&word.typed) || self.asking.contains(&word.typed) || is_form()
    }

    /// Whether a word says how, as `individuellement`.
    fn is_adverb(&self, word: &str) -> bool {
        let endings: &[&str] = match self.language {
            Language::French => &["ablement", "amment", "ellement", "emment", "eusement", "iquement", "ivement"],
            Language::English => &["ally", "ately", "ently", "ously", "ively"],
        };
        endings.iter().any(|ending| word.ends_with(ending))
    }

    /// The language of its words.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The words that mean what `term` means, but for itself.
    fn like<'a>(&'a self, term: &'a str) -> impl Iterator<Item = &'a String> {
        let groups = self.groups.iter().filter(move |group| group.contains(term));
        groups.flatten().filter(move |other| other.as_str() != term)
    }

    /// Whether `term` is one of its words.
    pub(super) fn holds(&self, term: &str) -> bool {
        self.asking_terms.contains(term) || self.groups.iter().any(|group| group.contains(term))
    }

    /// Whether a word, folded, asks.
    pub(super) fn is_asking(&self, word: &str) -> bool {
        self.asking.contains(word)
    }

    /// The terms of a word of a question in the language of the vocabulary.
    pub(super) fn terms_of<'a>(&self, word: &'a Word) -> &'a [String] {
        match self.language {
            Language::French => &word.french,
            Language::English => &word.other,
        }
    }

    /// Its words, folded.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// Marks the words of a question that only ask.
    pub(super) fn weaken(&self, asked: &mut Asked) {
        for word in &mut asked.words {
            word.is_weak |= self.asks(word);
        }
    }

    /// Lets a question find what is said in other words too.
    pub(crate) fn widen(&self, asked: &mut Asked) {
        for word in &mut asked.words {
            let own = Some(self.terms_of(word)).filter(|terms| terms.len() == 1).into_iter().flatten();
            let own: Vec<&String> = own.chain(&word.alike).collect();
            let alike: BTreeSet<String> = own.iter().flat_map(|term| self.like(term)).cloned().collect();
            word.alike.extend(alike);
        }
        self.weaken(asked);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_group_find_each_other_in_any_form() {
        let vocabulary = Vocabulary::new(Language::French, &[&["prix", "tarif", "coûter"], &["stage"]]);
        let mut asked = Asked::read("combien coute le stage", Some(Language::French));
        vocabulary.widen(&mut asked);
        let alike: Vec<_> = asked.words.iter().map(|word| word.alike.join(" ")).collect();
        assert_eq!(alike, ["prix tarif", ""]);
        assert_eq!(asked.words.iter().map(|word| word.is_weak).collect::<Vec<_>>(), [true, false]);
    }
}
