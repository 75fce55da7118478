//! The web itself, over HTTP.

mod guard;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Client, redirect};

use crate::address::host_may_be_asked;
use crate::error::Error;
use crate::web::{Failure, Request, Response, Web};
use guard::Guard;

const CONNECT: Duration = Duration::from_secs(10);
const TOTAL: Duration = Duration::from_secs(30);
const ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");

/// The web, without cookies, redirects or private addresses. It goes past the proxies that the environment names: what a
/// proxy reaches could not be judged from here.
#[derive(Debug)]
pub struct Http {
    client: Client,
    allow_loopback: bool,
}

impl Http {
    /// A client that names itself `user_agent`. `allow_loopback` lets it ask this machine, for tests.
    ///
    /// # Errors
    /// When this machine has no certificates to trust.
    pub fn new(user_agent: &str, allow_loopback: bool) -> Result<Self, Error> {
        // Already installed is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(user_agent)
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .dns_resolver(Arc::new(Guard { allow_loopback }))
            .build()
            .map_err(|error| Error::Client { why: told(&error) })?;
        Ok(Self { client, allow_loopback })
    }
}

impl Web for Http {
    async fn get(&self, request: Request<'_>) -> Result<Response, Failure> {
        if !host_may_be_asked(request.url, self.allow_loopback) {
            return Err(Failure::Private);
        }
        let mut asked =
            self.client.get(request.url.clone()).header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.5");
        if let Some(etag) = request.etag {
            asked = asked.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = request.last_modified {
            asked = asked.header(header::IF_MODIFIED_SINCE, date);
        }
        let mut answer = asked.send().await.map_err(|error| failure(&error))?;
        let mut response = head(answer.status().as_u16(), answer.headers(), self.now());
        while let Some(more) = answer.chunk().await.map_err(|error| failure(&error))? {
            let room = request.most_bytes.saturating_sub(response.body.len());
            response.body.extend_from_slice(&more[..more.len().min(room)]);
            if more.len() > room {
                response.cut = true;
                break;
            }
        }
        Ok(response)
    }

    async fn pause(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

fn head(status: u16, headers: &HeaderMap, now: SystemTime) -> Response {
    let text = |name: HeaderName| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let robots = headers.get_all(ROBOTS_TAG).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    Response {
        status,
        content_type: text(header::CONTENT_TYPE),
        location: text(header::LOCATION),
        etag: text(header::ETAG),
        last_modified: text(header::LAST_MODIFIED),
        robots: robots.collect::<Vec<_>>().join(","),
        retry_after: text(header::RETRY_AFTER).and_then(|told| retry_after(told.trim(), now)),
        body: Vec::new(),
        cut: false,
    }
}

/// Seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(told: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = told.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(told).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

fn failure(error: &reqwest::Error) -> Failure {
    let why = told(error);
    if why.contains(guard::PRIVATE) { Failure::Private } else { Failure::Unreachable(why) }
}

/// The innermost cause: the outer ones say "error sending request".
fn told(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests;
