//! The answers to several questions of one message.

use std::collections::HashSet;

use super::{Answer, Source};
use crate::error::Error;

/// So many questions of a message are answered.
const MOST: usize = 3;

/// The answers to the first of several questions, one by one.
pub(super) fn each<Q>(questions: &[Q], one: impl Fn(&Q) -> Result<Answer, Error>) -> Result<Vec<Answer>, Error> {
    questions.iter().take(MOST).map(one).collect()
}

/// The answers to some of the `asked` questions of one message as one, of so many sentences, which is as unsure as the least
/// sure of them; nothing when fewer than two are answered.
pub(super) fn together(answers: Vec<Answer>, asked: usize, sentences: usize) -> Option<Answer> {
    let is_unsure = answers.iter().any(|answer| matches!(answer, Answer::Unsure { .. }));
    let told: Vec<(Vec<String>, Vec<Source>)> = answers
        .into_iter()
        .filter_map(|answer| match answer {
            Answer::Found { summary, sources, .. } => Some((summary, sources)),
            Answer::Unsure { summary, nearest, .. } => Some((summary, nearest)),
            _ => None,
        })
        .collect();
    if told.len() < 2 {
        return None;
    }
    let (each, left) = ((sentences / told.len()).max(1), asked - told.len());
    let (mut said, mut named) = (HashSet::new(), HashSet::new());
    let mut summary = Vec::new();
    let mut sources = Vec::new();
    for (sentences, places) in told {
        summary.extend(sentences.into_iter().filter(|sentence| said.insert(sentence.clone())).take(each));
        sources.extend(places.into_iter().filter(|place| named.insert(place.path.clone())).take(each));
    }
    let answer = match is_unsure {
        true => Answer::Unsure { missing: None, summary, nearest: sources },
        false => Answer::Found { summary, excerpt: None, sources },
    };
    Some(if left == 0 { answer } else { partly(answer, left) })
}

pub(super) fn partly(answer: Answer, left: usize) -> Answer {
    Answer::Partly { answer: Box::new(answer), left }
}

pub(super) fn is_refused(answer: &Answer) -> bool {
    matches!(answer, Answer::OffTopic { .. } | Answer::Nothing { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Searched;
    use crate::passage::Kind;

    #[test]
    fn several_answers_are_as_sure_as_the_least_and_what_is_left_is_told() {
        let source =
            |path: &str| Source { root: None, path: path.into(), line: None, title: path.into(), kind: Kind::Section };
        let found =
            |path: &str| Answer::Found { summary: vec![path.into()], excerpt: None, sources: vec![source(path)] };
        let unsure =
            |path: &str| Answer::Unsure { missing: None, summary: vec![path.into()], nearest: vec![source(path)] };
        let refused = Answer::OffTopic { searched: Searched { documents: 1, roots: Vec::new() }, foreign: false };
        let both = |is: fn(&Answer) -> bool, answers: Vec<Answer>| is(&together(answers, 2, 4).unwrap());
        assert!(both(|answer| matches!(answer, Answer::Found { .. }), vec![found("a"), found("b")]));
        assert!(both(|answer| matches!(answer, Answer::Unsure { .. }), vec![found("a"), unsure("b")]));
        let Some(Answer::Partly { answer, left: 2 }) = together(vec![found("a"), refused.clone(), found("b")], 4, 4)
        else {
            panic!("one is refused, and one is too many")
        };
        assert!(matches!(*answer, Answer::Found { .. }));
        assert_eq!(together(vec![found("a"), refused], 2, 4), None);
    }
}
