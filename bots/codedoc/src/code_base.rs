//! The code base that is asked, and how far it is read.

use std::{path::Path, sync::Arc, time::Duration};

use answers::{Answer, Library, Root};
use bavard::{Language, Opening, Result};
use tokio::{
    sync::watch,
    task::spawn_blocking,
    time::{MissedTickBehavior, interval, timeout},
};

use crate::{progress::Reporter, roots::roots};

/// How long a question waits for the first reading to end before it is answered from what is read so far.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often the code base is looked at for changes. Looking costs milliseconds.
const REFRESH: Duration = Duration::from_secs(30);

/// The code base that is asked.
#[derive(Debug)]
pub(crate) struct CodeBase {
    library: Arc<Library>,
    read: watch::Receiver<Read>,
    /// The folders that are read, as people are told of them.
    folders: String,
}

/// How far the code base is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// The first reading is under way.
    Begun { done: usize, total: usize },
    /// It was read, and is kept up to date.
    Done,
}

impl CodeBase {
    /// Opens the index in the bot's data directory, and begins to read what changed.
    pub(crate) async fn open(opening: Opening) -> Result<Self> {
        let roots = roots(opening.setting("CODEDOC_ROOTS").as_deref())?;
        let index = opening.data_dir()?.join("index");
        let library = Arc::new(library(&index).await?);
        let (told, read) = watch::channel(Read::Begun { done: 0, total: 0 });
        let folders = roots.iter().map(|root| format!("`{}`", root.path.display())).collect::<Vec<_>>().join(", ");
        tokio::spawn(keep_reading(library.clone(), roots, told));
        Ok(Self { library, read, folders })
    }

    /// Asks the index. Questions that come while the code base is read for the first time wait a little for it.
    pub(crate) async fn ask(
        &self,
        question: impl FnOnce(&Library) -> Result<Answer, answers::Error> + Send + 'static,
    ) -> Result<Answer> {
        let mut read = self.read.clone();
        // Whether it was read in time or not, what is there is asked.
        let _ = timeout(PATIENCE, read.wait_for(|read| *read == Read::Done)).await;
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
        let Read::Begun { done, total } = *self.read.borrow() else { return None };
        Some(language.pick(
            format!("I am still reading the code: {done} of {total} files."),
            format!("Je lis encore le code : {done} fichiers sur {total}."),
        ))
    }
}

async fn library(index: &Path) -> Result<Library> {
    let index = index.to_path_buf();
    Ok(spawn_blocking(move || Library::open(&index)).await??)
}

/// Reads what changed, at once and then now and again, as long as somebody may ask.
async fn keep_reading(library: Arc<Library>, roots: Vec<Root>, told: watch::Sender<Read>) {
    let mut again = interval(REFRESH);
    again.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let told = Arc::new(told);
    let mut first = true;
    while !told.is_closed() {
        again.tick().await;
        let (library, roots, told) = (library.clone(), roots.clone(), told.clone());
        let reading = spawn_blocking(move || read(&library, &roots, &told, first));
        match reading.await {
            Ok(Ok(())) => first = false,
            Ok(Err(error)) => tracing::error!("the code base could not be read: {error}"),
            Err(error) => tracing::error!(%error, "the reading of the code base ended early"),
        }
    }
}

fn read(library: &Library, roots: &[Root], told: &watch::Sender<Read>, first: bool) -> Result<(), answers::Error> {
    let reporter = Reporter::new(first);
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
        // Somebody else keeps the index up to date: it is asked as it is.
        Err(error @ answers::Error::Busy { .. }) => tracing::info!("{error}"),
        Err(error) => return Err(error),
    }
    told.send_replace(Read::Done);
    Ok(())
}
