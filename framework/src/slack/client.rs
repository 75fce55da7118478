//! The Web API: calls of any method by name, and what became of each.
//!
//! [`Client::send`] is the road of the outbox: one attempt, judged by [`Delivery`]. [`Client::call`] is the road of
//! everything else: it waits as asked and repeats what may be repeated without harm.

mod apps;
mod arguments;
mod auth;
mod base;
mod blocked;
mod call;
mod chat;
mod conversations;
mod delivery;
mod failure;
mod pages;
mod patience;
mod reactions;
mod redact;
mod response;
mod response_url;
mod retry_after;
mod said;
mod sentences;
mod team;
mod token;
mod users;
mod views;
mod wire;

use std::{fmt, sync::Arc};

use axum::http::{HeaderValue, Uri, uri::PathAndQuery};
use bytes::Bytes;
use futures_util::{FutureExt, future::OptionFuture};
use serde::{Serialize, de::DeserializeOwned};
use url::Url;

#[cfg(any(test, feature = "fuzz"))]
pub use self::delivery::judged;
pub use self::{
    apps::Socket,
    auth::{ApiTest, Identity},
    chat::{Deleted, EphemeralMessage, NewEphemeral, NewMessage, Permalink, Posted, UpdateMessage},
    conversations::{
        Conversation, Conversations, History, ListConversations, Members, Messages, OpenConversation, StoredMessage,
    },
    delivery::{Delivery, Refusal},
    failure::{CallError, CallErrorKind},
    pages::Pages,
    patience::{Patience, Pause},
    redact::redact,
    response::Response,
    response_url::parse_response_url,
    said::Said,
    team::{BotProfile, Team},
    token::{Token, TokenKind},
    users::{Account, Accounts, ListUsers, Profile},
    views::{OpenView, PublishView, UpdateView, View},
    wire::Timeouts,
};
use self::{arguments::Encoding, blocked::Blocked, wire::Wire};
use crate::{
    clock::{Clock, SystemClock, Timestamp},
    metrics::{CallOutcome, Metrics},
};

/// A client of the Web API. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    wire: Arc<Wire>,
    base: Url,
    /// The same, as requests take it.
    root: Uri,
    token: Option<Token>,
    authorization: Option<HeaderValue>,
    blocked: Blocked,
    patience: Patience,
    clock: Arc<dyn Clock>,
    /// Where its calls are counted, if anybody wants to know.
    metrics: Option<Arc<Metrics>>,
}

/// What a client is made of.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The base of the Web API, as `https://slack.com/api/`. The token is sent to this host alone.
    pub base: Url,
    /// What calls are authorised by; `None` for the few methods that take no token.
    pub token: Option<Token>,
    /// How long to wait for an answer.
    pub timeouts: Timeouts,
    /// How often a call is repeated, and how long it waits in between.
    pub patience: Patience,
    /// Tells until when a method is to be left alone.
    pub clock: Arc<dyn Clock>,
}

impl ClientSettings {
    /// The usual settings for this base and token.
    #[must_use]
    pub fn new(base: Url, token: Option<Token>) -> Self {
        Self { base, token, timeouts: Timeouts::default(), patience: Patience::default(), clock: Arc::new(SystemClock) }
    }
}

impl Client {
    /// Opens nothing: the first connection is made by the first call.
    ///
    /// Refuses a base that would give the token away.
    pub fn new(settings: ClientSettings) -> Result<Self, Said> {
        Self::counted(settings, None)
    }

    /// The same, with its calls counted.
    pub(crate) fn counted(settings: ClientSettings, metrics: Option<Arc<Metrics>>) -> Result<Self, Said> {
        let ClientSettings { base, token, timeouts, patience, clock } = settings;
        let (base, root) = base::checked(base)?;
        Ok(Self(Arc::new(Inner {
            wire: Arc::new(Wire::new(timeouts)),
            base,
            root,
            authorization: token.as_ref().and_then(authorization),
            token,
            blocked: Blocked::default(),
            patience,
            clock,
            metrics,
        })))
    }

    /// The same client with another token, as of another workspace. Connections are shared, limits are not.
    #[must_use]
    pub fn with_token(&self, token: Token) -> Self {
        let Inner { wire, base, root, patience, clock, metrics, .. } = &*self.0;
        Self(Arc::new(Inner {
            wire: wire.clone(),
            base: base.clone(),
            root: root.clone(),
            authorization: authorization(&token),
            token: Some(token),
            blocked: Blocked::default(),
            patience: patience.clone(),
            clock: clock.clone(),
            metrics: metrics.clone(),
        }))
    }

    /// The same client with another patience. Connections are shared, limits are not.
    pub(crate) fn with_patience(&self, patience: Patience) -> Self {
        let Inner { wire, base, root, token, authorization, clock, metrics, .. } = &*self.0;
        Self(Arc::new(Inner {
            wire: wire.clone(),
            base: base.clone(),
            root: root.clone(),
            token: token.clone(),
            authorization: authorization.clone(),
            blocked: Blocked::default(),
            patience,
            clock: clock.clone(),
            metrics: metrics.clone(),
        }))
    }

    /// The base of the Web API.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.0.base
    }

    /// Calls a method once with a body that is JSON already, and judges what became of it. Nothing is waited for and
    /// nothing repeated: that is the caller's to decide.
    pub fn send<'a>(&'a self, method: &'a str, body: Bytes) -> impl Future<Output = Delivery> + Send + 'a {
        self.deliver(method, Encoding::Json, body)
    }

    /// Calls a method once with arguments as [`Client::call`] takes them, and judges what became of it like
    /// [`Client::send`].
    pub(crate) async fn call_once(&self, method: &str, arguments: impl Serialize) -> Result<Delivery, CallError> {
        let arguments = arguments::arguments(arguments).map_err(|why| CallError::arguments(method, &why))?;
        let encoded = arguments::encode(super::methods::find(method), &arguments);
        Ok(self.deliver(method, encoded.encoding, encoded.body).await)
    }

    /// Posts JSON to an address that came with an event, once, and without the token.
    ///
    /// Refuses an address that is not one of the platform's; see [`parse_response_url`].
    pub async fn post_to(&self, url: &Url, body: Bytes) -> Result<Delivery, Said> {
        response_url::check(url, &self.0.base)?;
        let Ok(uri) = Uri::try_from(url.as_str()) else { return Err(response_url::refusal()) };
        let request = wire::request(uri, None, Encoding::Json.content_type(), body);
        let started = self.0.clock.now();
        let outcome = self.0.wire.post(request).await;
        let delivery = delivery::judge_hook(outcome);
        trace("response_url", &delivery);
        self.count("response_url", &delivery, started);
        Ok(delivery)
    }

    /// Calls any method by its name: one that the table of methods does not know, too. Arguments are anything that
    /// serialises to an object, or `()`.
    ///
    /// Waits as long as the platform asks for, within its [`Patience`]; repeats a read that was lost, and a write
    /// only when it is sure that it was not done.
    pub async fn call(&self, method: &str, arguments: impl Serialize) -> Result<Response, CallError> {
        let arguments = arguments::arguments(arguments).map_err(|why| CallError::arguments(method, &why))?;
        self.call_with(method, &arguments).await
    }

    /// Calls a method whose answer comes in pages, from the page that `arguments` name.
    pub fn pages(&self, method: &str, arguments: impl Serialize) -> Pages {
        let arguments = arguments::arguments(arguments).map_err(|why| CallError::arguments(method, &why));
        Pages::new(self.clone(), method, arguments)
    }

    /// A call whose answer is read as a value.
    async fn typed<T: DeserializeOwned>(&self, method: &str, arguments: impl Serialize) -> Result<T, CallError> {
        self.call(method, arguments).await?.json()
    }

    fn deliver<'a>(
        &'a self,
        method: &'a str,
        encoding: Encoding,
        body: Bytes,
    ) -> impl Future<Output = Delivery> + Send + 'a {
        let authorization = self.0.authorization.as_ref();
        let request = self.address(method).map(|uri| wire::request(uri, authorization, encoding.content_type(), body));
        let started = self.0.clock.now();
        OptionFuture::from(request.map(|request| self.0.wire.post(request))).map(move |outcome| {
            let delivery = match outcome {
                Some(outcome) => delivery::judge(method, outcome),
                None => Delivery::Refused(Refusal::of("invalid_method_name")),
            };
            trace(method, &delivery);
            self.count(method, &delivery, started);
            delivery
        })
    }

    fn count(&self, method: &str, delivery: &Delivery, started: Timestamp) {
        let Some(metrics) = &self.0.metrics else { return };
        metrics.call.observe(self.0.clock.now().since(started));
        let outcome = match delivery {
            Delivery::Sent(_) => CallOutcome::Ok,
            Delivery::RateLimited { .. } => {
                metrics.rate_limited.get(method).increment();
                CallOutcome::RateLimited
            }
            Delivery::NotSent { .. } => CallOutcome::NotSent,
            Delivery::Refused(_) => CallOutcome::Refused,
            Delivery::Ambiguous { .. } => CallOutcome::Ambiguous,
        };
        metrics.calls.get(method).get(outcome).increment();
    }

    /// Where a method is; `None` for a name that would lead elsewhere.
    fn address(&self, method: &str) -> Option<Uri> {
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
        if !method.bytes().all(legal) || !method.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return None;
        }
        let mut parts = self.0.root.clone().into_parts();
        parts.path_and_query = PathAndQuery::from_maybe_shared([self.0.base.path(), method].concat()).ok();
        Uri::from_parts(parts).ok()
    }
}

/// A token is made of characters that any header takes, so there always is one.
fn authorization(token: &Token) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("Bearer {}", token.reveal())).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// What was called and what became of it; never what was said.
fn trace(method: &str, delivery: &Delivery) {
    match delivery {
        Delivery::Sent(_) => tracing::trace!(method, "sent"),
        Delivery::RateLimited { retry_after } => tracing::debug!(method, ?retry_after, "rate limited"),
        Delivery::NotSent { why } => tracing::debug!(method, why, "not sent"),
        Delivery::Refused(refusal) => tracing::debug!(method, code = refusal.code, "refused"),
        Delivery::Ambiguous { why } => tracing::debug!(method, why, "ambiguous"),
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (base, token) = (self.0.base.as_str(), &self.0.token);
        f.debug_struct("Client").field("base", &base).field("token", token).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
