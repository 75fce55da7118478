//! Comments: which belong to a definition, and what they say.

use super::python;
use super::source::Source;
use super::syntax::{Definition, Syntax};
use std::ops::Range;
use tree_sitter::Node;

/// The row after a node. Some comment nodes end with their line break.
pub(super) fn end_row(node: Node<'_>) -> usize {
    let end = node.end_position();
    if end.column == 0 && end.row > node.start_position().row { end.row } else { end.row + 1 }
}

/// The comments and attributes right above a node, from the top.
pub(super) fn comments_above<'t>(node: Node<'t>, source: &Source<'_>) -> Vec<Node<'t>> {
    let mut above = Vec::new();
    let mut below = node;
    while let Some(node) = below.prev_sibling() {
        let kind = node.kind();
        let is_note = kind.contains("comment") || kind == "attribute_item" || kind == "decorator";
        let start = node.start_position();
        let opens_line = source.line(start.row).get(..start.column).is_some_and(|before| before.trim().is_empty());
        let is_inner = source.line(start.row).trim_start().starts_with("//!");
        if !is_note || !opens_line || is_inner || end_row(node) < below.start_position().row {
            break;
        }
        above.push(node);
        below = node;
    }
    above.reverse();
    above
}

pub(super) fn head_rows(root: Node<'_>, syntax: Syntax) -> Option<Range<usize>> {
    let mut cursor = root.walk();
    let mut rows: Option<Range<usize>> = None;
    for node in root.named_children(&mut cursor) {
        let start = node.start_position().row;
        if syntax == Syntax::Python && python::is_string(node) {
            return Some(start..end_row(node));
        }
        let is_comment = node.kind().contains("comment");
        let near = rows.as_ref().is_none_or(|rows| start <= rows.end + 1);
        if !is_comment || !near {
            // A comment that touches a definition describes it, not the file.
            let touches = rows.as_ref().is_some_and(|rows| rows.end == start);
            return rows.filter(|_| !touches || syntax == Syntax::Rust && node.kind() == "inner_attribute_item");
        }
        rows = Some(rows.map_or(start, |rows| rows.start)..end_row(node));
    }
    rows
}

pub(super) fn comment_text(source: &Source<'_>, rows: Range<usize>, syntax: Syntax) -> Vec<String> {
    rows.map(|row| {
        let line = source.line(row).trim();
        let marks: &[&str] = match syntax {
            Syntax::Python => &["#:", "#!", "#", "\"\"\"", "r\"\"\"", "'''"],
            _ => &["///", "//!", "//", "/**", "/*!", "/*", "*/", "* ", "*"],
        };
        let said = marks.iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
        let said = said.trim_end_matches("*/").trim_end_matches("\"\"\"").trim_end_matches("'''");
        let is_rule = !said.is_empty() && !said.contains("```") && !said.chars().any(char::is_alphanumeric);
        let said = said.strip_prefix(' ').unwrap_or(said);
        if is_rule && said.trim().len() > 2 { String::new() } else { said.trim_end().to_owned() }
    })
    .collect()
}

/// What the author says of a definition: its docstring, else the comments above it.
pub(super) fn documentation(
    source: &Source<'_>,
    syntax: Syntax,
    definition: &Definition<'_>,
    comments: &[Node<'_>],
) -> String {
    if syntax == Syntax::Python
        && let Some(said) = definition.body.and_then(|body| python::docstring(body, source.text))
    {
        return said;
    }
    let mut said = String::new();
    for node in comments.iter().filter(|node| node.kind().contains("comment")) {
        let rows = node.start_position().row..end_row(*node);
        said.push_str(&comment_text(source, rows, syntax).join("\n"));
        said.push('\n');
    }
    let cut = said.find("\n@").filter(|_| syntax != Syntax::Rust).unwrap_or(said.len());
    let cut = if said.starts_with('@') { 0 } else { cut };
    said[..cut].trim().to_owned()
}
