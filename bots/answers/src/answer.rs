//! Answers, as plain data: what was found, where, and how sure that is.

mod courtesy;
mod evidence;
mod expected;
mod extract;
mod insult;
mod pages;
mod several;
mod source;

pub use courtesy::Courtesy;
pub(crate) use evidence::Evidence;
pub use insult::{insults, is_insult};
pub(crate) use pages::Bounds;
use several::{each, together};
pub use source::{Excerpt, Source};

use crate::analyse::Language;
use crate::dialogue::questions;
use crate::error::Error;
use crate::find::{Asked, Finder, Found, Hit, is_setting, is_type_name};
use crate::index::Index;

/// So much has to speak for a question about a code base. It was set on questions about code bases and about everyday life.
const LEAST: f32 = 1.3;
/// Passages with less confidence are no company for a definition.
const COMPANY: f32 = 0.45;
/// What is left of the confidence when the question is hardly one about code.
const DOUBT: f32 = 0.5;
/// So many places are looked at for one that holds several words to the letter.
const LOOKED_AT: usize = 60;
/// Sources of an answer.
const SOURCES: usize = 5;
/// Passages offered when nothing answers.
const NEAREST: usize = 3;

/// A question as a person typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What was typed, without the bot's own name.
    pub text: String,
    /// The language of the conversation, for a text that does not tell its own.
    pub language: Option<Language>,
}

impl Question {
    /// A question that tells its own language.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), language: None }
    }

    /// The language to answer in: that of the text, else of the conversation, else English.
    pub fn language(&self) -> Language {
        Language::of(&self.text).or(self.language).unwrap_or_default()
    }
}

/// What can be said to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Passages answer it.
    Found {
        /// Sentences of the best passage, word for word.
        summary: Vec<String>,
        /// Lines of the best passage.
        excerpt: Option<Excerpt>,
        /// Where that stands, the best first; at most five, one per file.
        sources: Vec<Source>,
    },
    /// Passages come near; none may answer it.
    Unsure {
        /// The name that was asked for and is not defined anywhere in that spelling, if it was a name.
        missing: Option<String>,
        /// Sentences of the nearest passage, word for word; none when a name was asked for.
        summary: Vec<String>,
        /// The nearest passages, at most three.
        nearest: Vec<Source>,
    },
    /// Some of several questions are answered.
    Partly {
        /// The answer to them: found, or unsure.
        answer: Box<Answer>,
        /// How many others are not answered.
        left: usize,
    },
    /// There is nothing of that name or with those words.
    Nothing {
        /// What was looked for.
        asked: String,
        /// What was searched.
        searched: Searched,
    },
    /// The question is about something else.
    OffTopic {
        /// What was searched.
        searched: Searched,
        /// Whether nearly nothing that was searched is in the language of the question, so that other
        /// words may do.
        foreign: bool,
    },
    /// Not a question.
    Courtesy(Courtesy),
    /// Nothing has been read yet.
    NotReady,
}

/// How much was searched, for an answer that has no source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    /// Files, or pages.
    pub documents: usize,
    /// The code bases, by name.
    pub roots: Vec<String>,
}

/// Answers from one index.
pub(crate) struct Answerer<'a> {
    index: &'a Index,
    finder: Finder<'a>,
}

impl<'a> Answerer<'a> {
    pub(crate) fn new(index: &'a Index) -> Self {
        Self { index, finder: Finder::new(index) }
    }

    pub(crate) fn answer(&self, question: &Question) -> Result<Answer, Error> {
        if let Some(courtesy) = Courtesy::of(&question.text) {
            return Ok(Answer::Courtesy(courtesy));
        }
        if self.finder.is_empty() {
            return Ok(Answer::NotReady);
        }
        // What stands on lines of its own is pasted.
        let is_pasted = question.text.trim().contains('\n');
        let several = if is_pasted { Vec::new() } else { questions(&question.text) };
        let answers = each(&several, |part| self.of_code(part, question.language))?;
        match together(answers, several.len(), SOURCES) {
            Some(together) => Ok(together),
            None => self.of_code(&question.text, question.language),
        }
    }

    fn of_code(&self, text: &str, language: Option<Language>) -> Result<Answer, Error> {
        let asked = self.finder.read_code(text, language);
        let tests = self.tests(&asked)?;
        if !tests.is_empty() {
            return Ok(self.found(&asked, &tests));
        }
        let found = self.finder.search(&asked, SOURCES)?;
        let hits = &found.hits;
        let best = hits.first();
        // Of its readers and its owner a website speaks, and a program does not.
        let doubtful = asked.form.doubtful && best.is_some_and(|hit| hit.line.is_some());
        if best.is_some_and(|hit| hit.definition) && !doubtful {
            return Ok(self.defined(asked.type_name.as_deref().filter(|_| !asked.form.prose), hits));
        }
        if let Some(name) = asked.names.first().filter(|_| asked.is_lookup) {
            return self.undefined(name);
        }
        let evidence = self.evidence(&asked, &found, doubtful);
        // Tests speak of anything.
        let doubted = doubtful || best.is_some_and(|hit| hit.passage.test && !asked.about.tests);
        Ok(match () {
            () if evidence.is_about_something_else(LEAST) => self.refused(&asked),
            () if evidence.may_miss_the_point(LEAST) || doubted => {
                let summary = best.map(|hit| extract::sentences(&hit.passage, &asked)).unwrap_or_default();
                self.unsure(None, summary, hits)
            }
            () => self.found(&asked, hits),
        })
    }

    /// The tests that use a name, where they are asked for: "its tests", "how is Router tested".
    fn tests(&self, asked: &Asked) -> Result<Vec<Hit>, Error> {
        // Nothing else is said: who writes a test of something asks how.
        let is_all = asked.about.tests && asked.words.len() == 2;
        match asked.mentions.first().filter(|_| is_all) {
            Some(name) => self.finder.tests_of(name, SOURCES),
            None => Ok(Vec::new()),
        }
    }

    fn evidence(&self, asked: &Asked, found: &Found, is_doubtful: bool) -> Evidence {
        let best = found.hits.first();
        Evidence {
            confidence: best.map_or(0.0, Hit::confidence) * if is_doubtful { DOUBT } else { 1.0 },
            subject: best.map_or(0.0, |hit| hit.covered),
            own: self.finder.own_words_of_code(asked),
            elsewhere: found.elsewhere(asked),
        }
    }

    /// Where `name` is defined.
    pub(crate) fn definition(&self, name: &str) -> Result<Answer, Error> {
        self.by_name(name, |hits| self.defined(Some(name.trim()), hits))
    }

    /// The lines that define `name`.
    pub(crate) fn show(&self, name: &str) -> Result<Answer, Error> {
        self.by_name(name, |hits| Answer::Found {
            summary: Vec::new(),
            excerpt: hits.first().map(Excerpt::of_definition),
            sources: self.sources(hits, SOURCES),
        })
    }

    fn by_name(&self, name: &str, say: impl FnOnce(&[Hit]) -> Answer) -> Result<Answer, Error> {
        if self.finder.is_empty() {
            return Ok(Answer::NotReady);
        }
        let mut asked = Asked::read(name, None);
        asked.names.insert(0, name.trim().to_owned());
        let hits = self.finder.named(&asked)?;
        if !hits.is_empty() {
            return Ok(say(&hits));
        }
        self.undefined(name.trim())
    }

    /// The passages in which words of the question stand.
    pub(crate) fn search(&self, question: &Question, limit: usize) -> Result<Answer, Error> {
        if self.finder.is_empty() {
            return Ok(Answer::NotReady);
        }
        let asked = Asked::read(&question.text, question.language);
        let mut hits = self.finder.search(&asked, limit.max(LOOKED_AT))?.hits;
        // A part of what was typed may stand anywhere.
        hits.retain(|hit| hit.definition || self.finder.stands_in(&asked, &hit.passage));
        if hits.is_empty() {
            return Ok(Answer::Nothing { asked: question.text.trim().into(), searched: self.searched() });
        }
        // Several words may be what stands there to the letter.
        let exact = question.text.trim();
        if exact.contains(char::is_whitespace) {
            hits.sort_by_key(|hit| !hit.passage.text.contains(exact));
        }
        Ok(Answer::Found { summary: Vec::new(), excerpt: None, sources: self.sources(&hits, limit) })
    }

    /// Where a name is defined. A name written as a type is no function that is spelled like it.
    fn defined(&self, type_name: Option<&str>, hits: &[Hit]) -> Answer {
        if let Some(name) = type_name.filter(|name| is_type_name(name) && !hits.iter().any(|hit| hit.is_named(name))) {
            return self.unsure(Some(name), Vec::new(), hits);
        }
        let best = hits.first().map(|hit| &hit.passage);
        // Other definitions of the name; when there are few, what else speaks of it with confidence.
        let defined = hits.iter().filter(|hit| hit.definition).count();
        let others = NEAREST.saturating_sub(defined);
        let company = hits.iter().filter(|hit| !hit.definition && !hit.passage.test && hit.confidence() >= COMPANY);
        let kept: Vec<Hit> = hits.iter().filter(|hit| hit.definition).chain(company.take(others)).cloned().collect();
        Answer::Found {
            summary: best.map(|passage| extract::opening(&passage.documentation)).unwrap_or_default(),
            excerpt: hits.first().and_then(Excerpt::of_signature),
            sources: self.sources(&kept, SOURCES),
        }
    }

    fn found(&self, asked: &Asked, hits: &[Hit]) -> Answer {
        let Some(best) = hits.first() else {
            return self.refused(asked);
        };
        // Weak seconds are company, not sources; three are offered all the same.
        let kept: Vec<Hit> = hits
            .iter()
            .enumerate()
            .filter(|(at, hit)| hit.score >= best.score * if *at < NEAREST { 0.4 } else { 0.7 })
            .map(|(_, hit)| hit.clone())
            .collect();
        Answer::Found {
            summary: extract::sentences(&best.passage, asked),
            excerpt: Excerpt::of_signature(best),
            sources: self.sources(&kept, SOURCES),
        }
    }

    /// A name nothing defines may still be used somewhere, or be misspelled.
    fn undefined(&self, name: &str) -> Result<Answer, Error> {
        let files = if name.contains(['.', '/']) { self.finder.files(name)? } else { Vec::new() };
        if !files.is_empty() {
            return Ok(self.defined(None, &files));
        }
        let mut nearest = self.finder.uses(name, SOURCES)?;
        if nearest.is_empty() {
            nearest = self.finder.alike(name, SOURCES)?;
        }
        if nearest.is_empty() {
            return Ok(Answer::Nothing { asked: name.into(), searched: self.searched() });
        }
        // A setting is told of by documents, and defined nowhere.
        if is_setting(name) && nearest.first().is_some_and(|hit| hit.passage.is_prose()) {
            return Ok(self.found(&Asked::read(name, None), &nearest));
        }
        Ok(self.unsure(Some(name), Vec::new(), &nearest))
    }

    fn unsure(&self, missing: Option<&str>, summary: Vec<String>, hits: &[Hit]) -> Answer {
        Answer::Unsure { missing: missing.map(str::to_owned), summary, nearest: self.sources(hits, NEAREST) }
    }

    fn refused(&self, asked: &Asked) -> Answer {
        Answer::OffTopic { searched: self.searched(), foreign: self.finder.is_foreign(asked) }
    }

    fn sources(&self, hits: &[Hit], limit: usize) -> Vec<Source> {
        let several = self.index.manifest().roots.len() > 1;
        let mut seen = std::collections::HashSet::new();
        let distinct = hits.iter().filter(|hit| seen.insert(hit.passage.locator.document()));
        distinct.take(limit).map(|hit| Source::of(hit, several)).collect()
    }

    fn searched(&self) -> Searched {
        let stats = self.index.stats();
        Searched { documents: stats.documents, roots: stats.roots }
    }
}

#[cfg(test)]
mod tests;
