//! Which code bases are read.

use std::path::{Path, PathBuf};

use answers::Root;
use bavard::{Error, Result};

/// The code bases that the setting names, else the repository that the bot is started in.
///
/// # Errors
/// When one of them is no folder that can be read; the error says what to do.
pub(crate) fn roots(setting: Option<&str>) -> Result<Vec<Root>> {
    let folders = match setting {
        Some(folders) => std::env::split_paths(folders).filter(|folder| !folder.as_os_str().is_empty()).collect(),
        None => vec![repository(&std::env::current_dir()?)],
    };
    folders.into_iter().map(readable).collect()
}

fn readable(folder: PathBuf) -> Result<Root> {
    match std::fs::read_dir(&folder) {
        Ok(_) => Ok(Root::new(folder)),
        Err(cause) => Err(Error::new(format!(
            "the code base {} cannot be read: {cause}. Set CODEDOC_ROOTS to folders that can, separated as in PATH",
            folder.display()
        ))),
    }
}

/// The repository around a folder, or the folder itself.
fn repository(folder: &Path) -> PathBuf {
    let around = folder.ancestors().find(|ancestor| ancestor.join(".git").exists());
    around.unwrap_or(folder).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_around_is_read_unless_told_otherwise() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join(".git")).unwrap();
        std::fs::create_dir_all(dir.path().join("a/b")).unwrap();
        assert_eq!(repository(&dir.path().join("a/b")), dir.path());
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_told_with_the_cure() {
        let told = roots(Some("/nowhere/at/all")).unwrap_err().to_string();
        assert!(told.contains("/nowhere/at/all") && told.contains("CODEDOC_ROOTS"), "{told}");
    }
}
