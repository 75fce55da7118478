//! Questions that lean on what was said before them.
//!
//! "And for the master?" is understood with the question before it, and "@bot ?" with what a thread began with. What a
//! question was taken for is told with its answer, by [`about`].

mod focus;
mod follow_up;
mod parts;
mod pronoun;
mod words;

use std::future::Future;

pub use self::follow_up::Manner;
pub(crate) use self::parts::{clauses, questions};
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

/// So many questions before one are looked at for one that is about something known.
const MOST_BEFORE: usize = 3;

/// Answers a question, with what was said before where it leans on that. What stands by itself is asked as it is, and
/// what was `said` before is then not looked at. Nothing is taken from a question that was refused, and what stands by itself
/// is not answered worse for what was said before.
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
    if manner == Manner::Plea {
        let Some(meant) = said.await.begun_or_asked() else { return Ok(None) };
        return Ok(Some(Understood { answer: ask(meant.clone()).await?, about: Some(meant) }));
    }
    let alone = match manner {
        Manner::FollowUp => None,
        _ => Some(ask(text.to_owned()).await?),
    };
    let stands = |answer: &A| manner == Manner::Alone || certainty(answer) > Certainty::Refused;
    let alone = match alone {
        Some(answer) if stands(&answer) => return Ok(Some(Understood { answer, about: None })),
        alone => alone,
    };
    let mut joined = None;
    let language = Language::of(text);
    // What is said in another language cannot be joined.
    let speaks = |before: &String| language.is_none() || Language::of(before).is_none_or(|told| Some(told) == language);
    for before in said.await.asked().into_iter().rev().filter(speaks).take(MOST_BEFORE) {
        if certainty(&ask(before.clone()).await?) > Certainty::Refused {
            let meant = join(&before, text);
            joined = Some(Understood { answer: ask(meant.clone()).await?, about: Some(meant) });
            break;
        }
    }
    let sure = joined.as_ref().map_or(Certainty::Refused, |joined| certainty(&joined.answer));
    if sure == Certainty::Found {
        return Ok(joined);
    }
    let alone = match alone {
        Some(answer) => answer,
        None => ask(text.to_owned()).await?,
    };
    // A short question that nothing answers may have stood by itself all the same.
    let is_better = manner == Manner::FollowUp && sure > Certainty::Refused && sure >= certainty(&alone);
    Ok(if is_better { joined } else { Some(Understood { answer: alone, about: None }) })
}

/// The question that `part` of a message means after the one before it, when it leans on that: "et il dure combien ?".
fn completed(before: &str, part: &str) -> Option<String> {
    follow_up::leans(part).then(|| join(before, part))
}

/// The line that tells what a question was taken for, as Markdown.
pub fn about(question: &str, language: Language) -> String {
    match language {
        Language::English => format!("(I understood: {})", plain(question)),
        Language::French => format!("(question comprise\u{a0}: {})", plain(question)),
    }
}

impl Dialogue {
    /// What a plea is about: the question that the thread began with, else the one that was asked last.
    fn begun_or_asked(&self) -> Option<String> {
        self.begun().or_else(|| self.asked().pop())
    }

    /// The question that the thread began with.
    fn begun(&self) -> Option<String> {
        self.root.as_deref().filter(|root| is_question(root)).map(question_in)
    }

    /// The questions that were asked, each in view of those before it, the last one last. What was asked of the bot goes
    /// before what people asked each other.
    fn asked(&self) -> Vec<String> {
        let to_bot = self.turns.iter().any(|turn| turn.to_bot && is_question(&turn.text));
        let counts = |turn: &&Turn| if to_bot { turn.to_bot } else { turn.text.contains('?') };
        let mut asked: Vec<String> = Vec::new();
        for Turn { text, .. } in self.turns.iter().filter(counts) {
            let before = || asked.last().cloned().or_else(|| self.begun());
            match Manner::of(text) {
                Manner::Plea if asked.is_empty() => asked.extend(self.begun()),
                Manner::Plea => {}
                _ if Courtesy::of(text).is_some() => {}
                // One that leans on nothing that is known tells nothing.
                Manner::FollowUp => asked.extend(before().map(|before| join(&before, text))),
                _ => asked.push(question_in(text)),
            }
        }
        if asked.is_empty() {
            asked.extend(self.begun());
        }
        asked
    }
}

/// The question that `text` is after the question `before`.
fn join(before: &str, text: &str) -> String {
    cut_at(&follow_up::joined(before, text), LONGEST).to_owned()
}

fn is_question(text: &str) -> bool {
    Manner::of(text) != Manner::Plea && Courtesy::of(text).is_none()
}

/// What a message asks: the last of several questions, else its last sentence with a question mark, else all of it.
fn question_in(text: &str) -> String {
    let text = text.trim();
    if let Some(last) = questions(text).pop() {
        return cut_at(&last, LONGEST).to_owned();
    }
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
