//! Ranks what the index found: what helps a reader before what repeats it.

use super::definitions::is_aside;
use super::query::Weighed;
use super::{Asked, Hit};
use crate::analyse::{Chain, Language, terms};
use crate::passage::{Kind, Passage};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// What other passages of the same file add: a file that speaks of the subject throughout is
/// the likelier one.
const COHERENCE: f32 = 0.1;

/// Documents, where it is asked how something is done.
const PROSE: f32 = 2.2;
/// The same in a language that is not asked in.
const FOREIGN: f32 = 0.7;
/// A row of a table is short, and so scores high for a word that it shares.
const ROW: f32 = 0.6;
/// Code without a comment.
const UNEXPLAINED: f32 = 0.9;
/// How many of the best are looked at for what they cover.
const READ: usize = 10;

/// The passages, best first, scored against the weight of the question's words.
pub(super) fn rank(found: Vec<(f32, Passage)>, asked: &Asked, words: &[Weighed]) -> Vec<Hit> {
    let weight: f32 = words.iter().map(|word| word.weight).sum();
    let scored: Vec<_> = found.into_iter().map(|(score, passage)| (score * factor(&passage, asked), passage)).collect();
    let mut by_document: HashMap<String, Vec<f32>> = HashMap::new();
    for (score, passage) in &scored {
        by_document.entry(passage.locator.document()).or_default().push(*score);
    }
    let mut hits: Vec<Hit> = scored
        .into_iter()
        .map(|(score, passage)| {
            let others = by_document.get(&passage.locator.document()).map_or(0.0, |scores| second(scores));
            let score = (score + COHERENCE * others) / weight.max(f32::MIN_POSITIVE);
            Hit { line: passage.line(), score, covered: 0.0, definition: false, passage }
        })
        .collect();
    // Where a document is wanted it comes first, and is no surer for that.
    let rank = |hit: &Hit| hit.score * if asked.form.prose { lean(&hit.passage, asked) } else { 1.0 };
    hits.sort_by(|one, other| rank(other).total_cmp(&rank(one)));
    for hit in hits.iter_mut().take(READ) {
        hit.covered = covered(&hit.passage, words);
        hit.line = line(&hit.passage, asked).or(hit.line);
    }
    hits
}

/// The line of loose lines that shares most with the question: nothing else says what stands there.
fn line(passage: &Passage, asked: &Asked) -> Option<usize> {
    let first = passage.locator.line().filter(|_| passage.kind == Kind::Block)?;
    let wanted: HashSet<&String> = asked.words.iter().flat_map(|word| word.french.iter().chain(&word.other)).collect();
    let shared = |text: &str| terms(text, passage.chain).iter().filter(|term| wanted.contains(term)).count();
    let (_, at) = passage.text.lines().enumerate().map(|(at, text)| (shared(text), Reverse(at))).max()?;
    Some(first + at.0)
}

/// The share of the words a passage holds, by their rarity.
fn covered(passage: &Passage, words: &[Weighed]) -> f32 {
    let held: HashSet<String> =
        terms(&format!("{}\n{}", passage.header(), passage.text), passage.chain).into_iter().collect();
    let held: f32 = words.iter().map(|word| word.rarity * word.held_by(&held)).sum();
    held / words.iter().map(|word| word.rarity).sum::<f32>().max(f32::MIN_POSITIVE)
}

/// The best score of a file but one; nothing when it stands alone.
fn second(scores: &[f32]) -> f32 {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|one, other| other.total_cmp(one));
    sorted.get(1).copied().unwrap_or(0.0)
}

fn factor(passage: &Passage, asked: &Asked) -> f32 {
    let path = passage.locator.path();
    let mut factor = 1.0;
    if passage.test && !asked.about.tests {
        factor *= 0.55;
    }
    if is_aside(path) && !asked.about.examples {
        factor *= 0.7;
    }
    if is_history(path) && !asked.about.changes {
        factor *= 0.5;
    }
    factor
        * match passage.kind {
            // Imports and loose statements repeat words without saying anything about them.
            Kind::Block => 0.8,
            Kind::Implementation => 0.9,
            // Who wrote a comment meant the code to be found.
            Kind::Type | Kind::Function | Kind::Method if passage.documentation.is_empty() => UNEXPLAINED,
            _ => 1.0,
        }
}

/// What a document counts more than code, where it is asked how something is done.
fn lean(passage: &Passage, asked: &Asked) -> f32 {
    // Most documents are English, so French ones are for those who ask in French.
    let foreign = passage.chain == Chain::French && asked.language == Some(Language::English);
    let row = if passage.is_row() { ROW } else { 1.0 };
    match passage.kind {
        Kind::Section if foreign => FOREIGN * row,
        Kind::Section if passage.is_prose() => PROSE * row,
        _ => 1.0,
    }
}

/// Lists of changes mention everything and explain nothing.
fn is_history(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    ["changelog", "changes.", "history.", "news.", "releases.", "release-notes", "release_notes", "whatsnew"]
        .iter()
        .any(|name| file.starts_with(name))
}
