//! Which of the passages that define a name is meant.

use super::Hit;
use crate::passage::{Kind, Passage};
use std::cmp::Reverse;

/// A name to look up, with the owner it may be qualified by.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) owner: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    /// Reads `name`, `Owner::name`, `owner.name`, `name()` or `name!`.
    pub(super) fn new(text: &'a str) -> Self {
        let text = text.split('(').next().unwrap_or(text).trim_end_matches('!');
        let mut parts = text.rsplit(|c: char| ":.#".contains(c)).filter(|part| !part.is_empty());
        let name = parts.next().unwrap_or(text);
        Self { name, owner: parts.next() }
    }
}

/// Passages that define the wanted name, the one that is meant first.
pub(super) fn order(passages: Vec<Passage>, wanted: &Wanted<'_>) -> Vec<Hit> {
    let mut hits: Vec<Hit> = passages.into_iter().map(|passage| hit(passage, wanted)).collect();
    hits.sort_by_cached_key(|hit| {
        let passage = &hit.passage;
        let own = is_own(passage, wanted);
        let path = passage.locator.path();
        (
            Reverse(owned(passage, wanted)),
            passage.test,
            Reverse(spelled(passage, wanted)),
            is_aside(path),
            if own { rank(passage) } else { beside(passage) },
            !is_public(passage),
            passage.documentation.is_empty(),
            path.matches('/').count(),
            path.len(),
            hit.line,
        )
    });
    hits
}

fn hit(passage: Passage, wanted: &Wanted<'_>) -> Hit {
    let named = |exact: bool| {
        passage.also.iter().find(|name| if exact { name.name == wanted.name } else { same(&name.name, wanted.name) })
    };
    let line = if is_own(&passage, wanted) {
        passage.line()
    } else {
        named(true).or_else(|| named(false)).map(|name| name.line).or_else(|| passage.line())
    };
    Hit { line, score: 1.0, covered: 1.0, definition: true, passage }
}

fn same(one: &str, other: &str) -> bool {
    crate::analyse::squash(one) == crate::analyse::squash(other)
}

fn is_own(passage: &Passage, wanted: &Wanted<'_>) -> bool {
    passage.symbol.as_deref().is_some_and(|symbol| same(symbol, wanted.name))
}

/// How exactly the name is spelled: 2 the same, 1 but for case, 0 but for separators too.
fn spelled(passage: &Passage, wanted: &Wanted<'_>) -> u8 {
    let names = passage.symbol.iter().map(String::as_str).chain(passage.also.iter().map(|name| name.name.as_str()));
    names
        .map(|name| match name {
            name if name == wanted.name => 2,
            name if name.eq_ignore_ascii_case(wanted.name) => 1,
            _ => 0,
        })
        .max()
        .unwrap_or(0)
}

/// Whether the owner the name was qualified by is there: in the title, the trail or the path.
pub(super) fn owned(passage: &Passage, wanted: &Wanted<'_>) -> u8 {
    let Some(owner) = wanted.owner else { return 0 };
    let holds = |text: &str| text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|part| part == owner);
    let title = passage.title.rsplit_once([':', '.']).map_or("", |(before, _)| before);
    if holds(title) || passage.also.iter().any(|_| passage.symbol.as_deref() == Some(owner)) {
        return 2;
    }
    u8::from(passage.trail.iter().any(|name| name == owner) || holds(passage.locator.path()))
}

fn rank(passage: &Passage) -> u8 {
    // A type that is declared without a body only announces the one that has it.
    match passage.kind {
        Kind::Type => 0,
        Kind::Function | Kind::Macro => 1,
        Kind::Alias | Kind::Constant => 2,
        Kind::Method => 3,
        _ => 4,
    }
}

/// A constant or a name passed on comes before the variant of an enum.
fn beside(passage: &Passage) -> u8 {
    if passage.kind == Kind::Block { 5 } else { 6 }
}

/// Whether others may use it, as far as its declaration tells.
fn is_public(passage: &Passage) -> bool {
    let is_rust = passage.locator.path().ends_with(".rs");
    let open = !is_rust || matches!(passage.kind, Kind::Method | Kind::Macro | Kind::Module | Kind::Block);
    let named_private = passage.symbol.as_deref().is_some_and(|symbol| symbol.starts_with('_'));
    (open || passage.signature.starts_with("pub ")) && !named_private
}

/// Whether a path holds examples rather than the thing itself.
pub(super) fn is_aside(path: &str) -> bool {
    path.split('/').any(|part| ASIDE.contains(&part.split('.').next().unwrap_or(part)))
}

const ASIDE: &[&str] = &[
    "examples",
    "example",
    "benches",
    "bench",
    "benchmarks",
    "demo",
    "demos",
    "samples",
    "fuzz",
    "mocks",
    "mocked",
    "mock",
    "stubs",
];
