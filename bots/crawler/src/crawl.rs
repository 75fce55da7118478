//! Crawls a site: its sitemaps, then link by link, one request at a time.

mod doubt;
mod fetch;
mod frontier;
pub(crate) mod judge;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use tokio::task::spawn_blocking;
use url::Url;

use crate::address::{is_endless, is_file, on_site, resolve, same_owner, same_site};
use crate::draft::Draft;
use crate::error::Error;
use crate::page::{Content, Part};
use crate::report::{Outcome, Reason, Report};
use crate::robots::Robots;
use crate::site::{Page, Site};
use crate::sitemap;
use crate::web::Web;
use fetch::{Fetched, Fetcher};
use frontier::Frontier;

/// A page that nothing led to in so many crawls is forgotten.
const MOST_MISSED: u8 = 2;
/// After so many pages in a row that the server could not give, it is left in peace.
const MOST_FAILED: usize = 5;
/// Sitemaps that are read.
const MOST_SITEMAPS: usize = 200;
/// Redirects that are followed to the first page before the sitemaps are read.
const FIRST_MOVES: usize = 5;
/// For each page that may be kept, so many requests may be made.
const REQUESTS_PER_PAGE: usize = 3;

/// What is crawled, and within which limits.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The page to begin with. The crawl stays on its host.
    pub address: Url,
    /// The name that rules for crawlers know this one by.
    pub product: String,
    /// The pause between two requests, when the site asks for none that is longer.
    pub pause: Duration,
    /// So many pages are kept.
    pub most_pages: usize,
    /// So many bytes of a page are read.
    pub most_bytes: usize,
    /// So long it may take.
    pub most_time: Duration,
    /// The part of each page that counts.
    pub part: Option<Part>,
}

impl Settings {
    /// One request a second, 2,000 pages of 4 MiB, and four hours, from `address` on.
    ///
    /// # Errors
    /// When `address` is no address of a website.
    pub fn new(address: &str, product: &str) -> Result<Self, Error> {
        let refuse = || Error::Address { address: address.into() };
        let parsed = Url::parse(address.trim()).map_err(|_| refuse())?;
        if !parsed.has_host() {
            return Err(refuse());
        }
        Ok(Self {
            address: resolve(&parsed, "").ok_or_else(refuse)?,
            product: product.into(),
            pause: Duration::from_secs(1),
            most_pages: 2000,
            most_bytes: 4 << 20,
            most_time: Duration::from_secs(4 * 3600),
            part: None,
        })
    }
}

/// How far a crawl is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Pages that are done with.
    pub done: usize,
    /// Pages that are known of.
    pub known: usize,
}

/// Reads the site anew: what changed since `before` is read, and the rest kept as it was.
///
/// Gives the site as it is now, and what became of each page. A page that is gone is not in it; one that could not be
/// read this time is, as it was. When so little is left that the site looks broken, it is given as it was, without the
/// pages that its owner closed, and the report tells of the doubt. Pages of `draft` were read by a crawl that was interrupted, and are not asked for again; it takes
/// those of this one.
///
/// # Errors
/// When the site cannot be crawled at all: `before` stays what is known of it.
pub async fn crawl<W: Web>(
    web: &W,
    settings: &Settings,
    before: &Site,
    draft: &mut Draft,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<(Site, Report), Error> {
    let mut fetcher = Fetcher::new(web, settings);
    let robots = fetcher.robots(&settings.address).await?;
    let mut crawl = Crawl {
        fetcher,
        settings,
        before,
        draft,
        robots,
        start: settings.address.clone(),
        frontier: Frontier::default(),
        site: Site { part: part_of(settings), ..Site::default() },
        said: HashMap::new(),
        report: Report::default(),
        kept: 0,
        failed: 0,
        began: web.now(),
    };
    crawl.frontier.add(settings.address.clone());
    crawl.run(progress).await?;
    crawl.adopt();
    let (site, mut report) = crawl.end(web.now());
    report.doubt = doubt::doubt(&settings.address, before, &site, &report)?;
    if report.doubt.is_none() {
        return Ok((site, report));
    }
    let mut known = Site { doubted: before.doubted.or(site.crawled), tried: site.tried, ..before.clone() };
    for url in doubt::closed(&site, &report) {
        known.pages.remove(url);
    }
    report.gone.retain(|url| !known.pages.contains_key(url));
    Ok((known, report))
}

fn part_of(settings: &Settings) -> Option<String> {
    settings.part.as_ref().map(|part| part.selector().to_owned())
}

struct Crawl<'a, W> {
    fetcher: Fetcher<'a, W>,
    settings: &'a Settings,
    before: &'a Site,
    draft: &'a mut Draft,
    robots: Robots,
    /// The first page, after redirects: its host is the site's.
    start: Url,
    frontier: Frontier,
    site: Site,
    /// The page that says something, by the digest of what it says.
    said: HashMap<String, Url>,
    report: Report,
    /// Pages that are kept so far.
    kept: usize,
    /// Pages in a row that the server could not give.
    failed: usize,
    began: SystemTime,
}

impl<W: Web> Crawl<'_, W> {
    async fn run(&mut self, progress: &(dyn Fn(Progress) + Sync)) -> Result<(), Error> {
        // The first page tells which host is meant, so it comes before the sitemaps.
        for _ in 0..FIRST_MOVES {
            let Some(url) = self.frontier.next() else { break };
            self.visit(&url, true).await?;
            if !matches!(self.report.pages.last(), Some((_, Outcome::Skipped(Reason::Moved(..))))) {
                break;
            }
        }
        self.sitemaps().await;
        while let Some(url) = self.frontier.next() {
            progress(Progress {
                done: self.report.pages.len(),
                known: self.report.pages.len() + 1 + self.frontier.waiting(),
            });
            self.visit(&url, true).await?;
        }
        let is_unlinked = |url: &&Url| !self.frontier.has_met(url) && same_site(url, &self.start);
        let unlinked: Vec<&Url> = self.before.pages.keys().filter(is_unlinked).collect();
        for url in unlinked {
            self.visit(url, false).await?;
        }
        progress(Progress { done: self.report.pages.len(), known: self.report.pages.len() });
        Ok(())
    }

    /// The pages that the sitemaps of the site name.
    async fn sitemaps(&mut self) {
        let named = self.robots.sitemaps.clone();
        let named = if named.is_empty() { vec!["/sitemap.xml".to_owned()] } else { named };
        let mut waiting: Vec<Url> = named.iter().rev().filter_map(|link| self.own(link)).collect();
        let mut met = std::collections::HashSet::new();
        while let Some(url) = waiting.pop() {
            if met.len() >= MOST_SITEMAPS || self.is_over() {
                return;
            }
            if !met.insert(url.clone()) || !self.robots.allows(&url) {
                continue;
            }
            let Ok(bytes) = self.fetcher.file(&url, sitemap::LONGEST).await else { continue };
            let Ok(found) = spawn_blocking(move || sitemap::read(&bytes)).await else { continue };
            let room = MOST_SITEMAPS.saturating_sub(met.len() + waiting.len());
            waiting.extend(found.sitemaps.iter().take(room).rev().filter_map(|link| self.own(link)));
            let pages: Vec<Url> = found.pages.iter().filter_map(|link| self.own(link)).collect();
            pages.into_iter().for_each(|url| self.frontier.add(url));
        }
    }

    /// A link as an address of this site; nothing for one of another.
    fn own(&self, link: &str) -> Option<Url> {
        on_site(&resolve(&self.start, link)?, &self.start)
    }

    async fn visit(&mut self, url: &Url, linked: bool) -> Result<(), Error> {
        let outcome = match self.refusal(url) {
            Some(Reason::Limit) => self.stale(url, Reason::Limit),
            Some(reason) => Outcome::Skipped(reason),
            None => self.read(url, linked).await?,
        };
        self.report.pages.push((url.clone(), outcome));
        Ok(())
    }

    /// Why a page is not even asked for.
    fn refusal(&mut self, url: &Url) -> Option<Reason> {
        if is_file(url) {
            return Some(Reason::NotAPage(url.path().rsplit('.').next().unwrap_or_default().to_owned()));
        }
        if is_endless(url) || self.frontier.is_endless(url) {
            return Some(Reason::Endless);
        }
        if !self.robots.allows(url) {
            return Some(Reason::Disallowed);
        }
        self.is_over().then_some(Reason::Limit)
    }

    /// Whether one of the limits is reached.
    fn is_over(&self) -> bool {
        let took = self.fetcher.web.now().duration_since(self.began).unwrap_or_default();
        took > self.settings.most_time
            || self.failed >= MOST_FAILED
            || self.kept >= self.settings.most_pages
            || self.fetcher.requests >= self.settings.most_pages.saturating_mul(REQUESTS_PER_PAGE)
    }

    async fn read(&mut self, url: &Url, linked: bool) -> Result<Outcome, Error> {
        // What was read of another part of the page is no copy of this one.
        let known = self.before.pages.get(url).filter(|_| self.before.part == self.site.part);
        let fetched = match self.draft.take(url) {
            Some(page) => {
                self.report.resumed += 1;
                Fetched::Read(page)
            }
            None => {
                let fetched = self.fetcher.page(url, known).await;
                if let Fetched::Read(page) = &fetched {
                    self.draft.add(url, page);
                }
                fetched
            }
        };
        self.failed = if matches!(fetched, Fetched::Unavailable(_)) { self.failed + 1 } else { 0 };
        Ok(match fetched {
            Fetched::Read(page) => self.keep(url, page, linked),
            Fetched::Moved(link, status) => return self.moved(url, &link, status).await,
            Fetched::Not(reason) => Outcome::Skipped(reason),
            Fetched::Unavailable(why) => self.stale(url, Reason::Unavailable(why)),
        })
    }

    /// Adds the pages that a page leads to.
    fn follow(&mut self, content: &Content) {
        let links = content.links.iter().chain(&content.canonical);
        let links: Vec<Url> = links.filter_map(|link| on_site(link, &self.start)).collect();
        links.into_iter().for_each(|link| self.frontier.add(link));
    }

    /// Keeps pages that name another one as the right one, when that cannot be had, or names this one.
    fn adopt(&mut self) {
        for at in 0..self.report.pages.len() {
            let (url, Outcome::Skipped(Reason::CopyOf(other))) = &self.report.pages[at] else { continue };
            let Some(page) = self.site.pages.get(url).filter(|page| !page.kept && !self.is_told(other)) else {
                continue;
            };
            if self.said.contains_key(&page.hash) {
                continue;
            }
            let before = self.before.pages.get(url).filter(|page| page.kept);
            let outcome = match before {
                Some(before) if before.hash == page.hash => Outcome::Same,
                Some(_) => Outcome::Changed,
                None => Outcome::New,
            };
            let (url, hash) = (url.clone(), page.hash.clone());
            if let Some(page) = self.site.pages.get_mut(&url) {
                page.kept = true;
            }
            self.said.insert(hash, url.clone());
            self.report.pages[at] = (url, outcome);
        }
    }

    /// Whether a page is kept or asks not to be, or the one that it names instead is.
    fn is_told(&self, url: &Url) -> bool {
        let mut url = url;
        for _ in 0..FIRST_MOVES {
            let Some(page) = self.site.pages.get(url) else { return false };
            if page.kept || page.content.noindex {
                return true;
            }
            match &page.content.canonical {
                Some(other) if other != url => url = other,
                _ => return false,
            }
        }
        false
    }

    /// A page that could not be read now stays as it was.
    fn stale(&mut self, url: &Url, reason: Reason) -> Outcome {
        match self.before.pages.get(url).filter(|page| page.kept) {
            Some(page) => {
                // It is not read now, and leads where it led.
                self.follow(&page.content);
                self.said.entry(page.hash.clone()).or_insert_with(|| url.clone());
                self.kept += 1;
                self.site.pages.insert(url.clone(), page.clone());
                Outcome::Stale(reason)
            }
            None => Outcome::Skipped(reason),
        }
    }

    async fn moved(&mut self, from: &Url, link: &str, status: u16) -> Result<Outcome, Error> {
        let Some(to) = resolve(from, link) else {
            return Ok(Outcome::Skipped(Reason::Elsewhere(link.to_owned())));
        };
        let is_start = *from == self.start;
        if is_start && !same_site(&to, &self.start) {
            if !same_owner(&to, &self.start) {
                return Err(Error::Elsewhere { address: from.to_string(), to: to.to_string() });
            }
            self.robots = self.fetcher.robots(&to).await?;
        }
        if is_start {
            self.start = to.clone();
        }
        if !same_site(&to, &self.start) {
            return Ok(Outcome::Skipped(Reason::Elsewhere(to.to_string())));
        }
        self.frontier.add(to.clone());
        Ok(Outcome::Skipped(Reason::Moved(to, status)))
    }

    fn keep(&mut self, url: &Url, mut page: Page, linked: bool) -> Outcome {
        let before = self.before.pages.get(url);
        page.missed = if linked { 0 } else { before.map_or(0, |page| page.missed) + 1 };
        if page.missed >= MOST_MISSED {
            return Outcome::Skipped(Reason::Unlinked);
        }
        if linked {
            self.follow(&page.content);
        }
        let refused = judge::refusal(url, &page.content, &self.start);
        let refused = refused.or_else(|| self.said.get(&page.hash).cloned().map(Reason::SameText));
        page.kept = refused.is_none();
        let outcome = match (refused, before.filter(|page| page.kept)) {
            (Some(reason), _) => Outcome::Skipped(reason),
            (None, None) => Outcome::New,
            (None, Some(before)) if before.hash == page.hash => Outcome::Same,
            (None, Some(_)) => Outcome::Changed,
        };
        if page.kept {
            self.kept += 1;
            self.said.insert(page.hash.clone(), url.clone());
        }
        self.site.pages.insert(url.clone(), page);
        outcome
    }

    fn end(mut self, now: SystemTime) -> (Site, Report) {
        (self.site.crawled, self.site.tried) = (Some(now), Some(now));
        self.report.beyond = self.frontier.beyond;
        self.site.skipped = self.report.pages.len() - self.report.kept();
        let is_kept = |url: &Url| self.site.pages.get(url).is_some_and(|page| page.kept);
        self.report.gone = self.before.pages().map(|(url, _)| url).filter(|url| !is_kept(url)).cloned().collect();
        self.report.lacking = self.site.pages().filter(|(_, content)| content.lacks_part).count();
        self.report.requests = self.fetcher.requests;
        self.report.not_modified = self.fetcher.not_modified;
        self.report.took = now.duration_since(self.began).unwrap_or_default();
        (self.site, self.report)
    }
}
