//! Where an answer comes from, and the lines it shows.

use crate::find::Hit;
use crate::passage::{Kind, Locator, Passage};
use crate::text::cut_at;
use std::fmt;

/// Lines shown of a definition.
const SHOWN: usize = 40;
const SHOWN_BYTES: usize = 3000;
/// Bytes of a line that stands for a title.
const SHOWN_OF_LINE: usize = 160;

/// A place an answer comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The code base, when there are several.
    pub root: Option<String>,
    /// Path of the file, or address of the page with its anchor.
    pub path: String,
    /// Line, counted from 1; nothing for a page.
    pub line: Option<usize>,
    /// What stands there: `Router::route`, a heading, or the line itself where nothing names it.
    pub title: String,
    /// What kind of passage it is.
    pub kind: Kind,
}

impl Source {
    pub(super) fn of(hit: &Hit, several_roots: bool) -> Self {
        let (root, path) = match &hit.passage.locator {
            Locator::Lines { root, path, .. } => (several_roots.then(|| root.clone()), path.clone()),
            Locator::Page { url, anchor: Some(anchor), .. } => (None, format!("{url}#{anchor}")),
            Locator::Page { url, anchor: None, .. } => (None, url.clone()),
        };
        Self {
            root,
            path,
            line: hit.line,
            title: loose_line(hit).unwrap_or_else(|| title(&hit.passage)),
            kind: hit.passage.kind,
        }
    }
}

/// What a passage is called in a list. A heading of a page, as "Prices", says little without the title of the page.
fn title(passage: &Passage) -> String {
    match (&passage.locator, passage.trail.first()) {
        (Locator::Page { .. }, Some(page)) => format!("{page} › {}", passage.title),
        _ => passage.title.clone(),
    }
}

/// The line of a passage that only bears the name of its file.
fn loose_line(hit: &Hit) -> Option<String> {
    let passage = &hit.passage;
    let named = passage.kind != Kind::Block || !passage.locator.path().ends_with(&passage.title);
    if named || hit.definition {
        return None;
    }
    let line = passage.text.lines().nth(hit.line? - first_line(passage)?)?.trim();
    let cut = cut_at(line, SHOWN_OF_LINE);
    Some(if cut.len() < line.len() { format!("{cut}…") } else { cut.to_owned() })
}

/// `path:line`, after the name of the code base when there are several.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(root) = &self.root {
            write!(f, "{root}/")?;
        }
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.path),
            None => f.write_str(&self.path),
        }
    }
}

/// Lines of a passage, to be shown as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The lines.
    pub text: String,
    /// The name of their language for a code fence; empty when it has none.
    pub language: String,
    /// Whether lines were left out at the end.
    pub shortened: bool,
}

impl Excerpt {
    /// The declaration alone; nothing for a passage that declares nothing.
    pub(super) fn of_signature(hit: &Hit) -> Option<Self> {
        let passage = &hit.passage;
        // A name beside the symbol is declared on a line of its own.
        let beside = hit.definition && hit.line != passage.line();
        let text = match (hit.line.zip(first_line(passage)), beside) {
            (Some((line, first)), true) => passage.text.lines().nth(line - first)?.trim().to_owned(),
            _ => passage.signature.clone(),
        };
        (!text.is_empty()).then(|| Self::bounded(&text, passage))
    }

    /// The definition with its comment and body.
    pub(super) fn of_definition(hit: &Hit) -> Self {
        Self::bounded(&hit.passage.text, &hit.passage)
    }

    fn bounded(text: &str, passage: &Passage) -> Self {
        let mut shown = String::new();
        let mut shortened = false;
        for (at, line) in text.lines().enumerate() {
            if at >= SHOWN || shown.len() + line.len() > SHOWN_BYTES {
                shortened = true;
                break;
            }
            shown.push_str(line);
            shown.push('\n');
        }
        // One line may be too long by itself.
        if shown.is_empty() {
            shown = cut_at(text, SHOWN_BYTES).to_owned();
        }
        shown.truncate(shown.trim_end().len());
        let cut = passage_goes_on(passage, text);
        Self { text: shown, language: fence(passage).into(), shortened: shortened || cut }
    }
}

fn first_line(passage: &Passage) -> Option<usize> {
    passage.locator.line()
}

/// Whether the passage was split where this text ends: its braces do not close.
fn passage_goes_on(passage: &Passage, text: &str) -> bool {
    let counts = |open: char, close: char| text.matches(open).count() > text.matches(close).count();
    text == passage.text && passage.kind.defines() && fence(passage) != "python" && counts('{', '}')
}

fn fence(passage: &Passage) -> &str {
    let path = passage.locator.path();
    let extension =
        path.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map_or("", |(_, extension)| extension);
    match (passage.kind, extension) {
        (Kind::Section, _) => "",
        (_, "rs") => "rust",
        (_, "py" | "pyi") => "python",
        (_, "js" | "mjs" | "cjs" | "jsx") => "javascript",
        (_, "ts" | "mts" | "cts") => "typescript",
        (_, other) => other,
    }
}
