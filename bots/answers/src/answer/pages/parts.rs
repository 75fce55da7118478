//! The parts of a message: people tell a story and then ask, or ask two things at once.

use crate::analyse::fold;
use crate::text::cut_at;

/// Longer messages are cut: what follows is pasted text.
const LONGEST: usize = 2000;
/// So many questions of a message are answered.
pub(super) const MOST: usize = 3;
/// So many parts of a message are looked at.
const MOST_CLAUSES: usize = 12;

/// All questions of a message, when there are several; else nothing.
pub(super) fn questions(text: &str) -> Vec<&str> {
    let asking: Vec<&str> = sentences(cut_at(text, LONGEST)).into_iter().filter(|part| is_question(part)).collect();
    if asking.len() < 2 { Vec::new() } else { asking }
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
            for part in questions(&text).into_iter().chain(clauses(&text)) {
                prop_assert!(text.contains(part) && !part.trim().is_empty());
            }
        }
    }
}
