//! What a question is about: the thing, not what is asked of it.

use std::borrow::Cow;
use std::ops::Range;

use super::words::{Word, words};
use crate::analyse::is_identifier;
use crate::find::is_frame;

#[rustfmt::skip]
const ARTICLES: &[&str] = &[
    "le", "la", "les", "l", "un", "une", "du", "des", "au", "aux", "ce", "cet", "cette", "ces", "mon", "ma", "mes", "votre",
    "vos", "the", "a", "an", "this", "these", "those", "my", "your",
];
/// What stands between a thing and what is said of it.
#[rustfmt::skip]
const BETWEEN: &[&str] = &[
    "en", "a", "dans", "avec", "pour", "par", "sur", "sans", "est", "sont", "with", "for", "in", "at", "by", "from", "on",
    "without", "is", "are", "se", "dure", "durent", "commence", "commencent", "mene", "menent", "vaut", "valent", "coute",
    "coutent", "costs", "cost", "take", "takes", "last", "lasts",
];
/// What may be asked of a thing.
#[rustfmt::skip]
const ASPECTS: &[&str] = &[
    "prix", "tarif", "tarifs", "cout", "couts", "duree", "debouches", "programme", "prerequis", "admission", "inscription",
    "examens", "financement", "salaire", "date", "dates", "rentree", "niveau", "price", "prices", "cost", "fee", "fees",
    "duration", "length", "deadline", "test", "tests", "docs", "documentation", "example", "examples", "exemple", "exemples",
    "frais", "errors", "erreurs", "default", "defaults", "signature", "callers", "coute", "coutent",
];

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Focus<'a> {
    /// Where it stands, in bytes, with its article.
    pub(super) at: Range<usize>,
    /// Its article, folded.
    pub(super) article: Option<String>,
    /// What it is called, without its article.
    pub(super) name: &'a str,
}

impl<'a> Focus<'a> {
    /// What a question is about: a name in code, else what stands behind the last article, else what is written with
    /// capitals, else its words that do not only ask.
    pub(super) fn of(question: &'a str) -> Option<Self> {
        let words = words(question);
        let of_words = |range: Range<usize>| {
            let (first, last) = (words.get(range.start)?, words.get(range.end.checked_sub(1)?)?);
            let name = &question[first.at.start..last.at.end];
            Some(Self { at: first.at.start..last.at.end, article: None, name })
        };
        if let Some(at) = words.iter().rposition(is_code) {
            return of_words(at..at + 1);
        }
        if let Some(found) = Self::behind_article(question, &words) {
            return Some(found);
        }
        let is_capital =
            |at: usize| at > 0 && words[at].text.starts_with(char::is_uppercase) && words[at].text.len() > 1;
        if let Some(last) = (0..words.len()).rfind(|at| is_capital(*at)) {
            let first = (0..=last).rev().take_while(|at| is_capital(*at)).last().unwrap_or(last);
            return of_words(first..last + 1);
        }
        let tells = |word: &Word<'_>| !is_frame(word.text) && !word.is(super::follow_up::ASKING) && !is_between(word);
        let last = words.iter().rposition(tells)?;
        let first = (0..=last).rev().take_while(|at| tells(&words[*at])).last().unwrap_or(last);
        // What is asked of it stands first, and what is done with it last.
        let last = (first..=last).rfind(|at| !words[*at].folded.ends_with("ed")).unwrap_or(last);
        let first = (first..last).find(|at| !is_aspect(&words[*at])).unwrap_or(last);
        of_words(first..last + 1)
    }

    /// Whether it tells itself what it is about: by a name in code, an article, or capitals.
    pub(super) fn is_told(question: &'a str) -> bool {
        let words = words(question);
        let capital = |word: &Word<'_>| word.text.starts_with(char::is_uppercase) && word.text.len() > 1;
        words.iter().any(is_code)
            || words.iter().skip(1).any(capital)
            || Self::behind_article(question, &words).is_some()
    }

    /// With its article, as it stands within a sentence.
    pub(super) fn whole(&self, question: &'a str) -> Cow<'a, str> {
        let whole = &question[self.at.clone()];
        match (&self.article, whole.chars().next()) {
            (Some(_), Some(first)) if first.is_uppercase() => {
                format!("{}{}", first.to_lowercase(), &whole[first.len_utf8()..]).into()
            }
            _ => whole.into(),
        }
    }

    /// As it is called by itself: without the preposition that its article may hold.
    pub(super) fn named(&self, question: &'a str) -> Cow<'a, str> {
        match self.article.as_deref() {
            Some("du" | "au") => format!("le {}", self.name).into(),
            Some("des" | "aux") => format!("les {}", self.name).into(),
            _ => self.whole(question),
        }
    }

    fn behind_article(question: &'a str, words: &[Word<'a>]) -> Option<Self> {
        let is_article =
            |at: usize| words[at].is(ARTICLES) && words.get(at + 1).is_some_and(|next| !is_frame(next.text));
        let article = (0..words.len()).rfind(|at| is_article(*at))?;
        let behind = &words[article + 1..];
        let length = behind.iter().skip(1).position(is_between).map_or(behind.len(), |at| at + 1);
        let length = (1..=length).rfind(|length| !is_frame(behind[length - 1].text)).unwrap_or(1);
        let (first, last) = (&behind[0], &behind[length - 1]);
        Some(Self {
            at: words[article].at.start..last.at.end,
            article: Some(words[article].folded.clone()),
            name: &question[first.at.start..last.at.end],
        })
    }
}

/// Whether a word names something that may be asked of a thing.
pub(super) fn is_aspect(word: &Word<'_>) -> bool {
    word.is(ASPECTS)
}

/// Whether a word is an article.
pub(super) fn is_article(word: &Word<'_>) -> bool {
    word.is(ARTICLES)
}

/// Whether it ends what a thing is called: "le bachelor *est-il* reconnu".
fn is_between(word: &Word<'_>) -> bool {
    let asks = ["-il", "-ils", "-elle", "-elles", "-on", "-je", "-tu", "-vous", "-nous"];
    word.is(BETWEEN) || word.is(super::follow_up::ASKING) || asks.iter().any(|end| word.folded.ends_with(end))
}

fn is_code(word: &Word<'_>) -> bool {
    is_identifier(word.text) || word.text.contains("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_about_a_thing() {
        for (question, expected) in [
            ("Combien coûte le bachelor marketing digital ?", "le bachelor marketing digital"),
            ("Quelle est la durée de la formation ?", "la formation"),
            ("Peut-on payer le bachelor marketing en plusieurs fois ?", "le bachelor marketing"),
            ("prix bts compta", "bts compta"),
            ("combien coute bachelor marketing", "bachelor marketing"),
            ("Where is Router defined?", "Router"),
            ("where is the Router struct defined?", "the Router"),
            ("how does Router::route work", "Router::route"),
            ("what does handler_timeout do in the router?", "handler_timeout"),
            ("how are timeouts handled?", "timeouts"),
            ("Les examens sont-ils en présentiel ?", "les examens"),
            ("how are signatures verified?", "signatures"),
            ("Comment marche l’alternance ?", "l’alternance"),
        ] {
            let found = Focus::of(question).map(|focus| focus.whole(question));
            assert_eq!(found.as_deref(), Some(expected), "{question}");
        }
        assert_eq!(Focus::of("how does it work?"), None);
    }
}
