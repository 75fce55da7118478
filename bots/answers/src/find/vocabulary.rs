//! Words of a subject that mean the same: who asks says "price", and the page says "tuition".

mod concepts;
mod lists;
mod phrases;

use std::collections::BTreeSet;

use super::Asked;
use super::asked::{ALIKE, Word};
use crate::analyse::{Chain, Language, english, fold, function_words, terms};
use concepts::Concepts;
use lists::{asking, computing, elsewhere, neutral};
use phrases::{Phrase, steps};

/// Shorter terms are those of several words: `visa` and `vis`.
const SURE_TERM: usize = 5;

/// What people mean when they ask about a subject.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    language: Language,
    /// The language of what is searched.
    told: Language,
    concepts: Concepts,
    /// Whether it is about code rather than pages.
    is_of_code: bool,
    /// Words that ask, and are no subject, folded.
    asking: BTreeSet<String>,
    /// What they are indexed under, when that is long enough to be of no other word.
    asking_terms: BTreeSet<String>,
    /// What words of other subjects are indexed under.
    elsewhere: BTreeSet<String>,
    /// All words as people write them, folded: what somebody misspells may be any of them.
    words: BTreeSet<String>,
}

impl Vocabulary {
    /// Reads concepts in `language`, one a line: `told, told: said, said`.
    ///
    /// Before the colon stand the words that pages use for it, which find each other; after it what people say, which finds
    /// these, words or phrases. A word is listed in one of its forms; `=mali` is meant in this spelling alone, for other words
    /// have its stem. A phrase before the colon, as "emploi du temps", finds the other words there, and its own are not looked
    /// for in it. What stands behind nothing, `: carte grise, préfecture`, is about something else. Empty lines and lines that
    /// begin with `#` mean nothing.
    pub fn read(language: Language, concepts: &str) -> Self {
        Self::across(language, language, concepts)
    }

    /// The same for questions in `language` about pages in the language `told`: what stands before the colon is in that of the
    /// pages, and what stands behind it in that of who asks.
    pub fn across(language: Language, told: Language, concepts: &str) -> Self {
        let concepts = Concepts::read(concepts, [told, language].map(Chain::for_prose));
        let neutral = neutral(language).filter(|word| !concepts.words.contains(&fold(word)));
        let asking = asking(language).chain(neutral).collect();
        let elsewhere = elsewhere(language).chain(computing(language)).collect();
        Self { told, ..Self::of(language, concepts, asking, elsewhere, false) }
    }

    /// The same for questions in `language` about code, which is told of in English. There any English word may be a subject:
    /// "write", "first", `404`.
    pub(super) fn of_code(language: Language, concepts: &str) -> Self {
        let said_in = match language {
            Language::English => Chain::Code,
            Language::French => Chain::French,
        };
        let concepts = Concepts::read(concepts, [Chain::Code, said_in]);
        let is_of_the_trade = |word: &&str| concepts.words.contains(&fold(word)) || english(word).is_some();
        let asking = match language {
            Language::English => Vec::new(),
            Language::French => neutral(language).filter(|word| !is_of_the_trade(word)).collect(),
        };
        let elsewhere =
            elsewhere(language).filter(|word| language == Language::English || !is_of_the_trade(word)).collect();
        Self::of(language, concepts, asking, elsewhere, true)
    }

    fn of(
        language: Language,
        concepts: Concepts,
        asking: Vec<&'static str>,
        elsewhere: Vec<&'static str>,
        is_of_code: bool,
    ) -> Self {
        let chain = Chain::for_prose(language);
        let term = |word: &str| match &terms(word, chain)[..] {
            [only] => Some(only.clone()),
            _ => None,
        };
        let others = concepts.elsewhere.clone();
        let functions = function_words(language).iter().map(|word| (*word).to_owned());
        let asks: BTreeSet<String> = asking.iter().map(|word| fold(word)).collect();
        Self {
            language,
            told: language,
            is_of_code,
            asking_terms: asking.into_iter().filter_map(term).filter(|term| term.len() >= SURE_TERM).collect(),
            // What means something here is not elsewhere.
            elsewhere: elsewhere
                .into_iter()
                .chain(others.iter().map(String::as_str))
                .filter(|word| !concepts.words.contains(&fold(word)))
                .filter_map(term)
                .collect(),
            words: asks.iter().cloned().chain(concepts.words.iter().cloned()).chain(functions).collect(),
            asking: asks,
            concepts,
        }
    }

    /// Whether a word of a question asks, and is no subject.
    fn asks(&self, word: &Word) -> bool {
        // "18h12", "3e", "2nd".
        let is_number = || word.typed.starts_with(char::is_numeric);
        let is_form = || self.terms_of(word).iter().any(|term| self.asking_terms.contains(term));
        self.asking.contains(&word.typed)
            || (!self.is_of_code && (is_number() || self.is_adverb(&word.typed)))
            || is_form()
    }

    /// Whether a word says how, as `individuellement`.
    fn is_adverb(&self, word: &str) -> bool {
        let endings: &[&str] = match self.language {
            Language::French => &["ablement", "amment", "ellement", "emment", "eusement", "iquement", "ivement"],
            Language::English => &["ally", "ately", "ently", "ously", "ively"],
        };
        endings.iter().any(|ending| word.ends_with(ending))
    }

    /// The language of what is searched.
    pub(crate) fn told(&self) -> Language {
        self.told
    }

    /// The language of who asks.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Whether `term` is one of its words.
    pub(super) fn holds(&self, term: &str) -> bool {
        self.asking_terms.contains(term) || self.concepts.holds(term)
    }

    /// Whether a word, folded, asks.
    pub(super) fn is_asking(&self, word: &str) -> bool {
        self.asking.contains(word)
    }

    /// Whether it knows what is meant by a word.
    pub(super) fn knows(&self, word: &Word) -> bool {
        let is_told = self.known_terms(word).any(|term| self.concepts.holds(term));
        !word.is_idle && (is_told || self.concepts.holds_exactly(&word.typed))
    }

    /// The terms of a word that other words of the vocabulary may be found by. One that asks, or that is of another language,
    /// is itself in no other form: `va` is no `VAE`, and `reste` no `rest`, although they have one stem.
    fn known_terms<'a>(&'a self, word: &'a Word) -> impl Iterator<Item = &'a String> {
        let is_foreign = self.language == Language::English && word.is_foreign;
        let is_bound = is_foreign || self.asking.contains(&word.typed);
        let own = Some(self.terms_of(word)).filter(|terms| terms.len() == 1).into_iter().flatten();
        own.filter(move |_| !is_bound || self.concepts.words.contains(&word.typed))
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

    /// Whether a text says more than that something is asked.
    pub(crate) fn names_subject(&self, text: &str) -> bool {
        let mut asked = Asked::read(text, Some(self.language));
        self.weaken(&mut asked);
        asked.words.iter().any(|word| !word.is_weak)
    }

    /// Marks the words of a question that only ask, and those of other subjects.
    pub(super) fn weaken(&self, asked: &mut Asked) {
        for word in &mut asked.words {
            word.is_weak |= self.asks(word);
            let is_ours = self.language == Language::French || !word.is_foreign;
            let is_listed = self.terms_of(word).iter().any(|term| self.elsewhere.contains(term));
            word.is_elsewhere |= is_ours && is_listed && !self.concepts.words.contains(&word.typed);
        }
    }

    /// Lets a question find what is said in other words too: by those of its own words, and by the phrases in its `text` that
    /// mean what `stands` somewhere. Gives words for what the phrases mean.
    pub(super) fn widen(&self, asked: &mut Asked, text: &str, stands: &dyn Fn(&str) -> bool) -> Vec<String> {
        for word in &mut asked.words {
            let known: Vec<&String> = self.known_terms(word).chain(&word.alike).collect();
            let exactly = self.concepts.like_exactly(&word.typed);
            let alike: BTreeSet<&String> =
                known.iter().flat_map(|term| self.concepts.like(term)).chain(exactly).collect();
            let alike: Vec<String> = alike.into_iter().filter(|term| !known.contains(term)).cloned().collect();
            word.alike.extend(alike);
        }
        self.weaken(asked);
        self.add_phrases(asked, text, stands)
    }

    /// Adds what phrases mean as words of the question. What their own words say by accident is no subject then.
    fn add_phrases(&self, asked: &mut Asked, text: &str, stands: &dyn Fn(&str) -> bool) -> Vec<String> {
        let steps = steps(text, Chain::for_prose(self.language));
        let mut meant = Vec::new();
        let found = self.concepts.phrases.found_in(&steps).into_iter();
        let speaks = |phrase: &Phrase| phrase.is_elsewhere || phrase.means.iter().any(|term| stands(term));
        for (phrase, places) in found.filter(|(phrase, _)| speaks(phrase)) {
            let is_part = |word: &Word| places.iter().any(|at| steps[*at].typed == word.typed);
            if phrase.is_elsewhere {
                asked.elsewhere += 1;
                asked.words.iter_mut().filter(|word| is_part(word)).for_each(|word| {
                    (word.is_weak, word.is_idle) = (true, true);
                });
                continue;
            }
            let is_meant = |word: &Word| self.terms_of(word).iter().any(|term| phrase.means.contains(term));
            for word in asked.words.iter_mut().filter(|word| is_part(word)) {
                word.is_weak |= !is_meant(word) && (phrase.is_fixed || !self.knows(word));
                word.is_elsewhere = false;
            }
            if let Some((first, others)) = phrase.means.split_first().filter(|_| !asked.words.iter().any(is_meant)) {
                asked.words.push(Word {
                    typed: phrase.word.clone(),
                    french: vec![first.clone()],
                    other: vec![first.clone()],
                    alike: others.to_vec(),
                    alike_counts: ALIKE,
                    is_weak: self.asking.contains(&phrase.word),
                    is_elsewhere: false,
                    is_foreign: false,
                    is_idle: phrase.is_idle,
                });
            }
            meant.push(phrase.word.clone());
        }
        meant
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widened(concepts: &str, text: &str) -> Vec<(String, String, bool)> {
        let vocabulary = Vocabulary::read(Language::French, concepts);
        let mut asked = Asked::read(text, Some(Language::French));
        vocabulary.widen(&mut asked, text, &|_| true);
        asked.words.into_iter().map(|word| (word.typed, word.alike.join(" "), word.is_weak)).collect()
    }

    fn word(typed: &str, alike: &str, is_weak: bool) -> (String, String, bool) {
        (typed.into(), alike.into(), is_weak)
    }

    #[test]
    fn words_of_one_concept_find_each_other_in_any_form() {
        let found = widened("prix, tarif, coûte\nstage", "combien coute le stage");
        assert_eq!(found, [word("coute", "prix tarif", true), word("stage", "", false)]);
    }

    #[test]
    fn who_asks_in_one_language_finds_what_is_told_in_another() {
        let concepts = "mensualité, fois: instalment, payment plan\npause: on hold";
        let vocabulary = Vocabulary::across(Language::English, Language::French, concepts);
        let mut asked = Asked::read("is there a payment plan, or instalments?", Some(Language::English));
        vocabulary.widen(&mut asked, "is there a payment plan, or instalments?", &|_| true);
        let found: Vec<_> = asked.words.iter().filter(|word| !word.alike.is_empty()).collect();
        let alike: Vec<&str> = found.iter().flat_map(|word| &word.alike).map(String::as_str).collect();
        assert!(found.iter().any(|word| word.typed == "instalments"), "{found:?}");
        assert!(alike.contains(&"mensualit"), "{alike:?}");
    }

    #[test]
    fn phrases_about_something_else_say_nothing_of_the_subject() {
        let vocabulary = Vocabulary::read(Language::French, "carte, badge\n: carte grise, refaire mon passeport");
        let mut asked = Asked::read("prix de la carte grise", Some(Language::French));
        vocabulary.widen(&mut asked, "prix de la carte grise", &|_| true);
        let knows: Vec<bool> = asked.words.iter().map(|word| vocabulary.knows(word)).collect();
        assert_eq!((asked.elsewhere, knows), (1, vec![false, false, false]));
        assert!(asked.words.iter().all(|word| word.typed == "prix" || word.is_weak));
    }

    #[test]
    fn phrases_are_words_of_the_question() {
        let found = widened("comptant, intégralité: tout d’un coup", "payer tout d’un coup");
        assert_eq!(found[0], word("payer", "", false));
        assert_eq!(found.last(), Some(&word("comptant", "integralit", false)));
        assert!(found.iter().all(|(typed, _, is_weak)| typed != "coup" || *is_weak));
        // Said in both ways, it is asked once.
        let found = widened("comptant: tout d’un coup", "payer comptant, tout d’un coup");
        assert_eq!(found.iter().filter(|(typed, ..)| typed == "comptant").count(), 1);
    }
}
