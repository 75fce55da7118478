//! The book and the pages beside the code are true: what they list, link to and show is there.
#![allow(clippy::unwrap_used, reason = "a page that cannot be read fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every page, with its text.
fn pages() -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    for folder in ["", "framework", "macros", "docs", "docs/en", "docs/fr"] {
        let files = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        paths.extend(files.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    assert!(paths.len() > 8, "{paths:?}");
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// What stands between `open` and the next `close`, each time.
fn between<'a>(text: &'a str, open: &str, close: char) -> Vec<&'a str> {
    text.split(open).skip(1).filter_map(|rest| rest.split_once(close)).map(|(inside, _)| inside).collect()
}

/// The text without its blocks of code.
fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// The blocks of code of one language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let blocks = text.split("```").skip(1).step_by(2);
    blocks
        .filter_map(|block| block.split_once('\n'))
        .filter(|(name, _)| *name == language)
        .map(|(_, code)| code)
        .collect()
}

/// The fragments that a page's headings can be linked by.
fn fragments(text: &str) -> Vec<String> {
    let prose = prose(text);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    let fragment = |heading: &str| {
        let kept = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
    };
    headings.map(fragment).collect()
}

/// The lines of a source between the two marks of an anchor, without the marks of others.
fn region(source: &str, anchor: &str) -> Option<String> {
    let (begin, end) = (format!("// ANCHOR: {anchor}"), format!("// ANCHOR_END: {anchor}"));
    let mut lines = source.lines().skip_while(|line| line.trim() != begin).skip(1);
    let inside: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != end).collect();
    let kept = inside.into_iter().filter(|line| !line.trim_start().starts_with("// ANCHOR"));
    let kept: String = kept.map(|line| format!("{line}\n")).collect();
    (!kept.is_empty()).then_some(kept)
}

/// The code of the block that a text begins with.
fn first_block(text: &str) -> Option<&str> {
    text.strip_prefix("```rust\n")?.split_once("\n```").map(|(code, _)| code)
}

/// A page shows code itself, so that it is read wherever the page is; the comment before it names where it is from.
/// `listing` is the whole block, `listing within` a part of it.
#[test]
fn every_listing_is_what_its_source_says() {
    let mut count = 0;
    for (page, text) in pages() {
        assert!(!text.contains("{{#include"), "{page:?} includes what only the book shows");
        for (mark, after) in text.split("<!-- listing").skip(1).filter_map(|rest| rest.split_once(" -->\n")) {
            let (extent, place) = mark.split_once(": ").unwrap_or_else(|| panic!("{page:?}: {mark:?} names no source"));
            let (path, anchor) = place.split_once(':').unwrap_or_else(|| panic!("{page:?}: {place} has no anchor"));
            let source = fs::read_to_string(page.with_file_name(path));
            let source = source.unwrap_or_else(|error| panic!("{page:?}: {path}: {error}"));
            let listing = region(&source, anchor).unwrap_or_else(|| panic!("{page:?}: {path} has no part {anchor}"));
            let shown = first_block(after).unwrap_or_else(|| panic!("{page:?}: no block follows {place}"));
            let shown = format!("{shown}\n");
            match extent {
                "" => assert_eq!(shown, listing, "{page:?}: {place} is shown otherwise than it is"),
                " within" => assert!(shown.contains(&listing), "{page:?}: {place} is not in\n{shown}"),
                _ => panic!("{page:?}: {mark:?} is no kind of listing"),
            }
            count += 1;
        }
    }
    assert!(count > 20, "only {count} listings");
}

/// Code in the book is marked with its source; only the test of the reader's own bot has none.
#[test]
fn no_code_of_the_book_is_without_its_source() {
    let book = root().join("docs");
    for (page, text) in pages().into_iter().filter(|(page, _)| page.starts_with(&book)) {
        let mut before = "";
        for line in text.lines() {
            let own = page.ends_with("quick-start.md") || page.ends_with("demarrage.md");
            assert!(own || line != "```rust" || before.starts_with("<!-- listing"), "{page:?}: code after {before:?}");
            before = line;
        }
    }
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut count = 0;
    for (page, text) in pages() {
        for link in between(&prose(&text), "](", ')') {
            if link.contains("://") {
                continue;
            }
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.clone() } else { page.with_file_name(path) };
            assert!(target.exists(), "{page:?}: {link} leads nowhere");
            if !fragment.is_empty() {
                let fragments = fragments(&fs::read_to_string(&target).unwrap());
                assert!(fragments.iter().any(|known| known == fragment), "{page:?}: {link} is none of {fragments:?}");
            }
            count += 1;
        }
    }
    assert!(count > 20, "only {count} links");
}

#[test]
fn every_page_of_the_book_is_in_its_summary() {
    let book = root().join("docs");
    let summary = fs::read_to_string(book.join("SUMMARY.md")).unwrap();
    let listed: Vec<PathBuf> = between(&summary, "](", ')').into_iter().map(|link| book.join(link)).collect();
    let pages = pages().into_iter().map(|(path, _)| path);
    for page in pages.filter(|path| path.starts_with(&book) && !path.ends_with("SUMMARY.md")) {
        assert!(listed.contains(&page), "{page:?} is in no summary");
    }
}

/// The bot of the crate's page is compiled as its documentation; that of the first page is the same.
#[test]
fn both_first_pages_show_the_same_bot() {
    let page = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let (first, of_the_crate) = (page("README.md"), page("framework/README.md"));
    assert_eq!(blocks(&first, "rust")[0], blocks(&of_the_crate, "rust,no_run")[0]);
}

#[test]
fn every_place_in_the_source_that_is_shown_is_an_attribute() {
    let mut count = 0;
    for (page, text) in pages() {
        for place in text.split([' ', '(', ')', '\n', ',']).filter(|word| word.starts_with("examples/")) {
            let Some((path, line)) = place.split_once(".rs:") else { continue };
            let source = fs::read_to_string(root().join(format!("{path}.rs"))).unwrap();
            let line: usize = line.trim_end_matches(':').parse().unwrap();
            let shown = source.lines().nth(line - 1).unwrap_or_default();
            assert!(shown.starts_with("#[on_"), "{page:?}: {place} is {shown:?}");
            count += 1;
        }
    }
    assert!(count > 3, "only {count} places are shown");
}

/// What the pages show of this bot in the terminal is what it prints; `…` stands for what is left out.
#[test]
fn every_conversation_with_this_bot_is_true() {
    let mut count = 0;
    for (page, text) in pages() {
        for block in blocks(&text, "console") {
            for shown in block.split("$ ").filter_map(|shown| shown.strip_prefix("cargo run -q -p tour -- ")) {
                let (arguments, lines) = shown.split_once('\n').unwrap();
                let printed = run(arguments);
                for line in lines.lines().filter(|line| !line.trim().is_empty() && *line != "…") {
                    assert!(printed.lines().any(|known| known == line), "{page:?}: {line:?} is not in\n{printed}");
                }
                count += 1;
            }
        }
    }
    assert!(count > 2, "only {count} conversations are shown");
}

fn run(arguments: &str) -> String {
    let words = arguments.split('"').enumerate().flat_map(|(index, part)| match index % 2 {
        0 => part.split_whitespace().collect(),
        _ => vec![part],
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_tour"));
    let output =
        command.args(words).current_dir(env!("CARGO_TARGET_TMPDIR")).env("BAVARD_LANG", "en").output().unwrap();
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
