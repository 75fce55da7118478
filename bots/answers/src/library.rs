//! What the bots stand on: one index, kept up to date and asked.

use crate::answer::{Answer, Answerer, Question};
use crate::error::Error;
use crate::find::{Finder, Hit, Vocabulary};
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

    /// What can be said to a question. A courtesy is answered too.
    pub fn answer(&self, question: &Question) -> Result<Answer, Error> {
        Answerer::new(&self.index).answer(question)
    }

    /// What the pages of a website say to a question: their sentences, from several pages when they say as much.
    /// `vocabulary` tells which words mean the same there. A courtesy is answered too.
    pub fn answer_from_pages(&self, question: &Question, vocabulary: &Vocabulary) -> Result<Answer, Error> {
        Answerer::new(&self.index).answer_from_pages(question, vocabulary)
    }

    /// Where `name` is defined. The case may differ, and it may be qualified: `Router::route`.
    pub fn definition(&self, name: &str) -> Result<Answer, Error> {
        Answerer::new(&self.index).definition(name)
    }

    /// The lines that define `name`, with their comment.
    pub fn show(&self, name: &str) -> Result<Answer, Error> {
        Answerer::new(&self.index).show(name)
    }

    /// Where the words of a question stand, the best `limit` places, one per file.
    pub fn search(&self, words: &Question, limit: usize) -> Result<Answer, Error> {
        Answerer::new(&self.index).search(words, limit)
    }

    /// The passages behind `search`, with their scores.
    pub fn hits(&self, words: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        let finder = Finder::new(&self.index);
        Ok(finder.search(&finder.read_code(words, None), limit)?.hits)
    }

    /// What the library holds.
    pub fn stats(&self) -> Stats {
        self.index.stats()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn is_shared<T: Send + Sync>(_: &T) {}

    #[test]
    fn it_can_be_asked_while_it_syncs() {
        let folder = tempfile::tempdir().unwrap();
        let code = folder.path().join("code");
        fs::create_dir(&code).unwrap();
        for n in 0..200 {
            fs::write(code.join(format!("f{n}.rs")), format!("/// Does {n}.\npub fn task_{n}() {{}}\n")).unwrap();
        }
        let library = Library::open(&folder.path().join("index")).unwrap();
        is_shared(&library);
        let question = Question::new("where is task_150");
        std::thread::scope(|scope| {
            let syncing = scope.spawn(|| library.sync(&[Root::new(&code)], &|_| ()));
            while !syncing.is_finished() {
                // What is read so far decides; asking never fails and never waits for the end.
                library.answer(&question).unwrap();
            }
            assert_eq!(syncing.join().unwrap().unwrap().added, 200);
        });
        let Answer::Found { sources, .. } = library.answer(&question).unwrap() else { panic!("it was read") };
        assert_eq!(sources[0].to_string(), "f150.rs:2");
        assert_eq!(library.stats().documents, 200);
    }

    #[test]
    fn what_is_gone_is_no_longer_cited() {
        let folder = tempfile::tempdir().unwrap();
        let code = folder.path().join("code");
        fs::create_dir(&code).unwrap();
        fs::write(code.join("a.rs"), "pub struct Gone;\n").unwrap();
        fs::write(code.join("b.rs"), "pub struct Kept;\n").unwrap();
        let library = Library::open(&folder.path().join("index")).unwrap();
        library.sync(&[Root::new(&code)], &|_| ()).unwrap();
        assert!(matches!(library.definition("Gone").unwrap(), Answer::Found { .. }));
        fs::remove_file(code.join("a.rs")).unwrap();
        library.sync(&[Root::new(&code)], &|_| ()).unwrap();
        assert!(matches!(library.definition("Gone").unwrap(), Answer::Nothing { .. }));
        assert!(matches!(library.search(&Question::new("Gone"), 5).unwrap(), Answer::Nothing { .. }));
    }
}
