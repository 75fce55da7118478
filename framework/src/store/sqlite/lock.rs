//! The lock by which a store belongs to one process alone.

use std::{
    fs::{File, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
};

use super::{files, place::SqlitePlace};
use crate::error::Result;

/// Takes the lock of a store. It is free again when the file is closed, whichever way its process ends.
pub(super) fn take(place: &SqlitePlace) -> Result<File> {
    let mut file = files::private(&place.lock).map_err(|error| place.cannot(error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(place.held(owner(&mut file))),
        Err(TryLockError::Error(error)) => return Err(place.cannot(error)),
    }
    // The number is for people: the lock itself holds without it.
    let _ = note(&mut file);
    Ok(file)
}

/// Which process holds the lock of a store: `None` when nobody does, 0 when it has not told its number.
pub(super) fn holder(place: &SqlitePlace) -> Option<u32> {
    // Where there is no lock, nobody ever took it.
    let mut file = File::open(&place.lock).ok()?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Some(owner(&mut file).unwrap_or_default()),
        Ok(()) | Err(TryLockError::Error(_)) => None,
    }
}

fn note(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn owner(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
