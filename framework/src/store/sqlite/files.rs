//! Files that nobody but their owner may read.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io,
    path::Path,
};

use crate::store::Space;

/// The room on the disk that a file stands on, where the system tells.
#[cfg(unix)]
pub(super) fn space(path: &Path) -> Option<Space> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(Space { free: disk.f_bavail * disk.f_frsize, total: disk.f_blocks * disk.f_frsize })
}

#[cfg(not(unix))]
pub(super) fn space(_path: &Path) -> Option<Space> {
    None
}

/// Opens a file for reading and writing, and makes it, and the directory it stands in, where there is none.
pub(super) fn private(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(directory)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_disk_of_a_file_has_room_within_its_size() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let space = space(file.path()).unwrap();
        assert!(space.free > 0 && space.free <= space.total, "{space:?}");
        assert_eq!(super::space(Path::new("/nowhere/at/all")), None);
    }
}
