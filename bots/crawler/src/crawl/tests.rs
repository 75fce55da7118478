use std::collections::{BTreeMap, VecDeque};
use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use super::*;
use crate::web::{Failure, Request, Response};

/// A web of one site that answers at once, and a clock that only pauses move.
#[derive(Default)]
struct Pages {
    answers: Mutex<BTreeMap<String, VecDeque<Result<Response, Failure>>>>,
    asked: Mutex<Vec<(String, u64)>>,
    millis: AtomicU64,
}

impl Pages {
    fn new(pages: &[(&str, &str)]) -> Self {
        let web = Self::default();
        pages.iter().for_each(|(path, html)| web.put(path, html));
        web
    }

    /// A page whose `ETag` is what it says.
    fn put(&self, path: &str, html: &str) {
        let etag = html.len().to_string() + &html.chars().rev().take(20).filter(char::is_ascii).collect::<String>();
        self.answer(path, Ok(Response { status: 200, etag: Some(etag), body: html.into(), ..Response::default() }));
    }

    fn status(&self, path: &str, status: u16, location: Option<&str>) {
        self.answer(path, Ok(Response { status, location: location.map(str::to_owned), ..Response::default() }));
    }

    /// What is answered from now on.
    fn answer(&self, path: &str, answer: Result<Response, Failure>) {
        self.answers.lock().unwrap().insert(address(path), VecDeque::from([answer]));
    }

    /// What is answered after that.
    fn then(&self, path: &str, html: &str) {
        let mut answers = self.answers.lock().unwrap();
        let response = Response { status: 200, body: html.into(), ..Response::default() };
        answers.get_mut(&address(path)).unwrap().push_back(Ok(response));
    }

    fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap()
            .drain(..)
            .map(|(url, _)| url.trim_start_matches("https://example.com").to_owned())
            .collect()
    }
}

fn address(path: &str) -> String {
    if path.starts_with("http") { path.into() } else { format!("https://example.com{path}") }
}

impl Web for Pages {
    async fn get(&self, request: Request<'_>) -> Result<Response, Failure> {
        self.asked.lock().unwrap().push((request.url.to_string(), self.millis.load(Ordering::Relaxed)));
        let mut answers = self.answers.lock().unwrap();
        let Some(waiting) = answers.get_mut(request.url.as_str()) else {
            return Ok(Response { status: 404, ..Response::default() });
        };
        let answer = if waiting.len() > 1 { waiting.pop_front().unwrap() } else { waiting[0].clone() };
        match answer {
            Ok(response) if response.etag.is_some() && response.etag.as_deref() == request.etag => {
                Ok(Response { status: 304, ..Response::default() })
            }
            other => other,
        }
    }

    async fn pause(&self, time: Duration) {
        self.millis.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(self.millis.load(Ordering::Relaxed))
    }
}

fn settings() -> Settings {
    Settings::new("https://example.com/", "ExampleBot").unwrap()
}

async fn first(web: &Pages) -> (Site, Report) {
    again(web, &Site::default()).await
}

async fn again(web: &Pages, before: &Site) -> (Site, Report) {
    crawl(web, &settings(), before, &mut Draft::none(), &|_| ()).await.unwrap()
}

fn kept(site: &Site) -> Vec<&str> {
    site.pages().map(|(url, _)| url.path()).collect()
}

fn why(report: &Report, path: &str) -> Option<Outcome> {
    report.pages.iter().find(|(url, _)| url.path() == path).map(|(_, outcome)| outcome.clone())
}

fn text(words: &str) -> String {
    format!("<html lang='fr'><main><p>{words}</p></main>")
}

#[tokio::test]
async fn pages_are_found_by_links_and_by_sitemaps() {
    let web = Pages::new(&[
        ("/", "<main><p>Accueil <a href='/a?utm_source=x#top'>A</a> <a href='https://other.example/'>B</a></p></main>"),
        ("/a", &text("Page A <a href='/b'>B</a>")),
        ("/b", &text("Page B <a href='/'>retour</a>")),
        ("/c", &text("Page C")),
        ("/robots.txt", "User-agent: *\nDisallow: /d\nSitemap: https://example.com/index.xml\n"),
        ("/index.xml", "<sitemapindex><sitemap><loc>https://example.com/1.xml</loc></sitemap></sitemapindex>"),
        (
            "/1.xml",
            "<urlset><url><loc>https://example.com/c</loc></url><url><loc>https://example.com/d</loc></url>\
          <url><loc>https://other.example/e</loc></url><url><loc>https://example.com/gone</loc></url></urlset>",
        ),
        ("/d", &text("fermée")),
    ]);
    let (site, report) = first(&web).await;
    assert_eq!(kept(&site), ["/", "/a", "/b", "/c"]);
    assert_eq!(why(&report, "/d"), Some(Outcome::Skipped(Reason::Disallowed)));
    assert_eq!(why(&report, "/gone"), Some(Outcome::Skipped(Reason::Gone(404))));
    assert_eq!(web.asked(), ["/robots.txt", "/", "/index.xml", "/1.xml", "/a", "/c", "/gone", "/b"]);
    assert!(report.to_string().contains("skipped\thttps://example.com/d\tclosed by robots.txt"), "{report}");
}

#[tokio::test]
async fn one_request_is_made_a_second_and_fewer_when_the_site_asks() {
    let web = Pages::new(&[("/", &text("<a href='/a'>a</a>")), ("/a", &text("a"))]);
    first(&web).await;
    let times: Vec<u64> = web.asked.lock().unwrap().drain(..).map(|(_, millis)| millis).collect();
    assert_eq!(times, [0, 1000, 2000, 3000]);
    web.put("/robots.txt", "User-agent: *\nCrawl-delay: 3");
    first(&web).await;
    let times: Vec<u64> = web.asked.lock().unwrap().iter().map(|(_, millis)| *millis).collect();
    assert_eq!(times.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>(), [3000; 3]);
}

#[tokio::test]
async fn pages_that_ask_for_it_are_skipped_with_their_reason() {
    let web = Pages::new(&[
        (
            "/",
            "<p>x <a href='/noindex'></a><a href='/copy'></a><a href='/de'></a><a href='/empty'></a><a href='/x.pdf'></a>\
             <a href='/old'></a><a href='/out'></a><a href='/json'></a><a href='/twin'></a><a href='/secret'></a></p>",
        ),
        ("/noindex", "<meta name='robots' content='noindex'><p>x <a href='/behind'>x</a></p>"),
        ("/behind", &text("derrière")),
        ("/copy", "<link rel='canonical' href='/real'><p>Vraie</p>"),
        ("/real", "<link rel='canonical' href='/real'><p>Vraie</p>"),
        ("/de", "<html lang='de-DE'><p>Hallo</p>"),
        ("/empty", "<div id='app'></div><script>render()</script>"),
        ("/twin", &text("derrière")),
    ]);
    web.status("/old", 301, Some("/real"));
    web.status("/out", 302, Some("https://other.example/"));
    web.status("/secret", 403, None);
    let json = Response { status: 200, content_type: Some("application/json".into()), ..Response::default() };
    web.answer("/json", Ok(json));
    let (site, report) = first(&web).await;
    let real = Url::parse("https://example.com/real").unwrap();
    let twin = Url::parse("https://example.com/twin").unwrap();
    assert_eq!(kept(&site), ["/", "/real", "/twin"]);
    for (path, reason) in [
        ("/noindex", Reason::NoIndex),
        ("/behind", Reason::SameText(twin)),
        ("/copy", Reason::CopyOf(real.clone())),
        ("/de", Reason::Language("de".into())),
        ("/empty", Reason::NoText),
        ("/x.pdf", Reason::NotAPage("pdf".into())),
        ("/old", Reason::Moved(real, 301)),
        ("/out", Reason::Elsewhere("https://other.example/".into())),
        ("/json", Reason::NotAPage("application/json".into())),
        ("/secret", Reason::Refused(403)),
    ] {
        assert_eq!(why(&report, path), Some(Outcome::Skipped(reason.clone())), "{path}");
        assert!(!reason.told().is_empty());
    }
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let web = Pages::new(&[
        ("/", &text("<a href='/a'>a</a> <a href='/b'>b</a>")),
        ("/a", &text("un")),
        ("/b", &text("deux")),
    ]);
    let (site, report) = first(&web).await;
    assert!(report.is_news());
    let (site, report) = again(&web, &site).await;
    assert_eq!((report.not_modified, report.count(|outcome| *outcome == Outcome::Same)), (3, 3));
    assert!(!report.is_news());
    web.put("/a", &text("autre chose"));
    // Sent again, and the same for all that a reader sees.
    web.put("/b", "<html lang='fr'><!-- built at noon --><main><p>deux</p></main>");
    let (_, report) = again(&web, &site).await;
    assert_eq!(why(&report, "/a"), Some(Outcome::Changed));
    assert_eq!(why(&report, "/b"), Some(Outcome::Same));
}

#[tokio::test]
async fn another_part_of_the_pages_is_read_anew() {
    let web = Pages::new(&[("/", "<main><p>un</p><p class='x'>deux</p></main>")]);
    let (site, _) = first(&web).await;
    let settings = Settings { part: Some(Part::parse(".x").unwrap()), ..settings() };
    let (_, report) = crawl(&web, &settings, &site, &mut Draft::none(), &|_| ()).await.unwrap();
    assert_eq!(why(&report, "/"), Some(Outcome::Changed));
}

#[tokio::test]
async fn what_is_gone_is_dropped_and_what_fails_for_now_is_kept() {
    let web = Pages::new(&[
        ("/", &text("<a href='/a'>a</a> <a href='/b'>b</a>")),
        ("/a", &text("un")),
        ("/b", &text("deux")),
    ]);
    let (site, _) = first(&web).await;
    web.status("/a", 410, None);
    web.status("/b", 503, None);
    let (site, report) = again(&web, &site).await;
    assert_eq!(kept(&site), ["/", "/b"]);
    assert_eq!(report.gone.iter().map(Url::path).collect::<Vec<_>>(), ["/a"]);
    assert_eq!(why(&report, "/b"), Some(Outcome::Stale(Reason::Unavailable("503".into()))));
    assert!(report.is_news());
}

#[tokio::test]
async fn a_page_that_nothing_leads_to_is_forgotten_the_second_time() {
    let web = Pages::new(&[("/", &text("<a href='/a'>a</a>")), ("/a", &text("un"))]);
    let (site, _) = first(&web).await;
    web.put("/", &text("plus de lien"));
    let (site, _) = again(&web, &site).await;
    assert_eq!(kept(&site), ["/", "/a"]);
    let (site, report) = again(&web, &site).await;
    assert_eq!(kept(&site), ["/"]);
    assert_eq!(why(&report, "/a"), Some(Outcome::Skipped(Reason::Unlinked)));
}

#[tokio::test]
async fn a_busy_server_is_waited_for_and_a_dead_one_left_in_peace() {
    let links: String = (0..20).map(|n| format!("<a href='/{n}'>{n}</a> ")).collect();
    let web = Pages::new(&[("/", &text(&links))]);
    let busy = Response { status: 429, retry_after: Some(Duration::from_secs(7)), ..Response::default() };
    web.answer("/0", Ok(busy));
    web.then("/0", &text("zéro"));
    for n in 1..20 {
        web.answer(&format!("/{n}"), Err(Failure::Unreachable("connection refused".into())));
    }
    let (site, report) = first(&web).await;
    assert_eq!(kept(&site), ["/", "/0"]);
    assert!(web.now() >= SystemTime::UNIX_EPOCH + Duration::from_secs(7));
    assert_eq!(report.count(|outcome| *outcome == Outcome::Skipped(Reason::Limit)), 20 - 1 - MOST_FAILED);
}

#[tokio::test]
async fn limits_end_a_crawl_and_forget_nothing() {
    let links: String = (0..30).map(|n| format!("<a href='/{n}'>{n}</a> ")).collect();
    let web = Pages::new(&[("/", &text(&links))]);
    (0..30).for_each(|n| web.put(&format!("/{n}"), &text(&format!("page {n}"))));
    let few = Settings { most_pages: 5, ..settings() };
    let (site, report) = crawl(&web, &few, &Site::default(), &mut Draft::none(), &|_| ()).await.unwrap();
    assert_eq!(site.pages().count(), 5);
    assert_eq!(report.count(|outcome| *outcome == Outcome::Skipped(Reason::Limit)), 26);
    let short = Settings { most_time: Duration::from_secs(10), ..settings() };
    let (all, _) = first(&web).await;
    let (site, report) = crawl(&web, &short, &all, &mut Draft::none(), &|_| ()).await.unwrap();
    assert_eq!((site.pages().count(), report.gone.len()), (31, 0));
}

#[tokio::test]
async fn the_first_page_may_lead_to_www_and_to_no_other_site() {
    let web = Pages::default();
    web.status("/", 301, Some("https://www.example.com/"));
    web.status("https://www.example.com/", 302, Some("/fr/"));
    web.put("https://www.example.com/fr/", &text("Accueil <a href='/fr/a'>a</a>"));
    web.put("https://www.example.com/fr/a", &text("un"));
    web.put("https://www.example.com/robots.txt", "User-agent: *\nDisallow: /fr/a");
    let (site, report) = first(&web).await;
    assert_eq!(kept(&site), ["/fr/"]);
    assert_eq!(why(&report, "/fr/a"), Some(Outcome::Skipped(Reason::Disallowed)));
    web.status("/", 301, Some("https://other.example/"));
    let told = crawl(&web, &settings(), &site, &mut Draft::none(), &|_| ()).await.unwrap_err().to_string();
    assert!(told.contains("other.example") && told.contains("give that address"), "{told}");
}

#[tokio::test]
async fn a_site_whose_rules_cannot_be_had_is_not_crawled() {
    let web = Pages::new(&[("/", &text("x"))]);
    for answer in [Ok(Response { status: 500, ..Response::default() }), Err(Failure::Unreachable("no route".into()))] {
        web.answer("/robots.txt", answer);
        let told = crawl(&web, &settings(), &Site::default(), &mut Draft::none(), &|_| ()).await.unwrap_err();
        assert!(matches!(told, Error::Closed { .. }), "{told}");
    }
    web.answer("/robots.txt", Err(Failure::Private));
    assert!(
        crawl(&web, &settings(), &Site::default(), &mut Draft::none(), &|_| ())
            .await
            .unwrap_err()
            .to_string()
            .contains("private")
    );
}

#[tokio::test]
async fn rules_are_followed_where_they_moved() {
    let web = Pages::new(&[("/", &text("x <a href='/a'>a</a>")), ("/a", &text("a"))]);
    web.status("/robots.txt", 301, Some("https://www.example.com/robots.txt"));
    web.put("https://www.example.com/robots.txt", "User-agent: examplebot\nDisallow: /a");
    assert_eq!(kept(&first(&web).await.0), ["/"]);
}

#[test]
fn an_address_that_is_none_is_told() {
    for address in ["", "example.com", "mailto:a@b.c", "file:///etc/passwd"] {
        assert!(matches!(Settings::new(address, "x"), Err(Error::Address { .. })), "{address}");
    }
}

#[test]
fn a_site_is_kept_between_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.json");
    assert_eq!(Site::load(&file), Site::default());
    let site = Site { crawled: Some(SystemTime::UNIX_EPOCH), ..Site::default() };
    site.save(&file).unwrap();
    assert_eq!(Site::load(&file), site);
    std::fs::write(&file, "{").unwrap();
    assert_eq!(Site::load(&file), Site::default());
}

#[tokio::test]
async fn a_crawl_that_was_interrupted_goes_on() {
    let links: String = (0..6).map(|n| format!("<a href='/{n}'>{n}</a> ")).collect();
    let web = Pages::new(&[("/", &text(&links))]);
    (0..6).for_each(|n| web.put(&format!("/{n}"), &text(&format!("page {n}"))));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("draft");
    let short = Settings { most_pages: 3, ..settings() };
    crawl(&web, &short, &Site::default(), &mut Draft::open(&file, &short, web.now()), &|_| ()).await.unwrap();
    web.asked();
    let mut draft = Draft::open(&file, &settings(), web.now());
    let (site, report) = crawl(&web, &settings(), &Site::default(), &mut draft, &|_| ()).await.unwrap();
    assert_eq!((site.pages().count(), report.resumed), (7, 3));
    assert_eq!(web.asked(), ["/robots.txt", "/sitemap.xml", "/2", "/3", "/4", "/5"]);
    drop(draft);
    // The head, and each page once.
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 1 + 7);
}

#[tokio::test]
async fn a_site_that_looks_broken_takes_nothing_away_until_it_stays_so() {
    let links: String = (0..9).map(|n| format!("<a href='/{n}'>{n}</a> ")).collect();
    let web = Pages::new(&[("/", &text(&links))]);
    (0..9).for_each(|n| web.put(&format!("/{n}"), &text(&format!("page {n}"))));
    let (mut site, _) = first(&web).await;
    for broken in ["404 everywhere", "pages"] {
        let paths = (0..9).map(|n| format!("/{n}"));
        paths.chain((broken != "pages").then(|| "/".to_owned())).for_each(|path| web.status(&path, 404, None));
        let known = site.pages().count();
        for _ in 0..2 {
            let (same, report) = again(&web, &site).await;
            assert!(report.doubt.is_some() && !report.is_news(), "{broken}: {report}");
            assert!(report.to_string().contains("three days"), "{report}");
            assert_eq!((same.pages().count(), same.crawled), (known, site.crawled));
            assert_eq!((same.tried, same.tried > site.tried), (Some(web.now()), true));
            site = same;
        }
        web.pause(Duration::from_secs(3 * 24 * 3600)).await;
        let (believed, report) = again(&web, &site).await;
        assert_eq!((believed.pages().count(), believed.doubted), (usize::from(broken == "pages"), None), "{report}");
        web.put("/", &text(&links));
        (0..9).for_each(|n| web.put(&format!("/{n}"), &text(&format!("page {n}"))));
        site = first(&web).await.0;
    }
    let told = crawl(&Pages::default(), &settings(), &Site::default(), &mut Draft::none(), &|_| ()).await.unwrap_err();
    assert!(matches!(told, Error::Empty { .. }) && told.to_string().contains("404"), "{told}");
}

#[tokio::test]
async fn a_site_that_is_being_repaired_takes_nothing_away() {
    let links: String = (0..9).map(|n| format!("<a href='/{n}'>{n}</a> ")).collect();
    let web = Pages::new(&[("/", &text(&links)), ("/maintenance", &text("Site en maintenance"))]);
    (0..9).for_each(|n| web.put(&format!("/{n}"), &text(&format!("page {n}"))));
    let (site, _) = first(&web).await;
    let paths = || (0..9).map(|n| format!("/{n}")).chain(["/".to_owned()]);
    // One page at every address.
    paths().for_each(|path| web.put(&path, &text("Site en maintenance")));
    let (same, report) = again(&web, &site).await;
    assert!(report.doubt.is_some(), "{report}");
    assert_eq!(kept(&same), kept(&site));
    // That page asks not to be indexed.
    paths().for_each(|path| web.put(&path, "<meta name='robots' content='noindex'><p>Site en maintenance</p>"));
    let (same, report) = again(&web, &site).await;
    assert!(report.doubt.is_some() && !report.is_news(), "{report}");
    assert_eq!(kept(&same), kept(&site));
    // Every address leads to one page, whatever is said of how long, and of where one came from.
    paths().for_each(|path| web.status(&path, 301, Some(&format!("/maintenance?from={path}"))));
    let (same, report) = again(&web, &site).await;
    assert!(report.doubt.is_some(), "{report}");
    assert_eq!(kept(&same), kept(&site));
    for status in [301, 302, 303, 307, 308] {
        paths().for_each(|path| web.status(&path, status, Some("/maintenance")));
        let (same, report) = again(&web, &site).await;
        assert!(report.doubt.is_some(), "{status}: {report}");
        assert_eq!(kept(&same), kept(&site));
    }
}

#[tokio::test]
async fn what_an_owner_closes_is_dropped_from_a_site_that_looks_broken_too() {
    let links: String = (0..9).map(|n| format!("<a href='/{n}'>{n}</a> ")).collect();
    let web = Pages::new(&[("/", &text(&links))]);
    (0..9).for_each(|n| web.put(&format!("/{n}"), &text(&format!("page {n}"))));
    let (site, _) = first(&web).await;
    (3..9).for_each(|n| web.status(&format!("/{n}"), 404, None));
    web.status("/0", 410, None);
    web.put("/1", "<meta name='robots' content='noindex'><p>page 1</p>");
    web.put("/robots.txt", "User-agent: *\nDisallow: /2");
    let (known, report) = again(&web, &site).await;
    assert!(report.doubt.is_some() && report.is_news(), "{report}");
    assert_eq!(kept(&known), ["/", "/3", "/4", "/5", "/6", "/7", "/8"]);
    assert_eq!(report.gone.iter().map(Url::path).collect::<Vec<_>>(), ["/0", "/1", "/2"]);
    // Said once: the next crawl has nothing new to tell.
    assert!(!again(&web, &known).await.1.is_news());
}

#[tokio::test]
async fn what_an_owner_wants_is_believed_at_once() {
    let links: String = (0..9).map(|n| format!("<a href='/{n}'>{n}</a> ")).collect();
    let web = Pages::new(&[("/", &text(&links)), ("/neuf", &text("neuf"))]);
    (0..9).for_each(|n| web.put(&format!("/{n}"), &text(&format!("page {n}"))));
    let (site, _) = first(&web).await;
    // Each leads to its own place, where nothing is kept.
    (0..5).for_each(|n| web.status(&format!("/{n}"), 301, Some(&format!("/neuf/{n}"))));
    (5..8).for_each(|n| web.status(&format!("/{n}"), 301, Some("/neuf")));
    let (moved, report) = again(&web, &site).await;
    assert_eq!((kept(&moved), report.doubt), (vec!["/", "/8", "/neuf"], None));
    web.put(
        "/robots.txt",
        "User-agent: *\nDisallow: /0\nDisallow: /1\nDisallow: /2\nDisallow: /3\nDisallow: /4\nDisallow: /5\n",
    );
    (0..9).for_each(|n| web.put(&format!("/{n}"), &text(&format!("page {n}"))));
    assert_eq!(kept(&again(&web, &site).await.0), ["/", "/6", "/7", "/8"]);
}

#[tokio::test]
async fn pages_that_call_each_other_the_right_one_are_not_both_lost() {
    let web = Pages::new(&[
        ("/", &text("<a href='/a'>a</a> <a href='/b'>b</a> <a href='/c'>c</a> <a href='/d'>d</a>")),
        ("/a", "<html lang='fr'><link rel='canonical' href='/b'><p>Une page</p>"),
        ("/b", "<html lang='fr'><link rel='canonical' href='/a'><p>Une page</p>"),
        ("/c", "<html lang='fr'><link rel='canonical' href='/gone'><p>Une autre</p>"),
        ("/d", "<html lang='fr'><link rel='canonical' href='/hidden'><p>Une copie</p>"),
        ("/hidden", "<html lang='fr'><meta name='robots' content='noindex'><p>Une copie</p>"),
    ]);
    let (site, report) = first(&web).await;
    assert_eq!(kept(&site), ["/", "/a", "/c"]);
    assert_eq!(report.kept(), 3);
    assert!(!again(&web, &site).await.1.is_news());
}

#[tokio::test]
async fn a_first_page_that_fails_for_now_forgets_no_page_behind_it() {
    let web = Pages::new(&[
        ("/", &text("<a href='/a'>a</a>")),
        ("/a", &text("un <a href='/b'>b</a>")),
        ("/b", &text("deux")),
    ]);
    let (mut site, _) = first(&web).await;
    web.status("/", 503, None);
    for _ in 0..3 {
        site = again(&web, &site).await.0;
        assert_eq!(kept(&site), ["/", "/a", "/b"]);
    }
}

#[tokio::test]
async fn who_asks_to_be_left_alone_for_long_is_not_asked_again() {
    let web = Pages::new(&[("/", &text("<a href='/a'>a</a>"))]);
    web.answer("/a", Ok(Response { status: 429, retry_after: Some(Duration::from_secs(3600)), ..Response::default() }));
    first(&web).await;
    assert_eq!(web.asked().iter().filter(|path| *path == "/a").count(), 1);
}

#[tokio::test]
async fn who_was_asked_too_often_is_asked_half_as_often() {
    let web = Pages::new(&[("/", &text("<a href='/a'>a</a> <a href='/b'>b</a>")), ("/b", &text("b"))]);
    web.answer("/a", Ok(Response { status: 429, ..Response::default() }));
    web.then("/a", &text("a"));
    first(&web).await;
    let times: Vec<u64> = web.asked.lock().unwrap().iter().map(|(_, millis)| *millis).collect();
    // The rules, the first page, the sitemap, `/a` twice and `/b`.
    assert_eq!(times.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>(), [1000, 1000, 1000, 5000, 2000]);
}
