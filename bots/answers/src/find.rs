//! Finds the passages that answer a question, best first.

mod asked;
mod definitions;
mod form;
mod query;
mod rank;
mod spelling;
mod trade;
mod vocabulary;

use asked::Word;
pub(crate) use asked::{Asked, is_frame};
pub(crate) use form::{is_setting, is_type_name};
pub(crate) use query::Weighed;
pub use vocabulary::Vocabulary;

use crate::analyse::{Language, squash, terms};
use crate::error::Error;
use crate::index::{Fields, Index};
use crate::passage::{Kind, Passage};
use std::collections::HashSet;
use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, TantivyDocument, Term};

/// Passages that are ranked again after the index has ranked all.
const CANDIDATES: usize = 80;
/// When fewer than one passage in so many is in a language, the others are foreign to it.
const FEW: u64 = 4;
/// Passages of documents that come before a definition, where how something is done is asked.
const AHEAD: usize = 2;
/// They hold most of the question.
const COVERED: f32 = 0.6;
/// What other words count beside one that stands in the code base itself: most of them mean a little else. Measured: as much
/// as beside one that does not costs a tenth of the nDCG on code.
const BESIDE: f32 = 0.4;
/// What a word counts as one of the code base that only stands in a name there.
const IN_NAME: f32 = 0.5;
/// What a phrase counts that names a subject elsewhere, beside a word.
const PHRASE: usize = 2;
/// Files of one name that are told.
const FILES: usize = 5;

/// A passage that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The passage.
    pub passage: Passage,
    /// The line to send people to; nothing for a page.
    pub line: Option<usize>,
    /// How much of the question it covers: near 0 when it shares a word by chance, 1 and more
    /// when it is about nothing else.
    pub score: f32,
    /// The share of the question's words it holds, rare words counting more: 0 to 1.
    pub covered: f32,
    /// Whether it defines the very name that was asked for.
    pub definition: bool,
}

impl Hit {
    /// The passage, as what was asked for by name.
    fn whole(passage: Passage) -> Self {
        Self { line: passage.locator.line(), score: 1.0, covered: 1.0, definition: true, passage }
    }

    /// Whether it defines a name in the very spelling `name`.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let also = self.passage.also.iter().map(|also| also.name.as_str());
        self.definition && self.passage.symbol.as_deref().into_iter().chain(also).any(|known| known == name)
    }

    /// How likely the passage is about what was asked: it says much of it, and all of it.
    pub fn confidence(&self) -> f32 {
        self.score * self.covered
    }
}

/// What was found for a question, and what its words weigh.
pub(crate) struct Found {
    /// The best first.
    pub(crate) hits: Vec<Hit>,
    pub(crate) words: Vec<Weighed>,
}

impl Found {
    /// How many words of the question name subjects that nothing here is about; a phrase counts more than a word.
    pub(crate) fn elsewhere(&self, asked: &Asked) -> usize {
        self.words.iter().filter(|word| word.is_elsewhere).count() + PHRASE * asked.elsewhere
    }
}

/// Searches one snapshot of an index.
pub(crate) struct Finder<'a> {
    index: &'a Index,
    searcher: Searcher,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(index: &'a Index) -> Self {
        Self { index, searcher: index.searcher() }
    }

    /// Whether there is nothing to search in yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.searcher.num_docs() == 0
    }

    /// Whether nearly all passages are in another language than the question. Code counts as English.
    pub(crate) fn is_foreign(&self, asked: &Asked) -> bool {
        let Some(language) = asked.language else { return false };
        let term = self.index.fields.french_term(language == Language::French);
        self.searcher.doc_freq(&term).is_ok_and(|count| count * FEW < self.searcher.num_docs())
    }

    /// Whether one of the words that are asked for stands in a passage, with all its parts.
    pub(crate) fn stands_in(&self, asked: &Asked, passage: &Passage) -> bool {
        let held: HashSet<String> =
            terms(&format!("{}\n{}", passage.header(), passage.text), passage.chain).into_iter().collect();
        let stands = |way: &[String]| match way {
            [] => false,
            [whole] => held.contains(whole),
            [whole, parts @ ..] => held.contains(whole) || parts.iter().all(|part| held.contains(part)),
        };
        asked.words.iter().any(|word| stands(&word.other) || stands(&word.french))
    }

    /// The best passage of each of the best documents. Definitions of the name that is asked for
    /// come before everything else, unless documents say how it is done.
    pub(crate) fn search(&self, asked: &Asked, limit: usize) -> Result<Found, Error> {
        let (named, Found { hits: ranked, words }) = (self.named(asked)?, self.weighed(asked)?);
        let is_type = asked.type_name.as_ref().is_some_and(|name| named.iter().any(|hit| hit.is_named(name)));
        let told = asked.form.prose && !asked.is_lookup && !is_type && !named.is_empty();
        let mut hits = distinct(if told { as_company(named, distinct(ranked)) } else { [named, ranked].concat() });
        hits.truncate(limit);
        Ok(Found { hits, words })
    }

    /// The definitions of the name a question asks for; none when it asks for something else.
    pub(crate) fn named(&self, asked: &Asked) -> Result<Vec<Hit>, Error> {
        for name in &asked.names {
            let mut found = self.definitions(name)?;
            // What another type has is not what was asked for; a module or a crate may be called anything.
            let wanted = definitions::Wanted::new(name);
            if wanted.owner.is_some_and(is_type_name) {
                found.retain(|hit| definitions::owned(&hit.passage, &wanted) > 0);
            }
            if asked.is_how && !asked.is_lookup {
                found.retain(|hit| {
                    hit.passage.kind != Kind::Method && !hit.passage.test && hit.line == hit.passage.line()
                });
            }
            if !found.is_empty() {
                return Ok(found);
            }
        }
        for name in &asked.guesses {
            let wanted = definitions::Wanted::new(name);
            let mut found = self.definitions(name)?;
            found.retain(|hit| definitions::owned(&hit.passage, &wanted) > 0 && !hit.passage.test);
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// All passages that define `name`, best first: its exact spelling, in code before in tests.
    pub(crate) fn definitions(&self, name: &str) -> Result<Vec<Hit>, Error> {
        let wanted = definitions::Wanted::new(name);
        if squash(wanted.name).is_empty() {
            return Ok(Vec::new());
        }
        let query = query::name(self.index.fields, wanted.name);
        let passages = self.top(&*query, 4 * CANDIDATES)?.into_iter().map(|(_, passage)| passage).collect();
        Ok(definitions::order(passages, &wanted))
    }

    /// The passages that share words with a question, several of a document too, and what its words weigh.
    pub(crate) fn weighed(&self, asked: &Asked) -> Result<Found, Error> {
        let Some(query) = query::words(self.index.fields, &self.searcher, asked, self.is_foreign(asked)) else {
            return Ok(Found { hits: Vec::new(), words: Vec::new() });
        };
        let mut found = self.top(&*query.query, CANDIDATES)?;
        if asked.form.prose {
            // Among much code the documents would not be among the best.
            let prose = self.top(&query::within_prose(self.index.fields, query.query), CANDIDATES)?;
            found.retain(|(_, passage)| !passage.is_prose());
            found.extend(prose);
        }
        Ok(Found { hits: rank::rank(found, asked, &query.words), words: query.words })
    }

    /// Reads words of a question that stand nowhere as those that were meant, and gives these.
    pub(crate) fn correct(&self, asked: &mut Asked, vocabulary: &Vocabulary) -> Vec<String> {
        spelling::correct(asked, vocabulary, &self.searcher, self.index.fields)
    }

    /// Reads a question about a code base, so that it finds what is said in other words too. One that asks for a name is left
    /// as it is.
    pub(crate) fn read_code(&self, text: &str, language: Option<Language>) -> Asked {
        let mut asked = Asked::read(text, language);
        if !asked.is_lookup {
            for vocabulary in trade::words(asked.language) {
                self.widen(&mut asked, text, vocabulary);
            }
            let stands = |term: &String| self.holds(self.index.fields.body, term);
            for word in &mut asked.words {
                if word.other.iter().chain(&word.french).any(stands) {
                    word.alike_counts = BESIDE;
                }
            }
        }
        asked
    }

    /// Lets a question find what is said in other words too, and gives words for what its phrases mean.
    pub(crate) fn widen(&self, asked: &mut Asked, text: &str, vocabulary: &Vocabulary) -> Vec<String> {
        vocabulary.widen(asked, asked::heard(text), &|term| self.holds(self.index.fields.body, term))
    }

    /// How many words of a question are ones of what is searched: a title holds them, or a vocabulary knows them and a passage
    /// speaks of it. Names in code are made of any words, and count half.
    pub(crate) fn own_words(&self, asked: &Asked, vocabularies: &[&Vocabulary]) -> f32 {
        let counts = |word| vocabularies.iter().map(|vocabulary| self.is_own(word, vocabulary)).fold(0.0, f32::max);
        asked.words.iter().map(counts).sum()
    }

    /// The same of a question about a code base.
    pub(crate) fn own_words_of_code(&self, asked: &Asked) -> f32 {
        self.own_words(asked, &trade::words(asked.language).collect::<Vec<_>>())
    }

    fn is_own(&self, word: &Word, vocabulary: &Vocabulary) -> f32 {
        let Fields { title, symbol, body, .. } = self.index.fields;
        let terms = vocabulary.terms_of(word);
        let stands = |field| terms.iter().any(|term| self.holds(field, term));
        let is_told = || stands(body) || word.alike.iter().any(|term| self.holds(body, term));
        match () {
            () if !word.is_weak && stands(title) => 1.0,
            () if !word.is_elsewhere && vocabulary.knows(word) && is_told() => 1.0,
            () if !word.is_elsewhere && !word.is_weak && stands(symbol) => IN_NAME,
            () => 0.0,
        }
    }

    fn holds(&self, field: tantivy::schema::Field, term: &str) -> bool {
        query::stands(&self.searcher, &Term::from_field_text(field, term))
    }

    /// The beginning of each file whose path is `path` or ends with it, the shortest path first.
    pub(crate) fn files(&self, path: &str) -> Result<Vec<Hit>, Error> {
        let manifest = self.index.manifest();
        let wanted = path.trim_start_matches("./").trim_matches('/');
        let inside = |key: &str| key.split('\0').next_back().map_or(key.to_owned(), str::to_owned);
        let mut found: Vec<(String, &String)> = manifest
            .documents
            .iter()
            .filter(|(_, entry)| entry.passages > 0)
            .map(|(key, _)| (inside(key), key))
            .filter(|(path, _)| {
                path.strip_suffix(wanted).is_some_and(|before| before.is_empty() || before.ends_with('/'))
            })
            .collect();
        found.sort_by_key(|(path, _)| path.len());
        let mut hits = Vec::new();
        for (_, key) in found.into_iter().take(FILES) {
            let query = TermQuery::new(self.index.fields.document_term(key), IndexRecordOption::Basic);
            let passages = self.top(&query, 10 * CANDIDATES)?.into_iter().map(|(_, passage)| passage);
            hits.extend(passages.min_by_key(|passage| passage.locator.line()).map(Hit::whole));
        }
        Ok(hits)
    }

    /// The passages that mention `name` without defining it.
    pub(crate) fn uses(&self, name: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        let mut hits = self.mentions(name)?;
        hits.truncate(limit);
        Ok(hits)
    }

    /// The same in tests alone.
    pub(crate) fn tests_of(&self, name: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        let mut hits = self.mentions(name)?;
        hits.retain(|hit| hit.passage.test);
        hits.truncate(limit);
        Ok(hits)
    }

    fn mentions(&self, name: &str) -> Result<Vec<Hit>, Error> {
        let wanted = definitions::Wanted::new(name);
        let found = self.top(&*query::mention(self.index.fields, wanted.name), CANDIDATES)?;
        Ok(rank::rank(found, &Asked::read(wanted.name, None), &[]))
    }

    /// The definitions of names that are spelled nearly like `name`.
    pub(crate) fn alike(&self, name: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        let wanted = definitions::Wanted::new(name);
        let Some(query) = query::misspelled(self.index.fields, wanted.name) else {
            return Ok(Vec::new());
        };
        let passages = self.top(&*query, CANDIDATES)?.into_iter().map(|(_, passage)| passage).collect();
        let mut hits = definitions::order(passages, &wanted);
        hits.truncate(limit);
        Ok(hits)
    }

    fn top(&self, query: &dyn tantivy::query::Query, limit: usize) -> Result<Vec<(f32, Passage)>, Error> {
        let found = self
            .searcher
            .search(query, &TopDocs::with_limit(limit).order_by_score())
            .map_err(|error| self.index.error(error))?;
        let mut passages = Vec::with_capacity(found.len());
        for (score, address) in found {
            let document: TantivyDocument = self.searcher.doc(address).map_err(|error| self.index.error(error))?;
            passages.extend(self.index.fields.read(&document).map(|passage| (score, passage)));
        }
        Ok(passages)
    }
}

/// The first passage of each document.
fn distinct(mut hits: Vec<Hit>) -> Vec<Hit> {
    let mut seen = HashSet::new();
    hits.retain(|hit| seen.insert(hit.passage.locator.document()));
    hits
}

/// Documents that hold what is asked for, then definitions of the name, then all else.
fn as_company(mut named: Vec<Hit>, ranked: Vec<Hit>) -> Vec<Hit> {
    let mut left = AHEAD;
    let (told, others): (Vec<Hit>, Vec<Hit>) = ranked.into_iter().partition(|hit| {
        let ahead = left > 0 && hit.passage.is_prose() && hit.covered >= COVERED;
        left -= usize::from(ahead);
        ahead
    });
    if !told.is_empty() {
        named.iter_mut().for_each(|hit| hit.definition = false);
    }
    [told, named, others].concat()
}
