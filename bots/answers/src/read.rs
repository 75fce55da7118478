//! Reads code bases: which files there are, which are left out and why, and what they say.

mod leave_out;
mod walk;

pub use leave_out::{LeftOut, Reason};
pub(crate) use walk::list;

use crate::error::Error;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A folder that holds a code base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The name it goes by in sources when there are several.
    pub name: String,
    /// Where it stands.
    pub path: PathBuf,
}

impl Root {
    /// The code base at `path`, named after its folder. The path is looked at by `Library::sync`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let full = path.canonicalize().unwrap_or_else(|_| path.clone());
        let name = full.file_name().map_or_else(|| "/".into(), |name| name.to_string_lossy().into_owned());
        Self { name, path }
    }

    /// The same code base under another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Refuses what is not a folder that can be listed.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let refuse = |why: String| Error::Root { path: self.path.clone(), why };
        let about = std::fs::metadata(&self.path).map_err(|error| refuse(error.to_string()))?;
        if !about.is_dir() {
            return Err(refuse("it is not a folder".into()));
        }
        std::fs::read_dir(&self.path).map(drop).map_err(|error| refuse(error.to_string()))
    }
}

/// How far reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Files that are done with, changed or not.
    pub done: usize,
    /// Files there are.
    pub total: usize,
}

/// A file that may be read.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) root: String,
    pub(crate) path: String,
    pub(crate) place: PathBuf,
    pub(crate) size: u64,
    /// Nanoseconds since 1970.
    pub(crate) modified: u128,
}

/// What a file says, and the digest of its bytes.
pub(crate) struct Loaded {
    pub(crate) hash: String,
    pub(crate) text: Result<String, Reason>,
}

/// Reads a file. Refuses what cannot be read; what should not be is told in `text`.
pub(crate) fn load(file: &File) -> Result<Loaded, Reason> {
    let bytes = std::fs::read(&file.place).map_err(|_| Reason::Unreadable)?;
    let hash = Sha256::digest(&bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let text = match leave_out::by_content(Path::new(&file.path), &bytes) {
        Some(reason) => Err(reason),
        None => Ok(String::from_utf8_lossy(&bytes).into_owned()),
    };
    Ok(Loaded { hash, text })
}
