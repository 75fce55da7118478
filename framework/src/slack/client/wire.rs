//! The connections, and what may happen on them.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::{
    Client, ClientBuilder, Response,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
};
use tokio::{sync::OnceCell, task::spawn_blocking};
use url::Url;

use super::redact;

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For an address, a connection and its secure channel together.
    pub connect: Duration,
    /// For all of a call, to the last byte of the answer.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), total: Duration::from_secs(10) }
    }
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<String>,
    pub(super) scopes: Option<String>,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why there is no answer. The texts name no address and no token.
#[derive(Clone, Debug)]
pub(super) enum NoAnswer {
    /// The connection never stood, so no byte of the request was written.
    NothingWritten(String),
    /// Bytes were written, or may have been.
    Lost(String),
}

/// Two pools of connections, each opened on first use: a bot that speaks to loopback alone never reads the
/// certificates of the machine, and none reads them before its first call.
#[derive(Debug)]
pub(super) struct Wire {
    timeouts: Timeouts,
    plain: OnceCell<Client>,
    secure: OnceCell<Client>,
}

impl Wire {
    pub(super) fn new(timeouts: Timeouts) -> Self {
        Self { timeouts, plain: OnceCell::new(), secure: OnceCell::new() }
    }

    /// Posts once. Follows no redirect, and repeats nothing that may have reached the other side.
    pub(super) async fn post(
        &self,
        url: Url,
        authorization: Option<&HeaderValue>,
        content_type: &'static str,
        body: Bytes,
    ) -> Result<Answer, NoAnswer> {
        let client = self.client(&url).await.map_err(NoAnswer::NothingWritten)?;
        let mut request = client.post(url).header(CONTENT_TYPE, HeaderValue::from_static(content_type)).body(body);
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let response = request.send().await.map_err(no_answer)?;
        let status = response.status().as_u16();
        let retry_after = header(&response, RETRY_AFTER.as_str());
        let scopes = header(&response, "x-oauth-scopes");
        let body = read(response).await?;
        Ok(Answer { status, retry_after, scopes, body })
    }

    async fn client(&self, url: &Url) -> Result<&Client, String> {
        let (timeouts, secure) = (self.timeouts, url.scheme() == "https");
        let pool = if secure { &self.secure } else { &self.plain };
        // Reading certificates takes milliseconds, and a handler may be waiting on this very thread.
        pool.get_or_try_init(|| async move {
            let built = spawn_blocking(move || builder(timeouts, secure).build()).await;
            built.map_err(|error| error.to_string())?.map_err(told)
        })
        .await
    }
}

fn builder(timeouts: Timeouts, secure: bool) -> ClientBuilder {
    // Already installed is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .user_agent(concat!("bavard/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        // Shorter than servers keep a connection, so that a request seldom meets one that is closing.
        .pool_idle_timeout(Duration::from_secs(20));
    if secure {
        return builder.https_only(true);
    }
    // No certificate is trusted, so none is read; no proxy of the environment sees what goes to loopback.
    builder.tls_certs_only([]).no_proxy()
}

/// More is no answer of the Web API.
const LONGEST_ANSWER: usize = 64 << 20;

async fn read(mut response: Response) -> Result<Bytes, NoAnswer> {
    let Some(first) = next(&mut response).await? else { return Ok(Bytes::new()) };
    let Some(second) = next(&mut response).await? else { return Ok(first) };
    let mut whole = BytesMut::from(first);
    whole.extend_from_slice(&second);
    while let Some(more) = next(&mut response).await? {
        if whole.len() + more.len() > LONGEST_ANSWER {
            return Err(NoAnswer::Lost(format!("the answer is longer than {LONGEST_ANSWER} bytes")));
        }
        whole.extend_from_slice(&more);
    }
    Ok(whole.freeze())
}

/// Once an answer has begun, the request was written, whatever comes.
async fn next(response: &mut Response) -> Result<Option<Bytes>, NoAnswer> {
    response.chunk().await.map_err(|error| NoAnswer::Lost(told(error)))
}

fn header(response: &Response, name: &str) -> Option<String> {
    Some(response.headers().get(name)?.to_str().ok()?.to_owned())
}

fn no_answer(error: reqwest::Error) -> NoAnswer {
    let nothing_written = error.is_connect() || error.is_builder();
    let why = told(error);
    if nothing_written { NoAnswer::NothingWritten(why) } else { NoAnswer::Lost(why) }
}

/// The chain of causes, without the address, which may be as good as a key.
fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    redact(&text).into_owned()
}
