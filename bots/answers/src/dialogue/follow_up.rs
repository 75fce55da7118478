//! Questions that go on from the one before them.

use super::focus::{Focus, is_article, is_aspect};
use super::pronoun::{Pronoun, is_owned, owned};
use super::words::{Word, words};
use crate::analyse::Language;
use crate::answer::Courtesy;

/// A longer text stands by itself.
const LONGEST: usize = 8;

/// How a text is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It stands by itself.
    Alone,
    /// It stands by itself, but is short enough to lean on what was said if nothing answers it.
    Short,
    /// It goes on from what was asked before.
    FollowUp,
    /// It asks for help and says nothing else: what it is about was said before.
    Plea,
}

/// How a text begins that goes on, in folded words.
#[rustfmt::skip]
const OPENINGS: &[&[&str]] = &[
    &["and", "what", "about"], &["and", "how", "about"], &["what", "about"], &["how", "about"], &["same", "question"],
    &["same"], &["and"], &["also"], &["but"],
    &["qu", "en", "est-il"], &["et", "qu", "en", "est-il"], &["meme", "question"], &["quid"], &["pareil"], &["idem"],
    &["et"], &["mais"], &["sinon"],
];
/// Before what is asked about instead.
const BEFORE: &[&str] = &["pour", "de", "du", "d", "for", "of", "about"];
/// Prepositions by which one thing takes the place of another.
#[rustfmt::skip]
const PREPOSITIONS: &[&str] = &[
    "en", "a", "dans", "avec", "pour", "par", "sur", "sans", "with", "for", "in", "at", "by", "from", "on", "without",
];
/// Words that ask.
#[rustfmt::skip]
pub(super) const ASKING: &[&str] = &[
    "combien", "comment", "quand", "pourquoi", "ou", "qui", "quel", "quelle", "quels", "quelles", "quoi", "est-ce", "est-il",
    "est-elle", "faut-il", "peut-on", "puis-je", "how", "when", "why", "where", "who", "what", "which", "much", "many",
    "can", "is", "are", "does", "do", "si", "if",
];
/// Words that ask for help.
const HELP: &[&str] = &["help", "idea", "ideas", "thoughts", "aide", "aidez", "aider", "idee", "idees", "avis"];
/// Words that say nothing of what it is for.
#[rustfmt::skip]
const COMPANY: &[&str] = &[
    "us", "me", "please", "pls", "plz", "any", "can", "could", "you", "this", "with", "here", "hey", "hi", "hello",
    "nous", "moi", "peux", "peux-tu", "tu", "pouvez-vous", "pouvez", "vous", "une", "des", "un", "ici", "stp", "svp", "s",
    "il", "te", "plait", "bonjour", "salut",
];

impl Manner {
    /// How a text is put.
    pub fn of(text: &str) -> Self {
        let words = words(text);
        let pleads = words.is_empty() || words.iter().any(|word| word.is(HELP));
        if pleads && words.iter().all(|word| word.is(HELP) || word.is(COMPANY)) {
            return Self::Plea;
        }
        // "Merci pour ça" is said of an answer, and asks nothing more of it.
        if words.len() > LONGEST || Courtesy::of(text).is_some() {
            return Self::Alone;
        }
        let opening = opening(&words);
        let goes_on = opening > 0 && words.len() > opening || words.len() > 1 && words[0].is(&["pour", "for"]);
        let refers = Pronoun::of(&words).is_some() || is_owned(&words);
        let refers = refers || words.iter().all(|word| word.is(ASKING));
        let names_aspect = words.iter().any(is_aspect) && words.iter().all(|word| is_aspect(word) || is_article(word));
        let refers = refers && !Focus::is_told(text);
        if goes_on || refers || names_aspect { Self::FollowUp } else { Self::Short }
    }
}

/// Whether a text speaks of something that it does not name.
pub(super) fn leans(text: &str) -> bool {
    Pronoun::of(&words(text)).is_some() && !Focus::is_told(text)
}

/// How many words only say that a text goes on.
fn opening(words: &[Word<'_>]) -> usize {
    let begins = |opening: &&&[&str]| {
        words.len() >= opening.len() && words.iter().zip(opening.iter()).all(|(word, known)| word.folded == *known)
    };
    OPENINGS.iter().filter(begins).map(|opening| opening.len()).max().unwrap_or(0)
}

/// The question that `text` is after the question `before`.
pub(super) fn joined(before: &str, text: &str) -> String {
    let before = before.trim();
    let all = words(text);
    let phrase = all.get(opening(&all)).map_or(text, |first| &text[first.at.start..]);
    let phrase = phrase.trim().trim_end_matches(['?', '!', '.', '…', '\u{a0}', '\u{202f}', ' ']);
    let Some(focus) = Focus::of(before) else { return beside(before, phrase) };
    let (whole, named) = (focus.whole(before), focus.named(before));
    let language = Language::of(text).or_else(|| Language::of(before)).unwrap_or_default();
    let words = words(phrase);
    let head = words.iter().find(|word| !is_article(word) && !word.is(BEFORE));
    if let Some(word) = owned(&words) {
        let rest = format!("{}{}", &phrase[..word.at.start], phrase[word.at.end..].trim_start());
        return asked(&of(&rest, &focus, &whole, language), language);
    }
    if let Some(Pronoun { at, verb }) = Pronoun::of(&words) {
        let (ahead, behind) = (&phrase[..at.start], &phrase[at.end..]);
        // "Pourquoi le bachelor est cher", and "combien de temps dure le bachelor".
        let is_before = ahead.trim().is_empty() || ahead.trim_end().to_lowercase().ends_with("pourquoi");
        if !verb.is_empty() && is_before {
            return asked(&contracted(&format!("{ahead}{named} {}{behind}", verb.to_lowercase())), language);
        }
        if !verb.is_empty() {
            return asked(&contracted(&format!("{ahead}{verb} {named}{behind}")), language);
        }
        return asked(&contracted(&in_order(ahead, &named, behind, language)), language);
    }
    if words.iter().any(|word| word.is(ASKING)) {
        return beside(phrase, &named);
    }
    if head.is_some_and(is_aspect) {
        return asked(&of(phrase, &focus, &whole, language), language);
    }
    asked(&instead(before, phrase, &words, &focus), language)
}

/// "Combien ça coûte" is said of a thing as "combien coûte le bachelor".
fn in_order(ahead: &str, named: &str, behind: &str, language: Language) -> String {
    let asks = words(ahead).last().is_some_and(|word| word.is(&["combien", "comment", "quand", "ou"]));
    match behind.trim() {
        verb if asks && language == Language::French && !verb.is_empty() && !verb.contains(' ') => {
            format!("{ahead}{verb} {named}")
        }
        _ => format!("{ahead}{named}{behind}"),
    }
}

/// A thing is put in the place of another.
fn instead(before: &str, phrase: &str, words: &[Word<'_>], focus: &Focus<'_>) -> String {
    let Some(first) = words.first() else { return before.to_owned() };
    let known = super::words::words(before);
    let same = known.iter().skip(1).rfind(|word| first.is(PREPOSITIONS) && word.folded == first.folded);
    if let Some(word) = same {
        return format!("{}{phrase}", &before[..word.at.start]);
    }
    if first.is(PREPOSITIONS) && !first.is(BEFORE) {
        return format!("{} {phrase}", without_mark(before));
    }
    let rest = match first.is(BEFORE) {
        true => words.get(1).map_or("", |second| &phrase[second.at.start..]),
        false => phrase,
    };
    // What is said of the one thing is said of the other, unless it comes with words of its own.
    let own = words.iter().skip(1).any(|word| word.is(PREPOSITIONS));
    let behind = if own { "" } else { &before[focus.at.end..] };
    let link = match focus.article.as_deref() {
        Some("du" | "des") => "de ",
        Some("au" | "aux") => "à ",
        _ => "",
    };
    contracted(&format!("{}{link}{rest}{behind}", &before[..focus.at.start]))
}

/// "the tests of the router", "le prix du bachelor".
fn of(phrase: &str, focus: &Focus<'_>, whole: &str, language: Language) -> String {
    match language {
        Language::English => format!("{phrase} of {whole}"),
        Language::French => match focus.article.as_deref() {
            // The article holds the preposition.
            Some("du" | "des") => format!("{phrase} {whole}"),
            Some("au") => format!("{phrase} du {}", focus.name),
            Some("aux") => format!("{phrase} des {}", focus.name),
            _ => contracted(&format!("{phrase} de {whole}")),
        },
    }
}

fn contracted(text: &str) -> String {
    let pairs = [
        (" de le ", " du "),
        (" de les ", " des "),
        (" à le ", " au "),
        (" à les ", " aux "),
        (" de un ", " d’un "),
        (" de une ", " d’une "),
    ];
    pairs.iter().fold(text.to_owned(), |text, (apart, together)| text.replace(apart, together))
}

/// Two texts that are not made one.
fn beside(one: &str, other: &str) -> String {
    format!("{} — {other}", without_mark(one))
}

fn asked(text: &str, language: Language) -> String {
    let mark = if language == Language::French { "\u{a0}?" } else { "?" };
    format!("{}{mark}", without_mark(text))
}

fn without_mark(text: &str) -> &str {
    text.trim().trim_end_matches(['?', '!', '.', '…', '\u{a0}', '\u{202f}', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_is_told_from_what_stands_by_itself() {
        for (text, expected) in [
            ("", Manner::Plea),
            ("?", Manner::Plea),
            ("help us?", Manner::Plea),
            ("une idée ?", Manner::Plea),
            ("can you help me please", Manner::Plea),
            ("any", Manner::Short),
            ("and its tests?", Manner::FollowUp),
            ("et pour le master ?", Manner::FollowUp),
            ("Et combien ça coûte ?", Manner::FollowUp),
            ("combien ça coûte ?", Manner::FollowUp),
            ("what about timeouts", Manner::FollowUp),
            ("how does it work?", Manner::FollowUp),
            ("how does that work?", Manner::FollowUp),
            ("what about this", Manner::FollowUp),
            ("why?", Manner::FollowUp),
            ("combien ?", Manner::FollowUp),
            ("les débouchés ?", Manner::FollowUp),
            ("check that can open file", Manner::Short),
            ("pour le master ?", Manner::FollowUp),
            ("merci", Manner::Alone),
            ("bonjour", Manner::Alone),
            ("merci pour ça", Manner::Alone),
            ("ça va ?", Manner::Alone),
            ("thanks for that", Manner::Alone),
            ("where is Router?", Manner::Short),
            ("La formation est-elle éligible au CPF ?", Manner::Short),
            ("comment ça marche le CPF ?", Manner::Short),
            ("et", Manner::Short),
            ("il dure combien ?", Manner::FollowUp),
            ("combien de temps dure-t-il ?", Manner::FollowUp),
            ("est-elle reconnue ?", Manner::FollowUp),
            ("il faut un bac ?", Manner::Short),
            ("est-il possible de payer en deux fois ?", Manner::Short),
            ("il y a un stage ?", Manner::Short),
            ("il est trop tard pour s’inscrire ?", Manner::Short),
            ("est-il encore possible de payer ?", Manner::Short),
            ("Que se passe-t-il si j’échoue ?", Manner::Short),
            ("Quelle heure est-il ?", Manner::Short),
            ("Va-t-il pleuvoir demain ?", Manner::Short),
            ("De quoi s’agit-il ?", Manner::Short),
            ("is it possible to pay monthly?", Manner::Short),
            ("what time is it?", Manner::Short),
            ("Peut-on garder son emploi ?", Manner::Short),
            ("is it recognised?", Manner::FollowUp),
            ("y a-t-il un stage ?", Manner::Short),
            ("le bachelor est-il reconnu ?", Manner::Short),
            ("and how is the size of a request body limited by default?", Manner::Alone),
        ] {
            assert_eq!(Manner::of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_question_goes_on_from_the_one_before() {
        for (before, text, expected) in [
            ("Combien coûte le bachelor marketing ?", "et pour le master ?", "Combien coûte le master\u{a0}?"),
            ("Combien coûte le bachelor marketing ?", "et le BTS compta", "Combien coûte le BTS compta\u{a0}?"),
            ("Quelle est la durée du bachelor ?", "et le master ?", "Quelle est la durée du master\u{a0}?"),
            ("Quelle est la durée du bachelor ?", "Et combien ça coûte ?", "combien coûte le bachelor\u{a0}?"),
            ("Combien coûte le bachelor ?", "que pensez-vous de ça ?", "que pensez-vous du bachelor\u{a0}?"),
            ("Faut-il faire un stage ?", "et la durée ?", "la durée d’un stage\u{a0}?"),
            ("Combien coûte le bachelor ?", "et la durée ?", "la durée du bachelor\u{a0}?"),
            ("Combien coûte le bachelor ?", "et sa durée ?", "durée du bachelor\u{a0}?"),
            ("Combien coûte le bachelor ?", "et comment s’inscrire ?", "comment s’inscrire — le bachelor"),
            ("Faut-il un stage en bachelor ?", "et en master ?", "Faut-il un stage en master\u{a0}?"),
            ("Les examens sont-ils en ligne ?", "et si je rate ?", "si je rate — les examens"),
            ("Les examens sont-ils en ligne ?", "et les frais ?", "les frais des examens\u{a0}?"),
            ("Combien coûte le bachelor ?", "il dure combien ?", "le bachelor dure combien\u{a0}?"),
            (
                "Combien coûte le bachelor ?",
                "et combien de temps dure-t-il ?",
                "combien de temps dure le bachelor\u{a0}?",
            ),
            (
                "vous avez une formation de secrétaire médicale ?",
                "il dure combien",
                "une formation de secrétaire médicale dure combien\u{a0}?",
            ),
            ("le bachelor dure combien ?", "et pour le master ?", "le master dure combien\u{a0}?"),
            ("Combien coûte le bachelor ?", "Est-il reconnu ?", "le bachelor est reconnu\u{a0}?"),
            ("Combien coûte le bachelor ?", "permet-il de travailler ?", "le bachelor permet de travailler\u{a0}?"),
            ("Combien coûte le bachelor ?", "pourquoi est-il cher ?", "pourquoi le bachelor est cher\u{a0}?"),
            ("le bachelor est reconnu ?", "les débouchés ?", "les débouchés du bachelor\u{a0}?"),
            ("prix bts compta", "et bachelor marketing", "prix bachelor marketing\u{a0}?"),
            ("Faut-il un stage ?", "et en master ?", "Faut-il un stage en master\u{a0}?"),
            ("how do I run the tests?", "and on Windows?", "how do I run the tests on Windows?"),
            ("how are slash commands answered?", "and buttons?", "how are buttons answered?"),
            ("how is Router tested?", "why?", "why — Router"),
            ("Where is Router defined?", "and its tests?", "tests of Router?"),
            ("Where is Router defined?", "what about Handler?", "Where is Handler defined?"),
            ("Where is Router defined?", "how does it work?", "how does Router work?"),
            (
                "how are timeouts handled in the router?",
                "and in the client?",
                "how are timeouts handled in the client?",
            ),
            ("how does it work?", "and the client?", "how does it work — the client"),
        ] {
            assert_eq!(joined(before, text), expected, "{before} {text}");
        }
    }
}
