//! What was said where a message stands: read once, then kept up from what is heard.
//!
//! A conversation is read when a handler first asks for it. From then on the plug tells what it hears of it, and the
//! next handler that asks is answered without a call, if it is sure that all of it is heard: an app may have subscribed
//! to nothing but mentions. What is kept is bounded, lives for an hour at most and stands in memory alone. Where several
//! processes share a store, each hears a part of the conversations: then nothing is kept, and each handler reads.

mod kept;
mod utterances;

use std::{fmt, pin::pin, sync::Arc, time::Duration};

pub(crate) use self::kept::{Kept, Strands, watch};
use self::utterances::Utterances;
use crate::{
    clock::Clock,
    event::{Message, PlaceKind, Utterance},
    id::UserId,
    platform::{Platform, Strand},
    within::within,
};

/// How long a handler waits for what was said before it goes on with what is known.
const READ_WITHIN: Duration = Duration::from_secs(5);

/// What was said in a conversation up to one message.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Transcript {
    /// What was said, in order; the last is the message that is handled.
    pub utterances: Vec<Utterance>,
    /// Whether that is all of it. It is not when the platform could not be asked, or when more was said than is kept:
    /// then what begins the thread and what was said last is there, of the first 2,000 messages of a thread.
    pub is_complete: bool,
}

impl Transcript {
    /// What was said before the message that is handled.
    #[must_use]
    pub fn before(&self) -> &[Utterance] {
        self.utterances.split_last().map(|(_, before)| before).unwrap_or_default()
    }
}

/// The conversations of a bot.
pub(crate) struct Conversations {
    platform: Arc<dyn Platform>,
    clock: Arc<dyn Clock>,
    /// What is known of them; nothing is kept where others hear a part of it.
    kept: Option<Arc<Kept>>,
}

impl Conversations {
    /// `kept` is what the platform tells of what it hears.
    pub(crate) fn new(platform: Arc<dyn Platform>, clock: Arc<dyn Clock>, kept: Option<Arc<Kept>>) -> Self {
        Self { platform, clock, kept }
    }

    /// What was said up to a message; `bot` is the bot's own user, as far as the event of the message tells it.
    pub(crate) async fn transcript(&self, message: &Message, bot: Option<&UserId>) -> Transcript {
        let own = Utterance::from(message);
        let Some(strand) = strand(message) else { return Transcript { utterances: vec![own], is_complete: true } };
        let known = self.kept.as_ref().and_then(|kept| kept.whole(&strand, self.clock.now()));
        match known {
            Some(known) => known.until(own, true),
            None => {
                let (read, is_whole) = self.read(&strand, bot, &own).await;
                read.until(own, is_whole)
            }
        }
    }

    /// Reads what was said, and says whether it was read to its end. `own` was said, whether it is to be read yet or not.
    async fn read(&self, strand: &Strand, bot: Option<&UserId>, own: &Utterance) -> (Utterances, bool) {
        let reading = self.kept.as_ref().map(|kept| (kept, kept.begin(strand, self.clock.now())));
        let mut read = Utterances::of(strand);
        let mut hear = |utterance| read.insert(utterance);
        let ended = within(READ_WITHIN, pin!(self.platform.read(strand, bot, &mut hear))).await;
        let is_whole = match ended {
            Some(Ok(())) => true,
            Some(Err(why)) => {
                tracing::info!(channel = %strand.place.channel, why, "a conversation could not be read to its end");
                false
            }
            None => {
                tracing::info!(channel = %strand.place.channel, "a conversation was not read in time");
                false
            }
        };
        read.insert(own.clone());
        match reading {
            Some((kept, reading)) => (kept.end(strand, reading, read, is_whole), is_whole),
            None => (read, is_whole),
        }
    }
}

impl fmt::Debug for Conversations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversations").field("kept", &self.kept).finish_non_exhaustive()
    }
}

/// The conversation that a message stands in: nothing for one that starts a thread, before which nothing was said.
fn strand(message: &Message) -> Option<Strand> {
    let Message { place, thread, .. } = message;
    let stands = thread.is_some() || place.kind == PlaceKind::Direct;
    stands.then(|| Strand { place: place.clone(), root: thread.clone() })
}

#[cfg(test)]
impl Strand {
    fn of(channel: &str, root: Option<&str>) -> Self {
        let kind = if root.is_some() { PlaceKind::Channel } else { PlaceKind::Direct };
        let place = crate::event::Place { channel: channel.into(), kind };
        Self { place, root: root.map(Into::into) }
    }
}
