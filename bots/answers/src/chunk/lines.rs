//! Text without a known syntax, in blocks of lines, with the names it plainly declares.

use super::source::Source;
use crate::analyse::Chain;
use crate::passage::{Kind, Name, Passage};
use std::ops::Range;

/// Blocks are this long where a blank line allows.
const BLOCK_LINES: usize = 40;

/// Blocks of the lines of `rows`, cut at blank lines before unindented ones.
pub(super) fn blocks(source: &Source<'_>, rows: Range<usize>, trail: &[String]) -> Vec<Passage> {
    let is_code = !matches!(super::extension(source.path), "txt" | "adoc" | "org" | "tex" | "html" | "htm" | "");
    let chain = if is_code { Chain::Code } else { source.prose_chain() };
    let mut passages = Vec::new();
    for piece in pieces(source, rows).into_iter().flat_map(|piece| source.split(piece)) {
        let mut passage = source.passage(Kind::Block, &piece, chain);
        passage.trail = trail.to_vec();
        if is_code {
            passage.also = piece.filter_map(|row| declared(source, row)).collect();
        }
        passages.push(passage);
    }
    passages
}

fn pieces(source: &Source<'_>, rows: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = rows.start;
    for row in rows.clone() {
        let opens = row > rows.start && source.is_blank(row - 1) && !source.line(row).starts_with([' ', '\t', '}']);
        if opens && row - start >= BLOCK_LINES / 2 {
            pieces.push(start..row);
            start = row;
        }
    }
    pieces.push(start..rows.end);
    pieces
}

/// Words that open a declaration in some language, and are followed by its name.
#[rustfmt::skip]
const DECLARE: &[&str] = &[
    "class", "def", "defmodule", "enum", "fn", "fun", "func", "function", "interface", "message",
    "module", "namespace", "object", "proc", "protocol", "record", "service", "struct", "sub",
    "trait", "type", "typedef", "union",
];

const BEFORE: &[&str] = &[
    "abstract",
    "async",
    "data",
    "export",
    "extern",
    "final",
    "inline",
    "internal",
    "open",
    "override",
    "partial",
    "private",
    "protected",
    "public",
    "sealed",
    "static",
    "virtual",
];

fn declared(source: &Source<'_>, row: usize) -> Option<Name> {
    let line = source.line(row);
    let mut words = line.split_whitespace().skip_while(|word| BEFORE.contains(word));
    let keyword = words.next()?;
    let name = if DECLARE.contains(&keyword) {
        // A Go method names its receiver first: func (s *Server) Serve().
        let rest = line[line.find(keyword)? + keyword.len()..].trim_start();
        let rest = if keyword == "func" && rest.starts_with('(') { rest.split_once(')')?.1.trim_start() } else { rest };
        name_at_start(rest)?
    } else if keyword == "#define" {
        name_at_start(words.next()?)?
    } else {
        function_in_c(source, row)?
    };
    Some(Name { name: name.into(), line: row + 1 })
}

fn name_at_start(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 1 && !text.starts_with(|c: char| c.is_numeric())).then(|| &text[..end])
}

/// `int main(int argc, char **argv) {`: unindented, a type, a name, a brace here or below.
fn function_in_c<'a>(source: &Source<'a>, row: usize) -> Option<&'a str> {
    let line = source.line(row).trim_end();
    let starts = line.starts_with(|c: char| c.is_ascii_alphabetic());
    let opens = line.ends_with('{') || (line.ends_with(')') && source.line(row + 1).trim() == "{");
    let (head, _) = line.split_once('(')?;
    let name = head.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
    (starts && opens && head.contains([' ', '*']) && !head.contains('=') && name_at_start(name) == Some(name))
        .then_some(name)
}
