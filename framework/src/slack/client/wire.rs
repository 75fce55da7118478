//! The connections, and what may happen on them.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{TryFutureExt, future::Either};
use reqwest::{
    Client, ClientBuilder, Method, Request, Response,
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
    pub(super) fn post(&self, request: Request) -> impl Future<Output = Result<Answer, NoAnswer>> + Send + '_ {
        // The request is on its way before the future is made, which would keep room for it.
        let sending = match self.pool(request.url()).get() {
            Some(client) => Either::Left(client.execute(request).map_err(no_answer)),
            None => Either::Right(Box::pin(self.post_first(request))),
        };
        async move {
            let response = sending.await?;
            let status = response.status().as_u16();
            let retry_after = header(&response, RETRY_AFTER.as_str());
            let scopes = header(&response, "x-oauth-scopes");
            let body = read(response).await?;
            Ok(Answer { status, retry_after, scopes, body })
        }
    }

    async fn post_first(&self, request: Request) -> Result<Response, NoAnswer> {
        let client = self.client(request.url()).await.map_err(NoAnswer::NothingWritten)?;
        client.execute(request).await.map_err(no_answer)
    }

    fn pool(&self, url: &Url) -> &OnceCell<Client> {
        if url.scheme() == "https" { &self.secure } else { &self.plain }
    }

    async fn client(&self, url: &Url) -> Result<&Client, String> {
        let (timeouts, secure, pool) = (self.timeouts, url.scheme() == "https", self.pool(url));
        // Reading certificates takes milliseconds, and a handler may be waiting on this very thread.
        pool.get_or_try_init(|| async move {
            let built = spawn_blocking(move || builder(timeouts, secure).build()).await;
            built.map_err(|error| error.to_string())?.map_err(told)
        })
        .await
    }
}

/// A request to post.
pub(super) fn request(
    url: Url,
    authorization: Option<&HeaderValue>,
    content_type: &'static str,
    body: Bytes,
) -> Request {
    let mut request = Request::new(Method::POST, url);
    let headers = request.headers_mut();
    // With those that are added on the way, there are six.
    headers.reserve(8);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(authorization) = authorization {
        headers.insert(AUTHORIZATION, authorization.clone());
    }
    *request.body_mut() = Some(body.into());
    request
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
