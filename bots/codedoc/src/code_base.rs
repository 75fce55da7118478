//! The code base that is asked, and how far it is read.

use std::{path::Path, sync::Arc, time::Duration};

use answers::{Answer, Library, Reporter, Root};
use bavard::{Language, Opening, Result};
use tokio::{
    sync::watch,
    task::spawn_blocking,
    time::{Instant, sleep, timeout_at},
};

use crate::roots::{self, roots};

/// How long after a start a question waits for the first reading to end before it is answered from what is read so far.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often the code base is looked at for changes. Looking costs milliseconds.
const REFRESH: Duration = Duration::from_secs(30);

/// How often it is looked at while another process reads it.
const FOLLOW: Duration = Duration::from_secs(1);

/// How often an index is opened that another process is about to write.
const OPENINGS: usize = 20;

/// The code base that is asked.
#[derive(Debug)]
pub(crate) struct CodeBase {
    library: Arc<Library>,
    read: watch::Receiver<Read>,
    /// The folders that are read, as people are told of them.
    folders: String,
    opened: Instant,
}

/// How far the code base is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// The first reading is under way.
    Begun { done: usize, total: usize },
    /// Another process reads it into the same index.
    Elsewhere,
    /// It could not be read, and is tried again.
    Failed,
    /// It was read, and is kept up to date.
    Done,
}

impl CodeBase {
    /// Opens the index in the bot's data directory, and begins to read what changed.
    pub(crate) async fn open(opening: Opening) -> Result<Self> {
        let roots = roots(opening.read(roots::SETTING, roots::in_setting)?)?;
        let index = opening.data_dir()?.join("index");
        let library = Arc::new(library(&index).await?);
        let (told, read) = watch::channel(Read::Begun { done: 0, total: 0 });
        let folders = roots.iter().map(|root| format!("`{}`", root.path.display())).collect::<Vec<_>>().join(", ");
        tokio::spawn(keep_reading(library.clone(), roots, told));
        Ok(Self { library, read, folders, opened: Instant::now() })
    }

    /// Asks the index. Questions that come while the code base is read for the first time wait a little for it.
    pub(crate) async fn ask(
        &self,
        question: impl FnOnce(&Library) -> Result<Answer, answers::Error> + Send + 'static,
    ) -> Result<Answer> {
        let mut read = self.read.clone();
        // Whether it was read in time or not, what is there is asked.
        let _ =
            timeout_at(self.opened + PATIENCE, read.wait_for(|read| matches!(read, Read::Done | Read::Failed))).await;
        let library = self.library.clone();
        Ok(spawn_blocking(move || question(&library)).await??)
    }

    /// A sentence for when everything is read, and that was nothing.
    pub(crate) fn nothing_to_read(&self, language: Language) -> String {
        let folders = &self.folders;
        language.pick(
            format!(
                "There is nothing that I can read in {folders}. Whoever runs me sets `CODEDOC_ROOTS` to the folders of \
                 the code, separated as in `PATH`."
            ),
            format!(
                "Il n’y a rien que je puisse lire dans {folders}. Qui me fait tourner donne à `CODEDOC_ROOTS` les \
                 dossiers du code, séparés comme dans `PATH`."
            ),
        )
    }

    /// A sentence for answers that are given before everything is read.
    pub(crate) fn unfinished(&self, language: Language) -> Option<String> {
        unfinished(*self.read.borrow(), language)
    }
}

fn unfinished(read: Read, language: Language) -> Option<String> {
    let (english, french) = match read {
        Read::Done => return None,
        Read::Begun { total: 0, .. } | Read::Elsewhere => {
            ("I am still reading the code.".to_owned(), "Je lis encore le code.".to_owned())
        }
        Read::Begun { done, total } => (
            format!("I am still reading the code: {done} of {total} files."),
            format!("Je lis encore le code : {done} fichiers sur {total}."),
        ),
        Read::Failed => (
            "I could not read all of the code; whoever runs me finds the reason in the log.".to_owned(),
            "Je n’ai pas pu lire tout le code ; qui me fait tourner trouve la raison dans le journal.".to_owned(),
        ),
    };
    Some(language.pick(english, french))
}

/// Opens the index. One that another process has begun and not yet written looks damaged: it is tried again.
async fn library(index: &Path) -> Result<Library> {
    for _ in 1..OPENINGS {
        match open(index).await? {
            Err(answers::Error::Busy { .. }) => sleep(FOLLOW / 4).await,
            opened => return Ok(opened?),
        }
    }
    Ok(open(index).await??)
}

async fn open(index: &Path) -> Result<Result<Library, answers::Error>> {
    let index = index.to_path_buf();
    Ok(spawn_blocking(move || Library::open(&index)).await?)
}

/// Reads what changed, at once and then now and again, as long as somebody may ask.
async fn keep_reading(library: Arc<Library>, roots: Vec<Root>, told: watch::Sender<Read>) {
    let told = Arc::new(told);
    while !told.is_closed() {
        let (library, roots, now) = (library.clone(), roots.clone(), told.clone());
        let first = *told.borrow() != Read::Done;
        let read = spawn_blocking(move || read(&library, &roots, &now, first)).await;
        let failure = match read {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(error) => Some(error.to_string()),
        };
        if let Some(error) = failure {
            tracing::error!("the code base could not be read: {error}");
            // What was read before is still there to be asked.
            told.send_if_modified(|read| first && std::mem::replace(read, Read::Failed) != Read::Failed);
        }
        let pause = if *told.borrow() == Read::Elsewhere { FOLLOW } else { REFRESH };
        sleep(pause).await;
    }
}

fn read(library: &Library, roots: &[Root], told: &watch::Sender<Read>, first: bool) -> Result<(), answers::Error> {
    let reporter = Reporter::new("reading the code base", "files", first);
    let waited = *told.borrow() == Read::Elsewhere;
    let report = library.sync(roots, &|progress| {
        reporter.at(progress.done, progress.total);
        if first {
            told.send_replace(Read::Begun { done: progress.done, total: progress.total });
        }
    });
    reporter.end();
    match report {
        Ok(report) => {
            if let Some(reason) = &report.rebuilt {
                tracing::warn!("the index was made anew: {reason}");
            }
            tracing::debug!(?report, "the code base is read");
        }
        // Until the other process has read everything, the index holds a part of it.
        Err(answers::Error::Busy { .. }) if first => {
            told.send_replace(Read::Elsewhere);
            if !waited {
                tracing::info!("another process reads the code base into the same index; it is waited for");
            }
            return Ok(());
        }
        // What is there is asked, and brought up to date by the other process.
        Err(error @ answers::Error::Busy { .. }) => tracing::debug!("{error}"),
        Err(error) => return Err(error),
    }
    told.send_replace(Read::Done);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::mpsc};

    use answers::{Locator, Passage};

    use super::*;

    #[test]
    fn another_process_that_reads_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let (code, index) = (dir.path().join("code"), dir.path().join("index"));
        fs::create_dir(&code).unwrap();
        fs::write(code.join("lib.rs"), "pub struct Router;\n").unwrap();
        let roots = [Root::new(&code)];
        let (mine, other) = (Library::open(&index).unwrap(), Library::open(&index).unwrap());
        let (told, now) = watch::channel(Read::Begun { done: 0, total: 0 });
        let (begun, has_begun) = mpsc::channel();
        let (release, released) = mpsc::channel::<Passage>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let passages = std::iter::once_with(move || begun.send(()).map(|()| released.recv()));
                other.replace(passages.filter_map(|passage| passage.ok()?.ok())).unwrap();
            });
            has_begun.recv().unwrap();
            read(&mine, &roots, &told, true).unwrap();
            assert_eq!(*now.borrow(), Read::Elsewhere);
            assert!(unfinished(*now.borrow(), Language::French).unwrap().contains("lis encore"));
            let locator = Locator::Lines { root: "code".into(), path: "old.md".into(), first: 1, last: 1 };
            release.send(Passage::section(locator, answers::Language::English, "Title", "Text")).unwrap();
        });
        read(&mine, &roots, &told, true).unwrap();
        assert_eq!((*now.borrow(), unfinished(*now.borrow(), Language::English)), (Read::Done, None));
        assert!(matches!(mine.definition("Router").unwrap(), Answer::Found { .. }));
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_not_said_to_be_under_way() {
        let dir = tempfile::tempdir().unwrap();
        let library = Arc::new(Library::open(&dir.path().join("index")).unwrap());
        let (told, mut now) = watch::channel(Read::Begun { done: 0, total: 0 });
        let reading = tokio::spawn(keep_reading(library, vec![Root::new("/nowhere/at/all")], told));
        now.wait_for(|read| *read == Read::Failed).await.unwrap();
        assert!(unfinished(*now.borrow(), Language::English).unwrap().contains("could not read"));
        reading.abort();
    }
}
