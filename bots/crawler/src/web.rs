//! The web as a crawler sees it, so that tests can stand in for it.

use std::future::Future;
use std::time::{Duration, SystemTime};

use url::Url;

/// What a crawler asks the network and the clock for.
pub trait Web: Sync {
    /// Asks for a page, once, without following redirects.
    ///
    /// Fails when no answer came, or the address is one that may not be asked.
    fn get(&self, request: Request<'_>) -> impl Future<Output = Result<Response, Failure>> + Send;

    /// Waits.
    fn pause(&self, time: Duration) -> impl Future<Output = ()> + Send;

    /// The time.
    fn now(&self) -> SystemTime;
}

/// A request for a page.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The page.
    pub url: &'a Url,
    /// The `ETag` of the copy that is at hand.
    pub etag: Option<&'a str>,
    /// The `Last-Modified` of that copy.
    pub last_modified: Option<&'a str>,
    /// So many bytes are read at most; what follows is cut off.
    pub most_bytes: usize,
}

/// What a server answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Location`, of a redirect.
    pub location: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// `X-Robots-Tag`, all of them.
    pub robots: String,
    /// How long `Retry-After` asks to wait, when the server is busy.
    pub retry_after: Option<Duration>,
    /// What it says.
    pub body: Vec<u8>,
    /// Whether the body was longer than asked for.
    pub cut: bool,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The address is one of a private network, or of this machine, which is never asked.
    Private,
    /// The server could not be reached, or the connection broke; the reason in words.
    Unreachable(String),
}
