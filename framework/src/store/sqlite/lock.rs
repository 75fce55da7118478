//! The lock by which a store belongs to one process alone.

use std::{
    fs::{File, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    path::Path,
};

use super::open;
use crate::error::{Error, Result};

/// Takes the lock of a store. It is free again when the file is closed, whichever way its process ends.
pub(super) fn take(lock: &Path, store: &Path) -> Result<File> {
    let mut file = open::private(lock).map_err(|error| open::cannot(lock, &error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(held(store, owner(&mut file))),
        Err(TryLockError::Error(error)) => return Err(open::cannot(lock, &error)),
    }
    // The number is for people: the lock itself holds without it.
    let _ = note(&mut file);
    Ok(file)
}

fn note(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn owner(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn held(store: &Path, owner: Option<u32>) -> Error {
    let owner = owner.map(|owner| format!("process {owner}")).unwrap_or_else(|| "another process".to_owned());
    Error::new(format!(
        "{owner} uses {} already, perhaps as another copy of this bot. Stop it, or set BAVARD_DATA_DIR to another \
         directory.",
        store.display()
    ))
}
