//! What the index was made from.

use crate::read::{LeftOut, Reason};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Raised whenever passages, analysis or fields change, so that an older index is made anew.
const FORMAT: u32 = 4;

/// The list beside the index.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Manifest {
    format: u32,
    pub(crate) roots: Vec<String>,
    pub(crate) documents: BTreeMap<String, Entry>,
    pub(crate) left_out: LeftOut,
    pub(crate) updated: Option<SystemTime>,
}

/// A file as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) hash: String,
    pub(crate) modified: u128,
    pub(crate) size: u64,
    pub(crate) passages: usize,
    /// Why nothing of it is indexed.
    pub(crate) left_out: Option<Reason>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self { format: FORMAT, roots: Vec::new(), documents: BTreeMap::new(), left_out: LeftOut::new(), updated: None }
    }
}

impl Manifest {
    /// Where the manifest of an index stands.
    pub(crate) fn path(directory: &Path) -> PathBuf {
        directory.join("manifest.json")
    }

    /// The manifest, if it is there, whole, and of this format.
    pub(crate) fn load(directory: &Path) -> Option<Self> {
        let bytes = std::fs::read(Self::path(directory)).ok()?;
        serde_json::from_slice::<Self>(&bytes).ok().filter(|manifest| manifest.format == FORMAT)
    }

    /// Writes the manifest in one step: a reader finds the old one or the new one.
    pub(crate) fn save(&self, directory: &Path) -> io::Result<()> {
        let beside = directory.join("manifest.json.new");
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_all()?;
        std::fs::rename(beside, Self::path(directory))
    }
}
