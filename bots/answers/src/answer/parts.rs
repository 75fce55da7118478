//! The parts of a message: people tell a story and then ask, or ask two things at once.

use std::borrow::Cow;

use crate::analyse::fold;
use crate::dialogue::{completed, words};
use crate::text::cut_at;

/// Longer messages are cut: what follows is pasted text.
const LONGEST: usize = 2000;
/// So many questions of a message are answered.
pub(super) const MOST: usize = 3;
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
        let next = words.get(at + 1).filter(|_| at + 2 < words.len());
        let Some(next) = next.filter(|next| words[at].is(&["et", "and"]) && begins_question(&next.folded)) else {
            continue;
        };
        if at - first >= LEAST_BEFORE && words[first..at].iter().any(|word| asks(&word.folded)) {
            parts.push(sentence[start..words[at].at.start].trim());
            (start, first) = (next.at.start, at + 1);
        }
    }
    parts.push(sentence[start..].trim());
    parts
}

fn begins_question(word: &str) -> bool {
    ASKING.contains(&word) || ALSO_ASKING.contains(&word) || word.starts_with("est-ce") || is_inverted(word)
}

fn asks(word: &str) -> bool {
    begins_question(word) || word == "quoi"
}

/// "Peut-on", "faut-il", "dure-t-il".
fn is_inverted(word: &str) -> bool {
    ["-il", "-elle", "-on", "-je", "-vous", "-ils", "-elles"].iter().any(|end| word.ends_with(end))
}

/// The clauses of a message that is more than one: what stands between marks.
pub(super) fn clauses(text: &str) -> Vec<&str> {
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
const ALSO_ASKING: &[&str] = &["ou", "qui", "why", "who", "can", "do", "does", "is", "are"];
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
        let leaning = questions("Combien coûte le BTS et combien de temps dure-t-il ?");
        assert_eq!(leaning, ["Combien coûte le BTS", "combien de temps dure le BTS\u{a0}?"]);
        for one in
            ["Quand et comment m’inscrire ?", "le BTS et le bachelor coûtent combien ?", "what is this and that?"]
        {
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
