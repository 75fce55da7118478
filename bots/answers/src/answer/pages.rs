//! Answers from the pages of a website: the sentences that say most of what was asked, wherever they stand.

use std::collections::{HashMap, HashSet};

use super::expected::Expected;
use super::extract::sentences_of;
use super::{Answer, Answerer, Courtesy, NEAREST, Question, SOURCES};
use crate::analyse::{Chain, terms};
use crate::error::Error;
use crate::find::{Asked, Hit, Vocabulary, Weighed};
use crate::text::cut_at;

/// When no page holds this share of the subject, a question is about something else.
const REFUSE_SUBJECT: f32 = 0.42;
/// The same for the confidence in the best passage.
const REFUSE: f32 = 0.2;
/// Below these the sentences may miss the point.
const UNSURE_SUBJECT: f32 = 0.6;
const UNSURE: f32 = 0.4;
/// Sentences of an answer.
const SENTENCES: usize = 4;
/// Bytes of a sentence.
const LONGEST: usize = 400;
/// Passages with less of the best score are not read.
const NEAR: f32 = 0.35;
/// A sentence with less of the best one's share adds nothing.
const WORTH: f32 = 0.7;

/// What a word of the question counts that stands elsewhere on the page than in the sentence or in its headings.
const ON_PAGE: f32 = 0.6;
/// What it counts that a sentence holds what was expected.
const EXPECTED: f32 = 0.3;
/// What the rank of its passage counts.
const RANK: f32 = 0.2;

struct Sentence {
    /// The place of its passage among the hits.
    hit: usize,
    at: usize,
    score: f32,
    text: String,
}

impl Answerer<'_> {
    /// What the pages say to a question.
    pub(crate) fn answer_from_pages(&self, question: &Question, vocabulary: &Vocabulary) -> Result<Answer, Error> {
        if let Some(courtesy) = Courtesy::of(&question.text) {
            return Ok(Answer::Courtesy(courtesy));
        }
        if self.finder.is_empty() {
            return Ok(Answer::NotReady);
        }
        let mut asked = Asked::read(&question.text, question.language);
        self.finder.mend(&mut asked, vocabulary);
        vocabulary.widen(&mut asked);
        let (mut hits, words) = self.finder.weighed(&asked)?;
        let best = hits.first().map_or(0.0, |hit| hit.score);
        let confidence = hits.iter().map(Hit::confidence).fold(0.0, f32::max);
        let judge = Judge::new(&hits, &words, Expected::of(&question.text));
        let subject = judge.subject();
        if confidence < REFUSE || subject < REFUSE_SUBJECT {
            return Ok(self.refused(&asked));
        }
        hits.retain(|hit| hit.score >= best * NEAR);
        let chosen = sentences(&hits, &judge);
        let cited: Vec<Hit> = cited(&chosen).into_iter().filter_map(|at| hits.get(at).cloned()).collect();
        let summary = chosen.into_iter().map(|sentence| sentence.text).collect();
        let company = hits.iter().filter(|hit| hit.score >= best * WORTH).cloned();
        let places: Vec<Hit> = cited.into_iter().chain(company).collect();
        Ok(if confidence < UNSURE || subject < UNSURE_SUBJECT {
            Answer::Unsure { missing: None, summary, nearest: self.sources(&places, NEAREST) }
        } else {
            Answer::Found { summary, excerpt: None, sources: self.sources(&places, SOURCES) }
        })
    }
}

/// The passages of sentences, in their order.
fn cited(sentences: &[Sentence]) -> Vec<usize> {
    let mut seen = HashSet::new();
    sentences.iter().map(|sentence| sentence.hit).filter(|hit| seen.insert(*hit)).collect()
}

/// The best sentences of the passages: those of one passage together, the best passage first.
fn sentences(hits: &[Hit], judge: &Judge<'_>) -> Vec<Sentence> {
    let mut all: Vec<Sentence> = hits.iter().enumerate().flat_map(|(at, hit)| judge.sentences(at, hit)).collect();
    all.sort_by(|one, other| {
        other.score.total_cmp(&one.score).then(one.hit.cmp(&other.hit)).then(one.at.cmp(&other.at))
    });
    let mut said = HashSet::new();
    all.retain(|sentence| said.insert(sentence.text.clone()));
    let least = all.first().map_or(0.0, |sentence| sentence.score) * WORTH;
    all.retain(|sentence| sentence.score >= least);
    all.truncate(SENTENCES);
    let order = cited(&all);
    all.sort_by_key(|sentence| (order.iter().position(|hit| *hit == sentence.hit), sentence.at));
    all
}

/// Judges sentences by what was asked.
struct Judge<'a> {
    words: &'a [Weighed],
    expected: Option<Expected>,
    /// The terms of each page, as far as its passages were found.
    pages: HashMap<String, HashSet<String>>,
    /// The score of the best passage.
    best: f32,
}

impl<'a> Judge<'a> {
    fn new(hits: &[Hit], words: &'a [Weighed], expected: Option<Expected>) -> Self {
        let mut pages: HashMap<String, HashSet<String>> = HashMap::new();
        for Hit { passage, .. } in hits {
            let said = held(&format!("{}\n{}", passage.header(), passage.text), passage.chain);
            pages.entry(passage.locator.document()).or_default().extend(said);
        }
        let best = hits.first().map_or(1.0, |hit| hit.score).max(f32::MIN_POSITIVE);
        Self { words, expected, pages, best }
    }

    /// The share of the subject that the page holds which holds most of it. Without a subject, all of it.
    fn subject(&self) -> f32 {
        let subject = || self.words.iter().filter(|word| !word.is_weak);
        let total: f32 = subject().map(|word| word.rarity).sum();
        if total <= 0.0 {
            return 1.0;
        }
        let share = |page| subject().map(|word| word.rarity * word.held_by(page)).sum::<f32>() / total;
        self.pages.values().map(share).fold(0.0, f32::max)
    }

    /// The sentences of a passage, which is the one at `place` among those that were found.
    fn sentences(&self, place: usize, hit: &Hit) -> Vec<Sentence> {
        let passage = &hit.passage;
        // A heading is said of each sentence below it.
        let above = held(&passage.header(), passage.chain);
        let page = self.pages.get(&passage.locator.document());
        let total = self.words.iter().map(|word| word.rarity).sum::<f32>().max(f32::MIN_POSITIVE);
        let score = |text: &str| {
            let own = held(text, passage.chain);
            let counts = |word: &Weighed| {
                let around = page.map_or(0.0, |page| ON_PAGE * word.held_by(page));
                word.held_by(&own).max(word.held_by(&above)).max(around)
            };
            let shared: f32 = self.words.iter().map(|word| word.rarity * counts(word)).sum();
            let is_expected = self.expected.as_ref().is_some_and(|expected| expected.stands_in(text));
            shared / total + if is_expected { EXPECTED } else { 0.0 } + RANK * hit.score / self.best
        };
        let sentences = sentences_of(&passage.text).into_iter().enumerate();
        sentences.map(|(at, text)| Sentence { hit: place, at, score: score(&text), text: bounded(text) }).collect()
    }
}

fn held(text: &str, chain: Chain) -> HashSet<String> {
    terms(text, chain).into_iter().collect()
}

fn bounded(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    format!("{}…", cut_at(&text, LONGEST))
}

#[cfg(test)]
mod tests;
