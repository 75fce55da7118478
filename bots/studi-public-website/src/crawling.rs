//! Crawls the website when it is time to, as long as somebody may ask.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crawler::{Report, Settings, Site, Web, crawl};
use tokio::{sync::watch, task::spawn_blocking, time::sleep};

use crate::progress::Reporter;
use crate::sample::Sample;
use crate::settings::Source;
use crate::shelf::Shelf;
use crate::website::Status;

/// How long after a crawl that came to nothing the next one begins.
const AGAIN: Duration = Duration::from_secs(15 * 60);

/// What is known of the site, and where that is kept.
#[derive(Debug)]
pub(crate) struct Place {
    folder: PathBuf,
    pub(crate) site: Site,
}

impl Place {
    /// Reads what was kept in `folder`.
    pub(crate) fn open(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), site: Site::load(&folder.join("site.json")) }
    }
}

/// Crawls now and again, and tells how far it is.
pub(crate) async fn keep(source: Source, mut place: Place, shelf: Arc<Shelf>, told: watch::Sender<Status>) {
    // The sample changes with the program alone, and costs nothing to read.
    let mut wait = if source.web.is_none() { Duration::ZERO } else { due(&place.site, source.every) };
    loop {
        if !wait.is_zero() {
            tokio::select! {
                () = sleep(wait) => {}
                () = told.closed() => return,
            }
        }
        let done = match &source.web {
            Some(web) => once(web, &source.crawl, &mut place, &shelf, &told).await,
            None => once(&Sample, &source.crawl, &mut place, &shelf, &told).await,
        };
        if let Err(why) = &done {
            tracing::error!("the website could not be read: {why}");
        }
        wait = if done.is_ok() { source.every } else { AGAIN.min(source.every) };
        told.send_modify(|status| {
            status.crawling = None;
            status.crawled = place.site.crawled;
            status.failed = done.err();
        });
    }
}

/// How long it is until the next crawl.
fn due(site: &Site, every: Duration) -> Duration {
    let since = site.crawled.map(|crawled| SystemTime::now().duration_since(crawled).unwrap_or_default());
    since.map_or(Duration::ZERO, |since| every.saturating_sub(since))
}

async fn once<W: Web>(
    web: &W,
    settings: &Settings,
    place: &mut Place,
    shelf: &Arc<Shelf>,
    told: &watch::Sender<Status>,
) -> Result<(), String> {
    let reporter = Reporter::new();
    let crawled = crawl(web, settings, &place.site, &|progress| {
        reporter.at(progress.done, progress.known);
        told.send_modify(|status| status.crawling = Some((progress.done, progress.known)));
    })
    .await;
    reporter.end();
    let (site, report) = crawled.map_err(|error| error.to_string())?;
    tracing::info!(
        kept = report.kept(),
        skipped = report.pages.len() - report.kept(),
        gone = report.gone.len(),
        requests = report.requests,
        not_modified = report.not_modified,
        "the website is crawled; each page is told in {}",
        place.folder.join("report.txt").display()
    );
    told.send_modify(|status| status.skipped = report.pages.len() - report.kept());
    let (folder, shelf) = (place.folder.clone(), shelf.clone());
    place.site = spawn_blocking(move || take_over(&folder, &shelf, site, &report))
        .await
        .map_err(|error| error.to_string())??;
    Ok(())
}

/// The index first: after a crash between the two, the next crawl finds the same news again.
fn take_over(folder: &Path, shelf: &Shelf, site: Site, report: &Report) -> Result<Site, String> {
    let file = folder.join("report.txt");
    std::fs::write(&file, report.to_string()).map_err(|error| format!("{}: {error}", file.display()))?;
    if report.is_news() || shelf.is_empty() {
        match shelf.replace(&site) {
            // Somebody else keeps the index up to date: it is asked as it is.
            Err(error @ answers::Error::Busy { .. }) => tracing::info!("{error}"),
            other => other.map_err(|error| error.to_string())?,
        }
    }
    site.save(&folder.join("site.json")).map_err(|error| error.to_string())?;
    Ok(site)
}
