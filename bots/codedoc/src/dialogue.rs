//! What was said before a question.

use std::time::Duration;

use answers::{Dialogue, Turn};
use bavard::{Utterance, prelude::*};

/// Direct messages go on for years: a question leans on what was said within so long.
const LATELY: Duration = Duration::from_secs(60 * 60);

/// What people said before, in the thread or lately in direct messages.
pub(crate) async fn dialogue(ctx: &Context, conversation: &Conversation) -> Dialogue {
    let transcript = conversation.transcript().await;
    let thread = ctx.event().thread();
    let now = transcript.utterances.last().map(Utterance::at).unwrap_or_default();
    let counts = |said: &&Utterance| said.is_by_person() && (thread.is_some() || now.since(said.at()) <= LATELY);
    let said: Vec<&Utterance> = transcript.before().iter().filter(counts).collect();
    let text = |said: &Utterance| said.text.as_str().to_owned();
    Dialogue {
        root: said.first().filter(|first| Some(&first.id) == thread).map(|first| text(first)),
        turns: said.iter().map(|said| Turn { text: text(said), to_bot: said.addressed }).collect(),
    }
}
