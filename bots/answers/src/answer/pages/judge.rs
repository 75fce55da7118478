//! Judges sentences by what was asked.

use std::collections::{HashMap, HashSet};

use crate::analyse::{Chain, fold, terms};
use crate::answer::expected::Expected;
use crate::answer::extract::sentences_of;
use crate::find::{Hit, Weighed};
use crate::text::cut_at;

/// Sentences of an answer.
pub(super) const SENTENCES: usize = 4;
/// Rows of a table, where an answer is nothing else.
const ROWS: usize = 12;
/// Bytes of a sentence.
const LONGEST: usize = 400;
/// A sentence with less of the best one's share adds nothing.
pub(super) const WORTH: f32 = 0.65;

/// What a word of the question counts that stands elsewhere on the page than in the sentence or in its headings.
const ON_PAGE: f32 = 0.5;
/// A word in so many sections of a page is what the page is about, and is said of each of its sentences.
const THROUGHOUT: usize = 3;
/// What it counts that a sentence holds what was expected.
const EXPECTED: f32 = 0.3;
/// What it counts against a sentence that others say the same words already.
const AGAIN: f32 = 0.25;
/// What the rank of its passage counts.
const RANK: f32 = 0.35;

/// A sentence that may answer.
#[derive(Debug, Clone)]
pub(super) struct Sentence {
    /// The place of its passage among the hits.
    pub(super) hit: usize,
    at: usize,
    pub(super) score: f32,
    /// How much of the subject it holds itself.
    own: f32,
    /// What it says of each word of the question.
    said: Vec<f32>,
    pub(super) text: String,
}

/// The passages of sentences, in their order.
pub(super) fn cited(sentences: &[Sentence]) -> Vec<usize> {
    let mut seen = HashSet::new();
    sentences.iter().map(|sentence| sentence.hit).filter(|hit| seen.insert(*hit)).collect()
}

/// The best sentences of the passages: those of one passage together, the best passage first.
pub(super) fn best(hits: &[Hit], judge: &Judge<'_>) -> Vec<Sentence> {
    let mut all: Vec<Sentence> = hits.iter().enumerate().flat_map(|(at, hit)| judge.sentences(at, hit)).collect();
    all.sort_by(|one, other| {
        other.score.total_cmp(&one.score).then(one.hit.cmp(&other.hit)).then(one.at.cmp(&other.at))
    });
    keep_rows_that_are_asked_for(&mut all);
    let mut said = HashSet::new();
    all.retain(|sentence| said.insert(sentence.text.clone()));
    let least = all.first().map_or(0.0, |sentence| sentence.score) * WORTH;
    all.retain(|sentence| sentence.score >= least);
    let (chosen, left) = varied(all);
    let mut all = with_all_rows(chosen, left);
    let order = cited(&all);
    all.sort_by_key(|sentence| (order.iter().position(|hit| *hit == sentence.hit), sentence.at));
    all
}

/// The best of them: the first, and then those that say most beside the ones before. Gives what is left too.
fn varied(mut left: Vec<Sentence>) -> (Vec<Sentence>, Vec<Sentence>) {
    let mut chosen: Vec<Sentence> = Vec::new();
    while chosen.len() < SENTENCES {
        let again = |sentence: &Sentence| -> f32 {
            let known = |at: usize| chosen.iter().map(|other| other.said[at]).fold(0.0, f32::max);
            sentence.said.iter().enumerate().map(|(at, said)| said.min(known(at))).sum()
        };
        let worth = |sentence: &Sentence| sentence.score - AGAIN * again(sentence);
        // Of those that are worth as much the first.
        let best = (0..left.len()).rev().max_by(|one, other| worth(&left[*one]).total_cmp(&worth(&left[*other])));
        let Some(best) = best else { break };
        chosen.push(left.remove(best));
    }
    (chosen, left)
}

/// Of the rows of tables, those that hold most of the subject: the price of one course is none of another's.
fn keep_rows_that_are_asked_for(sentences: &mut Vec<Sentence>) {
    let most = sentences.iter().filter(|sentence| is_row(&sentence.text)).map(|row| row.own).fold(0.0, f32::max);
    sentences.retain(|sentence| sentence.own >= most || !is_row(&sentence.text));
}

/// Where nothing but rows of one table is told, all of its rows that are as good are: the prices of all courses.
fn with_all_rows(chosen: Vec<Sentence>, left: Vec<Sentence>) -> Vec<Sentence> {
    let Some(table) = chosen.first().map(|first| first.hit) else { return chosen };
    let is_of_table = |sentence: &Sentence| sentence.hit == table && is_row(&sentence.text);
    if chosen.len() < SENTENCES || !chosen.iter().all(is_of_table) {
        return chosen;
    }
    let mut rows: Vec<Sentence> = chosen.into_iter().chain(left.into_iter().filter(is_of_table)).collect();
    rows.sort_by_key(|row| row.at);
    rows.truncate(ROWS);
    rows
}

/// "Bachelor — Prix : 3 900 €": a row is read with the heads of its columns.
fn is_row(text: &str) -> bool {
    text.split_once(" — ").is_some_and(|(_, cells)| cells.contains(':'))
}

/// What was asked, to judge by.
pub(super) struct Judge<'a> {
    words: &'a [Weighed],
    expected: Option<&'a Expected>,
    /// The terms of each page, as far as its passages were found, with the number of those that hold them.
    pages: HashMap<String, HashMap<String, usize>>,
    /// The score of the best passage.
    best: f32,
}

impl<'a> Judge<'a> {
    pub(super) fn new(hits: &[Hit], words: &'a [Weighed], expected: Option<&'a Expected>) -> Self {
        let mut pages: HashMap<String, HashMap<String, usize>> = HashMap::new();
        for Hit { passage, .. } in hits {
            let said = held(&format!("{}\n{}", passage.header(), passage.text), passage.chain);
            let page = pages.entry(passage.locator.document()).or_default();
            said.into_iter().for_each(|term| *page.entry(term).or_default() += 1);
        }
        let best = hits.first().map_or(1.0, |hit| hit.score).max(f32::MIN_POSITIVE);
        Self { words, expected, pages, best }
    }

    /// The share of the subject that the page holds which holds most of it; nothing when the question has no subject.
    pub(super) fn subject(&self) -> Option<f32> {
        let subject = || self.words.iter().filter(|word| !word.is_weak);
        let total: f32 = subject().map(|word| word.rarity).sum();
        if total <= 0.0 {
            return None;
        }
        let share = |page: &HashMap<String, usize>| {
            subject().map(|word| word.rarity * word.held(|term| page.contains_key(term))).sum::<f32>() / total
        };
        Some(self.pages.values().map(share).fold(0.0, f32::max))
    }

    /// The sentences of a passage, which is the one at `place` among those that were found.
    fn sentences(&self, place: usize, hit: &Hit) -> Vec<Sentence> {
        let passage = &hit.passage;
        // A heading is said of each sentence below it.
        let above = held(&passage.header(), passage.chain);
        let page = self.pages.get(&passage.locator.document());
        let total = self.words.iter().map(|word| word.rarity).sum::<f32>().max(f32::MIN_POSITIVE);
        let judged = |at: usize, text: String| {
            let own = held(&text, passage.chain);
            let counts = |word: &Weighed| {
                let around = page.map_or(0.0, |page| {
                    let throughout = word.held(|term| page.get(term).is_some_and(|passages| *passages >= THROUGHOUT));
                    throughout.max(ON_PAGE * word.held(|term| page.contains_key(term)))
                });
                word.held_by(&own).max(word.held_by(&above)).max(around)
            };
            let said: Vec<f32> = self.words.iter().map(|word| word.rarity * counts(word) / total).collect();
            let is_expected = self.expected.is_some_and(|expected| expected.stands_in(&text));
            let score =
                said.iter().sum::<f32>() + if is_expected { EXPECTED } else { 0.0 } + RANK * hit.score / self.best;
            let subject = self.words.iter().filter(|word| !word.is_weak);
            let own = subject.map(|word| word.rarity * word.held_by(&own)).sum();
            Sentence { hit: place, at, score, own, said, text: bounded(understood(text, hit)) }
        };
        let sentences = sentences_of(&passage.text).into_iter().enumerate();
        sentences.map(|(at, text)| judged(at, text)).collect()
    }
}

fn held(text: &str, chain: Chain) -> HashSet<String> {
    terms(text, chain).into_iter().collect()
}

/// "Oui, une fois." is understood with the question above it alone.
fn understood(text: String, hit: &Hit) -> String {
    let title = hit.passage.title.trim();
    if !title.ends_with('?') {
        return text;
    }
    let first = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_answer = ["oui", "non", "yes", "no"].contains(&fold(first).as_str());
    if is_answer { format!("{title} {text}") } else { text }
}

fn bounded(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    format!("{}…", cut_at(&text, LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_already_leaves_room_for_what_was_not() {
        let sentence = |at: usize, score: f32, said: [f32; 2]| Sentence {
            hit: 0,
            at,
            score,
            own: 0.0,
            said: said.to_vec(),
            text: at.to_string(),
        };
        let alike = (0..5).map(|at| sentence(at, 0.8, [0.6, 0.0]));
        let all: Vec<Sentence> = alike.chain([sentence(5, 0.7, [0.1, 0.4]), sentence(6, 0.6, [0.6, 0.0])]).collect();
        let told: Vec<usize> = varied(all).0.iter().map(|sentence| sentence.at).collect();
        assert_eq!(told, [0, 5, 1, 2]);
    }
}
