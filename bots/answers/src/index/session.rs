//! One writer at work: what it adds and removes is seen at its commits.

use super::manifest::Entry;
use super::{Index, Manifest};
use crate::error::Error;
use crate::passage::Passage;
use std::time::{Duration, Instant, SystemTime};
use tantivy::directory::error::LockError;
use tantivy::{IndexWriter, TantivyDocument, TantivyError};

/// Memory for what is not yet on disk.
const BUFFER: usize = 64 << 20;
/// The first commit comes early, so that there is something to find; later ones are rarer.
const FIRST_COMMIT: Duration = Duration::from_millis(1500);
const RAREST_COMMIT: Duration = Duration::from_secs(15);

pub(super) struct Session<'a> {
    index: &'a Index,
    writer: IndexWriter,
    pub(super) manifest: Manifest,
    committed: Instant,
    pause: Duration,
}

impl<'a> Session<'a> {
    /// Refuses when another program writes, or the folder cannot be written.
    pub(super) fn begin(index: &'a Index) -> Result<Self, Error> {
        let writer = index.passages.writer_with_num_threads(1, BUFFER).map_err(|error| match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Error::Busy { path: index.directory().into() },
            TantivyError::LockFailure(LockError::IoError(error), _) => Error::directory(index.directory(), error),
            error => index.error(error),
        })?;
        let manifest = Manifest::clone(&index.manifest());
        Ok(Self { index, writer, manifest, committed: Instant::now(), pause: FIRST_COMMIT })
    }

    pub(super) fn clear(&mut self) -> Result<(), Error> {
        self.manifest = Manifest::default();
        self.writer.delete_all_documents().map(drop).map_err(|error| self.index.error(error))
    }

    pub(super) fn remove(&mut self, document: &str) {
        self.writer.delete_term(self.index.fields.document_term(document));
        self.manifest.documents.remove(document);
    }

    /// Replaces the passages of a document.
    pub(super) fn put(&mut self, document: &str, entry: Entry, passages: Vec<TantivyDocument>) -> Result<(), Error> {
        self.remove(document);
        for passage in passages {
            self.writer.add_document(passage).map_err(|error| self.index.error(error))?;
        }
        self.manifest.documents.insert(document.into(), entry);
        Ok(())
    }

    /// Adds a passage to its document.
    pub(super) fn add(&mut self, passage: &Passage) -> Result<(), Error> {
        let written = self.index.fields.write(passage).map_err(|error| self.index.error(error))?;
        self.writer.add_document(written).map_err(|error| self.index.error(error))?;
        let blank = Entry { hash: String::new(), modified: 0, size: 0, passages: 0, left_out: None };
        self.manifest.documents.entry(passage.locator.document()).or_insert(blank).passages += 1;
        Ok(())
    }

    /// Commits when enough time has passed since the last time.
    pub(super) fn commit_if_due(&mut self) -> Result<(), Error> {
        if self.committed.elapsed() < self.pause {
            return Ok(());
        }
        self.pause = (self.pause * 2).min(RAREST_COMMIT);
        self.commit()
    }

    fn commit(&mut self) -> Result<(), Error> {
        self.writer.commit().map_err(|error| self.index.error(error))?;
        // A crash between the two leaves passages the list does not name; the next sync compares both.
        self.manifest.save(self.index.directory()).map_err(|error| Error::directory(self.index.directory(), error))?;
        self.index.refresh();
        self.committed = Instant::now();
        Ok(())
    }

    /// Commits what is left and lets go of the index.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        self.manifest.updated = Some(SystemTime::now());
        self.commit()?;
        let index = self.index;
        self.writer.wait_merging_threads().map_err(|error| index.error(error))?;
        index.refresh();
        Ok(())
    }
}
