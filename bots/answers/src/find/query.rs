//! Questions as the index understands them.

use super::Asked;
use super::asked::Word;
use super::definitions::Wanted;
use crate::analyse::{Chain, squash, terms};
use crate::index::Fields;
use std::collections::HashSet;
use tantivy::query::{
    BooleanQuery, BoostQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

/// The name of a symbol counts half in a sentence, where its parts are everyday words, and
/// double when an identifier is asked for. Measured: 1.0 costs sentences 6 % of their nDCG.
const SYMBOL_IN_SENTENCE: f32 = 0.5;
const SYMBOL_IN_LOOKUP: f32 = 2.0;
/// A heading counts like the text below it.
const TITLE: f32 = 1.0;
/// The definition of a name that is mentioned in passing.
const MENTION: f32 = 0.8;

/// A word that asks counts less than the subject.
const WEAK: f32 = 0.5;
/// A word of another language than the index that could not be translated into one of it.
const UNTRANSLATED: f32 = 0.7;
/// A word that stands nowhere and may be part of somebody's story.
const VAGUE: f32 = 0.5;
/// Neighbours of the question that stand within so many words count this much on top.
const NEAR: f32 = 0.2;
const NEAR_WORDS: u32 = 6;

/// Passages from which on rarity tells.
const MANY: u64 = 2000;

/// A query, and the words it is made of.
pub(super) struct Words {
    pub(super) query: Box<dyn Query>,
    pub(super) words: Vec<Weighed>,
}

/// A word of the question and its rarity, against which scores are read.
pub(crate) struct Weighed {
    pub(crate) terms: Vec<String>,
    /// Terms that mean the same.
    pub(crate) alike: Vec<String>,
    /// What these count.
    alike_counts: f32,
    pub(crate) weight: f32,
    /// The same, as if the index held many passages: what a few files lack is not rare yet.
    pub(crate) rarity: f32,
    /// Whether it asks rather than being the subject.
    pub(crate) is_weak: bool,
    /// Whether it names a subject that nothing here is about.
    pub(crate) is_elsewhere: bool,
}

impl Weighed {
    /// How much of the word stands among terms: 1 for the word itself, less for one that means the same, else 0.
    pub(crate) fn held_by(&self, held: &HashSet<String>) -> f32 {
        self.held(|term| held.contains(term))
    }

    /// The same for terms that are held somewhere else.
    pub(crate) fn held(&self, is_held: impl Fn(&String) -> bool) -> f32 {
        let any = |terms: &[String]| terms.iter().any(&is_held);
        match () {
            () if any(&self.terms) => 1.0,
            () if any(&self.alike) => self.alike_counts,
            () => 0.0,
        }
    }
}

/// A word of the question as it is looked up.
struct Looked<'a> {
    ways: Vec<&'a [String]>,
    /// Whether one of them stands somewhere.
    is_known: bool,
    alike: &'a [String],
    alike_counts: f32,
    factor: f32,
    is_weak: bool,
    is_elsewhere: bool,
}

/// Passages that define `name`, in any case.
pub(super) fn name(fields: Fields, name: &str) -> Box<dyn Query> {
    term(fields.name, &squash(name))
}

/// Passages that mention `name` as it is, in any case.
pub(super) fn mention(fields: Fields, name: &str) -> Box<dyn Query> {
    let terms = terms(name, Chain::Code);
    sum(terms.first().map(|text| term(fields.body, text)).into_iter().collect())
}

/// Passages that define a name a slip away from `name`; nothing for names too short to tell.
pub(super) fn misspelled(fields: Fields, name: &str) -> Option<Box<dyn Query>> {
    let squashed = squash(name);
    let slips = match squashed.chars().count() {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    Some(Box::new(FuzzyTermQuery::new(Term::from_field_text(fields.name, &squashed), slips, true)))
}

/// Passages that share words with the question, which may be `foreign` to them; nothing when it has none.
pub(super) fn words(fields: Fields, searcher: &Searcher, asked: &Asked, foreign: bool) -> Option<Words> {
    let symbol = if asked.is_lookup { SYMBOL_IN_LOOKUP } else { SYMBOL_IN_SENTENCE };
    // A spelling of a language the index does not hold finds words by accident alone.
    let holds = |french: bool| stands(searcher, &fields.french_term(french));
    let (french, other) = (holds(true), holds(false));
    let known =
        |ways: &[&[String]]| ways.iter().flat_map(|terms| terms.iter()).any(|text| is_known(searcher, fields, text));
    let words: Vec<Looked<'_>> = asked
        .words
        .iter()
        .map(|word| {
            let ways = spellings(word, french, other);
            Looked {
                is_known: known(&ways),
                ways,
                alike: &word.alike,
                alike_counts: word.alike_counts,
                factor: 1.0,
                is_weak: word.is_weak,
                is_elsewhere: word.is_elsewhere,
            }
        })
        .filter(|word| !word.ways.is_empty())
        .filter_map(|word| match word.is_known || !word.alike.is_empty() {
            // A word that only asks, and stands nowhere, says nothing about the subject.
            false if word.is_weak => None,
            // What stands nowhere in a foreign language may stand there under another name.
            false if foreign => Some(Looked { factor: UNTRANSLATED, ..word }),
            false if !word.is_elsewhere => Some(Looked { factor: VAGUE, ..word }),
            _ if word.is_weak => Some(Looked { factor: WEAK, ..word }),
            _ => Some(word),
        })
        .collect();
    let mut clauses: Vec<Box<dyn Query>> = Vec::new();
    let mut weighed = Vec::new();
    for Looked { ways, is_known, alike, alike_counts, factor, is_weak, is_elsewhere } in &words {
        let own = ways.iter().map(|terms| one_way(fields, terms, symbol));
        let others = alike.iter().map(|text| {
            let way = one_way(fields, std::slice::from_ref(text), symbol);
            Box::new(BoostQuery::new(way, *alike_counts)) as Box<dyn Query>
        });
        clauses.push(Box::new(BoostQuery::new(best_of(own.chain(others).collect()), *factor)));
        // A word is as rare as its most common spelling.
        let rarity = |passages: u64| {
            let idf = |text: &String| idf(searcher, fields.body, text, passages);
            let own = ways.iter().map(|terms| terms.iter().map(idf).sum::<f32>()).fold(f32::INFINITY, f32::min);
            // One that stands nowhere itself is as rare as what is meant by it.
            let others = alike.iter().filter(|_| !is_known).map(idf);
            factor * others.fold(own, f32::min)
        };
        weighed.push(Weighed {
            terms: ways.iter().flat_map(|terms| terms.iter().cloned()).collect(),
            alike: alike.to_vec(),
            alike_counts: *alike_counts,
            weight: rarity(searcher.num_docs()),
            rarity: rarity(searcher.num_docs().max(MANY)),
            is_weak: *is_weak,
            is_elsewhere: *is_elsewhere && !is_known,
        });
    }
    for pair in words.windows(2) {
        clauses.extend(near(fields.body, pair[0].ways[0], pair[1].ways[0]));
    }
    for mention in &asked.mentions {
        let defined = term(fields.name, &squash(Wanted::new(mention).name));
        clauses.push(Box::new(BoostQuery::new(defined, MENTION)));
    }
    (!clauses.is_empty()).then(|| Words { query: sum(clauses), words: weighed })
}

/// What `query` finds in documents, with the scores that it gives.
pub(super) fn within_prose(fields: Fields, query: Box<dyn Query>) -> BooleanQuery {
    let prose = Box::new(TermQuery::new(fields.prose_term(), IndexRecordOption::Basic));
    let filter: Box<dyn Query> = Box::new(BoostQuery::new(prose, 0.0));
    BooleanQuery::new(vec![(Occur::Must, filter), (Occur::Must, query)])
}

fn is_known(searcher: &Searcher, fields: Fields, text: &str) -> bool {
    [fields.body, fields.symbol, fields.title]
        .into_iter()
        .any(|field| stands(searcher, &Term::from_field_text(field, text)))
}

/// Whether a term stands in any passage.
pub(super) fn stands(searcher: &Searcher, term: &Term) -> bool {
    searcher.doc_freq(term).is_ok_and(|count| count > 0)
}

fn spellings(word: &Word, french: bool, other: bool) -> Vec<&[String]> {
    let mut ways = Vec::new();
    if other && !word.other.is_empty() {
        ways.push(&word.other[..]);
    }
    if french && !word.french.is_empty() && !(other && word.french == word.other) {
        ways.push(&word.french[..]);
    }
    ways
}

/// Two plain words of the question that follow each other, near each other in the text.
fn near(field: Field, one: &[String], next: &[String]) -> Option<Box<dyn Query>> {
    let ([one], [next]) = (one, next) else {
        return None;
    };
    if one == next {
        return None;
    }
    let mut phrase = PhraseQuery::new(vec![Term::from_field_text(field, one), Term::from_field_text(field, next)]);
    phrase.set_slop(NEAR_WORDS);
    Some(Box::new(BoostQuery::new(Box::new(phrase), NEAR)))
}

fn one_way(fields: Fields, terms: &[String], symbol: f32) -> Box<dyn Query> {
    let clauses = terms.iter().flat_map(|text| {
        [
            term(fields.body, text),
            Box::new(BoostQuery::new(term(fields.symbol, text), symbol)) as Box<dyn Query>,
            Box::new(BoostQuery::new(term(fields.title, text), TITLE)),
        ]
    });
    sum(clauses.collect())
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

fn sum(clauses: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(BooleanQuery::new(clauses.into_iter().map(|clause| (Occur::Should, clause)).collect()))
}

fn best_of(mut ways: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match ways.pop() {
        Some(only) if ways.is_empty() => only,
        Some(last) => {
            ways.push(last);
            Box::new(DisjunctionMaxQuery::new(ways))
        }
        None => Box::new(tantivy::query::EmptyQuery),
    }
}

/// Rarity among so many passages, as BM25 counts it. A word the index does not know is the rarest.
fn idf(searcher: &Searcher, field: Field, text: &str, passages: u64) -> f32 {
    let known = searcher.doc_freq(&Term::from_field_text(field, text)).unwrap_or(0);
    let total = passages.max(known);
    #[expect(clippy::cast_precision_loss, reason = "a count of passages, far below 2^24")]
    let (known, total) = (known as f32, total as f32);
    (1.0 + (total - known + 0.5) / (known + 0.5)).ln()
}
