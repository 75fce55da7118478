//! Answers from the pages of a website: the sentences that say most of what was asked, wherever they stand.

mod bounds;
mod everyday;
mod favour;
mod judge;

use std::borrow::Cow;

use super::expected::Expected;
use super::several::{each, is_refused, partly, together};
use super::{Answer, Answerer, Courtesy, Evidence, NEAREST, Question, SOURCES};
use crate::analyse::Language;
use crate::dialogue::{clauses, questions};
use crate::error::Error;
use crate::find::{Asked, Found, Hit, Vocabulary};
pub(crate) use bounds::Bounds;
use everyday::everyday;
use judge::{Judge, SENTENCES, WORTH, best, cited};

/// What a question holds of its subject that names none but by words that only ask elsewhere: "which courses do you have".
const UNNAMED: f32 = 0.6;

impl Answerer<'_> {
    /// What the pages say to a question, or to each of several.
    pub(crate) fn answer_from_pages(&self, question: &Question, vocabulary: &Vocabulary) -> Result<Answer, Error> {
        if let Some(courtesy) = Courtesy::of(&question.text) {
            return Ok(Answer::Courtesy(courtesy));
        }
        if self.finder.is_empty() {
            return Ok(Answer::NotReady);
        }
        let several = questions(&question.text);
        let answers = each(&several, |part| self.one(part, question.language, vocabulary))?;
        // What asks "is it possible?" is a part of the question beside it.
        let is_left = |(part, answer): &(&Cow<'_, str>, &Answer)| is_refused(answer) && vocabulary.names_subject(part);
        let left = several.iter().zip(&answers).filter(is_left).count();
        if let Some(together) = together(answers, several.len(), SENTENCES) {
            return Ok(together);
        }
        let whole = self.one(&question.text, question.language, vocabulary)?;
        Ok(if left == 0 || left == several.len() || is_refused(&whole) { whole } else { partly(whole, left) })
    }

    /// What the pages say to a question. One that is lost among other words is looked for in its parts.
    fn one(&self, text: &str, language: Option<Language>, vocabulary: &Vocabulary) -> Result<Answer, Error> {
        let whole = self.whole(text, language, vocabulary)?;
        if !matches!(whole, Answer::OffTopic { .. }) {
            return Ok(whole);
        }
        for part in clauses(text) {
            let answer = self.whole(part, language, vocabulary)?;
            if matches!(answer, Answer::Found { .. }) {
                return Ok(answer);
            }
        }
        Ok(whole)
    }

    fn whole(&self, text: &str, language: Option<Language>, vocabulary: &Vocabulary) -> Result<Answer, Error> {
        let bounds = self.index.bounds(vocabulary.language(), || {
            everyday(vocabulary.language())
                .iter()
                .map(|text| Ok(self.search_for(text, language, vocabulary)?.evidence()))
                .collect()
        })?;
        let findings = self.search_for(text, language, vocabulary)?;
        let evidence = findings.evidence();
        if favour::is_no_question(text) || bounds.refuse(evidence) {
            return Ok(self.refused(&findings.asked));
        }
        let hits = &findings.found.hits;
        let chosen = best(hits, &findings.judge());
        let quoted: Vec<Hit> = cited(&chosen).into_iter().filter_map(|at| hits.get(at).cloned()).collect();
        let summary = chosen.into_iter().map(|sentence| sentence.text).collect();
        let top = hits.first().map_or(0.0, |hit| hit.score);
        let company = hits.iter().filter(|hit| hit.score >= top * WORTH).cloned();
        let places: Vec<Hit> = quoted.into_iter().chain(company).collect();
        Ok(if bounds.doubt(evidence) {
            Answer::Unsure { missing: None, summary, nearest: self.sources(&places, NEAREST) }
        } else {
            Answer::Found { summary, excerpt: None, sources: self.sources(&places, SOURCES) }
        })
    }

    fn search_for(&self, text: &str, language: Option<Language>, vocabulary: &Vocabulary) -> Result<Findings, Error> {
        let mut asked = Asked::read(text, language);
        // A word of another language is no slip of this one.
        let own = Language::of(text).is_none_or(|asked| asked == vocabulary.told());
        let mut meant = if own { self.finder.correct(&mut asked, vocabulary) } else { Vec::new() };
        meant.extend(self.finder.widen(&mut asked, text, vocabulary));
        let found = self.finder.weighed(&asked)?;
        let own = self.finder.own_words(&asked, &[vocabulary]);
        Ok(Findings { asked, found, own, expected: Expected::of(&format!("{text} {}", meant.join(" "))) })
    }
}

/// A question, and what was found for it.
struct Findings {
    asked: Asked,
    found: Found,
    /// How many words are ones of the site.
    own: f32,
    expected: Option<Expected>,
}

impl Findings {
    fn judge(&self) -> Judge<'_> {
        Judge::new(&self.found.hits, &self.found.words, self.expected.as_ref())
    }

    fn evidence(&self) -> Evidence {
        let confidence = self.found.hits.iter().map(Hit::confidence).fold(0.0, f32::max);
        // "How much is it?" has no subject, and is asked of a school all the same.
        let open = matches!(
            self.expected,
            Some(Expected::Amount | Expected::Contact | Expected::Phone | Expected::Mail | Expected::Time)
        );
        let without = if open {
            1.0
        } else if self.own > 0.0 {
            UNNAMED
        } else {
            0.0
        };
        let subject = self.judge().subject().unwrap_or(without);
        Evidence { confidence, subject, own: self.own, elsewhere: self.found.elsewhere(&self.asked) }
    }
}

#[cfg(test)]
mod tests;
