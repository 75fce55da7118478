//! The indexes that are asked, one for each language.

use std::path::Path;

use answers::{Answer, Error, Language, Library, Question};
use crawler::Site;

use crate::remark::Remark;
use crate::words::{unhurried, vocabulary};

/// The passages of a site, by language.
#[derive(Debug)]
pub(crate) struct Shelf {
    french: Library,
    english: Library,
}

impl Shelf {
    /// Opens the indexes in `folder`, or begins them there.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        Ok(Self { french: Library::open(&folder.join("fr"))?, english: Library::open(&folder.join("en"))? })
    }

    /// Replaces everything by the pages of `site`. Who asks meanwhile is answered from what was there before.
    pub(crate) fn replace(&self, site: &Site) -> Result<(), Error> {
        self.french.replace(site.passages(Language::French))?;
        self.english.replace(site.passages(Language::English))
    }

    /// Fills the index of a language that holds nothing although `site` has pages in it, as after one of another version
    /// was thrown away.
    pub(crate) fn fill(&self, site: &Site) -> Result<(), Error> {
        for (library, language) in [(&self.french, Language::French), (&self.english, Language::English)] {
            if library.stats().documents > 0 {
                continue;
            }
            let passages = site.passages(language);
            if !passages.is_empty() {
                library.replace(passages)?;
            }
        }
        Ok(())
    }

    /// How many pages there are.
    pub(crate) fn pages(&self) -> usize {
        self.french.stats().documents + self.english.stats().documents
    }

    /// What is said to a message: to an insult the way to a person, and to a question about what is somebody's own, at
    /// least the way to those who know.
    pub(crate) fn reply(&self, question: &Question) -> Result<(Option<Remark>, Replied), Error> {
        let remark = Remark::of(&question.text);
        let instead = |kind: Remark| Question::new(kind.question(question.language()));
        let replied = match remark {
            Some(kind @ Remark::Insult) => {
                let people = self.answer(&instead(kind))?;
                match Remark::besides(&question.text) {
                    Some(text) => self.answer(&Question { text, language: question.language })?.beside(people),
                    None => people,
                }
            }
            Some(kind @ Remark::Personal) => self.answer(question)?.beside(self.answer(&instead(kind))?),
            None => self.answer(question)?,
        };
        Ok((remark, replied))
    }

    /// An answer from the pages in the language of the question, unless only those in the other one answer it.
    fn answer(&self, question: &Question) -> Result<Replied, Error> {
        let question = &Question { text: unhurried(&question.text), language: question.language };
        let told = Language::of(&question.text);
        let first = told.unwrap_or(Language::French);
        let second = match first {
            Language::French => Language::English,
            Language::English => Language::French,
        };
        let one = self.ask(question, told, first)?;
        if matches!(one, Answer::Courtesy(_)) {
            return Ok(Replied { answer: one, language: question.language(), pages: first });
        }
        let spoken = told.or(question.language).unwrap_or(first);
        let from_first = |answer: Answer| {
            let language = if rank(&answer) > REFUSED { first } else { spoken };
            Replied { answer, language, pages: first }
        };
        // Who asks in one language and is answered in it, however unsurely, reads no other; and the lesser language of a site
        // says nothing that the greater does not.
        let is_lesser = self.library(second).stats().documents < self.library(first).stats().documents;
        if rank(&one) == SURE || (told.is_some() && (rank(&one) > REFUSED || is_lesser)) {
            return Ok(from_first(one));
        }
        let other = self.ask(question, told, second)?;
        // Words that two languages share are few: only a sure answer is taken from the other one, unless there is no other.
        let is_better = match told {
            Some(_) if !matches!(one, Answer::NotReady) => rank(&other) == SURE,
            _ => rank(&other) > rank(&one),
        };
        if is_better {
            return Ok(Replied { answer: other, language: told.unwrap_or(second), pages: second });
        }
        // A site without pages in one language is read all the same.
        let refused = if matches!(one, Answer::NotReady) { other } else { one };
        Ok(from_first(refused))
    }

    /// Asks the pages in a language a question that may be told to be in another.
    fn ask(&self, question: &Question, told: Option<Language>, pages: Language) -> Result<Answer, Error> {
        let question = Question { text: question.text.clone(), language: Some(told.unwrap_or(pages)) };
        self.library(pages).answer_from_pages(&question, vocabulary(told.unwrap_or(pages), pages))
    }

    fn library(&self, language: Language) -> &Library {
        match language {
            Language::French => &self.french,
            Language::English => &self.english,
        }
    }
}

/// An answer from a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replied {
    pub(crate) answer: Answer,
    /// The language that it is told in.
    pub(crate) language: Language,
    /// That of the pages that it is from.
    pub(crate) pages: Language,
}

impl Replied {
    /// The answer to what is asked, as sure as it is, and after it the way to those who know; that way alone when there is no
    /// such answer.
    fn beside(self, way: Self) -> Self {
        let (summary, sources, is_sure) = match self.answer {
            Answer::Partly { answer, left } => {
                let some = Self { answer: *answer, ..self }.beside(way);
                return Self { answer: Answer::Partly { answer: Box::new(some.answer), left }, ..some };
            }
            Answer::Found { summary, sources, .. } => (summary, sources, true),
            Answer::Unsure { summary, nearest, .. } => (summary, nearest, false),
            _ => return way,
        };
        let (others, places) = match way.answer {
            Answer::Found { summary, sources, .. } => (summary, sources),
            _ => (Vec::new(), Vec::new()),
        };
        let mut told: Vec<String> =
            summary.into_iter().take(if others.is_empty() { SENTENCES } else { ASKED }).collect();
        let others: Vec<String> = others.into_iter().filter(|sentence| !told.contains(sentence)).collect();
        told.extend(others.into_iter().take(SENTENCES - ASKED));
        let mut all = sources;
        if !places.is_empty() {
            all.truncate(SOURCES - 1);
        }
        all.extend(places.into_iter().take(1));
        all.dedup_by(|one, other| one.path == other.path);
        let answer = match is_sure {
            true => Answer::Found { summary: told, excerpt: None, sources: all },
            false => Answer::Unsure { missing: None, summary: told, nearest: all },
        };
        Self { answer, ..self }
    }
}

/// Sentences of an answer, those that answer the question when the way to people follows, and sources.
const SENTENCES: usize = 4;
const ASKED: usize = 3;
const SOURCES: usize = 3;

const REFUSED: u8 = 0;
const SURE: u8 = 2;

fn rank(answer: &Answer) -> u8 {
    match answer {
        Answer::Found { .. } | Answer::Courtesy(_) => SURE,
        Answer::Unsure { .. } => 1,
        Answer::Partly { answer, .. } => rank(answer),
        _ => REFUSED,
    }
}
