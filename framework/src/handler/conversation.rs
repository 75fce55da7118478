//! What was said before, for a handler that asks for it.

use std::sync::Arc;

use super::{Call, FromCall, Need, Triggers};
use crate::{
    conversation::{Conversations, Transcript},
    error::{Error, Result},
    event::{Event, Kind, Utterance},
};

/// What was said where the message stands: in its thread, or before it in direct messages.
///
/// It is read when the handler asks for it, with the scopes that the bot has anyway. Direct messages are read once and
/// then kept up from what is heard, for an hour at most and in memory alone; so are threads of channels where the app has
/// subscribed to all that is said there (`message.channels`), and where it has not, each handler that asks reads anew.
/// A message that would start a thread, and a command, stand in no conversation: nothing was said before them.
///
/// ```
/// use bavard::{Conversation, on_mention};
///
/// /// Tells how the discussion began.
/// #[on_mention("how did this begin")]
/// async fn beginning(conversation: Conversation) -> String {
///     match conversation.transcript().await.before().first() {
///         Some(first) => format!("With this: {}", first.text),
///         None => "With your question.".to_owned(),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Conversation(Source);

#[derive(Clone, Debug)]
enum Source {
    /// Where it is read from, and what it was asked for.
    Here { conversations: Arc<Conversations>, event: Arc<Event> },
    /// It is known already.
    Known(Transcript),
}

impl Conversation {
    /// A conversation for calling a handler directly, as in a unit test: what was said in order, the message that is
    /// handled last.
    #[must_use]
    pub fn of(utterances: impl IntoIterator<Item = Utterance>) -> Self {
        let utterances = utterances.into_iter().collect();
        Self(Source::Known(Transcript { utterances, is_complete: true }))
    }

    /// What was said up to the message that is handled, and that message: what begins the thread and the last 100
    /// messages, or 16 KB of text.
    ///
    /// It waits for five seconds at most, and never fails: where the platform refuses, or asks to wait for longer, it
    /// gives what is known, at least the message itself, and says that it is not complete.
    pub async fn transcript(&self) -> Transcript {
        match &self.0 {
            Source::Known(transcript) => transcript.clone(),
            Source::Here { conversations, event } => match &event.kind {
                Kind::Message(message) => conversations.transcript(message, event.bot.as_ref()).await,
                _ => Transcript { utterances: Vec::new(), is_complete: true },
            },
        }
    }
}

impl FromCall for Conversation {
    const TRIGGERS: Triggers = Triggers::MESSAGES.with(Triggers::COMMAND);
    const ELSEWHERE: &'static str = "`Conversation` exists for messages and commands alone: nothing else is said";

    fn need() -> Option<Need> {
        Some(Need::of::<Conversations>())
    }

    fn from_call(call: &Call) -> Result<Self> {
        let context = call.context();
        let conversations = context.state::<Conversations>();
        let conversations = conversations.ok_or_else(|| Error::new("the bot reads no conversations"))?;
        Ok(Self(Source::Here { conversations, event: context.event().clone() }))
    }
}
