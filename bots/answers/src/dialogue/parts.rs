//! The parts of a message: people tell a story and then ask, or ask two things at once.

use std::borrow::Cow;

use super::completed;
use super::words::{Word, words};
use crate::analyse::fold;
use crate::text::cut_at;

/// Longer messages are cut: what follows is pasted text.
const LONGEST: usize = 2000;
/// What is asked before another question has so many words: "quand et comment" is one.
const LEAST_BEFORE: usize = 3;
/// So many parts of a message are looked at.
const MOST_CLAUSES: usize = 12;

/// All questions of a message, when there are several; else nothing. What goes on from the one before it, as "et il dure
/// combien ?", is completed by that.
pub(crate) fn questions(text: &str) -> Vec<Cow<'_, str>> {
    let asking = sentences(cut_at(text, LONGEST)).into_iter().filter(|part| is_question(part));
    let asking: Vec<&str> = asking.flat_map(joined_by_and).collect();
    if asking.len() < 2 {
        return Vec::new();
    }
    let mut questions: Vec<Cow<'_, str>> = Vec::with_capacity(asking.len());
    for part in asking {
        let before = questions.last().map(Cow::as_ref);
        let whole = before.and_then(|before| completed(before, part)).map_or(Cow::Borrowed(part), Cow::Owned);
        questions.push(whole);
    }
    questions
}

/// The questions of a sentence that "and" joins: "combien coûte le BTS et quand commence-t-il ?".
fn joined_by_and(sentence: &str) -> Vec<&str> {
    let words = words(sentence);
    let mut parts = Vec::new();
    let (mut start, mut first) = (0, 0);
    for at in 1..words.len() {
        let (before, behind) = (&words[first..at], &words[at + 1..]);
        if words[at].is(&["et", "and"]) && begins_question(behind, before) && is_question_before(before) {
            parts.push(sentence[start..words[at].at.start].trim());
            (start, first) = (behind[0].at.start, at + 1);
        }
    }
    parts.push(sentence[start..].trim());
    parts
}

/// Whether words behind "and" are a question by themselves.
fn begins_question(words: &[Word<'_>], before: &[Word<'_>]) -> bool {
    let [first, second, ..] = words else { return false };
    let goes_on = first.is(WHEN) && before.iter().skip(1).any(|word| word.is(WHEN));
    // "Is recognised by the state" has its subject before "and".
    let is_verb = first.is(VERBS) && second.is(SUBJECTS);
    !goes_on && (asks(first) || is_verb)
}

fn is_question_before(words: &[Word<'_>]) -> bool {
    words.len() >= LEAST_BEFORE && words.iter().any(|word| asks(word) || word.is(&["quoi"]) || word.is(VERBS))
}

fn asks(word: &Word<'_>) -> bool {
    word.is(ASKING) || word.is(ALSO_ASKING) || word.folded.starts_with("est-ce") || is_inverted(&word.folded)
}

/// "Peut-on", "faut-il", "dure-t-il".
fn is_inverted(word: &str) -> bool {
    let ends = ["-il", "-elle", "-on", "-je", "-vous", "-ils", "-elles"];
    word != "rendez-vous" && ends.iter().any(|end| word.ends_with(end))
}

/// The clauses of a message that is more than one: what stands between marks.
pub(crate) fn clauses(text: &str) -> Vec<&str> {
    let parts =
        sentences(cut_at(text, LONGEST)).into_iter().flat_map(|sentence| sentence.split([',', ';', ':', '(', ')']));
    let parts: Vec<&str> = parts.map(str::trim).filter(|part| part.contains(' ')).take(MOST_CLAUSES).collect();
    if parts.first().is_none_or(|first| first.len() == text.trim().len()) { Vec::new() } else { parts }
}

/// The sentences of a message: up to a mark before a space, and line by line.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut marks = text.char_indices().peekable();
    while let Some((at, c)) = marks.next() {
        let ends = marks.peek().is_none_or(|(_, next)| next.is_whitespace());
        if c == '\n' || (matches!(c, '.' | '!' | '?' | '…') && ends) {
            found.push(&text[start..at + c.len_utf8()]);
            start = at + c.len_utf8();
        }
    }
    found.push(&text[start..]);
    found.into_iter().map(str::trim).filter(|part| part.contains(char::is_alphanumeric)).collect()
}

fn is_question(part: &str) -> bool {
    let folded = fold(part);
    let mut words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    // "Hello?" asks nothing.
    let is_long = words.clone().count() > 1;
    is_long && (part.ends_with('?') || words.any(|word| ASKING.contains(&word)))
}

/// Words that begin a question behind "and".
const ALSO_ASKING: &[&str] = &["ou", "why"];
/// Verbs that begin one before its subject.
const VERBS: &[&str] = &["are", "can", "could", "do", "does", "is", "should"];
const SUBJECTS: &[&str] = &["i", "it", "people", "students", "the", "there", "they", "this", "we", "you"];
/// Words that ask, and that only tell when something is, behind another word that asks.
const WHEN: &[&str] = &["quand", "when"];
/// Words that ask where no mark does.
#[rustfmt::skip]
const ASKING: &[&str] = &[
    "combien", "comment", "pourquoi", "quand", "quel", "quelle", "quelles", "quels", "how", "what", "when", "where", "which",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn several_questions_are_told_from_one() {
        assert_eq!(questions("Combien coûte le BTS ? Et le stage, il dure combien ?").len(), 2);
        assert_eq!(questions("combien coute le bts\nquand commence t il").len(), 2);
        let both = questions("C'est quoi le prix du master et comment je vous appelle ?");
        assert_eq!(both, ["C'est quoi le prix du master", "comment je vous appelle ?"]);
        assert_eq!(questions("où est App et où est Route ?"), ["où est App", "où est Route ?"]);
        assert_eq!(questions("How much is it and can I pay monthly?").len(), 2);
        assert_eq!(
            questions("Combien coûte le BTS ? Que se passe-t-il si j’échoue ?")[1],
            "Que se passe-t-il si j’échoue ?"
        );
        assert_eq!(
            questions("Combien coûte le BTS ? Comment financer sa formation ?")[1],
            "Comment financer sa formation ?"
        );
        let leaning = questions("Combien coûte le BTS et combien de temps dure-t-il ?");
        assert_eq!(leaning, ["Combien coûte le BTS", "combien de temps dure le BTS\u{a0}?"]);
        for one in [
            "Quand et comment m’inscrire ?",
            "le BTS et le bachelor coûtent combien ?",
            "what is this and that?",
            "Avez-vous une formation en RH et qui se fait à distance ?",
            "Which course is online and is recognised by the state?",
            "How do I clone the repo and do a release build?",
            "Comment prendre contact et rendez-vous avec un conseiller ?",
            "Que se passe-t-il quand je déménage et quand je change de banque ?",
        ] {
            assert!(questions(one).is_empty(), "{one}");
        }
        for one in
            ["Combien coûte le BTS ?", "Bonjour ! Combien coûte le BTS ? Merci.", "Allo ? Combien coûte le BTS ?", ""]
        {
            assert!(questions(one).is_empty(), "{one}");
        }
        assert_eq!(questions("écrivez à a@b.fr ou au 9.5 quand vous voulez"), Vec::<&str>::new());
    }

    #[test]
    fn clauses_stand_between_marks() {
        assert_eq!(clauses("Madame, Monsieur, les manuels sont à nous. Cordialement"), ["les manuels sont à nous."]);
        assert!(clauses("Combien coûte le BTS ?").is_empty());
        assert_eq!(clauses("Ma fille a 16 ans, est-ce possible ?"), ["Ma fille a 16 ans", "est-ce possible ?"]);
    }

    proptest! {
        #[test]
        fn parts_are_of_the_message(text in "\\PC{0,60}|[a-zé ?!.,\n]{0,60}") {
            prop_assert!(clauses(&text).iter().all(|part| text.contains(part) && !part.trim().is_empty()));
            prop_assert!(questions(&text).iter().all(|part| !part.trim().is_empty()));
        }
    }
}
