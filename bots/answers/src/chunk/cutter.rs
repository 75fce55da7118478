//! Cuts a file along its syntax tree.

use super::comments::{comment_text, comments_above, documentation, end_row, head_rows};
use super::signature::signature;
use super::source::Source;
use super::syntax::{Definition, Scope, Step, Syntax, text_of};
use super::{LONGEST_BYTES, LONGEST_LINES, lines, markdown, rust};
use crate::analyse::Chain;
use crate::passage::{Kind, Locator, Name, Passage};
use crate::text::cut_at;
use std::ops::Range;
use tree_sitter::{Node, Parser, Tree};

/// Containers nested deeper than this are not looked into.
const DEEPEST: usize = 24;
/// Lines of a long comment that stay with what it describes.
const COMMENT_LINES: usize = 30;

/// The passages of a file in a known language.
pub(super) fn definitions(source: &Source<'_>, syntax: Syntax) -> Vec<Passage> {
    let mut cutter = Cutter { source, syntax, passages: Vec::new(), covered: Vec::new(), loose: Vec::new() };
    let Some(tree) = cutter.parse(None) else {
        return lines::blocks(source, 0..source.line_count(), &[]);
    };
    cutter.head(tree.root_node());
    cutter.walk(tree.root_node(), &Scope::default());
    cutter.rest();
    cutter.passages
}

struct Cutter<'a> {
    source: &'a Source<'a>,
    syntax: Syntax,
    passages: Vec<Passage>,
    /// Rows that belong to a passage.
    covered: Vec<Range<usize>>,
    /// Names without a passage of their own yet.
    loose: Vec<Name>,
}

impl Cutter<'_> {
    fn parse(&self, within: Option<tree_sitter::Range>) -> Option<Tree> {
        let mut parser = Parser::new();
        parser.set_language(&self.syntax.grammar()).ok()?;
        if let Some(range) = within {
            parser.set_included_ranges(&[range]).ok()?;
        }
        parser.parse(self.source.text, None)
    }

    /// What the file says of itself, above all code.
    fn head(&mut self, root: Node<'_>) {
        let Some(rows) = head_rows(root, self.syntax).and_then(|rows| self.source.trim(rows)) else {
            return;
        };
        let cleaned = comment_text(self.source, rows.clone(), self.syntax);
        let sections = markdown::comment_sections(self.source, &rows, &cleaned);
        let module = module_name(self.source.path);
        for (at, mut passage) in sections.into_iter().enumerate() {
            passage.chain = Chain::Code;
            if at == 0 {
                passage.kind = Kind::Module;
                passage.symbol = module.clone();
                passage.documentation = passage.text.clone();
            }
            self.passages.push(passage);
        }
        self.covered.push(rows);
    }

    fn walk(&mut self, container: Node<'_>, scope: &Scope) {
        if scope.depth > DEEPEST {
            return;
        }
        let mut cursor = container.walk();
        for node in container.named_children(&mut cursor) {
            match self.syntax.step(node, self.source.text, scope) {
                Step::Define(definitions) => {
                    for definition in definitions {
                        self.define(definition, scope);
                    }
                }
                Step::Enter { inside, name } => {
                    let mut inner = scope.clone();
                    inner.depth += 1;
                    inner.test |= self.is_test(node);
                    inner.trail.extend(name);
                    self.walk(inside, &inner);
                }
                Step::Reparse(bytes) => self.reparse(node, bytes, scope),
                Step::Mention(names) => self.loose.extend(names),
                Step::Pass => {}
            }
        }
    }

    fn reparse(&mut self, node: Node<'_>, bytes: Range<usize>, scope: &Scope) {
        let Some(inside) = node.descendant_for_byte_range(bytes.start, bytes.end) else {
            return;
        };
        let mut range = inside.range();
        range.start_byte += 1;
        range.start_point.column += 1;
        range.end_byte = range.end_byte.saturating_sub(1).max(range.start_byte);
        range.end_point.column = range.end_point.column.saturating_sub(1);
        let Some(tree) = self.parse(Some(range)) else {
            return;
        };
        let mut inner = scope.clone();
        inner.depth += 1;
        self.walk(tree.root_node(), &inner);
    }

    fn define(&mut self, definition: Definition<'_>, scope: &Scope) {
        let comments = comments_above(definition.outer, self.source);
        let start = comments.first().map_or(definition.outer.start_position().row, |node| node.start_position().row);
        let end = end_row(definition.outer).min(self.source.line_count()).max(start + 1);
        let declared = definition.named.start_position().row;
        let test = scope.test || self.is_test(definition.outer);

        let title = definition.title.clone().unwrap_or_else(|| match &scope.owner {
            Some(owner) => format!("{owner}{}{}", self.syntax.separator(), definition.name),
            None => definition.name.clone(),
        });
        let first_member = self.passages.len();
        if let Some(members) = definition.members {
            let inner = Scope {
                trail: scope.trail.clone(),
                owner: Some(definition.name.clone()),
                test,
                depth: scope.depth + 1,
            };
            self.walk(members, &inner);
        }
        let card = (definition.members.is_some() && end - start > LONGEST_LINES / 2)
            .then(|| self.card(start..end, first_member));

        let mut passage = self.source.passage(Kind::Block, &(start..end), Chain::Code);
        passage.kind = definition.kind;
        passage.title = title;
        passage.trail.clone_from(&scope.trail);
        passage.test = test;
        passage.signature = signature(&definition, self.source.text);
        passage.documentation = documentation(self.source, self.syntax, &definition, &comments);
        passage.symbol = Some(definition.name);
        passage.declared = Some(declared + 1).filter(|_| declared > start);
        passage.also = definition.also;
        let (mine, others) =
            std::mem::take(&mut self.loose).into_iter().partition(|name| (start..end).contains(&(name.line - 1)));
        self.loose = others;
        passage.also.extend::<Vec<Name>>(mine);
        self.covered.push(start..end);
        match card {
            Some(text) => {
                passage.text = text;
                self.passages.push(passage);
            }
            None => self.push_split(passage, start..end, declared),
        }
    }

    /// A long definition keeps its head; what follows becomes blocks under its title.
    fn push_split(&mut self, mut passage: Passage, rows: Range<usize>, declared: usize) {
        if self.source.fitting(&rows) == rows.end {
            self.passages.push(passage);
            return;
        }
        let comment_end = declared.min(rows.start + COMMENT_LINES);
        let code_end =
            self.source.fitting(&(declared..rows.end)).min(declared + LONGEST_LINES - COMMENT_LINES).max(declared + 1);
        passage.text = if comment_end < declared {
            format!("{}\n…\n{}", self.source.text_of(rows.start..comment_end), self.source.text_of(declared..code_end))
        } else {
            self.source.text_of(rows.start..code_end)
        };
        let most = cut_at(&passage.text, 2 * LONGEST_BYTES).len();
        passage.text.truncate(most);
        if let Locator::Lines { last, .. } = &mut passage.locator {
            *last = code_end;
        }
        let pieces = self.source.split(comment_end..declared).into_iter().chain(self.source.split(code_end..rows.end));
        let blocks: Vec<_> = pieces
            .map(|piece| {
                let mut block = self.source.passage(Kind::Block, &piece, Chain::Code);
                block.title.clone_from(&passage.title);
                block.trail.clone_from(&passage.trail);
                block.test = passage.test;
                block
            })
            .collect();
        self.passages.push(passage);
        self.passages.extend(blocks);
    }

    /// The lines of a type with each method reduced to its signature.
    fn card(&self, rows: Range<usize>, first_member: usize) -> String {
        let members: Vec<_> = self.passages[first_member..].iter().filter(|passage| passage.kind.defines()).collect();
        let mut card = String::new();
        let mut row = rows.start;
        let mut listed = 0;
        while row < rows.end && listed < 4 * LONGEST_LINES && card.len() < 2 * LONGEST_BYTES {
            let member = members.iter().find_map(|passage| match &passage.locator {
                Locator::Lines { first, .. } if *first == row + 1 => Some(*passage),
                _ => None,
            });
            listed += 1;
            let Some(member) = member else {
                card.push_str(self.source.line(row));
                card.push('\n');
                row += 1;
                continue;
            };
            let declared = member.line().unwrap_or(row + 1) - 1;
            let line = self.source.line(declared);
            let indent = &line[..line.len() - line.trim_start().len()];
            for signature in member.signature.lines() {
                card.push_str(indent);
                card.push_str(signature);
                card.push('\n');
            }
            row = self.covered_to(row).max(row + 1);
        }
        card.truncate(cut_at(&card, 2 * LONGEST_BYTES).len());
        card.truncate(card.trim_end().len());
        card
    }

    fn covered_to(&self, row: usize) -> usize {
        self.covered.iter().find(|rows| rows.start == row).map_or(row, |rows| rows.end)
    }

    /// The lines that belong to no definition.
    fn rest(&mut self) {
        let mut covered = std::mem::take(&mut self.covered);
        covered.sort_by_key(|rows| (rows.start, rows.end));
        let mut row = 0;
        let mut gaps = Vec::new();
        for rows in covered {
            if row < rows.start {
                gaps.push(row..rows.start);
            }
            row = row.max(rows.end);
        }
        gaps.push(row..self.source.line_count());
        for gap in gaps {
            let says_something = gap.clone().any(|row| self.source.line(row).chars().any(char::is_alphanumeric));
            if !says_something {
                continue;
            }
            for mut passage in lines::blocks(self.source, gap, &[]) {
                let Locator::Lines { first, last, .. } = passage.locator else {
                    continue;
                };
                passage.also = self.loose.iter().filter(|name| (first..=last).contains(&name.line)).cloned().collect();
                self.passages.push(passage);
            }
        }
    }

    fn is_test(&self, node: Node<'_>) -> bool {
        self.syntax == Syntax::Rust
            && comments_above(node, self.source).iter().any(|above| {
                above.kind() == "attribute_item" && rust::is_test_attribute(text_of(*above, self.source.text))
            })
    }
}

/// The name people use for the module a file holds.
fn module_name(path: &str) -> Option<String> {
    let mut parts = path.rsplit('/');
    let file = parts.next()?;
    let stem = file.split('.').next()?;
    let folder = parts.next();
    let name = match stem {
        "mod" | "__init__" | "index" | "lib" | "main" => folder.filter(|folder| *folder != "src").unwrap_or(stem),
        stem => stem,
    };
    (!name.is_empty()).then(|| name.to_owned())
}
