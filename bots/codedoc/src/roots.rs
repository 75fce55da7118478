//! Which code bases are read.

use std::path::{Path, PathBuf};

use answers::Root;
use bavard::{Result, SettingProblem};

/// The setting that names the folders of the code bases, separated as in `PATH`.
pub(crate) const SETTING: &str = "CODEDOC_ROOTS";

/// The code bases that the setting names, else the repository that the bot is started in.
///
/// # Errors
/// When that is no folder that can be read; the error says what to do.
pub(crate) fn roots(in_setting: Option<Vec<Root>>) -> Result<Vec<Root>> {
    match in_setting {
        Some(roots) => Ok(roots),
        None => Ok(of(vec![repository(&std::env::current_dir()?)])?),
    }
}

/// The code bases that the setting names.
///
/// Each is named after its folder; where several have the same name, after the folders above it too.
///
/// # Errors
/// When one of them is no folder that can be read, or two are the same; the problem says what to do.
pub(crate) fn in_setting(setting: &str) -> Result<Vec<Root>, SettingProblem> {
    of(std::env::split_paths(setting).filter(|folder| !folder.as_os_str().is_empty()).collect())
}

fn of(folders: Vec<PathBuf>) -> Result<Vec<Root>, SettingProblem> {
    let folders = folders.into_iter().map(readable).collect::<Result<Vec<_>, _>>()?;
    for (at, folder) in folders.iter().enumerate() {
        if folders[..at].contains(folder) {
            let folder = folder.display();
            return Err(SettingProblem::new(
                format!(
                    "the code base {folder} is named twice. Set {SETTING} to folders that differ, separated as in PATH."
                ),
                format!(
                    "le code de {folder} est donné deux fois. Donnez à {SETTING} des dossiers différents, séparés comme \
                     dans PATH."
                ),
            ));
        }
    }
    Ok(folders.iter().map(|folder| named(folder, &folders)).collect())
}

/// The whole path of a folder that can be read.
fn readable(folder: PathBuf) -> Result<PathBuf, SettingProblem> {
    std::fs::read_dir(&folder).and_then(|_| folder.canonicalize()).map_err(|cause| {
        let folder = folder.display();
        SettingProblem::new(
            format!(
                "the code base {folder} cannot be read: {cause}. Set {SETTING} to folders that can, separated as in PATH."
            ),
            format!(
                "le code de {folder} ne peut pas être lu : {cause}. Donnez à {SETTING} des dossiers lisibles, séparés \
                 comme dans PATH."
            ),
        )
    })
}

/// A root named after the last folders of its path, as many as tell it from all others.
fn named(folder: &Path, all: &[PathBuf]) -> Root {
    let alike = |other: &PathBuf| {
        let parts = folder.components().rev().zip(other.components().rev());
        parts.take_while(|(one, two)| one == two).count()
    };
    let shared = all.iter().filter(|other| *other != folder).map(alike).max().unwrap_or(0);
    let root = Root::new(folder);
    if shared == 0 {
        return root;
    }
    let above = folder.ancestors().nth(shared + 1).unwrap_or(Path::new("/"));
    let name = folder.strip_prefix(above).unwrap_or(folder).display().to_string();
    root.named(name)
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
    fn folders_of_one_name_are_named_by_their_parents() {
        let dir = tempfile::tempdir().unwrap();
        let folders = ["a/src", "b/src", "b/a/src", "c"].map(|folder| dir.path().join(folder));
        folders.iter().for_each(|folder| std::fs::create_dir_all(folder).unwrap());
        let names = |folders: &[PathBuf]| {
            let setting = std::env::join_paths(folders).unwrap();
            in_setting(setting.to_str().unwrap())
                .map(|roots| roots.into_iter().map(|root| root.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&folders[..2]).unwrap(), ["a/src", "b/src"]);
        let names_of_all = names(&folders).unwrap();
        assert!(names_of_all[0].ends_with("/a/src") && names_of_all[2] == "b/a/src", "{names_of_all:?}");
        assert_eq!(names_of_all[3], "c");
        let twice = names(&[folders[0].clone(), dir.path().join("b/../a/src")]).unwrap_err().to_string();
        assert!(twice.contains("named twice") && twice.contains("CODEDOC_ROOTS"), "{twice}");
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_told_with_the_cure() {
        let told = in_setting("/nowhere/at/all").unwrap_err().to_string();
        assert!(told.contains("/nowhere/at/all") && told.contains("CODEDOC_ROOTS"), "{told}");
    }
}
