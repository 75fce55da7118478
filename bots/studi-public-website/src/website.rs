//! The website that is asked, and how far it is read.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use answers::{Answer, Question};
use bavard::{Opening, Result};
use crawler::Site;
use tokio::{
    sync::watch,
    task::spawn_blocking,
    time::{Instant, timeout_at},
};

use crate::crawling::{self, FRESH, Place};
use crate::remark::Remark;
use crate::settings::Source;
use crate::shelf::{Replied, Shelf};

/// How long after a start a question waits for the first crawl to end before it is answered from nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// The website that is asked.
#[derive(Debug)]
pub(crate) struct Website {
    shelf: Arc<Shelf>,
    status: watch::Receiver<Status>,
    /// Its address, as people are told of it.
    address: String,
    is_sample: bool,
    opened: Instant,
    /// Wakes the crawler before its time.
    want: watch::Sender<()>,
}

/// Whether the website is read again when somebody asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadAgain {
    /// It begins now.
    Begins {
        /// Whether nothing was read of it before.
        is_first: bool,
    },
    /// It is under way.
    UnderWay,
    /// It was asked so lately that its pages are the same.
    Lately {
        /// For how long it is not asked again.
        left: Duration,
    },
    /// It is the sample, which does not change.
    Sample,
}

/// How far the website is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    /// Pages that are done with and pages that are known of, while it is crawled.
    pub(crate) crawling: Option<(usize, usize)>,
    /// When it was crawled to the end.
    pub(crate) crawled: Option<SystemTime>,
    /// When the last crawl ended, whatever came of it.
    pub(crate) tried: Option<SystemTime>,
    /// Why the last crawl came to nothing.
    pub(crate) failed: Option<String>,
    /// Pages that the last crawl skipped.
    pub(crate) skipped: usize,
    /// Whether so little was left of the site at the last crawl that it is not believed.
    pub(crate) doubted: bool,
}

impl Status {
    /// Takes over what is known of the site.
    pub(crate) fn know(&mut self, site: &Site) {
        (self.crawled, self.skipped, self.doubted) = (site.crawled, site.skipped, site.doubted.is_some());
    }
}

/// What is said to a question.
#[derive(Debug)]
pub(crate) struct Said {
    /// What the message was besides a question.
    pub(crate) remark: Option<Remark>,
    pub(crate) answer: Answer,
    pub(crate) language: answers::Language,
    /// That of the pages that it is from.
    pub(crate) pages: answers::Language,
    pub(crate) status: Status,
}

impl Said {
    pub(crate) fn new(remark: Option<Remark>, replied: Replied, status: Status) -> Self {
        let Replied { answer, language, pages } = replied;
        Self { remark, answer, language, pages, status }
    }
}

impl Website {
    /// Opens what was read before, and begins to crawl when it is time to.
    pub(crate) async fn open(opening: Opening) -> Result<Self> {
        let source = Source::read(&|name| opening.setting(name))?;
        let folder = opening.data_dir()?.join("sites").join(source.folder());
        let (address, is_sample) = (source.crawl.address.to_string(), source.web.is_none());
        if is_sample {
            tracing::warn!("SITE_URL is not set: what is answered is about a school that does not exist");
        }
        let (shelf, place) = spawn_blocking(move || open(&folder)).await??;
        let (told, status) = watch::channel(Status::default());
        told.send_modify(|status| status.know(&place.site));
        let shelf = Arc::new(shelf);
        let (want, wanted) = watch::channel(());
        tokio::spawn(crawling::keep(source, place, shelf.clone(), told, wanted));
        Ok(Self { shelf, status, address, is_sample, opened: Instant::now(), want })
    }

    /// Asks the website. Questions that come during the first crawl wait a little for it.
    pub(crate) async fn ask(&self, question: Question) -> Result<Said> {
        let mut status = self.status.clone();
        // Whether it ended in time or not, what is there is asked.
        let _ = timeout_at(
            self.opened + PATIENCE,
            status.wait_for(|status| status.crawled.is_some() || status.failed.is_some()),
        )
        .await;
        let shelf = self.shelf.clone();
        let (remark, replied) = spawn_blocking(move || shelf.reply(&question)).await??;
        Ok(Said::new(remark, replied, self.status()))
    }

    /// Has the website read again, unless that helps nobody.
    pub(crate) fn read_again(&self, now: SystemTime) -> ReadAgain {
        let answer = read_again(&self.status.borrow(), self.is_sample, now);
        if matches!(answer, ReadAgain::Begins { .. }) {
            self.want.send_replace(());
        }
        answer
    }

    /// How far it is read.
    pub(crate) fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// How many pages can be asked.
    pub(crate) async fn pages(&self) -> Result<usize> {
        let shelf = self.shelf.clone();
        Ok(spawn_blocking(move || shelf.pages()).await?)
    }

    /// Its address.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Whether it is the site of a school that does not exist.
    pub(crate) fn is_sample(&self) -> bool {
        self.is_sample
    }
}

fn read_again(status: &Status, is_sample: bool, now: SystemTime) -> ReadAgain {
    let left = crawling::left(FRESH, status.crawled.max(status.tried), now);
    match status.crawling {
        _ if is_sample => ReadAgain::Sample,
        Some(_) => ReadAgain::UnderWay,
        None if left > Duration::ZERO => ReadAgain::Lately { left },
        None => ReadAgain::Begins { is_first: status.crawled.is_none() },
    }
}

fn open(folder: &std::path::Path) -> Result<(Shelf, Place)> {
    std::fs::create_dir_all(folder)?;
    let shelf = Shelf::open(&folder.join("index"))?;
    let place = Place::open(folder);
    place.fill(&shelf)?;
    Ok((shelf, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_again_unless_that_helps_nobody() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let crawled = |seconds| Status { crawled: Some(now - Duration::from_secs(seconds)), ..Status::default() };
        let failed = Status { tried: Some(now), ..crawled(4_000) };
        let crawling = Status { crawling: Some((1, 2)), ..crawled(4_000) };
        for (status, is_sample, expected) in [
            (crawled(4_000), false, ReadAgain::Begins { is_first: false }),
            (Status::default(), false, ReadAgain::Begins { is_first: true }),
            (crawled(60), false, ReadAgain::Lately { left: FRESH - Duration::from_secs(60) }),
            (failed, false, ReadAgain::Lately { left: FRESH }),
            (crawling, false, ReadAgain::UnderWay),
            (crawled(4_000), true, ReadAgain::Sample),
        ] {
            assert_eq!(read_again(&status, is_sample, now), expected);
        }
    }
}
