//! Lists the files of code bases.

use super::leave_out::{by_name, is_vendored};
use super::{File, LeftOut, Reason, Root};
use crate::error::Error;
use ignore::{DirEntry, WalkBuilder};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The files of all roots, in order of root and path, and what was left out.
///
/// `excluded` is a folder that is never read: the index may stand inside a code base.
/// Refuses a root that cannot be listed and two roots of one name.
pub(crate) fn list(roots: &[Root], excluded: &Path) -> Result<(Vec<File>, LeftOut), Error> {
    let mut names = HashSet::new();
    for root in roots {
        root.check()?;
        if !names.insert(&root.name) {
            return Err(Error::SameName { name: root.name.clone() });
        }
    }
    let excluded = excluded.canonicalize().unwrap_or_else(|_| excluded.into());
    let mut files = Vec::new();
    let mut left_out = LeftOut::new();
    for root in roots {
        list_root(root, &excluded, &mut files, &mut left_out);
    }
    Ok((files, left_out))
}

fn list_root(root: &Root, excluded: &Path, files: &mut Vec<File>, left_out: &mut LeftOut) {
    let base = root.path.canonicalize().unwrap_or_else(|_| root.path.clone());
    let excluded = excluded.to_path_buf();
    let walk = WalkBuilder::new(&base)
        // A code base unpacked without its .git still means its .gitignore.
        .require_git(false)
        // What stands above the root, and the account's own rules, are not part of it.
        .parents(false)
        .git_global(false)
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .filter_entry(move |entry| wanted(entry, &excluded))
        .build();
    let mut seen: HashMap<PathBuf, HashSet<PathBuf>> = HashMap::new();
    for entry in walk {
        let Ok(entry) = entry else {
            *left_out.entry(Reason::Unreadable).or_default() += 1;
            continue;
        };
        if let Some(parent) = entry.path().parent() {
            seen.entry(parent.into()).or_default().insert(entry.path().into());
        }
        let Some(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() {
            seen.entry(entry.path().into()).or_default();
            continue;
        }
        match file(root, &base, &entry) {
            Ok(file) => files.push(file),
            Err(reason) => *left_out.entry(reason).or_default() += 1,
        }
    }
    count_passed_over(&base, &seen, left_out);
}

fn wanted(entry: &DirEntry, excluded: &Path) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    if !is_folder || entry.depth() == 0 {
        return true;
    }
    !is_vendored(&entry.file_name().to_string_lossy()) && entry.path() != excluded
}

fn file(root: &Root, base: &Path, entry: &DirEntry) -> Result<File, Reason> {
    let about = entry.metadata().map_err(|_| Reason::Unreadable)?;
    if !about.is_file() {
        return Err(Reason::Link);
    }
    let inside = entry.path().strip_prefix(base).unwrap_or(entry.path());
    if let Some(reason) = by_name(inside, about.len()) {
        return Err(reason);
    }
    let path = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    let modified = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Ok(File {
        root: root.name.clone(),
        path,
        place: entry.path().into(),
        size: about.len(),
        modified: modified.map_or(0, |time| time.as_nanos()),
    })
}

/// The walk does not tell what it passes over, so every visited folder is compared with its listing.
fn count_passed_over(base: &Path, seen: &HashMap<PathBuf, HashSet<PathBuf>>, left_out: &mut LeftOut) {
    for (folder, visited) in seen.iter().filter(|(folder, _)| folder.starts_with(base)) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.flatten().filter(|entry| !visited.contains(&entry.path())) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let reason = match name {
                name if name.starts_with('.') => Reason::Hidden,
                name if is_vendored(&name) => Reason::Vendored,
                _ => Reason::Ignored,
            };
            *left_out.entry(reason).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let place = folder.path().join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, text).unwrap();
        }
        folder
    }

    #[test]
    fn leaves_out_and_counts() {
        let folder = tree(&[
            (".gitignore", "secret.txt\nlogs/\n"),
            (".env", "X=1"),
            ("secret.txt", "x"),
            ("logs/a.log", "x"),
            ("node_modules/a/index.js", "x"),
            ("src/main.rs", "fn main() {}"),
            ("logo.png", "x"),
        ]);
        let root = Root::new(folder.path()).named("demo");
        let (files, left_out) = list(&[root], Path::new("/nowhere")).unwrap();
        let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["src/main.rs"]);
        let counted = [(Reason::Ignored, 2), (Reason::Hidden, 2), (Reason::Vendored, 1), (Reason::Binary, 1)];
        assert_eq!(left_out, LeftOut::from(counted));
    }

    #[test]
    fn a_missing_root_says_which_and_what_to_do() {
        let error = list(&[Root::new("/no/such/place")], Path::new("/nowhere")).unwrap_err();
        let told = error.to_string();
        assert!(told.contains("/no/such/place") && told.contains("give the path"), "{told}");
    }

    #[test]
    fn the_index_inside_a_root_is_not_read() {
        let folder = tree(&[("a.rs", "fn a() {}"), ("index/meta.json", "{}")]);
        let (files, _) = list(&[Root::new(folder.path())], &folder.path().join("index")).unwrap();
        assert_eq!(files.len(), 1);
    }

    #[test]
    fn two_roots_of_one_name_are_refused() {
        let (one, two) = (tree(&[]), tree(&[]));
        let roots = [Root::new(one.path()).named("x"), Root::new(two.path()).named("x")];
        assert!(matches!(list(&roots, Path::new("/nowhere")), Err(Error::SameName { .. })));
    }
}
