//! Questions that lean on what was said before them.
//!
//! "And for the master?" is understood with the question before it, and "@bot ?" with what a thread began with. What a
//! question was taken for is told with its answer, by [`about`].

mod focus;
mod follow_up;
mod words;

use std::future::Future;

pub use self::follow_up::Manner;
use crate::analyse::Language;
use crate::answer::{Answer, Courtesy};
use crate::render::plain;
use crate::text::cut_at;

/// A question that is taken from what was said is no longer than this, in bytes.
const LONGEST: usize = 300;

/// Something that a person said before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// What was said, without the bot's own name.
    pub text: String,
    /// Whether it was said to the bot.
    pub to_bot: bool,
}

/// What people said before a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dialogue {
    /// What the thread began with, if it is a thread and a person began it.
    pub root: Option<String>,
    /// What people said, in order, with what the thread began with.
    pub turns: Vec<Turn>,
}

/// How sure an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// There is none.
    Refused,
    /// It may miss the point.
    Unsure,
    /// It answers.
    Found,
}

/// An answer, and the question that it is an answer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood<A> {
    /// The answer.
    pub answer: A,
    /// What the question was taken for, where that is not what was typed.
    pub about: Option<String>,
}

impl Answer {
    /// How sure it is. What was no question is answered.
    pub fn certainty(&self) -> Certainty {
        match self {
            Self::Found { .. } | Self::Courtesy(_) | Self::NotReady => Certainty::Found,
            Self::Unsure { .. } => Certainty::Unsure,
            Self::Partly { answer, .. } => answer.certainty(),
            Self::Nothing { .. } | Self::OffTopic { .. } => Certainty::Refused,
        }
    }
}

/// Answers a question, with what was said before where it leans on that. What stands by itself is asked as it is, and
/// what was `said` before is then not looked at.
///
/// Gives nothing for a plea, such as "?", before which nothing was asked. Fails as `ask` does.
pub async fn understand<A, E, Asked>(
    text: &str,
    said: impl Future<Output = Dialogue>,
    ask: impl Fn(String) -> Asked,
    certainty: impl Fn(&A) -> Certainty,
) -> Result<Option<Understood<A>>, E>
where
    Asked: Future<Output = Result<A, E>>,
{
    let manner = Manner::of(text);
    let alone = match manner {
        Manner::Alone | Manner::Short => Some(ask(text.to_owned()).await?),
        Manner::FollowUp | Manner::Plea => None,
    };
    let stands = |answer: &A| manner == Manner::Alone || certainty(answer) > Certainty::Refused;
    let alone = match alone {
        Some(answer) if stands(&answer) => return Ok(Some(Understood { answer, about: None })),
        alone => alone,
    };
    if let Some(meant) = said.await.meant(text) {
        let answer = ask(meant.clone()).await?;
        let least = match manner {
            Manner::Plea => Certainty::Refused,
            Manner::FollowUp => Certainty::Unsure,
            Manner::Short | Manner::Alone => Certainty::Found,
        };
        if certainty(&answer) >= least {
            return Ok(Some(Understood { answer, about: Some(meant) }));
        }
    }
    Ok(match alone {
        Some(answer) => Some(Understood { answer, about: None }),
        None if manner == Manner::Plea => None,
        None => Some(Understood { answer: ask(text.to_owned()).await?, about: None }),
    })
}

/// The line that tells what a question was taken for, as Markdown.
pub fn about(question: &str, language: Language) -> String {
    match language {
        Language::English => format!("(I understood: {})", plain(question)),
        Language::French => format!("(question comprise\u{a0}: {})", plain(question)),
    }
}

impl Dialogue {
    /// The question that a text means after what was said; nothing when nothing was asked before.
    pub fn meant(&self, text: &str) -> Option<String> {
        if Manner::of(text) == Manner::Plea {
            return self.begun().or_else(|| self.asked());
        }
        Some(joined(&self.asked()?, text))
    }

    /// The question that the thread began with.
    fn begun(&self) -> Option<String> {
        self.root.as_deref().filter(|root| is_question(root)).map(question_in)
    }

    /// The question that was asked last, in view of those before it. What was asked of the bot goes before what people
    /// asked each other.
    fn asked(&self) -> Option<String> {
        let to_bot = self.turns.iter().any(|turn| turn.to_bot && is_question(&turn.text));
        let counts = |turn: &&Turn| if to_bot { turn.to_bot } else { turn.text.contains('?') };
        let mut last = None;
        for Turn { text, .. } in self.turns.iter().filter(counts) {
            last = match (last, Manner::of(text)) {
                (last, Manner::Plea) => last.or_else(|| self.begun()),
                (last, _) if Courtesy::of(text).is_some() => last,
                (Some(before), Manner::FollowUp) => Some(joined(&before, text)),
                // It leans on nothing that is known.
                (None, Manner::FollowUp) => self.begun().map(|before| joined(&before, text)),
                _ => Some(question_in(text)),
            };
        }
        last.or_else(|| self.begun())
    }
}

/// The question that `text` is after the question `before`.
fn joined(before: &str, text: &str) -> String {
    cut_at(&follow_up::joined(before, text), LONGEST).to_owned()
}

fn is_question(text: &str) -> bool {
    Manner::of(text) != Manner::Plea && Courtesy::of(text).is_none()
}

/// What a message asks: its last sentence with a question mark, else all of it.
fn question_in(text: &str) -> String {
    let text = text.trim();
    let asked = text.rfind('?').map(|end| {
        let before = &text[..end];
        let start = before.rfind(['?', '!', '\n']).map_or(0, |at| at + 1);
        let start = before.rfind(". ").map_or(start, |at| start.max(at + 2));
        text[start..=end].trim()
    });
    cut_at(asked.filter(|asked| asked.len() > 1).unwrap_or(text), LONGEST).to_owned()
}

#[cfg(test)]
mod tests;
