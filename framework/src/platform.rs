//! The plug: what the framework asks of a chat platform.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use axum::http::HeaderMap;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    clock::Timestamp,
    event::{Event, Place, ResponseUrl, Utterance},
    id::{AppId, ChannelId, MessageId, TeamId, UserId},
    reply::{Posted, Reply},
    sentence::Sentence,
};

/// A chat platform, as far as the framework needs it.
#[async_trait]
pub(crate) trait Platform: Send + Sync + fmt::Debug + 'static {
    /// Verifies and decodes a request. Pure: it waits for nothing.
    fn receive(&self, incoming: &Incoming<'_>) -> Received;

    /// Decodes a body that was stored, when its event is taken up again.
    fn restore(&self, stored: &Bytes, received: Timestamp) -> Option<Box<Event>>;

    /// What is sent to say `reply`, part by part. The same reply at the same occasion is the same, to the byte.
    fn render(&self, reply: &Reply, occasion: &Occasion<'_>) -> Vec<Outgoing>;

    /// The response that carries the answer to a request.
    fn respond(&self, reply: Option<&Reply>, event: &Event) -> Response;

    /// Sends. Never twice: what is unclear is told as unclear.
    async fn send(&self, outgoing: &Outgoing) -> Delivery;

    /// Looks whether what was sent, at `since` or later, has arrived. Asks once; waiting and asking again are the
    /// caller's.
    async fn find(&self, outgoing: &Outgoing, since: Timestamp) -> Found;

    /// Reads what was said in a conversation and hands it over piece by piece, in any order; `bot` is the bot's own user,
    /// as far as it is known. Waits a little where the platform asks for it.
    ///
    /// Refuses with the reason why it was not read to its end: what was handed over is right all the same.
    async fn read(
        &self,
        strand: &Strand,
        bot: Option<&UserId>,
        hear: &mut (dyn FnMut(Utterance) + Send),
    ) -> Result<(), String>;

    /// Asks the platform who the bot is.
    async fn identify(&self) -> Result<Identity, IdentityError>;

    /// Whether the platform has refused the token since it last said who the bot is.
    fn is_refused(&self) -> bool;

    /// Who the bot is, as far as is known without asking.
    fn identity(&self) -> Option<UserId>;
}

/// A conversation: a thread, or what is said outside of threads in direct messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Strand {
    pub(crate) place: Place,
    /// The message that begins the thread.
    pub(crate) root: Option<MessageId>,
}

/// A request that came in.
#[derive(Debug)]
pub(crate) struct Incoming<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) received: Timestamp,
}

/// What a request is.
#[derive(Debug)]
pub(crate) enum Received {
    /// Something that happened: acknowledged once it is stored.
    Event(Box<Event>),
    /// Something that waits for its answer in the response.
    Request(Box<Event>),
    /// Nothing for the engine; this is the response.
    Answered { response: Response, why: &'static str },
    /// Not from the platform; this is the response.
    Refused { response: Response, why: String },
}

/// An HTTP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
    /// After how many seconds to come again.
    pub(crate) retry_after: Option<u32>,
}

impl Response {
    /// A response without a body.
    pub(crate) const fn empty(status: u16) -> Self {
        Self { status, content_type: "text/plain; charset=utf-8", body: Bytes::new(), retry_after: None }
    }

    pub(crate) fn text(status: u16, text: impl Into<Bytes>) -> Self {
        Self { body: text.into(), ..Self::empty(status) }
    }

    pub(crate) fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self { content_type: "application/json; charset=utf-8", body: body.into(), ..Self::empty(status) }
    }
}

/// On which occasion something is said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occasion<'a> {
    /// What is answered.
    pub(crate) event: &'a Event,
    /// Names what is said, and nothing else that is ever said; the same at every run.
    pub(crate) key: &'a str,
    /// The message in whose place it is put.
    pub(crate) replaces: Option<&'a Posted>,
    /// How many calls were made for the event before.
    pub(crate) before: usize,
}

/// One call to the platform, as it is stored and sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outgoing {
    /// The method, in the platform's own words.
    pub(crate) method: String,
    /// The body, ready to be sent.
    pub(crate) body: Bytes,
    /// The conversation it speaks in; paced with whatever else speaks there.
    pub(crate) channel: Option<ChannelId>,
    /// The address it goes to, when that is not the platform's API.
    pub(crate) address: Option<Address>,
    /// After this it is of no use.
    pub(crate) deadline: Option<Timestamp>,
    /// How fast such calls may follow each other.
    pub(crate) limits: Limits,
    /// What can be done when nobody knows whether it arrived.
    pub(crate) recourse: Recourse,
}

/// What can be done when nobody knows whether a call arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Recourse {
    /// The platform can be asked whether it is there.
    Look,
    /// It may be sent again: twice is as good as once.
    Repeat,
    /// Nothing.
    Nothing,
}

/// The address of one answer, as good as a key: never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Address(pub(crate) Url);

impl From<&ResponseUrl> for Address {
    fn from(address: &ResponseUrl) -> Self {
        Self(address.reveal().clone())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

/// How fast calls may follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Limits {
    /// Calls of the method in a minute; 0 for no limit.
    pub(crate) per_minute: u32,
    /// The least time between two calls in one conversation.
    pub(crate) in_channel: Duration,
}

impl Limits {
    /// How many calls may follow each other at once before they are spread.
    pub(crate) const BURST: u32 = 3;
}

/// How a call to the platform ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// It was accepted; the message it made, if it made one.
    Sent { channel: Option<ChannelId>, message: Option<MessageId> },
    /// It was not: too many came before. It may come again after `wait`.
    RateLimited { wait: Duration },
    /// It was not sent: other processes on the same store have sent as much as may be sent at once. `has_turn`: its turn
    /// is kept for it until then.
    NotYet { wait: Duration, has_turn: bool },
    /// Nothing reached the platform; it may be tried again.
    NotSent { why: String },
    /// The platform refused it, and would again.
    Refused { why: String },
    /// The platform refused whoever sent it, and everything else with it, until the token is put right.
    TokenRefused { why: String },
    /// Nobody knows whether it was accepted.
    Ambiguous { why: String },
}

/// What a look for something that may have arrived came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is there.
    Yes { channel: Option<ChannelId>, message: Option<MessageId> },
    /// It is not there, or not yet.
    No,
    /// The platform did not say; it may be asked again, after `wait` if it asked for that.
    NotNow { wait: Option<Duration>, why: String },
    /// It cannot be looked for.
    Unable { why: String },
}

/// Who the bot is, and what the platform tells beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) user: UserId,
    /// The name of the user.
    pub(crate) name: String,
    pub(crate) team: Option<TeamId>,
    pub(crate) team_name: String,
    /// The bot, as an author of messages.
    pub(crate) bot: Option<String>,
    pub(crate) app: Option<AppId>,
    /// The scopes of the token, if the platform tells them.
    pub(crate) scopes: Option<Vec<String>>,
    /// The time by the platform's clock, in whole seconds, if it tells it.
    pub(crate) time: Option<Timestamp>,
}

impl Identity {
    /// A bot of which nothing is known but its user.
    #[cfg(test)]
    pub(crate) fn of(user: &str) -> Self {
        let (user, name, team_name) = (UserId::new(user), String::new(), String::new());
        Self { user, name, team: None, team_name, bot: None, app: None, scopes: None, time: None }
    }
}

/// Why the platform does not say who the bot is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdentityError {
    /// What happened, with the cure.
    pub(crate) why: Sentence,
    /// Whether asking again may help.
    pub(crate) passing: bool,
}
