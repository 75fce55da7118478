//! The passages on disk: an embedded index and the list of what it was made from.

mod fields;
mod manifest;
mod open;
mod session;
mod sync;

pub(crate) use fields::Fields;
pub use sync::SyncReport;

use crate::analyse::Language;
use crate::answer::{Bounds, Evidence};
use crate::error::Error;
use crate::passage::Passage;
use manifest::Manifest;
use session::Session;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::SystemTime;
use tantivy::{IndexReader, Searcher};

/// An open index. Readers see the last commit, also while another thread writes.
pub(crate) struct Index {
    directory: PathBuf,
    passages: tantivy::Index,
    reader: IndexReader,
    pub(crate) fields: Fields,
    manifest: RwLock<Arc<Manifest>>,
    /// When the commit that is read was made, to notice those of other programs.
    seen: Mutex<Option<SystemTime>>,
    /// One writer at a time in this program; the lock of the index keeps other programs out.
    writing: Mutex<()>,
    /// How sure answers in a language have to be, as of a commit.
    bounds: Mutex<HashMap<Language, (Option<SystemTime>, Bounds)>>,
    /// Why the index was thrown away when it was opened, until a sync has told it.
    rebuilt: Mutex<Option<String>>,
}

/// What the index holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Files, or pages, that hold passages.
    pub documents: usize,
    /// Passages.
    pub passages: usize,
    /// The code bases, by name.
    pub roots: Vec<String>,
    /// Whether the index is being written by this program.
    pub syncing: bool,
    /// When it was last written to the end.
    pub updated: Option<SystemTime>,
    /// What was left out of the code bases, by reason.
    pub left_out: crate::read::LeftOut,
}

impl Index {
    /// A snapshot to search in: the last commit of whoever made it.
    pub(crate) fn searcher(&self) -> Searcher {
        let made = self.last_commit();
        let mut seen = lock(&self.seen);
        if *seen != made {
            self.refresh();
            *seen = made;
        }
        self.reader.searcher()
    }

    /// The bounds of what it holds now, by what everyday questions find in it.
    pub(crate) fn bounds(
        &self,
        language: Language,
        everyday: impl FnOnce() -> Result<Vec<Evidence>, Error>,
    ) -> Result<Bounds, Error> {
        let made = self.last_commit();
        // Who asks meanwhile waits: they would do the same.
        let mut bounds = lock(&self.bounds);
        if let Some((_, known)) = bounds.get(&language).filter(|(at, _)| *at == made) {
            return Ok(*known);
        }
        let found = Bounds::of(&everyday()?);
        bounds.insert(language, (made, found));
        Ok(found)
    }

    pub(crate) fn manifest(&self) -> Arc<Manifest> {
        self.manifest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn stats(&self) -> Stats {
        let passages = self.searcher().num_docs();
        let manifest = self.manifest();
        Stats {
            documents: manifest.documents.values().filter(|entry| entry.passages > 0).count(),
            passages: usize::try_from(passages).unwrap_or(usize::MAX),
            roots: manifest.roots.clone(),
            syncing: self.writing.try_lock().is_err(),
            updated: manifest.updated,
            left_out: manifest.left_out.clone(),
        }
    }

    /// Replaces everything by ready-made passages.
    pub(crate) fn replace(&self, passages: impl IntoIterator<Item = Passage>) -> Result<(), Error> {
        let _writing = lock(&self.writing);
        let mut session = Session::begin(self)?;
        session.clear()?;
        for passage in passages {
            session.add(&passage)?;
        }
        session.finish()
    }

    fn refresh(&self) {
        // A commit that cannot be read leaves the one before it in place.
        if let Err(error) = self.reader.reload() {
            tracing::warn!(%error, "the newest commit of the index cannot be read");
            return;
        }
        if let Some(manifest) = Manifest::load(&self.directory) {
            *self.manifest.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(manifest);
        }
    }

    fn last_commit(&self) -> Option<SystemTime> {
        std::fs::metadata(open::passages_of(&self.directory).join("meta.json")).and_then(|about| about.modified()).ok()
    }

    pub(crate) fn error(&self, why: impl std::fmt::Display) -> Error {
        Error::index(&self.directory, why)
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
