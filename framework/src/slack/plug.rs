//! The plug itself: what the framework asks of a platform, answered for this one.

use std::{
    fmt,
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use bytes::Bytes;

use super::{
    client::{Client, Delivery as Called, Refusal},
    decode::{Callback, Decoded, command, overheard},
    find,
    identify::identify,
    read, render,
    verify::{ASKED, Instance, Ours, Proof, Refusal as Unsigned, Refused, Verifier, postmortem},
};
use crate::{
    clock::Timestamp,
    conversation::Kept,
    event::{Event, Kind, Retry, Utterance},
    id::{AppId, UserId},
    platform::{
        Delivery, Found, Identity, IdentityError, Incoming, Occasion, Outgoing, Platform, Received, Response, Strand,
    },
    reply::Reply,
};

/// The plug for Slack over HTTP.
pub(crate) struct Slack {
    verifier: Verifier,
    client: Client,
    /// What reads conversations, for handlers that wait for it.
    reader: Client,
    /// What is kept of conversations, which is told what is heard of them.
    kept: Option<Arc<Kept>>,
    bot: RwLock<Option<UserId>>,
    /// The app, once the platform has named it.
    app: OnceLock<AppId>,
    /// This process, for whoever asks by a challenge.
    instance: Instance,
    /// The platform refuses the token.
    refused: AtomicBool,
    /// Events are for another bot than the one whose token it is.
    is_anothers: AtomicBool,
    /// Requests that were refused because of their signature, by why.
    unsigned: [AtomicU64; Unsigned::ALL.len()],
}

impl Slack {
    /// Takes what verifies requests, what calls the Web API, and the bot's user as far as a setting names it.
    pub(crate) fn new(verifier: Verifier, client: Client, bot: Option<UserId>) -> Self {
        Self {
            verifier,
            reader: client.with_patience(read::patience()),
            client,
            kept: None,
            bot: RwLock::new(bot),
            app: OnceLock::new(),
            instance: Instance::new(),
            refused: AtomicBool::new(false),
            is_anothers: AtomicBool::new(false),
            unsigned: Default::default(),
        }
    }

    /// Tells what is kept of conversations what it hears and says in them.
    #[must_use]
    pub(crate) fn telling(self, kept: Option<Arc<Kept>>) -> Self {
        Self { kept, ..self }
    }

    /// Anybody can make requests that are refused: the log tells the 1st, 2nd, 4th, 8th, … of each kind.
    fn tell(&self, refused: &Refused<'_>) {
        let so_far = self.unsigned[refused.refusal as usize].fetch_add(1, Ordering::Relaxed) + 1;
        if so_far.is_power_of_two() {
            let user = self.identity();
            let ours = Ours { app: self.app.get(), user: user.as_ref() };
            let why = refused.refusal.word();
            tracing::warn!(why, so_far, "a request was refused: {}", postmortem(&self.verifier, refused, ours));
        }
    }

    /// Keeps the app that an authentic event names.
    fn learn(&self, app: &AppId) {
        if self.app.get().is_none() && !app.as_str().is_empty() {
            let _ = self.app.set(app.clone());
        }
    }

    /// Whether the token is of the app that signs: of two bots side by side, each may have the other's. Said once.
    fn compare(&self, addressed: Option<&UserId>) {
        let own = self.bot.read().unwrap_or_else(PoisonError::into_inner);
        let (Some(addressed), Some(own)) = (addressed, own.as_ref()) else { return };
        if addressed != own && !self.is_anothers.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "an event is for the bot {addressed}, and SLACK_BOT_TOKEN is of the bot {own}, which answers in its \
                 place. Copy the token and the Signing Secret of one and the same app. (An app that several workspaces \
                 have installed has a user in each: then all is well.)"
            );
        }
    }

    /// The platform wants its challenge back; who sets the bot up wants to know which process gave it.
    fn challenged(&self, headers: &HeaderMap, challenge: String) -> Response {
        if headers.contains_key(&ASKED) {
            return Response::json(200, Proof::new(&self.verifier, &self.instance, &challenge).json());
        }
        Response::text(200, challenge)
    }

    fn decode(&self, headers: &HeaderMap, body: &Bytes, received: Timestamp) -> Decoded {
        let callback = Callback { received, retry: retry(headers), bot: self.identity() };
        if is_form(headers, body) { command(body, callback) } else { overheard(body, callback, self.kept.as_deref()) }
    }
}

#[async_trait]
impl Platform for Slack {
    fn receive(&self, incoming: &Incoming<'_>) -> Received {
        let Incoming { headers, body, received } = incoming;
        let plain = |encoding: &HeaderValue| encoding.as_bytes().eq_ignore_ascii_case(b"identity");
        if !headers.get_all(header::CONTENT_ENCODING).iter().all(plain) {
            let response = Response::text(415, "Bodies are taken as they are, without Content-Encoding.");
            return Received::Refused { response, why: "content_encoding".to_owned() };
        }
        // The platform checks the certificate of a command's address with an unsigned request, which changes nothing.
        if body.as_ref() == b"ssl_check=1" || body.starts_with(b"ssl_check=1&") {
            return Received::Answered { response: Response::empty(200), why: "certificate_check" };
        }
        if let Err(refusal) = self.verifier.verify(headers, body, *received) {
            self.tell(&Refused { refusal, headers, body, received: *received });
            let response = Response::json(401, format!(r#"{{"error":"{}"}}"#, refusal.word()));
            return Received::Refused { response, why: refusal.word().to_owned() };
        }
        match self.decode(headers, body, *received) {
            Decoded::Event(event) => {
                self.learn(&event.app);
                self.compare(event.bot.as_ref());
                if matches!(event.kind, Kind::Command(_)) { Received::Request(event) } else { Received::Event(event) }
            }
            Decoded::Challenge(challenge) => {
                Received::Answered { response: self.challenged(headers, challenge), why: "challenge" }
            }
            Decoded::RateLimited => {
                tracing::error!("the platform drops events: more than 30,000 in an hour for one workspace");
                self.kept.iter().for_each(|kept| kept.missed());
                Received::Answered { response: Response::empty(200), why: "rate_limited" }
            }
            Decoded::Ignored(ignored) => {
                tracing::debug!(why = ignored.word(), "a delivery was ignored");
                Received::Answered { response: Response::empty(200), why: ignored.word() }
            }
        }
    }

    fn restore(&self, stored: &Bytes, received: Timestamp) -> Option<Box<Event>> {
        let callback = Callback { received, retry: Retry::default(), bot: self.identity() };
        match super::decode::restore(stored, callback) {
            Decoded::Event(event) => Some(event),
            _ => None,
        }
    }

    fn render(&self, reply: &Reply, occasion: &Occasion<'_>) -> Vec<Outgoing> {
        render::render(reply, occasion)
    }

    fn respond(&self, reply: Option<&Reply>, _: &Event) -> Response {
        render::respond(reply)
    }

    async fn send(&self, outgoing: &Outgoing) -> Delivery {
        let body = outgoing.body.clone();
        let called = match &outgoing.address {
            None => self.client.send(&outgoing.method, body).await,
            Some(address) => match self.client.post_to(&address.0, body).await {
                Ok(called) => called,
                Err(said) => return Delivery::Refused { why: said.to_string() },
            },
        };
        if let Called::Refused(refusal) = &called
            && refusal.is_authentication()
        {
            self.refused.store(true, Ordering::Relaxed);
        }
        if let (Some(kept), Called::Sent(response)) = (&self.kept, &called) {
            read::said(kept, outgoing, response);
        }
        delivery(called)
    }

    async fn find(&self, outgoing: &Outgoing, since: Timestamp) -> Found {
        let bot = self.identity();
        find::find(&self.client, bot.as_ref(), outgoing, since).await
    }

    async fn read(
        &self,
        strand: &Strand,
        bot: Option<&UserId>,
        hear: &mut (dyn FnMut(Utterance) + Send),
    ) -> Result<(), String> {
        let known = self.identity();
        read::read(&self.reader, strand, bot.or(known.as_ref()), hear).await
    }

    fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    async fn identify(&self) -> Result<Identity, IdentityError> {
        let identity = identify(&self.client).await?;
        *self.bot.write().unwrap_or_else(PoisonError::into_inner) = Some(identity.user.clone());
        identity.app.iter().for_each(|app| self.learn(app));
        self.refused.store(false, Ordering::Relaxed);
        Ok(identity)
    }

    fn identity(&self) -> Option<UserId> {
        self.bot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for Slack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slack").field("client", &self.client).finish_non_exhaustive()
    }
}

fn delivery(called: Called) -> Delivery {
    match called {
        Called::Sent(response) => {
            let (channel, message) = response.message();
            Delivery::Sent { channel: channel.cloned(), message: message.cloned() }
        }
        Called::RateLimited { retry_after } => Delivery::RateLimited { wait: retry_after },
        Called::NotSent { why } => Delivery::NotSent { why },
        Called::Refused(refusal) if refusal.is_authentication() => Delivery::TokenRefused { why: refusal.code },
        Called::Refused(refusal) => Delivery::Refused { why: refused(refusal) },
        Called::Ambiguous { why } => Delivery::Ambiguous { why },
    }
}

/// Why a call was refused, with what it lacks.
pub(super) fn refused(refusal: Refusal) -> String {
    let needed = refusal.needed.map(|scope| format!(" (it needs the scope {scope})")).unwrap_or_default();
    format!("{}{needed}", refusal.code)
}

/// Whatever parameters follow the type, and whatever its case.
fn is_form(headers: &HeaderMap, body: &Bytes) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match content_type.and_then(|value| value.split(';').next()).map(str::trim) {
        Some(kind) if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") => true,
        Some(kind) if kind.eq_ignore_ascii_case("application/json") => false,
        _ => !body.trim_ascii_start().starts_with(b"{"),
    }
}

static RETRY_NUMBER: HeaderName = HeaderName::from_static("x-slack-retry-num");
static RETRY_REASON: HeaderName = HeaderName::from_static("x-slack-retry-reason");

/// What the platform says of a delivery that it makes again.
pub(super) const RETRY_REASONS: [&str; 6] =
    ["http_timeout", "http_error", "connection_failed", "ssl_error", "too_many_redirects", "unknown_error"];

fn retry(headers: &HeaderMap) -> Retry {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    Retry {
        number: text(&RETRY_NUMBER).and_then(|number| number.parse().ok()).unwrap_or(0),
        reason: text(&RETRY_REASON).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The engine's word for each judgement of the client, whose own tests hold how it judges.
    fn word(called: Called) -> &'static str {
        match delivery(called) {
            Delivery::Sent { .. } => "sent",
            Delivery::RateLimited { .. } => "wait",
            Delivery::NotYet { .. } => "not yet",
            Delivery::NotSent { .. } => "again",
            Delivery::Refused { .. } => "dead",
            Delivery::TokenRefused { .. } => "pause",
            Delivery::Ambiguous { .. } => "look",
        }
    }

    #[test]
    fn a_refusal_of_the_token_pauses_and_any_other_kills() {
        let refusal = |code: &str| Called::Refused(Refusal { code: code.to_owned(), ..Refusal::default() });
        for code in ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"] {
            assert_eq!(word(refusal(code)), "pause", "{code}");
        }
        for code in ["channel_not_found", "not_in_channel", "is_archived", "msg_too_long", "missing_scope", "http_404"]
        {
            assert_eq!(word(refusal(code)), "dead", "{code}");
        }
        assert_eq!(word(Called::RateLimited { retry_after: std::time::Duration::from_secs(1) }), "wait");
        assert_eq!(word(Called::NotSent { why: String::new() }), "again");
        assert_eq!(word(Called::Ambiguous { why: String::new() }), "look");
    }
}
