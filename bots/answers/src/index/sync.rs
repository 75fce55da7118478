//! Brings the index up to date with the code bases: only what changed is read again.

use super::manifest::Entry;
use super::session::Session;
use super::{Fields, Index, lock};
use crate::chunk::chunk;
use crate::error::Error;
use crate::passage::document_key;
use crate::read::{self, File, LeftOut, Progress, Reason, Root};
use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tantivy::TantivyDocument;

/// A file changed this shortly before it was read may change again within one tick of the
/// file system's clock: its time proves nothing.
const RACY: u128 = 2_000_000_000;

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncReport {
    /// Files read for the first time.
    pub added: usize,
    /// Files read again because they changed.
    pub changed: usize,
    /// Files that are gone, and are no longer cited.
    pub removed: usize,
    /// Files that are as they were.
    pub unchanged: usize,
    /// Files and folders that were left out, by reason.
    pub left_out: LeftOut,
    /// How long it took.
    pub took: Duration,
    /// Why the index had to be made anew when it was opened, if it had.
    pub rebuilt: Option<String>,
}

enum Outcome {
    Same { modified: u128, size: u64 },
    Read { entry: Entry, passages: Vec<TantivyDocument> },
    Unreadable,
}

impl Index {
    /// Makes the index hold what `roots` hold now, and nothing else.
    ///
    /// Refuses when a root cannot be listed (nothing is changed then), or another program writes.
    pub(crate) fn sync(&self, roots: &[Root], progress: &dyn Fn(Progress)) -> Result<SyncReport, Error> {
        let _writing = lock(&self.writing);
        let started = Instant::now();
        let (files, mut left_out) = read::list(roots, self.directory())?;
        // Another program may have read the files since.
        self.refresh();
        let before = self.manifest();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
        let keys: HashSet<String> = files.iter().map(|file| document_key(&file.root, &file.path)).collect();
        let (same, suspects): (Vec<File>, Vec<File>) = files.into_iter().partition(|file| {
            before.documents.get(&document_key(&file.root, &file.path)).is_some_and(|entry| {
                entry.modified == file.modified && entry.size == file.size && file.modified + RACY < now
            })
        });
        let known = self.known_documents(&before.documents.keys().cloned().collect())?;
        let gone: Vec<_> = known.iter().filter(|key| !keys.contains(*key)).collect();
        let names: Vec<_> = roots.iter().map(|root| root.name.clone()).collect();
        let total = same.len() + suspects.len();
        let mut report = SyncReport {
            unchanged: same.len(),
            removed: gone.iter().filter(|key| before.documents.contains_key(**key)).count(),
            ..SyncReport::default()
        };
        progress(Progress { done: same.len(), total });
        if gone.is_empty() && suspects.is_empty() && before.roots == names && before.updated.is_some() {
            report.left_out = before.left_out.clone();
            report.rebuilt = lock(&self.rebuilt).take();
            report.took = started.elapsed();
            return Ok(report);
        }

        let mut session = Session::begin(self)?;
        session.manifest.roots = names;
        for key in gone {
            session.remove(key);
        }
        let mut done = same.len();
        self.read_all(&suspects, &before.documents, |file, outcome| {
            let key = document_key(&file.root, &file.path);
            match outcome {
                Outcome::Same { modified, size } => {
                    report.unchanged += 1;
                    if let Some(entry) = session.manifest.documents.get_mut(&key) {
                        (entry.modified, entry.size) = (modified, size);
                    }
                }
                Outcome::Read { entry, passages } => {
                    let seen =
                        if before.documents.contains_key(&key) { &mut report.changed } else { &mut report.added };
                    *seen += usize::from(entry.left_out.is_none());
                    session.put(&key, entry, passages)?;
                }
                Outcome::Unreadable => {
                    session.remove(&key);
                    *left_out.entry(Reason::Unreadable).or_default() += 1;
                }
            }
            done += 1;
            progress(Progress { done, total });
            session.commit_if_due()
        })?;
        for reason in session.manifest.documents.values().filter_map(|entry| entry.left_out) {
            *left_out.entry(reason).or_default() += 1;
        }
        session.manifest.left_out = left_out.clone();
        session.finish()?;
        report.left_out = left_out;
        report.rebuilt = lock(&self.rebuilt).take();
        report.took = started.elapsed();
        Ok(report)
    }

    /// All documents the list or the index knows: after a crash they may differ.
    fn known_documents(&self, listed: &BTreeSet<String>) -> Result<BTreeSet<String>, Error> {
        let mut known = listed.clone();
        for segment in self.searcher().segment_readers() {
            let inverted = segment.inverted_index(self.fields.document).map_err(|error| self.error(error))?;
            let mut terms = inverted.terms().stream().map_err(|error| self.error(error))?;
            while terms.advance() {
                known.insert(String::from_utf8_lossy(terms.key()).into_owned());
            }
        }
        // Terms of removed documents stay until segments are merged; only those alive count.
        let searcher = self.searcher();
        known.retain(|key| {
            listed.contains(key)
                || tantivy::query::Query::count(
                    &tantivy::query::TermQuery::new(
                        self.fields.document_term(key),
                        tantivy::schema::IndexRecordOption::Basic,
                    ),
                    &searcher,
                )
                .is_ok_and(|count| count > 0)
        });
        Ok(known)
    }

    /// Reads, cuts and analyses `files` on all processors; `each` runs here, one at a time.
    fn read_all(
        &self,
        files: &[File],
        before: &std::collections::BTreeMap<String, Entry>,
        mut each: impl FnMut(&File, Outcome) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
        let next = AtomicUsize::new(0);
        let (sender, receiver) = mpsc::sync_channel(64);
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let known = before.get(&document_key(&file.root, &file.path));
                        // A closed channel means that writing failed: nothing more is wanted.
                        if sender.send((file, outcome(file, known, &self.fields))).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            for (file, outcome) in receiver {
                each(file, outcome)?;
            }
            Ok(())
        })
    }
}

fn outcome(file: &File, known: Option<&Entry>, fields: &Fields) -> Outcome {
    let Ok(loaded) = read::load(file) else {
        return Outcome::Unreadable;
    };
    if known.is_some_and(|entry| entry.hash == loaded.hash) {
        return Outcome::Same { modified: file.modified, size: file.size };
    }
    let passages: Vec<_> = match &loaded.text {
        Ok(text) => {
            chunk(&file.root, &file.path, text).iter().filter_map(|passage| fields.write(passage).ok()).collect()
        }
        Err(_) => Vec::new(),
    };
    let entry = Entry {
        hash: loaded.hash,
        modified: file.modified,
        size: file.size,
        passages: passages.len(),
        left_out: loaded.text.err(),
    };
    Outcome::Read { entry, passages }
}
