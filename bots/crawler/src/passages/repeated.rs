//! What stands on so many pages that it is part of the frame, and says nothing about any of them.

use std::collections::{HashMap, HashSet};

use crate::page::{Block, Content};

/// On this share of the pages.
const SHARE: f64 = 0.3;
/// And on so many pages at least.
const LEAST: usize = 5;

/// Words of a line that says when a page was written, which differs from page to page in its numbers alone.
const WRITTEN: &[&str] =
    &["mis à jour", "publié le", "modifié le", "temps de lecture", "updated", "published", "min read"];

#[derive(Debug, Default)]
pub(super) struct Repeated(HashSet<String>);

impl Repeated {
    /// What is repeated over `pages`.
    pub(super) fn of<'a>(pages: impl Iterator<Item = &'a Content>) -> Self {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut total = 0_usize;
        for page in pages {
            total += 1;
            let texts: HashSet<String> = page.blocks.iter().filter_map(key).collect();
            texts.into_iter().for_each(|text| *counts.entry(text).or_default() += 1);
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of pages")]
        let is_repeated = |count: usize| count >= LEAST && count as f64 >= total as f64 * SHARE;
        Self(counts.into_iter().filter(|(_, count)| is_repeated(*count)).map(|(text, _)| text).collect())
    }

    pub(super) fn holds(&self, block: &Block) -> bool {
        key(block).is_some_and(|text| self.0.contains(&text))
    }
}

/// What makes two blocks the same. Headings and facts are of their page, whatever they say.
fn key(block: &Block) -> Option<String> {
    let (Block::Paragraph(text) | Block::Item(text)) = block else { return None };
    let text = text.to_lowercase();
    if !WRITTEN.iter().any(|words| text.contains(words)) {
        return Some(text);
    }
    Some(text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>().replace("00", "0"))
}
