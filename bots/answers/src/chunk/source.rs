//! A file by lines, and passages made of them.

use super::{LONGEST_BYTES, LONGEST_LINES};
use crate::analyse::{Chain, Language};
use crate::passage::{Kind, Locator, Passage};
use crate::text::cut_at;
use std::ops::Range;

/// A file that is cut. Rows count from 0, as a parser does; passages count lines from 1.
pub(super) struct Source<'a> {
    root: &'a str,
    pub(super) path: &'a str,
    pub(super) text: &'a str,
    lines: Vec<&'a str>,
}

impl<'a> Source<'a> {
    pub(super) fn new(root: &'a str, path: &'a str, text: &'a str) -> Self {
        Self { root, path, text, lines: text.lines().collect() }
    }

    pub(super) fn line_count(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn line(&self, row: usize) -> &'a str {
        self.lines.get(row).copied().unwrap_or("")
    }

    pub(super) fn is_blank(&self, row: usize) -> bool {
        self.line(row).trim().is_empty()
    }

    /// The lines of `rows`, joined.
    pub(super) fn text_of(&self, rows: Range<usize>) -> String {
        self.lines.get(rows).unwrap_or_default().join("\n")
    }

    /// `rows` without blank lines at either end; nothing when all are blank.
    pub(super) fn trim(&self, mut rows: Range<usize>) -> Option<Range<usize>> {
        rows.end = rows.end.min(self.line_count());
        while !rows.is_empty() && self.is_blank(rows.start) {
            rows.start += 1;
        }
        while !rows.is_empty() && self.is_blank(rows.end - 1) {
            rows.end -= 1;
        }
        (!rows.is_empty()).then_some(rows)
    }

    /// Cuts `rows` into pieces that are not too long, at blank lines where there are any.
    pub(super) fn split(&self, rows: Range<usize>) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut rest = rows;
        while let Some(rows) = self.trim(rest) {
            let fits = self.fitting(&rows);
            if fits == rows.end {
                pieces.push(rows);
                break;
            }
            let middle = rows.start + (fits - rows.start) / 2;
            let cut = (middle..fits).rev().find(|&row| self.is_blank(row)).unwrap_or(fits);
            pieces.push(rows.start..cut);
            rest = cut..rows.end;
        }
        pieces.into_iter().filter_map(|piece| self.trim(piece)).collect()
    }

    /// The row after the last one that still fits a passage from `rows.start` on; at least one.
    pub(super) fn fitting(&self, rows: &Range<usize>) -> usize {
        let mut bytes = 0;
        for row in rows.clone() {
            bytes += self.line(row).len() + 1;
            if row > rows.start && (bytes > LONGEST_BYTES || row - rows.start >= LONGEST_LINES) {
                return row;
            }
        }
        rows.end
    }

    /// A passage of `rows` (not empty) that holds their text and nothing more.
    pub(super) fn passage(&self, kind: Kind, rows: &Range<usize>, chain: Chain) -> Passage {
        let mut text = self.text_of(rows.clone());
        text.truncate(cut_at(&text, LONGEST_BYTES * 2).len());
        Passage {
            locator: Locator::Lines {
                root: self.root.into(),
                path: self.path.into(),
                first: rows.start + 1,
                last: rows.end.max(rows.start + 1),
            },
            kind,
            chain,
            symbol: None,
            title: self.file_name().into(),
            trail: Vec::new(),
            documentation: String::new(),
            signature: String::new(),
            text,
            declared: None,
            also: Vec::new(),
            test: false,
        }
    }

    pub(super) fn file_name(&self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// The chain for prose of this file: French when it is French.
    pub(super) fn prose_chain(&self) -> Chain {
        match Language::of(self.text) {
            Some(Language::French) => Chain::French,
            _ => Chain::English,
        }
    }
}
