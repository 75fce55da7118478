//! Something that is said and answers no event.
//!
//! It takes the way of an event, so that it is stored, ordered and sent once like any answer.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    event::{Event, Kind, Message, Place, PlaceKind, Raw, Retry, Text},
    handler::Call,
    id::ChannelId,
    reply::{Body, Reply},
};

/// The name of the event; no platform gives such a name.
const NAME: &str = "bavard.say";

/// Something that is said and answers no event, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Saying {
    #[serde(rename = "bavard.say")]
    id: String,
    channel: ChannelId,
    /// Markdown.
    text: String,
}

impl Saying {
    /// `id` is unique among all that is ever said.
    pub(crate) fn new(channel: &ChannelId, reply: Reply, id: String) -> Self {
        let text = match reply.body {
            Body::Markdown(text) => text,
            Body::Verbatim(text) => text.to_string(),
        };
        Self { id, channel: channel.clone(), text }
    }

    /// The saying that was stored; `None` for any other body.
    pub(crate) fn read(stored: &Bytes) -> Option<Self> {
        serde_json::from_slice(stored).ok()
    }

    /// Whether an event is something said that answers none.
    pub(crate) fn is(event: &Event) -> bool {
        &*event.name == NAME
    }

    /// The event that it is taken in as.
    pub(crate) fn event(&self, received: Timestamp) -> Event {
        let place = Place { channel: self.channel.clone(), kind: PlaceKind::Channel };
        let message = Message {
            id: self.id.as_str().into(),
            place,
            user: None,
            text: Text::plain(""),
            thread: None,
            addressed: false,
        };
        Event {
            id: self.id.as_str().into(),
            app: "".into(),
            team: "".into(),
            bot: None,
            name: Arc::from(NAME),
            kind: Kind::Message(message),
            received,
            retry: Retry::default(),
            raw: Raw::new(serde_json::to_vec(self).map(Bytes::from).unwrap_or_default()),
        }
    }
}

/// What is to be said.
pub(super) fn reply(call: &Call) -> Option<Reply> {
    Saying::read(call.context().event().raw.bytes()).map(|saying| Reply::markdown(saying.text))
}
