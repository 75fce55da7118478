//! Looking for a message that may have arrived, by the mark that it carries.

use std::time::Duration;

use serde::Serialize;

use super::{
    client::{Client, Delivery, History, Messages, StoredMessage},
    mark::{self, PostedAs},
    plug::refused,
};
use crate::{
    clock::Timestamp,
    id::{ChannelId, MessageId, UserId},
    platform::{Found, Outgoing},
};

/// How far the platform's clock and ours may be apart.
const MARGIN: Duration = Duration::from_secs(60);

/// How many pages are read at most, and how many messages stand on one.
const MOST_PAGES: usize = 10;
const ON_A_PAGE: u32 = 200;

/// One page of a stretch of messages.
#[derive(Serialize)]
struct Page {
    #[serde(flatten)]
    history: History,
    cursor: Option<String>,
}

/// Looks for a message that was posted at `since` or later; `bot` is who posted it, as far as that is known.
pub(super) async fn find(client: &Client, bot: Option<&UserId>, outgoing: &Outgoing, since: Timestamp) -> Found {
    let Some(posted) = PostedAs::read(&outgoing.body) else {
        return Found::Unable { why: "it carries no mark".to_owned() };
    };
    let thread = posted.thread_ts.as_deref().map(MessageId::from);
    let method = if thread.is_some() { "conversations.replies" } else { "conversations.history" };
    let channel = ChannelId::from(posted.channel.as_str());
    let history = History {
        ts: thread,
        oldest: Some(stamp(since)),
        include_all_metadata: Some(true),
        limit: Some(ON_A_PAGE),
        ..History::of(channel.clone())
    };
    let mut page = Page { history, cursor: None };
    for _ in 0..MOST_PAGES {
        let response = match client.call_once(method, &page).await {
            Ok(Delivery::Sent(response)) => response,
            Ok(other) => return unanswered(other),
            Err(error) => return Found::Unable { why: error.to_string() },
        };
        // What is wrong with it is not told: that might quote what people say.
        let Ok(messages) = response.json::<Messages>() else {
            return Found::NotNow { wait: None, why: "what was said there cannot be read".to_owned() };
        };
        for message in messages.messages.unwrap_or_default() {
            let metadata = message.metadata.as_ref();
            if metadata.is_some_and(|metadata| mark::read(metadata) == posted.mark()) {
                return Found::Yes { channel: Some(channel), message: message.ts };
            }
            if metadata.is_none() && is_like(&message, &posted, bot) {
                let why = "a message with its text stands there without a mark".to_owned();
                return Found::Unable { why };
            }
        }
        page.cursor = response.next_cursor().map(str::to_owned);
        if page.cursor.is_none() {
            return Found::No;
        }
    }
    Found::Unable { why: "too much was said there since".to_owned() }
}

/// The bot said these very words, and not by what marks them.
fn is_like(message: &StoredMessage, posted: &PostedAs, bot: Option<&UserId>) -> bool {
    bot.is_some() && message.user.as_ref() == bot && message.text.as_deref() == Some(&*posted.text)
}

fn unanswered(delivery: Delivery) -> Found {
    match delivery {
        Delivery::RateLimited { retry_after } => {
            Found::NotNow { wait: Some(retry_after), why: "ratelimited".to_owned() }
        }
        Delivery::NotSent { why } | Delivery::Ambiguous { why } => Found::NotNow { wait: None, why },
        Delivery::Refused(refusal) if refusal.is_authentication() => Found::NotNow { wait: None, why: refusal.code },
        Delivery::Refused(refusal) => Found::Unable { why: refused(refusal) },
        Delivery::Sent(_) => Found::No,
    }
}

/// The time stamp before which it cannot stand.
fn stamp(since: Timestamp) -> MessageId {
    let margin = u64::try_from(MARGIN.as_micros()).unwrap_or(u64::MAX);
    let micros = since.micros().saturating_sub(margin);
    MessageId::from(format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_for_from_a_minute_before() {
        assert_eq!(stamp(Timestamp::from_micros(1_700_000_000_000_042)), "1699999940.000042");
        assert_eq!(stamp(Timestamp::from_seconds(1)), "0.000000");
    }
}
