//! The known languages, and what a node of their trees means.

use super::{javascript, python, rust};
use crate::passage::{Kind, Name};
use std::ops::Range;
use tree_sitter::Node;

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
    Enter { inside: Node<'t>, name: Option<String> },
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
        Self { kind, name, title: None, outer, named, body: None, members: None, also: Vec::new() }
    }
}

/// Who owns the nodes that are walked.
#[derive(Clone, Default)]
pub(super) struct Scope {
    pub(super) trail: Vec<String>,
    pub(super) owner: Option<String>,
    pub(super) test: bool,
    pub(super) depth: usize,
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

    pub(super) fn grammar(self) -> tree_sitter::Language {
        match self {
            Self::Rust => tree_sitter_rust::LANGUAGE.into(),
            Self::Python => tree_sitter_python::LANGUAGE.into(),
            Self::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Self::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
        }
    }

    pub(super) fn step<'t>(self, node: Node<'t>, text: &str, scope: &Scope) -> Step<'t> {
        match self {
            Self::Rust => rust::step(node, text, scope),
            Self::Python => python::step(node, text, scope),
            Self::JavaScript | Self::TypeScript | Self::Tsx => javascript::step(node, text, scope),
        }
    }

    pub(super) fn separator(self) -> &'static str {
        if self == Self::Rust { "::" } else { "." }
    }
}

pub(super) fn text_of<'s>(node: Node<'_>, text: &'s str) -> &'s str {
    text.get(node.byte_range()).unwrap_or("")
}

pub(super) fn name_of(node: Node<'_>, text: &str) -> Name {
    Name { name: text_of(node, text).into(), line: node.start_position().row + 1 }
}
