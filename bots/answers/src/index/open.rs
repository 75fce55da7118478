//! Opens an index, and makes it anew when it cannot be used: it holds nothing but derived data.

use super::{Fields, Index, Manifest};
use crate::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::{IndexReader, ReloadPolicy};

/// The folder of the index proper.
pub(super) fn passages_of(directory: &Path) -> PathBuf {
    directory.join("passages")
}

impl Index {
    /// Opens the index in `directory`, creating both when needed. A damaged or older index is
    /// thrown away, which `rebuilt` then tells.
    ///
    /// Refuses a folder that cannot be written when it has to be.
    pub(crate) fn open(directory: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(directory).map_err(|error| Error::directory(directory, error))?;
        let _alone = alone(directory)?;
        let place = passages_of(directory);
        if !place.exists() && !Manifest::path(directory).exists() {
            return Self::create(directory, None);
        }
        match Self::existing(directory) {
            Ok(index) => Ok(index),
            Err(why) => {
                Self::discard(directory)?;
                tracing::warn!(directory = %directory.display(), why, "the index is made anew");
                Self::create(directory, Some(why))
            }
        }
    }

    fn existing(directory: &Path) -> Result<Self, String> {
        let manifest =
            Manifest::load(directory).ok_or("its list of files is missing, damaged or of another version")?;
        let passages = tantivy::Index::open_in_dir(passages_of(directory)).map_err(|error| error.to_string())?;
        let (schema, fields) = Fields::schema();
        if passages.schema() != schema {
            return Err("it was written by another version".into());
        }
        let damaged = passages.validate_checksum().map_err(|error| error.to_string())?;
        if let Some(file) = damaged.iter().next() {
            return Err(format!("{} is damaged", file.display()));
        }
        let reader = reader(&passages).map_err(|error| error.to_string())?;
        Ok(Self::assemble(directory, passages, reader, fields, manifest, None))
    }

    fn create(directory: &Path, rebuilt: Option<String>) -> Result<Self, Error> {
        let place = passages_of(directory);
        std::fs::create_dir_all(&place).map_err(|error| Error::directory(directory, error))?;
        let (schema, fields) = Fields::schema();
        let refuse = |error: tantivy::TantivyError| Error::directory(directory, error);
        let passages = tantivy::Index::create_in_dir(&place, schema).map_err(refuse)?;
        let reader = reader(&passages).map_err(refuse)?;
        let manifest = Manifest::default();
        manifest.save(directory).map_err(|error| Error::directory(directory, error))?;
        Ok(Self::assemble(directory, passages, reader, fields, manifest, rebuilt))
    }

    /// Removes the files of the index and nothing else; not while another program writes them.
    fn discard(directory: &Path) -> Result<(), Error> {
        let refuse = |error: std::io::Error| Error::directory(directory, error);
        let place = passages_of(directory);
        if place.is_dir() {
            let lock = MmapDirectory::open(&place).ok().map(|open| open.acquire_lock(&INDEX_WRITER_LOCK));
            if let Some(Err(LockError::LockBusy)) = lock {
                return Err(Error::Busy { path: directory.into() });
            }
            std::fs::remove_dir_all(&place).map_err(refuse)?;
        } else if place.exists() {
            std::fs::remove_file(&place).map_err(refuse)?;
        }
        match std::fs::remove_file(Manifest::path(directory)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(refuse(error)),
            _ => Ok(()),
        }
    }

    fn assemble(
        directory: &Path,
        passages: tantivy::Index,
        reader: IndexReader,
        fields: Fields,
        manifest: Manifest,
        rebuilt: Option<String>,
    ) -> Self {
        Self {
            directory: directory.into(),
            passages,
            reader,
            fields,
            manifest: RwLock::new(Arc::new(manifest)),
            seen: Mutex::new(None),
            writing: Mutex::new(()),
            bounds: Mutex::default(),
            rebuilt: Mutex::new(rebuilt),
        }
    }
}

/// Keeps other programs from opening the index while it is held: what one begins is not whole, and would be thrown away.
fn alone(directory: &Path) -> Result<File, Error> {
    let lock = File::create(directory.join("opening.lock")).map_err(|error| Error::directory(directory, error))?;
    if let Err(error) = lock.lock() {
        tracing::debug!(%error, "files cannot be locked here; two programs that start at once may be in each other’s way");
    }
    Ok(lock)
}

fn reader(passages: &tantivy::Index) -> tantivy::Result<IndexReader> {
    passages.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()
}
