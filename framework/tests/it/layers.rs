//! A room stands on what it uses; nothing points back up.

#![allow(clippy::unwrap_used, reason = "a test that reads the sources")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The rooms of the crate, from the ground up. Those of one line do not know each other.
const ROOMS: &[&[&str]] = &[
    &["sentence"],
    &["markup", "id", "clock", "error", "language", "metrics", "nonce", "within"],
    &["schedule"],
    &["event"],
    &["reply"],
    &["route"],
    &["platform"],
    &["conversation"],
    &["store"],
    &["storage"],
    &["handler"],
    &["dispatch"],
    &["engine"],
    &["server", "slack", "workspace"],
    &["settings", "manifest"],
    &["doctor"],
    &["app"],
    &["testing", "cli"],
];

/// What stands outside the house: the table of contents, and what is written by macros.
const OUTSIDE: &[&str] = &["lib", "prelude", "__private", "__bench", "__fuzz"];

#[test]
fn no_room_uses_one_above_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in files(&source) {
        let room = room(&source, &file);
        if OUTSIDE.contains(&room.as_str()) {
            continue;
        }
        let own = floor(&room).unwrap_or_else(|| panic!("`{room}` has no place among the rooms"));
        let text = without_tests(&fs::read_to_string(&file).unwrap());
        for used in used(&text).iter().filter(|used| **used != room) {
            if floor(used).is_some_and(|other| other >= own) {
                wrong.push(format!("{} uses `{used}`", file.strip_prefix(&source).unwrap().display()));
            }
        }
    }
    assert!(wrong.is_empty(), "a room stands on what it uses, and nothing points back up:\n{}", wrong.join("\n"));
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path) {
            files.push(path);
        }
    }
    files
}

/// Tests may look wherever they like.
fn is_test(path: &Path) -> bool {
    let name = path.file_stem().unwrap().to_str().unwrap();
    ["tests", "simulation", "conformance"].contains(&name) || path.components().any(|part| part.as_os_str() == "tests")
}

fn room(source: &Path, file: &Path) -> String {
    let first = file.strip_prefix(source).unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

fn floor(room: &str) -> Option<usize> {
    ROOMS.iter().position(|rooms| rooms.contains(&room))
}

fn without_tests(text: &str) -> String {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned()
}

/// The rooms that a file names: behind `crate::`, alone or in braces.
fn used(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for behind in text.split("crate::").skip(1) {
        match behind.strip_prefix('{') {
            None => used.extend(word(behind)),
            Some(list) => used.extend(first_words(list)),
        }
    }
    used
}

/// The first word of each element of a braced list, up to its end.
fn first_words(list: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut depth = 0;
    let mut expects = true;
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expects = true,
            _ if expects && !character.is_whitespace() => {
                words.extend(word(&list[at..]));
                expects = false;
            }
            _ => {}
        }
    }
    words
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|character: char| !(character.is_ascii_lowercase() || character == '_')).unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

#[test]
fn names_are_read_alone_and_in_braces() {
    let text = "use crate::{\n    clock::Clock,\n    event::{Event, Kind},\n};\nlet x = crate::store::Key::of(1);";
    let found: Vec<_> = used(text).into_iter().collect();
    assert_eq!(found, ["clock", "event", "store"]);
}
