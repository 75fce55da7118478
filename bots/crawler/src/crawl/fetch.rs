//! One request at a time, at the pace that the site asks for.

use std::time::{Duration, SystemTime};

use tokio::task::spawn_blocking;
use url::Url;

use super::Settings;
use crate::address::{resolve, same_owner};
use crate::error::Error;
use crate::page;
use crate::report::Reason;
use crate::robots::{self, Robots};
use crate::site::{Page, digest};
use crate::web::{Failure, Request, Response, Web};

/// How often a page is asked for that the server cannot give.
const TRIES: u32 = 3;
/// How long is waited before the second time, when the server does not say.
const AGAIN: Duration = Duration::from_secs(5);
/// A site may ask for longer pauses than this, and is not heard.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Redirects that are followed to the rules of a site; RFC 9309 (2.3.1.2) asks for five.
const REDIRECTS: usize = 5;

pub(super) struct Fetcher<'a, W> {
    pub(super) web: &'a W,
    settings: &'a Settings,
    pause: Duration,
    last: Option<SystemTime>,
    pub(super) requests: usize,
    pub(super) not_modified: usize,
}

/// What came of asking for a page.
pub(super) enum Fetched {
    /// The page, as it is now.
    Read(Page),
    /// Where to look instead, and the status of the answer.
    Moved(String, u16),
    /// Nothing that can be kept.
    Not(Reason),
    /// Nothing, this time.
    Unavailable(String),
}

impl<'a, W: Web> Fetcher<'a, W> {
    pub(super) fn new(web: &'a W, settings: &'a Settings) -> Self {
        Self { web, settings, pause: settings.pause, last: None, requests: 0, not_modified: 0 }
    }

    /// The rules of the site that `page` is on; from now on its pauses are kept too.
    pub(super) async fn robots(&mut self, page: &Url) -> Result<Robots, Error> {
        let closed = |why: String| Error::Closed { address: page.to_string(), why };
        let mut url = page.join("/robots.txt").map_err(|error| closed(error.to_string()))?;
        let mut robots = Robots::default();
        for _ in 0..=REDIRECTS {
            let response = match self.get(&url, None, robots::LONGEST).await {
                Ok(response) => response,
                Err(Failure::Private) => return Err(closed("it is on a private network".into())),
                Err(Failure::Unreachable(why)) => return Err(closed(why)),
            };
            match response.status {
                200..=299 => robots = Robots::parse(&String::from_utf8_lossy(&response.body), &self.settings.product),
                300..=399 => {
                    let to = response.location.as_deref().and_then(|link| resolve(&url, link));
                    match to.filter(|to| same_owner(to, page)) {
                        Some(to) => {
                            url = to;
                            continue;
                        }
                        None => break,
                    }
                }
                429 | 500.. => robots = Robots::closed(),
                // No rules: everything is open (2.3.1.3).
                _ => {}
            }
            break;
        }
        if robots == Robots::closed() {
            return Err(closed("its robots.txt is closed to crawlers, or cannot be had".into()));
        }
        self.pause = self.pause.max(robots.delay.unwrap_or_default().min(LONGEST_PAUSE));
        Ok(robots)
    }

    /// A file that is no page, as a sitemap.
    pub(super) async fn file(&mut self, url: &Url, most_bytes: usize) -> Result<Vec<u8>, Failure> {
        let response = self.get(url, None, most_bytes).await?;
        if response.status != 200 {
            return Err(Failure::Unreachable(response.status.to_string()));
        }
        Ok(response.body)
    }

    /// A page; when it is known and has not changed, as it was.
    pub(super) async fn page(&mut self, url: &Url, known: Option<&Page>) -> Fetched {
        let response = match self.get(url, known, self.settings.most_bytes).await {
            Ok(response) => response,
            Err(Failure::Private) => return Fetched::Not(Reason::Private),
            Err(Failure::Unreachable(why)) => return Fetched::Unavailable(why),
        };
        match (response.status, known) {
            (200, _) => self.read(url, response).await,
            (304, Some(known)) => {
                self.not_modified += 1;
                Fetched::Read(known.clone())
            }
            (status @ (301 | 302 | 303 | 307 | 308), _) => match response.location {
                Some(link) => Fetched::Moved(link, status),
                None => Fetched::Not(Reason::Refused(status)),
            },
            (status @ (404 | 410), _) => Fetched::Not(Reason::Gone(status)),
            (status @ (408 | 425 | 429 | 500..), _) => Fetched::Unavailable(status.to_string()),
            (status, _) => Fetched::Not(Reason::Refused(status)),
        }
    }

    async fn read(&self, url: &Url, mut response: Response) -> Fetched {
        let kind = response.content_type.as_deref().unwrap_or("text/html").split(';').next().unwrap_or_default().trim();
        if !matches!(kind.to_ascii_lowercase().as_str(), "text/html" | "application/xhtml+xml") {
            return Fetched::Not(Reason::NotAPage(kind.to_owned()));
        }
        if response.cut {
            return Fetched::Not(Reason::TooLarge);
        }
        let (etag, last_modified) = (response.etag.take(), response.last_modified.take());
        let (url, part, product) = (url.clone(), self.settings.part.clone(), self.settings.product.clone());
        // A long page takes a while, and other tasks have messages to answer.
        let read = spawn_blocking(move || {
            let content = page::read(&url, &response, part.as_ref(), &product);
            (digest(&content), content)
        });
        match read.await {
            Ok((hash, content)) => Fetched::Read(Page { content, hash, etag, last_modified, missed: 0, kept: false }),
            Err(error) => Fetched::Unavailable(error.to_string()),
        }
    }

    /// Asks, again when the server is busy or out of reach. One that says
    /// that it is asked too often is asked half as often from then on, once for each page.
    async fn get(&mut self, url: &Url, known: Option<&Page>, most_bytes: usize) -> Result<Response, Failure> {
        let mut tried = 1;
        loop {
            let asked = self.ask(url, known, most_bytes).await;
            if tried == 1 && asked.as_ref().is_ok_and(|response| response.status == 429) {
                self.pause = self.pause.max(self.pause.saturating_mul(2).min(LONGEST_PAUSE));
            }
            let wait = match &asked {
                Ok(response) if matches!(response.status, 408 | 425 | 429 | 500..) => response.retry_after,
                Err(Failure::Unreachable(_)) => None,
                _ => return asked,
            };
            // Who asks to be left alone for long is left alone.
            if tried == TRIES || wait.is_some_and(|wait| wait > LONGEST_PAUSE) {
                return asked;
            }
            self.web.pause(wait.unwrap_or(AGAIN * tried)).await;
            tried += 1;
        }
    }

    async fn ask(&mut self, url: &Url, known: Option<&Page>, most_bytes: usize) -> Result<Response, Failure> {
        if let Some(last) = self.last {
            let since = self.web.now().duration_since(last).unwrap_or_default();
            if since < self.pause {
                self.web.pause(self.pause - since).await;
            }
        }
        self.last = Some(self.web.now());
        self.requests += 1;
        let request = Request {
            url,
            etag: known.and_then(|page| page.etag.as_deref()),
            last_modified: known.and_then(|page| page.last_modified.as_deref()),
            most_bytes,
        };
        self.web.get(request).await
    }
}
