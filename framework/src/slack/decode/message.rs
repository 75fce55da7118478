//! Messages, out of inner events of the types `message` and `app_mention`.

use super::{fields::Inner, text::text};
use crate::{
    event::{Message, Place, PlaceKind},
    id::{ChannelId, MessageId, UserId},
};

/// The subtypes that a person says. Every other one is a notice of the platform.
pub(super) const SAID: [&str; 4] = ["", "me_message", "file_share", "thread_broadcast"];

/// Why an inner event is not something that a person said.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotSaid {
    /// A bot said it: answering could go on forever.
    ByBot,
    /// It is an edit, a notice, or something new.
    ByNobody,
}

/// The message of an inner event.
pub(super) fn message(inner: &Inner<'_>, bot: Option<&UserId>) -> Result<Message, NotSaid> {
    let complete = !inner.ts.is_empty() && !inner.channel.is_empty();
    if !SAID.contains(&inner.subtype.as_str()) && inner.subtype != *"bot_message" || inner.edited.is_some() || !complete
    {
        return Err(NotSaid::ByNobody);
    }
    if !inner.bot_id.is_empty() || inner.subtype == *"bot_message" {
        return Err(NotSaid::ByBot);
    }
    if inner.user.is_empty() {
        return Err(NotSaid::ByNobody);
    }
    let place = Place { channel: ChannelId::new(inner.channel.as_str()), kind: place_kind(inner) };
    let markup = text(inner.text.as_str(), bot);
    let addressed = place.kind == PlaceKind::Direct || inner.kind == *"app_mention" || markup.mentions_bot;
    let inside = !inner.thread_ts.is_empty() && inner.thread_ts != *inner.ts.as_str();
    Ok(Message {
        id: MessageId::new(inner.ts.as_str()),
        place,
        user: Some(UserId::new(inner.user.as_str())),
        text: markup.text,
        thread: inside.then(|| MessageId::new(inner.thread_ts.as_str())),
        addressed,
    })
}

/// The platform says what a conversation is; where it does not, a direct message is told by its identifier.
pub(super) fn place_kind(inner: &Inner<'_>) -> PlaceKind {
    match inner.channel_type.as_str() {
        "im" => PlaceKind::Direct,
        "" if inner.kind == *"message" && inner.channel.as_str().starts_with('D') => PlaceKind::Direct,
        _ => PlaceKind::Channel,
    }
}
