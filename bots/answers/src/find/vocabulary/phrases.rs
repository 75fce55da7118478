//! Words that together mean another: "tout d’un coup", "at my own pace".

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::analyse::{Chain, fold, terms};

/// So many words may stand between those of a phrase that says more than one thing: "mettre mes études en pause".
const BETWEEN: usize = 2;

/// The phrases of a subject, by their first word.
#[derive(Debug, Clone, Default)]
pub(super) struct Phrases(HashMap<String, Vec<Phrase>>);

/// A phrase, and what it means.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    steps: Vec<String>,
    between: usize,
    /// Whether its words mean nothing else in it: "emploi du temps".
    pub(super) is_fixed: bool,
    /// Whether all of its words are ones that every text is made of.
    pub(super) is_idle: bool,
    /// Whether it is about something else, and means nothing here.
    pub(super) is_elsewhere: bool,
    /// The terms that pages use for it.
    pub(super) means: Vec<String>,
    /// The first of them as a word.
    pub(super) word: String,
}

/// A word of a text: as it is typed, folded, and what it has in common with its other forms.
pub(super) struct Step {
    pub(super) typed: String,
    stem: String,
}

impl Phrase {
    /// `phrase` means the terms that `told` holds, with a word for each.
    pub(super) fn new(phrase: &str, told: &[(String, &str)], chain: Chain) -> Self {
        let steps = steps(phrase, chain);
        let content = steps.iter().filter(|step| !terms(&step.typed, chain).is_empty()).count();
        Self {
            between: if content > 1 { BETWEEN } else { 0 },
            is_fixed: false,
            is_idle: content == 0,
            is_elsewhere: false,
            steps: steps.into_iter().map(|step| step.stem).collect(),
            means: told.iter().map(|(term, _)| term.clone()).collect(),
            word: told.first().map(|(_, word)| fold(word)).unwrap_or_default(),
        }
    }

    /// A phrase about something else.
    pub(super) fn elsewhere(phrase: &str, chain: Chain) -> Self {
        Self { is_elsewhere: true, ..Self::new(phrase, &[], chain) }
    }

    /// The phrase, whose words mean nothing else in it.
    pub(super) fn fixed(self) -> Self {
        Self { is_fixed: true, ..self }
    }

    /// The places of its words in a text, if it begins there.
    fn places(&self, text: &[Step], from: usize) -> Option<Vec<usize>> {
        let mut places = Vec::with_capacity(self.steps.len());
        let (mut at, mut left) = (from, self.between);
        for step in &self.steps {
            let room = if places.is_empty() { 0 } else { left };
            let skipped = text.get(at..)?.iter().take(room + 1).position(|other| other.stem == *step)?;
            left -= skipped;
            places.push(at + skipped);
            at += skipped + 1;
        }
        Some(places)
    }
}

impl Phrases {
    pub(super) fn add(&mut self, phrase: Phrase) {
        if let Some(first) = phrase.steps.first().filter(|_| phrase.is_elsewhere || !phrase.means.is_empty()) {
            self.0.entry(first.clone()).or_default().push(phrase);
        }
    }

    /// The phrases in a text with the places of their words: the longest that begins at a place, and of those the one that
    /// stands closest together. No word is a part of two that begin at different places.
    pub(super) fn found_in(&self, text: &[Step]) -> Vec<(&Phrase, Vec<usize>)> {
        let mut found = Vec::new();
        let mut used = vec![false; text.len()];
        for (at, step) in text.iter().enumerate() {
            let here = self.0.get(&step.stem).into_iter().flatten();
            let here = here.filter_map(|phrase| Some((phrase, phrase.places(text, at)?)));
            let here: Vec<_> = here.filter(|(_, places)| !places.iter().any(|place| used[*place])).collect();
            let reach = |places: &[usize]| (places.len(), Reverse(places.last().copied()));
            let Some(best) = here.iter().map(|(_, places)| reach(places)).max() else { continue };
            // Several concepts may be said alike.
            let best: Vec<_> = here.into_iter().filter(|(_, places)| reach(places) == best).collect();
            best.iter().flat_map(|(_, places)| places).for_each(|place| used[*place] = true);
            found.extend(best);
        }
        found
    }
}

/// The words of a text. One that says nothing by itself is a part of phrases all the same.
pub(super) fn steps(text: &str, chain: Chain) -> Vec<Step> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let stem = terms(word, chain).into_iter().next().unwrap_or_else(|| word.to_owned());
            Step { typed: word.to_owned(), stem }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn phrases() -> Phrases {
        let mut phrases = Phrases::default();
        for (phrase, means) in
            [("d’un coup", "comptant"), ("tout d’un coup", "comptant"), ("mettre en pause", "suspension")]
        {
            phrases.add(Phrase::new(phrase, &[(means.to_owned(), means)], Chain::French));
        }
        phrases
    }

    fn found(text: &str) -> Vec<(String, Vec<usize>)> {
        let steps = steps(text, Chain::French);
        phrases().found_in(&steps).into_iter().map(|(phrase, places)| (phrase.word.clone(), places)).collect()
    }

    #[test]
    fn phrases_are_found_in_any_form_and_around_other_words() {
        assert_eq!(found("payer tout d'un coup"), [("comptant".to_owned(), vec![1, 2, 3, 4])]);
        assert_eq!(found("mettre mes études en pause"), [("suspension".to_owned(), vec![0, 3, 4])]);
        assert_eq!(found("on met en pause le stage"), []);
        assert_eq!(found("d’un beau coup"), []);
        assert_eq!(found("mettre tout ce que je veux en pause"), []);
        // What stands in a gap is found too.
        let both = [("suspension".to_owned(), vec![0, 3, 4]), ("comptant".to_owned(), vec![5, 6, 7])];
        assert_eq!(found("mettre les études en pause d’un coup"), both);
    }

    proptest! {
        #[test]
        fn places_are_of_the_text(text in "(d|un|coup|mettre|en|pause|tout| |’){0,30}") {
            let steps = steps(&text, Chain::French);
            let mut met = std::collections::HashSet::new();
            for (_, places) in phrases().found_in(&steps) {
                prop_assert!(places.is_sorted() && places.iter().all(|at| *at < steps.len()));
                prop_assert!(places.iter().all(|at| met.insert(*at)), "no word is a part of two");
            }
        }
    }
}
