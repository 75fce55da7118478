//! What a crawl has read so far, so that one that is interrupted goes on where it was.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::crawl::Settings;
use crate::site::{FORMAT, Page};

/// The pages that a crawl has read so far: a line in a file for each, written as it is read. A line that is cut off, as by
/// a crash, is passed over.
#[derive(Debug, Default)]
pub struct Draft {
    path: Option<PathBuf>,
    file: Option<File>,
    pages: BTreeMap<Url, Page>,
}

/// The first line: what was crawled, and since when.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    format: u32,
    address: Url,
    part: Option<String>,
    began: SystemTime,
}

impl Draft {
    /// A draft that is kept nowhere.
    pub fn none() -> Self {
        Self::default()
    }

    /// Goes on with the draft in `path`, if it is one of the same site and not older than a crawl may last; else begins it.
    /// One that cannot be written is not kept: a crawl goes on without.
    pub fn open(path: &Path, settings: &Settings, now: SystemTime) -> Self {
        // What was cut off may end in the middle of a letter.
        let bytes = std::fs::read(path).unwrap_or_default();
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let head = lines.next().and_then(|line| serde_json::from_slice::<Head>(line).ok());
        let is_ours = |head: &Head| {
            let age = now.duration_since(head.began).unwrap_or(Duration::MAX);
            let fresh = Head { began: head.began, ..head_of(settings, now) };
            *head == fresh && age <= settings.most_time
        };
        if head.as_ref().is_some_and(is_ours) {
            let pages = lines.filter_map(|line| serde_json::from_slice::<(Url, Page)>(line).ok()).collect();
            let mut file = OpenOptions::new().append(true).open(path).ok();
            // What was cut off ends here.
            if let Some(file) = file.as_mut().filter(|_| !bytes.ends_with(b"\n")) {
                let _ = file.write_all(b"\n");
            }
            return Self { path: Some(path.into()), file, pages };
        }
        let mut draft = Self { path: Some(path.into()), file: File::create(path).ok(), pages: BTreeMap::new() };
        draft.write(&head_of(settings, now));
        draft
    }

    /// How many pages it holds from before.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// The crawl came to its end: the draft is not needed any more.
    pub fn end(self) {
        if let Some(path) = self.path {
            drop(self.file);
            let _ = std::fs::remove_file(path);
        }
    }

    /// A page that was read before the crawl was interrupted.
    pub(crate) fn take(&mut self, url: &Url) -> Option<Page> {
        self.pages.remove(url)
    }

    /// Notes a page that was read.
    pub(crate) fn add(&mut self, url: &Url, page: &Page) {
        self.write(&(url, page));
    }

    fn write(&mut self, line: &impl Serialize) {
        let Some(file) = &mut self.file else { return };
        let Ok(mut bytes) = serde_json::to_vec(line) else { return };
        bytes.push(b'\n');
        if file.write_all(&bytes).is_err() {
            self.file = None;
        }
    }
}

fn head_of(settings: &Settings, began: SystemTime) -> Head {
    let part = settings.part.as_ref().map(|part| part.selector().to_owned());
    Head { format: FORMAT, address: settings.address.clone(), part, began }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Content;

    fn page(title: &str) -> Page {
        Page {
            content: Content { title: title.into(), ..Content::default() },
            hash: title.into(),
            etag: None,
            last_modified: None,
            missed: 0,
            kept: true,
        }
    }

    #[test]
    fn it_goes_on_after_a_crash_and_not_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("draft");
        let settings = Settings::new("https://example.com/", "x").unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let url = |path: &str| settings.address.join(path).unwrap();
        let mut draft = Draft::open(&path, &settings, now);
        draft.add(&url("a"), &page("a"));
        draft.add(&url("b"), &page("b"));
        drop(draft);
        // The last line is cut in the middle.
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();
        let mut draft = Draft::open(&path, &settings, now + Duration::from_secs(60));
        assert_eq!((draft.pages(), draft.take(&url("a")), draft.take(&url("a"))), (1, Some(page("a")), None));
        draft.add(&url("c"), &page("c"));
        drop(draft);
        let mut draft = Draft::open(&path, &settings, now + Duration::from_secs(60));
        assert_eq!((draft.pages(), draft.take(&url("c"))), (2, Some(page("c"))));
        drop(draft);
        let other = Settings::new("https://example.org/", "x").unwrap();
        assert_eq!(Draft::open(&path, &other, now).pages(), 0);
        assert_eq!(Draft::open(&path, &settings, now).pages(), 0, "the other one took its place");
        let mut draft = Draft::open(&path, &settings, now);
        draft.add(&url("a"), &page("a"));
        assert_eq!(Draft::open(&path, &settings, now + 2 * settings.most_time).pages(), 0);
        Draft::open(&path, &settings, now).end();
        assert!(!path.exists());
    }

    #[test]
    fn a_cut_within_a_letter_costs_no_more_than_its_page() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("draft");
        let settings = Settings::new("https://example.com/", "x").unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let mut draft = Draft::open(&path, &settings, now);
        draft.add(&settings.address.join("a").unwrap(), &page("a"));
        draft.add(&settings.address.join("b").unwrap(), &page("é"));
        drop(draft);
        let bytes = std::fs::read(&path).unwrap();
        let cut = bytes.iter().rposition(|byte| !byte.is_ascii()).unwrap();
        std::fs::write(&path, &bytes[..cut]).unwrap();
        assert_eq!(Draft::open(&path, &settings, now).pages(), 1);
    }

    #[test]
    fn one_that_cannot_be_written_is_no_hindrance() {
        let settings = Settings::new("https://example.com/", "x").unwrap();
        let mut draft = Draft::open(Path::new("/nowhere/at/all"), &settings, SystemTime::UNIX_EPOCH);
        draft.add(&settings.address, &page("a"));
        assert_eq!(draft.pages(), 0);
        draft.end();
    }
}
