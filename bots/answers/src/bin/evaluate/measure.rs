//! nDCG, MRR and recall at ten, and how well a score tells what can be answered.

use super::set::{Set, Subject};
use answers::{Answer, Error, Hit, Language, Library, Locator, Question, Vocabulary};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const DEPTH: usize = 10;

pub(crate) struct Ranking {
    pub(crate) ndcg: f64,
    pub(crate) mrr: f64,
    pub(crate) recall: f64,
}

/// The means over all questions, typed as `spell` spells them.
pub(crate) fn ranking(set: &Set, library: &Library, spell: impl Fn(&str) -> String) -> Result<Ranking, Error> {
    let mut sums = Ranking { ndcg: 0.0, mrr: 0.0, recall: 0.0 };
    for query in &set.queries {
        let relevant = &set.relevant[&query.id];
        let found = ids(library, &spell(&query.text))?;
        let grades: Vec<f64> = found.iter().map(|id| relevant.get(id).copied().unwrap_or(0.0)).collect();
        let mut ideal: Vec<f64> = relevant.values().copied().collect();
        ideal.sort_by(|one, other| other.total_cmp(one));
        ideal.truncate(DEPTH);
        sums.ndcg += gain(&grades) / gain(&ideal);
        sums.mrr += grades.iter().position(|grade| *grade > 0.0).map_or(0.0, |at| 1.0 / number(at + 1));
        sums.recall += number(grades.iter().filter(|grade| **grade > 0.0).count()) / number(relevant.len());
    }
    let count = number(set.queries.len().max(1));
    Ok(Ranking { ndcg: sums.ndcg / count, mrr: sums.mrr / count, recall: sums.recall / count })
}

/// The ids of the ten best documents.
pub(crate) fn ids(library: &Library, text: &str) -> Result<Vec<String>, Error> {
    let hits = library.hits(text, DEPTH)?;
    Ok(hits
        .into_iter()
        .map(|hit| match hit.passage.locator {
            Locator::Lines { root, .. } => root,
            Locator::Page { url, .. } => url,
        })
        .collect())
}

fn gain(grades: &[f64]) -> f64 {
    grades.iter().enumerate().map(|(at, grade)| grade / number(at + 2).log2()).sum()
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
pub(crate) fn number(count: usize) -> f64 {
    count as f64
}

pub(crate) fn without_accents(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>().replace('œ', "oe").replace('Œ', "OE")
}

pub(crate) struct Refusal {
    pub(crate) auc: f64,
    pub(crate) refused: f64,
    pub(crate) at: f32,
    pub(crate) own_answered: f64,
    pub(crate) others_answered: f64,
}

/// How well the best score of a question tells those of the set from `others`.
pub(crate) fn refusal(set: &Set, others: &[&str], library: &Library) -> Result<Refusal, Error> {
    let score = |text: &str| -> Result<f32, Error> { Ok(library.hits(text, 1)?.first().map_or(0.0, Hit::confidence)) };
    let mut own = set.queries.iter().map(|query| score(&query.text)).collect::<Result<Vec<_>, _>>()?;
    let strangers = others.iter().map(|text| score(text)).collect::<Result<Vec<_>, _>>()?;
    own.sort_by(f32::total_cmp);
    let at = own[own.len() / 10];
    let share = |count: usize, of: usize| number(count) / number(of.max(1));
    let wins: f64 = strangers
        .iter()
        .map(|stranger| {
            let below = own.partition_point(|one| one < stranger);
            let same = own.partition_point(|one| one <= stranger) - below;
            share(own.len() - below - same, own.len()) + share(same, own.len()) / 2.0
        })
        .sum();
    Ok(Refusal {
        auc: wins / number(strangers.len()),
        refused: share(strangers.iter().filter(|score| **score < at).count(), strangers.len()),
        at,
        own_answered: answered(set, library, &set.queries.iter().map(|query| query.text.as_str()).collect::<Vec<_>>())?,
        others_answered: answered(set, library, others)?,
    })
}

/// The share of `questions` that are answered: with confidence from code, and at all from French prose, which is asked as
/// the pages of a website are, whose answers say when they are unsure.
fn answered(set: &Set, library: &Library, questions: &[&str]) -> Result<f64, Error> {
    let vocabulary = Vocabulary::read(Language::French, "");
    let is_answered = |text: &str| {
        let question = Question::new(text);
        Ok(match set.subject {
            Subject::Prose(Language::French) => {
                let answer = library.answer_from_pages(&question, &vocabulary)?;
                matches!(answer, Answer::Found { .. } | Answer::Unsure { .. } | Answer::Partly { .. })
            }
            _ => matches!(library.answer(&question)?, Answer::Found { .. }),
        })
    };
    let answers = questions.iter().map(|text| is_answered(text)).collect::<Result<Vec<bool>, Error>>()?;
    Ok(number(answers.iter().filter(|answered| **answered).count()) / number(questions.len().max(1)))
}
