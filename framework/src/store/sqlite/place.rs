//! Where the file of a store stands.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
};

use super::lock;
use crate::error::Error;

/// A file, the lock beside it, and how to name another one.
#[derive(Clone, Debug)]
pub(crate) struct SqlitePlace {
    pub(super) file: PathBuf,
    pub(super) lock: PathBuf,
    elsewhere: &'static str,
}

impl SqlitePlace {
    /// A file that was named, with a lock of its own; else one in the data directory, with the lock of the directory.
    pub(crate) fn new(data_dir: &Path, file: Option<&Path>) -> Self {
        match file {
            Some(file) => Self {
                file: file.to_owned(),
                lock: beside(file, ".lock"),
                elsewhere: "set BAVARD_STORE to another file, as sqlite:other.db",
            },
            None => Self {
                file: data_dir.join("bavard.db"),
                lock: data_dir.join("lock"),
                elsewhere: "set BAVARD_DATA_DIR to another directory",
            },
        }
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
        Self { file: copy.to_owned(), lock: self.lock.clone(), elsewhere: "name another copy" }
    }

    pub(super) fn absent(&self) -> Error {
        self.told("is not there. Start the bot, which makes it")
    }

    pub(super) fn copy_exists(&self, copy: &Path) -> Error {
        Error::new(format!("{} is there already, and is left as it is. Name a file that is not.", copy.display()))
    }

    pub(super) fn copy_failed(&self, copy: &Path, why: impl Display) -> Error {
        let (file, copy) = (self.file.display(), copy.display());
        Error::new(format!("{file} could not be copied to {copy}: {why}. Make room there, or name another place."))
    }

    pub(super) fn older(&self, version: usize, known: usize) -> Error {
        self.told(&format!(
            "was written by an older version of this program (its schema is {version}; this program's is {known}). \
             Start the bot on it once, which brings it up to date"
        ))
    }

    pub(super) fn held(&self, owner: Option<u32>) -> Error {
        let owner = owner.map_or_else(|| "another process".to_owned(), |owner| format!("process {owner}"));
        self.told(&format!("is in use by {owner}, perhaps another copy of this bot. Stop that one"))
    }

    pub(super) fn cannot(&self, why: impl Display) -> Error {
        self.told(&format!("cannot be used: {why}. Make the file and its directory writable"))
    }

    pub(super) fn foreign(&self) -> Error {
        self.told("is the database of another program, and is left as it is. Move it away")
    }

    pub(super) fn newer(&self, version: usize, known: usize) -> Error {
        self.told(&format!(
            "was written by a newer version of this program (its schema is {version}; this program knows up to \
             {known}), and is left as it is. Start the newer version"
        ))
    }

    pub(super) fn damaged(&self, why: impl Display) -> Error {
        self.told(&format!(
            "is damaged ({why}). It is left as it is, and nothing is served from it. Put a copy of it back; or, to \
             begin without what it held, move it and the files named after it away"
        ))
    }

    pub(super) fn not_copied(&self, why: impl Display) -> Error {
        self.told(&format!(
            "is of an older version, and could not be copied before it is brought up to date: {why}. Make room on the \
             disk"
        ))
    }

    /// What is wrong and what to do, with the other way out.
    fn told(&self, what: &str) -> Error {
        Error::new(format!("{} {what}, or {}.", self.file.display(), self.elsewhere))
    }
}

/// The file whose name goes on like this.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
