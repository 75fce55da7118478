//! The unit that is indexed, found and cited.

use crate::analyse::{Chain, Language};
use serde::{Deserialize, Serialize};

/// Where a passage stands, as people are told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Locator {
    /// Lines of a file of a code base.
    Lines {
        /// Name of the root the file belongs to.
        root: String,
        /// Path in that root, with `/`.
        path: String,
        /// First line, counted from 1.
        first: usize,
        /// Last line, included.
        last: usize,
    },
    /// A place in a web page.
    Page {
        /// Address of the page.
        url: String,
        /// Identifier of the heading, if it has one.
        anchor: Option<String>,
        /// The day the page says it was changed, as `2026-11-25`.
        changed: Option<String>,
    },
}

impl Locator {
    /// What all passages of one file or page share, and no others: the unit of replacement.
    pub fn document(&self) -> String {
        match self {
            Self::Lines { root, path, .. } => document_key(root, path),
            Self::Page { url, .. } => url.clone(),
        }
    }

    /// The path in its root, or the address of the page.
    pub fn path(&self) -> &str {
        match self {
            Self::Lines { path, .. } => path,
            Self::Page { url, .. } => url,
        }
    }

    /// The first line; nothing for a page.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Lines { first, .. } => Some(*first),
            Self::Page { .. } => None,
        }
    }
}

pub(crate) fn document_key(root: &str, path: &str) -> String {
    // No file name holds a zero byte, so two roots never share a key.
    format!("{root}\0{path}")
}

/// What a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A class, struct, enum, union, interface or trait.
    Type,
    /// Another name for a type.
    Alias,
    /// A free function.
    Function,
    /// A function of a type.
    Method,
    /// A constant, static or module variable.
    Constant,
    /// A macro.
    Macro,
    /// A module or namespace, with what its head says.
    Module,
    /// The functions a type implements, as a list of signatures.
    Implementation,
    /// A section of a document, under its heading.
    Section,
    /// Lines that define nothing by themselves.
    Block,
}

impl Kind {
    /// Whether a passage of this kind is where its symbol is defined.
    pub fn defines(self) -> bool {
        !matches!(self, Self::Implementation | Self::Section | Self::Block)
    }
}

/// A name and the line that defines it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// The name.
    pub name: String,
    /// Its line, counted from 1.
    pub line: usize,
}

/// A piece of a document, small enough to be shown and large enough to be understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Where it stands.
    pub locator: Locator,
    /// What it is.
    pub kind: Kind,
    /// How its text is analysed.
    pub chain: Chain,
    /// The name it defines or details, without its owner: `route`.
    pub symbol: Option<String>,
    /// What it is called in a list: `Router::route`, or the heading of a section.
    pub title: String,
    /// The names that lead to it: modules and owners, or headings; not the path, not the title.
    pub trail: Vec<String>,
    /// What its author says of it, as plain text: a doc comment. Empty when there is none.
    pub documentation: String,
    /// The declaration without its body. Empty when it defines nothing.
    pub signature: String,
    /// The lines themselves, or for a type the signatures of what it holds.
    pub text: String,
    /// The line of the name it defines, when that is not the first: below comments and attributes.
    pub declared: Option<usize>,
    /// Names it defines beside its symbol: the variants of an enum, constants of one line.
    pub also: Vec<Name>,
    /// Whether it belongs to tests.
    pub test: bool,
}

impl Passage {
    /// A section of prose in `language`, as of a web page.
    pub fn section(locator: Locator, language: Language, title: &str, text: &str) -> Self {
        Self {
            locator,
            kind: Kind::Section,
            chain: Chain::for_prose(language),
            symbol: None,
            title: title.into(),
            trail: Vec::new(),
            documentation: String::new(),
            signature: String::new(),
            text: text.into(),
            declared: None,
            also: Vec::new(),
            test: false,
        }
    }

    /// Whether it is prose of a document, not of a program.
    pub fn is_prose(&self) -> bool {
        self.chain != Chain::Code
    }

    /// Whether it is a row of a table.
    pub(crate) fn is_row(&self) -> bool {
        self.kind == Kind::Section && !self.documentation.is_empty()
    }

    /// The line people are sent to: that of the declaration, else the first.
    pub fn line(&self) -> Option<usize> {
        self.declared.or_else(|| self.locator.line())
    }

    /// `path > module > symbol`, which says in the searchable text where the passage belongs. The address of a page says
    /// nothing that its headings do not.
    pub fn header(&self) -> String {
        let mut header = match &self.locator {
            Locator::Lines { path, .. } => path.clone(),
            Locator::Page { .. } => String::new(),
        };
        for name in self.trail.iter().chain(std::iter::once(&self.title)).filter(|name| !name.is_empty()) {
            header.push_str(" > ");
            header.push_str(name);
        }
        header
    }
}
