//! The rival: the least that a careful person would write by hand with axum, hmac and reqwest.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use hmac::Mac;
use serde::{Deserialize, Serialize};

use super::signer::Signer;

struct Bot {
    signer: Signer,
    client: reqwest::Client,
    post_message: String,
    token: String,
}

#[derive(Deserialize)]
struct Envelope {
    event: Event,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    text: String,
    channel: String,
}

#[derive(Serialize)]
struct Message<'a> {
    channel: &'a str,
    text: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    ok: bool,
}

/// Serves until it is killed.
pub(crate) fn serve() {
    let setting = |name: &str| std::env::var(name).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let bot = Bot {
            signer: Signer::new(),
            client: client(),
            post_message: setting("SLACK_API_URL") + "chat.postMessage",
            token: setting("SLACK_BOT_TOKEN"),
        };
        let router = Router::new().route("/slack/events", post(events)).with_state(Arc::new(bot));
        let listener = tokio::net::TcpListener::bind(setting("BAVARD_LISTEN")).await.unwrap();
        axum::serve(listener, router).await.unwrap();
    });
}

fn client() -> reqwest::Client {
    rustls::crypto::ring::default_provider().install_default().unwrap();
    reqwest::Client::builder().timeout(Duration::from_secs(10)).tls_certs_only([]).build().unwrap()
}

async fn events(State(bot): State<Arc<Bot>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if !is_signed(&bot.signer, &headers, &body) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(Envelope { event }) = serde_json::from_slice::<Envelope>(&body) else { return StatusCode::BAD_REQUEST };
    if event.kind == "app_mention" {
        tokio::spawn(answer(bot, event));
    }
    StatusCode::OK
}

fn is_signed(signer: &Signer, headers: &HeaderMap, body: &[u8]) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some((timestamp, signature)) = header("x-slack-request-timestamp").zip(header("x-slack-signature")) else {
        return false;
    };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    if timestamp.parse::<u64>().is_ok_and(|then| then.abs_diff(now) > 300) {
        return false;
    }
    let digits = signature.strip_prefix("v0=").unwrap_or_default();
    let digit = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    let mac: Option<Vec<u8>> = (0..digits.len()).step_by(2).map(digit).collect();
    mac.is_some_and(|mac| signer.mac(timestamp, body).verify_slice(&mac).is_ok())
}

async fn answer(bot: Arc<Bot>, event: Event) {
    let Some(text) = event.text.split_once(" echo ").map(|(_, text)| text) else { return };
    let message = Message { channel: &event.channel, text };
    let request = bot.client.post(&bot.post_message).bearer_auth(&bot.token).json(&message);
    let answer: Answer = request.send().await.unwrap().json().await.unwrap();
    assert!(answer.ok);
}
