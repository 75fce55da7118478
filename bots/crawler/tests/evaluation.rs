//! A whole site with known contents, crawled from the folder that `BAVARD_EVAL` names: `site-fr/www` is served as its
//! own server would, and `site-fr/truth.jsonl` tells what its pages say.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use answers::{Answer, Language, Library, Locator, Passage, Question, Vocabulary};
use crawler::{Block, Draft, Failure, Outcome, Request, Response, Settings, Site, Web, crawl};
use serde_json::Value;

const ADDRESS: &str = "http://127.0.0.1:8099";

/// The folder of the site; nothing, said so, when it is not there.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("BAVARD_EVAL").map(|folder| PathBuf::from(folder).join("site-fr"));
    let folder = folder.filter(|folder| folder.join("truth.jsonl").is_file());
    if folder.is_none() {
        println!("skipped: BAVARD_EVAL names no folder that holds site-fr");
    }
    folder
}

/// The files of the site, some of which tests change.
struct Files {
    root: PathBuf,
    edited: Mutex<HashMap<String, Option<String>>>,
}

impl Files {
    fn new(folder: &Path) -> Self {
        Self { root: folder.join("www"), edited: Mutex::default() }
    }

    /// From now on a page says `html`, or is gone.
    fn edit(&self, path: &str, html: Option<String>) {
        self.edited.lock().unwrap().insert(path.to_owned(), html);
    }

    fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        if let Some(edited) = self.edited.lock().unwrap().get(path) {
            return edited.as_ref().map(|html| html.clone().into_bytes());
        }
        let inside = path.trim_matches('/');
        let places = [inside.to_owned(), format!("{inside}/index.html"), format!("{inside}.html")];
        places.iter().find_map(|place| std::fs::read(self.root.join(place)).ok())
    }
}

impl Web for Files {
    async fn get(&self, request: Request<'_>) -> Result<Response, Failure> {
        let status = |status| Ok(Response { status, ..Response::default() });
        let path = request.url.path();
        match path {
            "/" | "/fr/ancienne" => {
                return Ok(Response { status: 301, location: Some("/fr/".into()), ..Response::default() });
            }
            "/fr/disparue" => return status(410),
            _ => {}
        }
        let Some(body) = self.bytes(path) else { return status(404) };
        let etag = format!("\"{}-{}\"", body.len(), body.iter().map(|byte| u64::from(*byte)).sum::<u64>());
        if request.etag == Some(&etag) {
            return status(304);
        }
        Ok(Response { status: 200, etag: Some(etag), body, ..Response::default() })
    }

    async fn pause(&self, _: Duration) {}

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }
}

struct Truth {
    url: String,
    title: String,
    text: String,
}

fn truth(folder: &Path) -> Vec<Truth> {
    let lines = std::fs::read_to_string(folder.join("truth.jsonl")).unwrap();
    let read = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| value[name].as_str().unwrap().to_owned();
        Truth { url: format!("{ADDRESS}{}", text("url")), title: text("title"), text: text("text") }
    };
    lines.lines().map(read).collect()
}

fn settings() -> Settings {
    Settings::new(&format!("{ADDRESS}/fr/"), "ExampleBot").unwrap()
}

#[tokio::test]
async fn every_page_is_kept_and_no_trap() {
    let Some(folder) = folder() else { return };
    let files = Files::new(&folder);
    let (site, report) = crawl(&files, &settings(), &Site::default(), &mut Draft::none(), &|_| ()).await.unwrap();
    let kept: HashSet<String> = site.pages().map(|(url, _)| url.to_string()).collect();
    let wanted: HashSet<String> = truth(&folder).into_iter().map(|page| page.url).collect();
    let missed: Vec<_> = wanted.difference(&kept).collect();
    assert!(missed.is_empty(), "missed: {missed:?}");
    let more: Vec<_> =
        kept.difference(&wanted).filter(|url| !url.ends_with("/fr/") && !url.contains("/theme/")).collect();
    assert!(more.is_empty(), "kept as well: {more:?}");

    let (again, second) = crawl(&files, &settings(), &site, &mut Draft::none(), &|_| ()).await.unwrap();
    println!("{} kept; second: {} requests, {} not modified", report.kept(), second.requests, second.not_modified);
    // All but the rules, the sitemaps, and what is no page.
    assert!(second.requests - second.not_modified < 12, "{second}");
    assert!(!second.is_news());

    let pages = truth(&folder);
    files.edit(pages[0].url.trim_start_matches(ADDRESS), Some("<main><h1>Neuf</h1><p>Un zorglub.</p></main>".into()));
    files.edit(pages[1].url.trim_start_matches(ADDRESS), None);
    let (third, report) = crawl(&files, &settings(), &again, &mut Draft::none(), &|_| ()).await.unwrap();
    assert_eq!(report.count(|outcome| *outcome == Outcome::Changed), 1);
    assert_eq!(report.gone.iter().map(ToString::to_string).collect::<Vec<_>>(), [pages[1].url.clone()]);
    let passages = third.passages(Language::French);
    assert!(passages.iter().any(|passage| passage.text == "Un zorglub." && passage.locator.path() == pages[0].url));
    assert!(passages.iter().all(|passage| passage.locator.path() != pages[1].url));
}

#[tokio::test]
async fn pages_say_what_they_said_before_they_were_dressed_up() {
    let Some(folder) = folder() else { return };
    let (site, _) =
        crawl(&Files::new(&folder), &settings(), &Site::default(), &mut Draft::none(), &|_| ()).await.unwrap();
    let raw: HashMap<String, String> = site.pages().map(|(url, page)| (url.to_string(), said(&page.blocks))).collect();
    let mut passages: HashMap<String, String> = HashMap::new();
    for passage in site.passages(Language::French) {
        passages.entry(passage.locator.path().to_owned()).or_default().push_str(&format!("{}\n", passage.text));
    }
    let pages = truth(&folder);
    let mean = |found: &HashMap<String, String>| {
        let scores = pages.iter().map(|page| f1(&page.text, found.get(&page.url).map_or("", String::as_str)));
        scores.sum::<f64>() / number(pages.len())
    };
    let (raw, passages) = (mean(&raw), mean(&passages));
    println!("token F1: {raw:.4} of the main part, {passages:.4} of the passages");
    assert!(passages >= 0.92);
}

#[tokio::test]
async fn questions_find_their_pages_as_if_the_text_had_been_given() {
    let Some(folder) = folder() else { return };
    let (site, _) =
        crawl(&Files::new(&folder), &settings(), &Site::default(), &mut Draft::none(), &|_| ()).await.unwrap();
    let pages = truth(&folder);
    let clean = pages.iter().map(|page| {
        let locator = Locator::Page { url: page.url.clone(), anchor: None, changed: None };
        Passage::section(locator, Language::French, "", &page.text)
    });
    // Titles are the questions, so they must not be indexed here either.
    let crawled = site.passages(Language::French).into_iter().map(|mut passage| {
        passage.title.clear();
        passage.trail.clear();
        passage
    });
    let (clean, crawled) = (ndcg(&pages, clean), ndcg(&pages, crawled));
    let served = ndcg(&pages, site.passages(Language::French));
    println!("nDCG@10 of the titles: {clean:.3} from clean text, {crawled:.3} from the crawl; {served:.3} as served");
    assert!(crawled >= clean - 0.02 && served >= clean - 0.02);
}

fn ndcg(pages: &[Truth], passages: impl IntoIterator<Item = Passage>) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    library.replace(passages).unwrap();
    let gain = |page: &Truth| {
        let hits = library.hits(&page.title, 10).unwrap();
        let at = hits.iter().position(|hit| hit.passage.locator.path() == page.url);
        at.map_or(0.0, |at| 1.0 / number(at + 2).log2())
    };
    pages.iter().map(gain).sum::<f64>() / number(pages.len())
}

fn said(blocks: &[Block]) -> String {
    let texts = blocks.iter().map(|block| match block {
        Block::Heading { .. } => "",
        Block::Paragraph(text) | Block::Item(text) | Block::Fact(text) => text.as_str(),
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// The harmonic mean of precision and recall, over words as often as they stand there.
fn f1(wanted: &str, found: &str) -> f64 {
    let (wanted, found) = (counts(wanted), counts(found));
    let shared: usize = wanted.iter().map(|(word, count)| *count.min(found.get(word).unwrap_or(&0))).sum();
    if shared == 0 {
        return 0.0;
    }
    let total = |counts: &HashMap<String, usize>| number(counts.values().sum());
    2.0 * number(shared) / (total(&wanted) + total(&found))
}

fn counts(text: &str) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    counts
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn number(count: usize) -> f64 {
    count as f64
}

#[tokio::test]
async fn questions_of_the_site_are_answered_and_those_of_other_subjects_refused() {
    let Some(folder) = folder() else { return };
    let (site, _) =
        crawl(&Files::new(&folder), &settings(), &Site::default(), &mut Draft::none(), &|_| ()).await.unwrap();
    let own: Vec<String> = truth(&folder).into_iter().map(|page| page.title).collect();
    // Who asks rarely knows how a page is called.
    let untitled = site.passages(Language::French).into_iter().map(|mut passage| {
        passage.title.clear();
        passage.trail.clear();
        passage
    });
    let (served, untitled) = (asked(site.passages(Language::French)), asked(untitled));
    let (found, hidden) = (served(&own), untitled(&own));
    println!(
        "answered: {found:.3} of its own questions, {hidden:.3} of them where no page bears their words as its title"
    );
    assert!(found >= 0.9 && hidden >= 0.9);
    for (name, questions) in [("tuned", TUNED), ("held out", HELD_OUT)] {
        let others = served(&questions.lines().map(str::to_owned).collect::<Vec<_>>());
        println!("answered: {others:.3} of those about everyday life ({name})");
        assert!(others <= 0.15, "{name}");
    }
}

/// The share of questions that are answered from passages.
fn asked(passages: impl IntoIterator<Item = Passage>) -> impl Fn(&[String]) -> f64 {
    let place = tempfile::tempdir().unwrap();
    let library = Library::open(place.path()).unwrap();
    library.replace(passages).unwrap();
    let vocabulary = Vocabulary::read(Language::French, "");
    move |questions| {
        let _ = &place;
        let question = |text: &String| Question { text: text.clone(), language: Some(Language::French) };
        let answers = questions.iter().map(|text| library.answer_from_pages(&question(text), &vocabulary).unwrap());
        let count = answers.filter(|answer| matches!(answer, Answer::Found { .. } | Answer::Unsure { .. })).count();
        number(count) / number(questions.len())
    }
}

/// Questions about everyday life: bounds are tuned on the first, and judged by the others.
const TUNED: &str = include_str!("../../studi-public-website/src/tests/tuned/off_topic.txt");
const HELD_OUT: &str = include_str!("../../studi-public-website/src/tests/held_out/off_topic.txt");
