//! Crawls the website when it is time to, as long as somebody may ask.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use answers::{Error, Reporter};
use crawler::{Draft, Report, Settings, Site, Web, crawl};
use tokio::{sync::watch, task::spawn_blocking, time::sleep};

use crate::sample::Sample;
use crate::settings::Source;
use crate::shelf::Shelf;
use crate::website::Status;

/// How long after a crawl that came to nothing the next one begins.
const AGAIN: Duration = Duration::from_secs(15 * 60);

/// A site that was asked within so long is not asked for everything again because somebody wants it.
pub(crate) const FRESH: Duration = Duration::from_secs(2 * 60);

/// How long another process that crawls is waited for.
const OTHER: Duration = Duration::from_secs(30);

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

    /// Makes `shelf` answer from what was read of the site before, if it lost its index.
    pub(crate) fn fill(&self, shelf: &Shelf) -> Result<(), Error> {
        unless_busy(shelf.fill(&self.site))
    }

    /// Keeps other processes from crawling the site while this one does; nothing when one of them does so now.
    fn alone(&self) -> Result<Option<File>, String> {
        let path = self.folder.join("crawl.lock");
        let lock = File::create(&path).map_err(|error| {
            format!("{} cannot be made: {error}; free some space, or make the folder writable", path.display())
        })?;
        Ok(match lock.try_lock() {
            Err(TryLockError::WouldBlock) => None,
            // Where files cannot be locked, two processes may be in each other's way.
            Ok(()) | Err(TryLockError::Error(_)) => Some(lock),
        })
    }
}

/// Crawls now and again, and tells how far it is.
///
/// It begins before its time when that is `wanted`.
pub(crate) async fn keep(
    source: Source,
    mut place: Place,
    shelf: Arc<Shelf>,
    told: watch::Sender<Status>,
    mut wanted: watch::Receiver<()>,
) {
    // The sample changes with the program alone, and costs nothing to read.
    let mut wait =
        if source.web.is_none() { Duration::ZERO } else { due(&place.site, source.every, SystemTime::now()) };
    let mut is_wanted = false;
    loop {
        if !wait.is_zero() {
            tokio::select! {
                () = sleep(wait) => {}
                Ok(()) = wanted.changed() => is_wanted = true,
                () = told.closed() => return,
            }
        }
        let lock = match place.alone() {
            Ok(Some(lock)) => lock,
            Ok(None) => {
                tracing::debug!("another process crawls the website");
                wait = OTHER;
                continue;
            }
            Err(why) => {
                tracing::error!("the website could not be read: {why}");
                told.send_modify(|status| status.failed = Some(why));
                wait = AGAIN.min(source.every);
                continue;
            }
        };
        // Another process may have crawled it meanwhile.
        place = Place::open(&place.folder);
        let now = SystemTime::now();
        wait = due(&place.site, source.every, now);
        // One that was read so lately has the same pages.
        let is_wanted_still = std::mem::take(&mut is_wanted) && due(&place.site, FRESH, now).is_zero();
        if source.web.is_some() && !wait.is_zero() && !is_wanted_still {
            told.send_modify(|status| {
                status.know(&place.site);
                status.failed = None;
            });
            continue;
        }
        told.send_modify(|status| status.crawling = Some((0, 0)));
        let done = match &source.web {
            Some(web) => once(web, &source.crawl, &mut place, &shelf, &told).await,
            None => once(&Sample, &source.crawl, &mut place, &shelf, &told).await,
        };
        if let Err(why) = &done {
            tracing::error!("the website could not be read: {why}");
        }
        drop(lock);
        // What was asked for meanwhile is done.
        wanted.mark_unchanged();
        wait = if done.is_ok() { source.every } else { AGAIN.min(source.every) };
        told.send_modify(|status| {
            status.know(&place.site);
            status.crawling = None;
            status.tried = Some(SystemTime::now());
            status.failed = done.err();
        });
    }
}

/// How long it is from `now` until the next crawl; one that was not believed counts too.
fn due(site: &Site, every: Duration, now: SystemTime) -> Duration {
    left(every, site.crawled.max(site.tried), now)
}

/// What is left at `now` of a span that began then; nothing of one that never did.
pub(crate) fn left(span: Duration, begun: Option<SystemTime>, now: SystemTime) -> Duration {
    begun.map_or(Duration::ZERO, |begun| span.saturating_sub(now.duration_since(begun).unwrap_or_default()))
}

async fn once<W: Web>(
    web: &W,
    settings: &Settings,
    place: &mut Place,
    shelf: &Arc<Shelf>,
    told: &watch::Sender<Status>,
) -> Result<(), String> {
    let reporter = Reporter::new("crawling the website", "pages", true);
    let mut draft = Draft::open(&place.folder.join("draft.jsonl"), settings, web.now());
    if draft.pages() > 0 {
        tracing::info!(pages = draft.pages(), "the crawl that was interrupted goes on");
    }
    let crawled = crawl(web, settings, &place.site, &mut draft, &|progress| {
        reporter.at(progress.done, progress.known);
        told.send_modify(|status| status.crawling = Some((progress.done, progress.known)));
    })
    .await;
    reporter.end();
    let (site, report) = match crawled {
        Ok(found) => found,
        Err(error) => {
            // Its pages would be the same in a while, whatever the site is by then.
            draft.end();
            return Err(error.to_string());
        }
    };
    tracing::info!(
        kept = report.kept(),
        skipped = report.pages.len() - report.kept(),
        gone = report.gone.len(),
        requests = report.requests,
        not_modified = report.not_modified,
        "the website is crawled; each page is told in {}",
        place.folder.join("report.txt").display()
    );
    if report.lacking > 0 {
        tracing::warn!(
            "SITE_SELECTOR names nothing on {} of {} pages, which are read as if it were not set",
            report.lacking,
            report.kept()
        );
    }
    if let Some(why) = &report.doubt {
        tracing::error!("the website looks broken, and what was read before stays: {why}");
    }
    let (folder, shelf) = (place.folder.clone(), shelf.clone());
    let taken = spawn_blocking(move || take_over(&folder, &shelf, site, &report)).await;
    // Whatever became of it, the next crawl begins anew; a crash before this line asks for nothing twice.
    draft.end();
    place.site = taken.map_err(|error| error.to_string())??;
    Ok(())
}

/// The index first: after a crash between the two, the next crawl finds the same news again.
fn take_over(folder: &Path, shelf: &Shelf, site: Site, report: &Report) -> Result<Site, String> {
    let file = folder.join("report.txt");
    std::fs::write(&file, report.to_string()).map_err(|error| format!("{}: {error}", file.display()))?;
    let indexed = if report.is_news() { shelf.replace(&site) } else { shelf.fill(&site) };
    unless_busy(indexed).map_err(|error| error.to_string())?;
    site.save(&folder.join("site.json")).map_err(|error| error.to_string())?;
    Ok(site)
}

/// Somebody else may keep the index up to date: it is asked as it is.
fn unless_busy(indexed: Result<(), Error>) -> Result<(), Error> {
    match indexed {
        Err(error @ Error::Busy { .. }) => {
            tracing::info!("{error}");
            Ok(())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use answers::{Answer, Question};
    use crawler::{Failure, Request, Response};

    use super::*;

    const FRONT: &str = "<html lang='fr'><main><h1>Accueil</h1><p>Voici <a href='/stage'>le stage</a>, <a href='/visit'>visit</a>.</p></main>";
    const STAGE: &str = "<html lang='fr'><main><h1>Stage</h1><p>Le stage dure huit semaines.</p></main>";

    const VISIT: &str = "<html lang='en'><main><h1>Visit</h1><p>The campus opens at nine in the morning.</p></main>";

    /// A site of three pages, the second of which may go, and which may fail as a whole.
    #[derive(Default)]
    struct Pages {
        is_gone: Mutex<bool>,
        is_down: Mutex<bool>,
    }

    impl Web for Pages {
        async fn get(&self, request: Request<'_>) -> Result<Response, Failure> {
            if *self.is_down.lock().unwrap() {
                return Err(Failure::Unreachable("connection refused".into()));
            }
            let page = match request.url.path() {
                "/" => FRONT,
                "/visit" => VISIT,
                "/stage" if !*self.is_gone.lock().unwrap() => STAGE,
                _ => return Ok(Response { status: 404, ..Response::default() }),
            };
            Ok(Response { status: 200, body: page.into(), ..Response::default() })
        }

        async fn pause(&self, _: Duration) {}

        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH
        }
    }

    fn answers(shelf: &Shelf) -> bool {
        let answer = shelf.reply(&Question::new("Combien de semaines dure le stage ?")).unwrap().1.answer;
        matches!(answer, Answer::Found { .. })
    }

    #[tokio::test]
    async fn a_page_that_is_gone_is_cited_no_more_and_a_site_that_is_down_still_is() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Arc::new(Shelf::open(&folder.path().join("index")).unwrap());
        let mut place = Place::open(folder.path());
        let settings = Settings::new("https://example.com/", "Test").unwrap();
        let (told, _status) = watch::channel(Status::default());
        let pages = Pages::default();
        once(&pages, &settings, &mut place, &shelf, &told).await.unwrap();
        assert!(answers(&shelf));

        *pages.is_down.lock().unwrap() = true;
        let why = once(&pages, &settings, &mut place, &shelf, &told).await.unwrap_err();
        assert!(why.contains("connection refused") && answers(&shelf), "{why}");
        assert!(!folder.path().join("draft.jsonl").exists(), "only a crash leaves a draft");

        // Another process finds what this one kept.
        let mut place = Place::open(folder.path());
        assert!(place.site.crawled.is_some());
        (*pages.is_down.lock().unwrap(), *pages.is_gone.lock().unwrap()) = (false, true);
        once(&pages, &settings, &mut place, &shelf, &told).await.unwrap();
        assert!(!answers(&shelf));
        let report = std::fs::read_to_string(folder.path().join("report.txt")).unwrap();
        assert!(report.contains("skipped\thttps://example.com/stage\tno longer there (404)"), "{report}");
        assert!(report.contains("gone\thttps://example.com/stage"), "{report}");
    }

    #[tokio::test]
    async fn an_index_that_was_thrown_away_is_made_from_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let index = folder.path().join("index");
        let mut place = Place::open(folder.path());
        let settings = Settings::new("https://example.com/", "Test").unwrap();
        let (told, _status) = watch::channel(Status::default());
        let shelf = Arc::new(Shelf::open(&index).unwrap());
        once(&Pages::default(), &settings, &mut place, &shelf, &told).await.unwrap();
        drop(shelf);
        // One language at a time, as when the other one was kept.
        for language in ["fr", "en"] {
            std::fs::remove_dir_all(index.join(language)).unwrap();
            let shelf = Shelf::open(&index).unwrap();
            assert!(shelf.pages() > 0);
            Place::open(folder.path()).fill(&shelf).unwrap();
            assert_eq!(shelf.pages(), 3, "{language}");
            assert!(answers(&shelf), "{language}");
        }
    }

    #[test]
    fn one_process_crawls_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (Place::open(folder.path()), Place::open(folder.path()));
        let lock = one.alone().unwrap();
        assert!(lock.is_some() && other.alone().unwrap().is_none());
        drop(lock);
        assert!(other.alone().unwrap().is_some());
    }

    #[test]
    fn a_lock_that_cannot_be_made_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let why = Place::open(&folder.path().join("away")).alone().unwrap_err();
        assert!(why.contains("crawl.lock") && why.contains("make the folder writable"), "{why}");
    }

    #[tokio::test]
    async fn it_is_read_before_its_time_when_that_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Arc::new(Shelf::open(&folder.path().join("index")).unwrap());
        // Nothing listens there: a crawl fails at once.
        let settings = [("SITE_URL", "http://127.0.0.1:9/"), ("SITE_ALLOW_LOOPBACK", "1")];
        let setting =
            |name: &str| settings.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
        let source = Source::read(&setting).unwrap();
        let mut site = Site::default();
        site.crawled = Some(SystemTime::now() - 2 * FRESH);
        site.save(&folder.path().join("site.json")).unwrap();
        let (told, mut status) = watch::channel(Status::default());
        let (want, wanted) = watch::channel(());
        let keeping = tokio::spawn(keep(source, Place::open(folder.path()), shelf, told, wanted));
        want.send_replace(());
        assert!(status.wait_for(|status| status.failed.is_some()).await.unwrap().crawled.is_some());
        drop(status);
        keeping.await.unwrap();
    }

    #[tokio::test]
    async fn what_failed_is_told_until_it_no_longer_does() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Arc::new(Shelf::open(&folder.path().join("index")).unwrap());
        let source = || Source::read(&|name| (name == "SITE_URL").then(|| "https://example.com/".to_owned())).unwrap();
        let (told, mut status) = watch::channel(Status::default());
        let away = Place::open(&folder.path().join("away"));
        let keeping = tokio::spawn(keep(source(), away, shelf.clone(), told, watch::channel(()).1));
        let failed = status.wait_for(|status| status.failed.is_some()).await.unwrap().failed.clone();
        assert!(failed.unwrap().contains("crawl.lock"));
        drop(status);
        keeping.await.unwrap();

        // Another process crawled it meanwhile.
        let place = Place::open(folder.path());
        let mut site = Site::default();
        site.crawled = Some(SystemTime::now());
        site.save(&folder.path().join("site.json")).unwrap();
        let (told, mut status) =
            watch::channel(Status { failed: Some("the disk was full".into()), ..Status::default() });
        let keeping = tokio::spawn(keep(source(), place, shelf, told, watch::channel(()).1));
        assert_eq!(status.wait_for(|status| status.crawled.is_some()).await.unwrap().failed, None);
        drop(status);
        keeping.await.unwrap();
    }

    #[test]
    fn the_next_crawl_is_due_after_the_last_one() {
        let (now, day) = (SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000), Duration::from_secs(86_400));
        let mut site = Site::default();
        assert_eq!(due(&site, day, now), Duration::ZERO);
        site.crawled = Some(now - Duration::from_secs(400));
        assert_eq!(due(&site, day, now), Duration::from_secs(86_000));
        site.crawled = Some(now - 2 * day);
        assert_eq!(due(&site, day, now), Duration::ZERO);
        // What was found the last time is not believed.
        site.tried = Some(now - Duration::from_secs(400));
        assert_eq!(due(&site, day, now), Duration::from_secs(86_000));
        // A clock that was set back.
        site.crawled = Some(now + day);
        assert_eq!(due(&site, day, now), day);
    }
}
