//! Bringing events and commands to the bot: signed, timed, tried again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use serde_json::Value;
use tokio::{sync::mpsc, task::JoinSet};

use super::{Shared, signing};
use crate::{EventId, Result, Timestamp};

/// One attempt to deliver something to the bot.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// What was delivered: the subscription of an event (`message.im`), the name of a command (`/deploy`), or
    /// `url_verification`.
    pub kind: String,
    /// The identifier of the event, the same for each attempt; `None` for what is not an event.
    pub event_id: Option<EventId>,
    /// `0` for the first attempt, then the number of the retry.
    pub attempt: u32,
    /// The body that was sent.
    pub sent: Bytes,
    /// When the attempt began.
    pub at: Timestamp,
    /// How long the answer took.
    pub duration: Duration,
    /// The status of the answer; `None` when there was none.
    pub status: Option<u16>,
    /// The body of the answer.
    pub body: String,
    /// Why the attempt failed, in the platform's words (`http_timeout`, `http_error`, `connection_failed`,
    /// `too_many_redirects`, `unknown_error`).
    pub failure: Option<&'static str>,
}

impl Delivery {
    /// Whether the bot took it: an answer of 2xx in time.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.failure.is_none()
    }
}

/// Something that happened and was not delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// The event, by its subscription name.
    pub event: String,
    /// Why it was not delivered.
    pub why: &'static str,
}

/// Something to deliver.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    pub(super) kind: String,
    pub(super) event_id: Option<EventId>,
    pub(super) content_type: &'static str,
    pub(super) body: Bytes,
    /// The `response_url` whose request this is: its answer is shown, and it is never tried again.
    pub(super) request: Option<String>,
}

impl Outgoing {
    pub(super) fn event(name: &str, id: EventId, envelope: &Value) -> Self {
        let body = Bytes::from(envelope.to_string());
        Self { kind: name.into(), event_id: Some(id), content_type: JSON, body, request: None }
    }

    /// The event of an earlier attempt.
    pub(super) fn again(earlier: &Delivery) -> Self {
        let (kind, event_id, body) = (earlier.kind.clone(), earlier.event_id.clone(), earlier.sent.clone());
        Self { kind, event_id, content_type: JSON, body, request: None }
    }
}

const JSON: &str = "application/json";

/// Delivers what comes through `queue`, each on its own, until the queue or the task ends.
pub(super) async fn run(shared: Arc<Shared>, mut queue: mpsc::UnboundedReceiver<Outgoing>) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            next = queue.recv() => match next {
                Some(outgoing) => { running.spawn(deliver(Arc::clone(&shared), outgoing)); }
                None => break,
            },
            Some(_) = running.join_next() => {}
        }
    }
}

async fn deliver(shared: Arc<Shared>, outgoing: Outgoing) {
    let waits: &[Duration] = if outgoing.request.is_some() { &[] } else { &shared.retries };
    let mut reason = None;
    for attempt in 0..=waits.len() {
        if let Some(wait) = attempt.checked_sub(1).map(|before| waits[before]).filter(|wait| !wait.is_zero()) {
            tokio::time::sleep(wait).await;
        }
        let number = u32::try_from(attempt).unwrap_or(u32::MAX);
        let tried = try_once(&shared, &outgoing, number, reason).await;
        reason = tried.delivery.failure;
        let last = reason.is_none() || tried.no_retry || attempt == waits.len();
        shared.update(|state| {
            if let Some(request) = &outgoing.request {
                state.answered(request, &tried.delivery, tried.json);
            }
            state.deliveries.push(tried.delivery);
            if last {
                state.in_flight = state.in_flight.saturating_sub(1);
            }
        });
        if last {
            return;
        }
    }
}

struct Tried {
    delivery: Delivery,
    json: bool,
    no_retry: bool,
}

async fn try_once(shared: &Shared, outgoing: &Outgoing, attempt: u32, reason: Option<&'static str>) -> Tried {
    let at = shared.read(|state| state.now());
    let begun = Instant::now();
    let answer = tokio::time::timeout(shared.patience, post(shared, outgoing, at, attempt, reason)).await;
    let mut delivery = Delivery {
        kind: outgoing.kind.clone(),
        event_id: outgoing.event_id.clone(),
        attempt,
        sent: outgoing.body.clone(),
        at,
        duration: begun.elapsed(),
        status: None,
        body: String::new(),
        failure: None,
    };
    let (mut json, mut no_retry) = (false, false);
    match answer {
        Err(_) => delivery.failure = Some("http_timeout"),
        Ok(Err(failure)) => delivery.failure = Some(failure),
        Ok(Ok(answer)) => {
            delivery.failure = (!(200..300).contains(&answer.status)).then_some("http_error");
            delivery.status = Some(answer.status);
            delivery.body = answer.body;
            (json, no_retry) = (answer.json, answer.no_retry);
        }
    }
    Tried { delivery, json, no_retry }
}

struct Answer {
    status: u16,
    body: String,
    json: bool,
    no_retry: bool,
}

async fn post(
    shared: &Shared,
    outgoing: &Outgoing,
    at: Timestamp,
    attempt: u32,
    reason: Option<&'static str>,
) -> Result<Answer, &'static str> {
    let (address, identity) = shared.read(|state| (state.deliver_to.clone(), Arc::clone(&state.identity)));
    let address = address.ok_or("connection_failed")?;
    let signature = signing::sign(&identity.signing_secret, at.seconds(), &outgoing.body);
    let mut request = shared
        .http
        .post(address)
        .header("content-type", outgoing.content_type)
        .header("x-slack-request-timestamp", at.seconds())
        .header("x-slack-signature", signature)
        .body(outgoing.body.clone());
    if let Some(reason) = reason {
        request = request.header("x-slack-retry-num", attempt).header("x-slack-retry-reason", reason);
    }
    let response = request.send().await.map_err(|error| failure(&error))?;
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    Ok(Answer {
        status: response.status().as_u16(),
        json: header("content-type").is_some_and(|kind| kind.starts_with(JSON)),
        no_retry: header("x-slack-no-retry") == Some("1"),
        body: response.text().await.map_err(|error| failure(&error))?,
    })
}

fn failure(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "http_timeout"
    } else if error.is_redirect() {
        "too_many_redirects"
    } else if error.is_connect() {
        "connection_failed"
    } else {
        "unknown_error"
    }
}

/// Sends a challenge and compares what comes back. Not tried again.
pub(super) async fn verify(shared: &Shared) -> Result<()> {
    let (challenge, token) = shared.write(|state| (state.identifier("challenge"), state.identifier("")));
    let body = serde_json::json!({ "token": token, "challenge": challenge, "type": "url_verification" });
    let outgoing = Outgoing {
        kind: "url_verification".into(),
        event_id: None,
        content_type: JSON,
        body: Bytes::from(body.to_string()),
        request: None,
    };
    let delivery = try_once(shared, &outgoing, 0, None).await.delivery;
    let outcome = check(&delivery, &challenge);
    shared.update(|state| state.deliveries.push(delivery));
    outcome.map_err(crate::Error::new)
}

fn check(delivery: &Delivery, challenge: &str) -> Result<(), String> {
    if let Some(failure) = delivery.failure {
        let status = delivery.status.map(|status| format!(" with status {status}")).unwrap_or_default();
        return Err(format!("the bot's address did not take the challenge: {failure}{status}"));
    }
    let body = delivery.body.trim();
    let json = serde_json::from_str::<Value>(body).ok();
    let found = body == challenge
        || body.strip_prefix("challenge=") == Some(challenge)
        || json.is_some_and(|json| json["challenge"] == *challenge);
    found.then_some(()).ok_or_else(|| format!("the bot's address answered the challenge with something else: {body}"))
}
