//! What can go wrong, in words: what happened, why, and the next step.

use std::fmt;
use std::path::{Path, PathBuf};

/// A failure a person has to do something about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A code base cannot be read at all.
    Root {
        /// The folder that was asked for.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// Two code bases go by the same name.
    SameName {
        /// The name they share.
        name: String,
    },
    /// The index folder cannot be created or written.
    Directory {
        /// The index folder.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// Another program is writing the same index.
    Busy {
        /// The index folder.
        path: PathBuf,
    },
    /// The index failed while it was read or written.
    Index {
        /// The index folder.
        path: PathBuf,
        /// What the index said.
        why: String,
    },
}

impl Error {
    pub(crate) fn directory(path: &Path, why: impl fmt::Display) -> Self {
        Self::Directory { path: path.into(), why: why.to_string() }
    }

    pub(crate) fn index(path: &Path, why: impl fmt::Display) -> Self {
        Self::Index { path: path.into(), why: why.to_string() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root { path, why } => write!(
                f,
                "cannot read the code base {}: {why}; give the path of a folder that this account may read",
                path.display()
            ),
            Self::SameName { name } => write!(
                f,
                "two code bases are named {name}, so a source could not tell them apart; give one of them another name"
            ),
            Self::Directory { path, why } => write!(
                f,
                "cannot use the index folder {}: {why}; make it writable or choose another data folder",
                path.display()
            ),
            Self::Busy { path } => write!(
                f,
                "another program is writing the index in {}; it can be asked here, but only one program may update it: stop the other one or choose another data folder",
                path.display()
            ),
            Self::Index { path, why } => write!(
                f,
                "the index in {} failed: {why}; delete that folder and start again, it is rebuilt from the sources",
                path.display()
            ),
        }
    }
}

impl std::error::Error for Error {}
