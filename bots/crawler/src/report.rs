//! What a crawl did: every page that was kept, and every one that was not, with the reason.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

/// What became of the pages of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The pages, in the order in which they were met.
    pub pages: Vec<(Url, Outcome)>,
    /// Pages that were kept by the crawl before, and no longer are.
    pub gone: Vec<Url>,
    /// Why this crawl is not believed, and the site stays as it was before.
    pub doubt: Option<String>,
    /// Addresses that were not even remembered, since there were too many.
    pub beyond: usize,
    /// Pages that an interrupted crawl had read already.
    pub resumed: usize,
    /// Pages that are kept and have none of the parts that count, so that they were read as if none was named.
    pub lacking: usize,
    /// Requests that were made.
    pub requests: usize,
    /// Those that were answered by "not modified".
    pub not_modified: usize,
    /// How long it took.
    pub took: Duration,
}

/// What became of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Read for the first time.
    New,
    /// Read again, since it says something else now.
    Changed,
    /// It says what it said.
    Same,
    /// It could not be read now, and is kept as it was.
    Stale(Reason),
    /// Not kept.
    Skipped(Reason),
}

/// Why a page is not kept, or not as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The site's `robots.txt` closes it.
    Disallowed,
    /// It does not want to be found.
    NoIndex,
    /// It says that the other page is the right one.
    CopyOf(Url),
    /// It says what the other page says, and does not tell why.
    SameText(Url),
    /// It has moved there: the status of the answer tells whether for good.
    Moved(Url, u16),
    /// It leads to another site.
    Elsewhere(String),
    /// It is no longer there: the status of the answer.
    Gone(u16),
    /// The server gives it to nobody, or not to crawlers: the status of the answer.
    Refused(u16),
    /// The server failed, or could not be reached.
    Unavailable(String),
    /// It is on a private network.
    Private,
    /// It is a file, and no page.
    NotAPage(String),
    /// It is longer than is read.
    TooLarge,
    /// It says nothing: its text is made by scripts, or it is a list of links.
    NoText,
    /// It is in a language that is not spoken here.
    Language(String),
    /// Nothing leads to it any more.
    Unlinked,
    /// One of very many addresses of one page.
    Endless,
    /// The crawl had reached one of its limits.
    Limit,
}

impl Report {
    /// How many pages are kept.
    pub fn kept(&self) -> usize {
        self.pages.iter().filter(|(_, outcome)| outcome.is_kept()).count()
    }

    /// How many pages became what `wanted` says.
    pub fn count(&self, wanted: impl Fn(&Outcome) -> bool) -> usize {
        self.pages.iter().filter(|(_, outcome)| wanted(outcome)).count()
    }

    /// Whether what is kept differs from what was kept before. A crawl that is not believed only takes pages away.
    pub fn is_news(&self) -> bool {
        let changed = self.pages.iter().any(|(_, outcome)| matches!(outcome, Outcome::New | Outcome::Changed));
        (self.doubt.is_none() && changed) || !self.gone.is_empty()
    }
}

impl Outcome {
    /// Whether the page is kept.
    pub fn is_kept(&self) -> bool {
        !matches!(self, Self::Skipped(_))
    }
}

/// One line for each page, then the totals.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (url, outcome) in &self.pages {
            match outcome {
                Outcome::New => writeln!(f, "new\t{url}")?,
                Outcome::Changed => writeln!(f, "changed\t{url}")?,
                Outcome::Same => writeln!(f, "same\t{url}")?,
                Outcome::Stale(reason) => writeln!(f, "stale\t{url}\t{}", reason.told())?,
                Outcome::Skipped(reason) => writeln!(f, "skipped\t{url}\t{}", reason.told())?,
            }
        }
        for url in &self.gone {
            writeln!(f, "gone\t{url}")?;
        }
        if let Some(why) = &self.doubt {
            writeln!(
                f,
                "doubted\t{why}: a site is not believed when its first page is lost, or more than half of its pages at once; \
                 what was known stays, until it looks so for three days"
            )?;
        }
        if self.beyond > 0 {
            writeln!(f, "beyond\t{} more addresses, which were too many", self.beyond)?;
        }
        if self.lacking > 0 {
            writeln!(
                f,
                "lacking\t{} pages have none of the parts that the selector names, and were read whole",
                self.lacking
            )?;
        }
        if self.resumed > 0 {
            writeln!(f, "resumed\t{} pages had been read when the crawl was interrupted", self.resumed)?;
        }
        writeln!(
            f,
            "{} kept, {} skipped, {} gone; {} requests, {} of them not modified; {} s",
            self.kept(),
            self.pages.len() - self.kept(),
            self.gone.len(),
            self.requests,
            self.not_modified,
            self.took.as_secs()
        )
    }
}

impl Reason {
    /// The reason in words.
    pub fn told(&self) -> String {
        match self {
            Self::Disallowed => "closed by robots.txt".into(),
            Self::NoIndex => "it asks not to be indexed".into(),
            Self::CopyOf(url) => format!("a copy of {url}"),
            Self::SameText(url) => format!("the same text as {url}"),
            Self::Moved(url, _) => format!("moved to {url}"),
            Self::Elsewhere(to) => format!("leads to another site: {to}"),
            Self::Gone(status) => format!("no longer there ({status})"),
            Self::Refused(status) => format!("the server refuses it ({status})"),
            Self::Unavailable(why) => format!("not available: {why}"),
            Self::Private => "a private address".into(),
            Self::NotAPage(what) => format!("not a page: {what}"),
            Self::TooLarge => "too large".into(),
            Self::NoText => "no text of its own: a list of links, or made by scripts".into(),
            Self::Language(code) => format!("in another language: {code}"),
            Self::Unlinked => "nothing leads to it any more".into(),
            Self::Endless => "one of very many addresses of one page".into(),
            Self::Limit => "a limit of the crawl was reached".into(),
        }
    }
}
