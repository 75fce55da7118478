//! The connections, and what may happen on them.
//!
//! There are two roads to the platform. The direct one is what nearly every bot takes; its price is paid for each
//! message, so it does nothing but what a message needs. The other leads through a proxy, where the environment names
//! one, and leaves that to a client that knows all of their kinds.

mod direct;
mod proxied;

use std::{sync::OnceLock, time::Duration};

use axum::http::{
    HeaderMap, Method, Request, Uri,
    header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue, RETRY_AFTER, USER_AGENT},
};
use bytes::Bytes;
use futures_util::future::Either;
use hyper_util::client::proxy::matcher::Matcher;
use tokio::{sync::OnceCell, task::spawn_blocking};

use self::{direct::Direct, proxied::Proxied};
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
    /// When it was given, by the clock of who gave it.
    pub(super) date: Option<HeaderValue>,
    pub(super) body: Bytes,
}

impl Answer {
    fn new(status: u16, headers: &HeaderMap, body: Bytes) -> Self {
        let text = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
        Self {
            status,
            retry_after: text(RETRY_AFTER.as_str()),
            scopes: text("x-oauth-scopes"),
            date: headers.get(DATE).cloned(),
            body,
        }
    }

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

/// Pools of connections, each opened on first use: a bot that speaks to loopback alone never reads the certificates of
/// the machine, and none reads them before its first call.
#[derive(Debug)]
pub(super) struct Wire {
    timeouts: Timeouts,
    plain: OnceCell<Direct>,
    secure: OnceCell<Direct>,
    proxied: OnceCell<Proxied>,
    proxies: OnceLock<Matcher>,
}

/// A request to post.
pub(super) fn request(
    uri: Uri,
    authorization: Option<&HeaderValue>,
    content_type: &'static str,
    body: Bytes,
) -> Request<Bytes> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    // Host and length are added on the way.
    headers.reserve(6);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(USER_AGENT, HeaderValue::from_static(concat!("bavard/", env!("CARGO_PKG_VERSION"))));
    if let Some(authorization) = authorization {
        headers.insert(AUTHORIZATION, authorization.clone());
    }
    request
}

impl Wire {
    pub(super) fn new(timeouts: Timeouts) -> Self {
        Self {
            timeouts,
            plain: OnceCell::new(),
            secure: OnceCell::new(),
            proxied: OnceCell::new(),
            proxies: OnceLock::new(),
        }
    }

    /// Posts once. Follows no redirect, and repeats nothing that may have reached the other side.
    pub(super) fn post(&self, request: Request<Bytes>) -> impl Future<Output = Result<Answer, NoAnswer>> + Send + '_ {
        // A request that has its road is on it before the future is made, which would keep room for it.
        match self.pool(request.uri()).and_then(OnceCell::get) {
            Some(direct) => Either::Left(direct.post(request)),
            None => Either::Right(Box::pin(self.post_first(request))),
        }
    }

    /// Posts on a road that may be new, or leads through a proxy.
    async fn post_first(&self, request: Request<Bytes>) -> Result<Answer, NoAnswer> {
        let (timeouts, secure) = (self.timeouts, is_secure(request.uri()));
        let nothing_written = NoAnswer::NothingWritten;
        match self.pool(request.uri()) {
            Some(pool) => {
                let direct = pool.get_or_try_init(|| open(move || Direct::new(timeouts, secure)));
                direct.await.map_err(nothing_written)?.post(request).await
            }
            None => {
                let proxied = self.proxied.get_or_try_init(|| open(move || Proxied::new(timeouts)));
                proxied.await.map_err(nothing_written)?.post(request).await
            }
        }
    }

    /// The connections that lead there; `None` where a proxy stands between. What is not secure is a server of one's
    /// own, and passes no proxy.
    fn pool(&self, uri: &Uri) -> Option<&OnceCell<Direct>> {
        if !is_secure(uri) {
            return Some(&self.plain);
        }
        let proxies = self.proxies.get_or_init(Matcher::from_env);
        proxies.intercept(uri).is_none().then_some(&self.secure)
    }
}

fn is_secure(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

/// Reading certificates takes milliseconds, and a handler may be waiting on this very thread.
async fn open<T: Send + 'static>(build: impl FnOnce() -> Result<T, String> + Send + 'static) -> Result<T, String> {
    spawn_blocking(build).await.unwrap_or_else(|error| Err(error.to_string()))
}

/// More is no answer of the Web API.
const LONGEST_ANSWER: usize = 64 << 20;

/// The chain of causes, without any address, which may be as good as a key.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    redact(&text).into_owned()
}
