//! Where the file of a store stands.

use std::{
    fmt::Display,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::lock;
use crate::{error::Error, sentence::Sentence};

/// The name of a file in the data directory.
const USUAL: &str = "bavard.db";

/// How many links are followed at most, as systems do.
const MOST_LINKS: usize = 40;

/// A file, the lock beside it, and how to name another one.
#[derive(Clone, Debug)]
pub(crate) struct SqlitePlace {
    pub(super) file: PathBuf,
    pub(super) lock: PathBuf,
    /// What marks a file as the named bot's.
    pub(super) bot: Option<i64>,
    elsewhere: Sentence,
}

impl SqlitePlace {
    /// A file that was named, else one in the data directory. Whichever way a file is reached, its lock is the same.
    pub(crate) fn new(data_dir: &Path, file: Option<&Path>) -> Self {
        let (file, elsewhere) = match file {
            Some(file) => (
                file.to_owned(),
                Sentence::new(
                    "set BAVARD_STORE to another file, as sqlite:other.db",
                    "donnez un autre fichier à BAVARD_STORE, comme sqlite:autre.db",
                ),
            ),
            None => (
                data_dir.join(USUAL),
                Sentence::new("set BAVARD_DATA_DIR to another directory", "donnez un autre dossier à BAVARD_DATA_DIR"),
            ),
        };
        let file = followed(file);
        let lock = if file.ends_with(USUAL) { file.with_file_name("lock") } else { beside(&file, ".lock") };
        Self { file, lock, bot: None, elsewhere }
    }

    /// The place of what a bot of this name keeps.
    pub(crate) fn of(self, bot: &str) -> Self {
        let digest = Sha256::digest(bot.as_bytes());
        let first = digest.first_chunk().copied().unwrap_or_default();
        Self { bot: Some(i64::from_be_bytes(first)), ..self }
    }

    /// Which process has the store: `None` when nobody does, 0 when that cannot be told.
    pub(crate) fn holder(&self) -> Option<u32> {
        lock::holder(self)
    }

    /// Where the file is.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// The place of a copy, for what is told of it.
    pub(super) fn copied(&self, copy: &Path) -> Self {
        Self {
            file: copy.to_owned(),
            lock: self.lock.clone(),
            bot: self.bot,
            elsewhere: Sentence::new("name another copy", "nommez une autre copie"),
        }
    }

    pub(super) fn absent(&self) -> Error {
        self.told("is not there. Start the bot, which makes it", "n’existe pas. Démarrez le bot, qui le crée")
    }

    pub(super) fn no_copy(&self) -> Error {
        let copy = self.file.display();
        Error::new(Sentence::new(
            format!("{copy} is not there. Name a copy that `backup` made."),
            format!("{copy} n’existe pas. Nommez une copie faite par `backup`."),
        ))
    }

    pub(super) fn copy_exists(&self, copy: &Path) -> Error {
        let copy = copy.display();
        Error::new(Sentence::new(
            format!("{copy} is there already, and is left as it is. Name a file that is not."),
            format!("{copy} existe déjà, et reste tel quel. Nommez un fichier qui n’existe pas."),
        ))
    }

    pub(super) fn copy_failed(&self, copy: &Path, why: impl Display) -> Error {
        let (file, copy) = (self.file.display(), copy.display());
        Error::new(Sentence::new(
            format!("{file} could not be copied to {copy}: {why}. Make room there, or name another place."),
            format!(
                "{file} n’a pas pu être copié vers {copy} : {why}. Faites-y de la place, ou nommez un autre endroit."
            ),
        ))
    }

    pub(super) fn older(&self, version: usize, known: usize) -> Error {
        self.told(
            format!(
                "was written by an older version of this program (its schema is {version}; this program's is {known}). \
                 Start the bot on it once, which brings it up to date"
            ),
            format!(
                "a été écrit par une version plus ancienne de ce programme (son schéma est {version} ; celui de ce \
                 programme est {known}). Démarrez-le une fois avec ce bot, qui le met à jour"
            ),
        )
    }

    pub(super) fn held(&self, owner: Option<u32>) -> Error {
        let (english, french) = match owner {
            Some(owner) => (format!("process {owner}"), format!("le processus {owner}")),
            None => ("another process".to_owned(), "un autre processus".to_owned()),
        };
        self.told(
            format!("is in use by {english}, perhaps another copy of this bot. Stop that one"),
            format!("est utilisé par {french}, peut-être une autre copie de ce bot. Arrêtez-la"),
        )
    }

    pub(super) fn cannot(&self, why: impl Display) -> Error {
        self.told(
            format!("cannot be used: {why}. Make the file and its directory writable"),
            format!("est inutilisable : {why}. Donnez le droit d’écrire dans le fichier et son dossier"),
        )
    }

    pub(super) fn linked(&self) -> Error {
        self.told(
            "has a second name (a hard link), under which another process could use it at the same time. Remove that \
             name, or make a copy of the file without one",
            "a un deuxième nom (un lien physique), par lequel un autre processus pourrait l’utiliser en même temps. \
             Supprimez ce nom, ou faites une copie du fichier qui n’en a qu’un",
        )
    }

    pub(super) fn anothers(&self) -> Error {
        self.told(
            "is a copy of what a bot of another name keeps, whose messages this one would send. Restore it with that bot",
            "est une copie de ce que garde un bot d’un autre nom, dont celui-ci enverrait les messages. Restaurez-la avec \
             ce bot",
        )
    }

    pub(super) fn foreign(&self) -> Error {
        self.told(
            "is the database of another program, and is left as it is. Move it away",
            "est la base d’un autre programme, et reste telle quelle. Déplacez-la",
        )
    }

    pub(super) fn newer(&self, version: usize, known: usize) -> Error {
        self.told(
            format!(
                "was written by a newer version of this program (its schema is {version}; this program knows up to \
                 {known}), and is left as it is. Start the newer version"
            ),
            format!(
                "a été écrit par une version plus récente de ce programme (son schéma est {version} ; ce programme \
                 connaît jusqu’à {known}), et reste tel quel. Lancez la version plus récente"
            ),
        )
    }

    pub(super) fn damaged(&self, why: impl Display) -> Error {
        self.told(
            format!(
                "is damaged ({why}). It is left as it is, and nothing is served from it. Put a copy of it back; or, to \
                 begin without what it held, move it and the files named after it away"
            ),
            format!(
                "est endommagé ({why}). Il reste tel quel, et rien n’en est servi. Remettez-en une copie ; ou, pour \
                 commencer sans ce qu’il contenait, déplacez-le avec les fichiers qui portent son nom"
            ),
        )
    }

    pub(super) fn not_copied(&self, why: impl Display) -> Error {
        self.told(
            format!(
                "is of an older version, and could not be copied before it is brought up to date: {why}. Make room on \
                 the disk"
            ),
            format!(
                "est d’une version plus ancienne, et n’a pas pu être copié avant sa mise à jour : {why}. Faites de la \
                 place sur le disque"
            ),
        )
    }

    /// What is wrong and what to do, with the other way out.
    fn told(&self, english: impl Display, french: impl Display) -> Error {
        let (file, elsewhere) = (self.file.display(), &self.elsewhere);
        Error::new(Sentence::new(
            format!("{file} {english}, or {}.", elsewhere.english),
            format!("{file} {french}, ou {}.", elsewhere.french),
        ))
    }
}

/// The file that symbolic links lead to, be it there or not.
fn followed(mut file: PathBuf) -> PathBuf {
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&file) else { break };
        file = file.parent().unwrap_or(Path::new("")).join(target);
    }
    file
}

/// The file whose name goes on like this.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
