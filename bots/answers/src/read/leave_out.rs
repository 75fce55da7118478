//! What is not worth reading, and why.

use crate::chunk::is_test_path;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Why a file, or a whole folder, is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A rule of `.gitignore` or `.ignore` names it.
    Ignored,
    /// Its name begins with a dot.
    Hidden,
    /// A folder of other people's code or of build results.
    Vendored,
    /// Not text.
    Binary,
    /// Written by a program: lock files, minified scripts, generated code.
    Generated,
    /// Data that tests read, which says what is asked and not what is so.
    TestData,
    /// A list of words, as a dictionary is: it speaks of everything.
    Words,
    /// Larger than what people write.
    TooLarge,
    /// A link; what it leads to is read where it stands.
    Link,
    /// The system refused to read it.
    Unreadable,
}

/// How many files were left out, by reason. A folder left out whole counts once.
pub type LeftOut = BTreeMap<Reason, usize>;

const LARGEST: u64 = 1 << 20;
/// Shorter lists may be anything: requirements, authors.
const SHORTEST_LIST: usize = 1 << 10;
/// Tables and translations beyond this size are data, not documentation.
const LARGEST_DATA: u64 = 64 << 10;

#[rustfmt::skip]
const VENDORED: &[&str] = &[
    "node_modules", "bower_components", "vendor", "third_party", "third-party", "target", "dist",
    "site-packages", "__pycache__", "venv", "Pods", "DerivedData", "coverage", "htmlcov",
];

#[rustfmt::skip]
const BINARY: &[&str] = &[
    "7z", "a", "avif", "bin", "bmp", "bz2", "class", "db", "dll", "dylib", "eot", "exe", "gif",
    "gz", "ico", "icns", "jar", "jpeg", "jpg", "lib", "mo", "mp3", "mp4", "o", "odt", "ogg",
    "otf", "pdf", "png", "pyc", "rlib", "so", "sqlite", "svg", "tar", "tgz", "tif", "tiff", "ttf",
    "wasm", "wav", "webm", "webp", "woff", "woff2", "xls", "xlsx", "xz", "zip", "zst",
];

const DATA: &[&str] = &["csv", "json", "jsonl", "ndjson", "po", "pot", "tsv", "xml", "snap"];

const LOCKS: &[&str] =
    &["Cargo.lock", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "go.sum", "uv.lock"];

/// Whether a folder of this name holds what its owner did not write.
pub(super) fn is_vendored(folder: &str) -> bool {
    VENDORED.contains(&folder)
}

/// Judges a file by its path in the code base and its size, before it is opened.
pub(super) fn by_name(path: &Path, size: u64) -> Option<Reason> {
    let name = path.file_name()?.to_string_lossy();
    let extension = extension(path);
    if BINARY.contains(&extension.as_str()) {
        return Some(Reason::Binary);
    }
    let is_data = DATA.contains(&extension.as_str()) || extension == "txt";
    if is_data && is_test_path(&path.to_string_lossy()) {
        return Some(Reason::TestData);
    }
    let generated = name.contains(".min.")
        || name.contains(".generated.")
        || matches!(extension.as_str(), "map" | "lock")
        || name.ends_with("_pb2.py")
        || name.ends_with(".pb.go")
        || LOCKS.contains(&name.as_ref());
    if generated {
        return Some(Reason::Generated);
    }
    let largest = if DATA.contains(&extension.as_str()) { LARGEST_DATA } else { LARGEST };
    (size > largest).then_some(Reason::TooLarge)
}

/// Judges a file by what stands in it.
pub(super) fn by_content(path: &Path, bytes: &[u8]) -> Option<Reason> {
    if bytes.iter().take(8 << 10).any(|&byte| byte == 0) {
        return Some(Reason::Binary);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1 << 10)]);
    let says_so = head.lines().take(8).any(|line| {
        let comment = line.trim_start().starts_with(['/', '#', '*', '-', '<', ';', '"']);
        comment && (line.contains("@generated") || (line.contains("generated") && line.contains("DO NOT EDIT")))
    });
    if says_so || is_minified(path, bytes) {
        return Some(Reason::Generated);
    }
    is_words(path, bytes).then_some(Reason::Words)
}

/// Nothing but words, and none of them in sentences.
fn is_words(path: &Path, bytes: &[u8]) -> bool {
    if extension(path) != "txt" || bytes.len() < SHORTEST_LIST {
        return false;
    }
    let text = String::from_utf8_lossy(bytes);
    let is_word = |word: &str| {
        let word = word.trim_end_matches([',', ';', ':']);
        word.chars().all(|c| c.is_alphabetic() || "-'’".contains(c))
    };
    let (mut words, mut all) = (0, 0);
    for word in text.split_whitespace() {
        if word.ends_with(['.', '!', '?', '…']) {
            return false;
        }
        all += 1;
        words += usize::from(is_word(word));
    }
    words * 100 >= all * 95
}

/// Prose may have one line per paragraph; code may not.
fn is_minified(path: &Path, bytes: &[u8]) -> bool {
    if !matches!(extension(path).as_str(), "js" | "mjs" | "cjs" | "css" | "json" | "ts" | "py" | "rs") {
        return false;
    }
    let lines = bytes.split(|&byte| byte == b'\n').count();
    bytes.len() > 4096 && bytes.len() / lines > 300
}

fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide_first() {
        let judge = |name: &str| by_name(Path::new(name), 10);
        assert_eq!(judge("logo.PNG"), Some(Reason::Binary));
        assert_eq!(judge("app.min.js"), Some(Reason::Generated));
        assert_eq!(judge("Cargo.lock"), Some(Reason::Generated));
        assert_eq!(judge("src/main.rs"), None);
        assert_eq!(by_name(Path::new("a.rs"), LARGEST + 1), Some(Reason::TooLarge));
    }

    #[test]
    fn content_decides_next() {
        assert_eq!(by_content(Path::new("x"), b"a\0b"), Some(Reason::Binary));
        assert_eq!(by_content(Path::new("x.go"), b"// Code generated by x. DO NOT EDIT.\n"), Some(Reason::Generated));
        assert_eq!(by_content(Path::new("x.js"), "a=1;".repeat(2000).as_bytes()), Some(Reason::Generated));
        assert_eq!(by_content(Path::new("x.md"), "a b ".repeat(2000).as_bytes()), None);
        assert_eq!(by_content(Path::new("x.rs"), b"fn main() {}\n"), None);
        assert_eq!(by_content(Path::new("x.rs"), b"fn f() { x(\"@generated\") }\n"), None);
    }

    #[test]
    fn lists_of_words_and_data_of_tests_say_nothing() {
        let judge = |text: &str| by_content(Path::new("words.txt"), text.as_bytes());
        assert_eq!(judge(&"retry, again: once more\n".repeat(100)), Some(Reason::Words));
        assert_eq!(judge(&"Retry once more. ".repeat(100)), None);
        assert_eq!(judge(&"add_library(one two)\n".repeat(100)), None);
        assert_eq!(judge("serde\ntokio\n"), None);
        assert_eq!(by_name(Path::new("src/tests/questions.tsv"), 10), Some(Reason::TestData));
        assert_eq!(by_name(Path::new("docs/limits.csv"), 10), None);
    }
}
