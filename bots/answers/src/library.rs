//! What the bots stand on: one index, kept up to date and asked.


use crate::error::Error;
use crate::find::{Finder, Hit, Question};
use crate::index::{Index, Stats, SyncReport};
use crate::passage::Passage;
use crate::read::{Progress, Root};
use std::path::Path;

/// A collection of passages that can be asked. Share it in an `Arc`: asking works while another
/// thread syncs, and sees the last commit.
pub struct Library {
    index: Index,
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library").field("directory", &self.index.directory()).finish_non_exhaustive()
    }
}

impl Library {
    /// Opens the library whose index stands in `directory`, or begins one there. An index that
    /// is damaged or of another version is thrown away and made anew by the next `sync`.
    ///
    /// Refuses a folder that cannot be used, and a damaged index that another program writes.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        Ok(Self { index: Index::open(directory)? })
    }

    /// Makes the library hold what `roots` hold now, and nothing else; reads only what changed.
    ///
    /// Refuses when a root cannot be read (nothing is changed then), when two roots have one
    /// name, and when another program writes the same index.
    pub fn sync(&self, roots: &[Root], progress: &dyn Fn(Progress)) -> Result<SyncReport, Error> {
        self.index.sync(roots, progress)
    }

    /// Replaces everything by passages made elsewhere, as of the pages of a site.
    pub fn replace(&self, passages: impl IntoIterator<Item = Passage>) -> Result<(), Error> {
        self.index.replace(passages)
    }

    /// The best passage of each of the `limit` best documents for a question or some words.
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        let question = Question::read(words, None);
        Finder::new(&self.index).search(&question, limit)
    }

    /// The definitions of `name`, the one that is meant first. The case may differ.
    pub fn definition(&self, name: &str) -> Result<Vec<Hit>, Error> {
        Finder::new(&self.index).definitions(name)
    }

    /// What the library holds.
    pub fn stats(&self) -> Stats {
        self.index.stats()
    }

}
