//! Definitions by syntax tree: what the three grammars share.

use super::source::Source;
use super::{LONGEST_LINES, javascript, lines, markdown, python, rust};
use crate::analyse::Chain;
use crate::passage::{Kind, Name, Passage};
use std::ops::Range;
use tree_sitter::{Node, Parser, Tree};

/// Containers nested deeper than this are not looked into.
const DEEPEST: usize = 24;
/// Lines of a long comment that stay with what it describes.
const COMMENT_LINES: usize = 30;

/// A language whose definitions are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Rust,
    Python,
    JavaScript,
    TypeScript,
    Tsx,
}

/// What a node means to the cutter.
pub(super) enum Step<'t> {
    /// It defines these.
    Define(Vec<Definition<'t>>),
    /// Definitions may stand inside it; the name, if any, leads to them.
    Enter {
        inside: Node<'t>,
        name: Option<String>,
    },
    /// Bytes the grammar took for plain tokens, that may hold definitions.
    Reparse(Range<usize>),
    /// A name not worth a passage of its own.
    Mention(Vec<Name>),
    /// Nothing.
    Pass,
}

/// A definition in a syntax tree.
pub(super) struct Definition<'t> {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// When it is not called by owner and name.
    pub(super) title: Option<String>,
    /// With decorators and `export`.
    pub(super) outer: Node<'t>,
    /// The node of its name.
    pub(super) named: Node<'t>,
    /// Where the signature ends.
    pub(super) body: Option<Node<'t>>,
    /// What holds its methods.
    pub(super) members: Option<Node<'t>>,
    /// Names defined inside that are no definitions of their own.
    pub(super) also: Vec<Name>,
}

impl<'t> Definition<'t> {
    pub(super) fn new(kind: Kind, outer: Node<'t>, named: Node<'t>, text: &str) -> Self {
        let name = text_of(named, text).to_owned();
        Self {
            kind,
            name,
            title: None,
            outer,
            named,
            body: None,
            members: None,
            also: Vec::new(),
        }
    }
}

/// Who owns the nodes that are walked.
#[derive(Clone, Default)]
pub(super) struct Scope {
    pub(super) trail: Vec<String>,
    pub(super) owner: Option<String>,
    test: bool,
    depth: usize,
}

impl Syntax {
    pub(super) fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "rs" => Self::Rust,
            "py" | "pyi" | "pyw" => Self::Python,
            "js" | "jsx" | "mjs" | "cjs" => Self::JavaScript,
            "ts" | "mts" | "cts" => Self::TypeScript,
            "tsx" => Self::Tsx,
            _ => return None,
        })
    }

    fn grammar(self) -> tree_sitter::Language {
        match self {
            Self::Rust => tree_sitter_rust::LANGUAGE.into(),
            Self::Python => tree_sitter_python::LANGUAGE.into(),
            Self::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Self::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
        }
    }

    fn step<'t>(self, node: Node<'t>, text: &str, scope: &Scope) -> Step<'t> {
        match self {
            Self::Rust => rust::step(node, text, scope),
            Self::Python => python::step(node, text, scope),
            Self::JavaScript | Self::TypeScript | Self::Tsx => javascript::step(node, text, scope),
        }
    }

    fn separator(self) -> &'static str {
        if self == Self::Rust { "::" } else { "." }
    }
}

/// The passages of a file in a known language.
pub(super) fn definitions(source: &Source<'_>, syntax: Syntax) -> Vec<Passage> {
    let mut cutter = Cutter {
        source,
        syntax,
        passages: Vec::new(),
        covered: Vec::new(),
        loose: Vec::new(),
    };
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
        let Some(rows) = head_rows(root, self.syntax).and_then(|rows| self.source.trim(rows))
        else {
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
        let start = comments
            .first()
            .map_or(definition.outer.start_position().row, |node| {
                node.start_position().row
            });
        let end = end_row(definition.outer)
            .min(self.source.line_count())
            .max(start + 1);
        let declared = definition.named.start_position().row;
        let test = scope.test || self.is_test(definition.outer);

        let title = definition
            .title
            .clone()
            .unwrap_or_else(|| match &scope.owner {
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
        passage.documentation = self.documentation(&definition, &comments);
        passage.symbol = Some(definition.name);
        passage.declared = Some(declared + 1).filter(|_| declared > start);
        passage.also = definition.also;
        let (mine, others) = std::mem::take(&mut self.loose)
            .into_iter()
            .partition(|name| (start..end).contains(&(name.line - 1)));
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
        let code_end = self
            .source
            .fitting(&(declared..rows.end))
            .min(declared + LONGEST_LINES - COMMENT_LINES)
            .max(declared + 1);
        passage.text = if comment_end < declared {
            format!(
                "{}\n…\n{}",
                self.source.text_of(rows.start..comment_end),
                self.source.text_of(declared..code_end)
            )
        } else {
            self.source.text_of(rows.start..code_end)
        };
        passage
            .text
            .truncate(passage.text.floor_char_boundary(2 * super::LONGEST_BYTES));
        if let crate::passage::Locator::Lines { last, .. } = &mut passage.locator {
            *last = code_end;
        }
        let pieces = self
            .source
            .split(comment_end..declared)
            .into_iter()
            .chain(self.source.split(code_end..rows.end));
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
        let members: Vec<_> = self.passages[first_member..]
            .iter()
            .filter(|passage| passage.kind.defines())
            .collect();
        let mut card = String::new();
        let mut row = rows.start;
        let mut listed = 0;
        while row < rows.end && listed < 4 * LONGEST_LINES && card.len() < 2 * super::LONGEST_BYTES
        {
            let member = members.iter().find_map(|passage| match &passage.locator {
                crate::passage::Locator::Lines { first, .. } if *first == row + 1 => Some(*passage),
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
        card.truncate(card.floor_char_boundary(2 * super::LONGEST_BYTES));
        card.truncate(card.trim_end().len());
        card
    }

    fn covered_to(&self, row: usize) -> usize {
        self.covered
            .iter()
            .find(|rows| rows.start == row)
            .map_or(row, |rows| rows.end)
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
            let says_something = gap
                .clone()
                .any(|row| self.source.line(row).chars().any(char::is_alphanumeric));
            if !says_something {
                continue;
            }
            for mut passage in lines::blocks(self.source, gap, &[]) {
                let crate::passage::Locator::Lines { first, last, .. } = passage.locator else {
                    continue;
                };
                passage.also = self
                    .loose
                    .iter()
                    .filter(|name| (first..=last).contains(&name.line))
                    .cloned()
                    .collect();
                self.passages.push(passage);
            }
        }
    }

    fn documentation(&self, definition: &Definition<'_>, comments: &[Node<'_>]) -> String {
        if self.syntax == Syntax::Python
            && let Some(said) = definition
                .body
                .and_then(|body| python::docstring(body, self.source.text))
        {
            return said;
        }
        let mut said = String::new();
        for node in comments
            .iter()
            .filter(|node| node.kind().contains("comment"))
        {
            let rows = node.start_position().row..end_row(*node);
            said.push_str(&comment_text(self.source, rows, self.syntax).join("\n"));
            said.push('\n');
        }
        let cut = said
            .find("\n@")
            .filter(|_| self.syntax != Syntax::Rust)
            .unwrap_or(said.len());
        let cut = if said.starts_with('@') { 0 } else { cut };
        said[..cut].trim().to_owned()
    }

    fn is_test(&self, node: Node<'_>) -> bool {
        self.syntax == Syntax::Rust
            && comments_above(node, self.source).iter().any(|above| {
                above.kind() == "attribute_item"
                    && rust::is_test_attribute(text_of(*above, self.source.text))
            })
    }
}

pub(super) fn text_of<'s>(node: Node<'_>, text: &'s str) -> &'s str {
    text.get(node.byte_range()).unwrap_or("")
}

pub(super) fn name_of(node: Node<'_>, text: &str) -> Name {
    Name {
        name: text_of(node, text).into(),
        line: node.start_position().row + 1,
    }
}

/// The row after a node. Some comment nodes end with their line break.
fn end_row(node: Node<'_>) -> usize {
    let end = node.end_position();
    if end.column == 0 && end.row > node.start_position().row {
        end.row
    } else {
        end.row + 1
    }
}

/// The comments and attributes right above a node, from the top.
fn comments_above<'t>(node: Node<'t>, source: &Source<'_>) -> Vec<Node<'t>> {
    let mut above = Vec::new();
    let mut below = node;
    while let Some(node) = below.prev_sibling() {
        let kind = node.kind();
        let is_note = kind.contains("comment") || kind == "attribute_item" || kind == "decorator";
        let start = node.start_position();
        let opens_line = source
            .line(start.row)
            .get(..start.column)
            .is_some_and(|before| before.trim().is_empty());
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

fn head_rows(root: Node<'_>, syntax: Syntax) -> Option<Range<usize>> {
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
            return rows.filter(|_| {
                !touches || syntax == Syntax::Rust && node.kind() == "inner_attribute_item"
            });
        }
        rows = Some(rows.map_or(start, |rows| rows.start)..end_row(node));
    }
    rows
}

fn comment_text(source: &Source<'_>, rows: Range<usize>, syntax: Syntax) -> Vec<String> {
    rows.map(|row| {
        let line = source.line(row).trim();
        let marks: &[&str] = match syntax {
            Syntax::Python => &["#:", "#!", "#", "\"\"\"", "r\"\"\"", "'''"],
            _ => &["///", "//!", "//", "/**", "/*!", "/*", "*/", "* ", "*"],
        };
        let said = marks
            .iter()
            .find_map(|mark| line.strip_prefix(mark))
            .unwrap_or(line);
        let said = said
            .trim_end_matches("*/")
            .trim_end_matches("\"\"\"")
            .trim_end_matches("'''");
        let is_rule =
            !said.is_empty() && !said.contains("```") && !said.chars().any(char::is_alphanumeric);
        let said = said.strip_prefix(' ').unwrap_or(said);
        if is_rule && said.trim().len() > 2 {
            String::new()
        } else {
            said.trim_end().to_owned()
        }
    })
    .collect()
}

fn signature(definition: &Definition<'_>, text: &str) -> String {
    let node = definition.outer;
    let from = node.start_byte();
    let to = definition
        .body
        .map_or(node.end_byte(), |body| body.start_byte());
    let whole = text.get(from..to).unwrap_or("");
    // A value may be long; the declaration is its first line then.
    let lines: Vec<_> = whole.lines().collect();
    let kept = if definition.body.is_none() && lines.len() > 6 {
        &lines[..1]
    } else {
        &lines[..]
    };
    let indent = kept
        .iter()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min();
    let mut out = String::new();
    for (at, line) in kept.iter().take(30).enumerate() {
        let line = if at == 0 {
            line
        } else {
            line.get(indent.unwrap_or(0)..).unwrap_or("")
        };
        let inner = if at > 0 && at + 1 < kept.len() {
            "    "
        } else {
            ""
        };
        out.push_str(inner);
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.trim_end()
        .trim_end_matches(['{', ':', '='])
        .trim_end()
        .to_owned()
}

/// The name people use for the module a file holds.
fn module_name(path: &str) -> Option<String> {
    let mut parts = path.rsplit('/');
    let file = parts.next()?;
    let stem = file.split('.').next()?;
    let folder = parts.next();
    let name = match stem {
        "mod" | "__init__" | "index" | "lib" | "main" => {
            folder.filter(|folder| *folder != "src").unwrap_or(stem)
        }
        stem => stem,
    };
    (!name.is_empty()).then(|| name.to_owned())
}
