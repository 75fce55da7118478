//! Reading what was said in a conversation.

use std::time::Duration;

use serde::Deserialize;

use super::{
    client::{Client, History, Patience, Response},
    decode::{Listener, Stored},
    render::POST,
};
use crate::{
    conversation::{Kept, Strands},
    event::{PlaceKind, Speaker, Utterance},
    id::UserId,
    platform::{Outgoing, Strand},
};

/// How many messages stand on a page, and how many pages of a thread are read at most. Of direct messages the last page
/// is enough.
const ON_A_PAGE: u32 = 200;
const MOST_PAGES: usize = 10;

/// The longest that the platform may ask to wait: somebody waits for an answer.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Reads with as little waiting as may be. What the platform asks to leave alone for longer is left alone.
pub(super) fn patience() -> Patience {
    Patience { repeats: 1, longest: LONGEST_WAIT, ..Patience::default() }
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    messages: Vec<Stored<'a>>,
    #[serde(default)]
    has_more: bool,
}

/// Reads a conversation and hands over what was said in it: a thread from its beginning, direct messages from their
/// end.
///
/// Refuses with the reason why it was not read to its end.
pub(super) async fn read(
    client: &Client,
    strand: &Strand,
    bot: Option<&UserId>,
    hear: &mut (dyn FnMut(Utterance) + Send),
) -> Result<(), String> {
    let Strand { place, root } = strand;
    let listener = Listener { bot, app: "", direct: place.kind == PlaceKind::Direct };
    let history = History { ts: root.clone(), limit: Some(ON_A_PAGE), ..History::of(place.channel.clone()) };
    let mut pages = client.history(&history);
    let most = if root.is_some() { MOST_PAGES } else { 1 };
    for _ in 0..most {
        let Some(response) = pages.next().await.map_err(|error| error.to_string())? else { return Ok(()) };
        // What is wrong with it is not told: that might quote what people say.
        let Ok(page) = serde_json::from_slice::<Page<'_>>(response.bytes()) else {
            return Err("what was said there cannot be read".to_owned());
        };
        page.messages.iter().filter_map(|message| listener.utterance(message)).for_each(&mut *hear);
        if !page.has_more && response.next_cursor().is_none() {
            return Ok(());
        }
    }
    match root {
        // The end of direct messages was read, which is as much as is kept.
        None => Ok(()),
        Some(_) => Err("more was said there than is read".to_owned()),
    }
}

#[derive(Deserialize)]
struct Said<'a> {
    channel: &'a str,
    thread_ts: Option<&'a str>,
    text: String,
}

/// Tells what is kept of conversations what the bot said.
pub(super) fn said(kept: &Kept, outgoing: &Outgoing, response: &Response) {
    let (_, Some(id)) = response.message() else { return };
    if outgoing.method != POST || !outgoing.channel.as_ref().is_some_and(|channel| kept.knows(channel.as_str())) {
        return;
    }
    let Ok(Said { channel, thread_ts, text }) = serde_json::from_slice(&outgoing.body) else { return };
    let strands = Strands { channel, id: id.as_str(), thread: thread_ts };
    if kept.knows_any(strands) {
        let text = super::decode::text(&text, None).text;
        kept.hear(strands, &Utterance::new(id.clone(), Speaker::Myself, text), false);
    }
}
