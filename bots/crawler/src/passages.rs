//! A site as passages: sections under their headings, without what stands on every page.

mod repeated;

use answers::{Language, Locator, Passage};
use url::Url;

use crate::crawl::judge::language;
use crate::page::{Block, Content};
use crate::site::Site;
use repeated::Repeated;

/// Longer sections are cut between two blocks.
const LONGEST: usize = 1500;

impl Site {
    /// The passages of all pages in `language`, page by page and in the order of their text.
    pub fn passages(&self, language: Language) -> Vec<Passage> {
        let pages: Vec<(&Url, &Content)> =
            self.pages().filter(|(_, content)| self::language(content) == language).collect();
        let repeated = Repeated::of(pages.iter().map(|(_, content)| *content));
        pages.into_iter().flat_map(|(url, content)| sections(url, content, language, &repeated)).collect()
    }
}

/// The sections of a page.
fn sections(url: &Url, content: &Content, language: Language, repeated: &Repeated) -> Vec<Passage> {
    let mut cutter = Cutter { url, content, language, open: Vec::new(), text: String::new(), passages: Vec::new() };
    for block in content.blocks.iter().filter(|block| !repeated.holds(block)) {
        match block {
            Block::Heading { level, text, anchor } => {
                cutter.end();
                cutter.open.retain(|heading| heading.level < *level);
                cutter.open.push(Heading { level: *level, text, anchor: anchor.as_deref() });
            }
            Block::Paragraph(text) => cutter.add("\n\n", text),
            Block::Item(text) | Block::Fact(text) => cutter.add("\n- ", text),
        }
    }
    cutter.end();
    cutter.passages
}

struct Heading<'a> {
    level: u8,
    text: &'a str,
    anchor: Option<&'a str>,
}

struct Cutter<'a> {
    url: &'a Url,
    content: &'a Content,
    language: Language,
    /// The headings that the text stands under.
    open: Vec<Heading<'a>>,
    text: String,
    passages: Vec<Passage>,
}

impl Cutter<'_> {
    fn add(&mut self, mark: &str, text: &str) {
        if !self.text.is_empty() && self.text.len() + text.len() > LONGEST {
            self.end();
        }
        self.text.push_str(mark);
        self.text.push_str(text);
    }

    fn end(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return;
        }
        let title = self.open.last().map_or(self.content.title.as_str(), |heading| heading.text);
        let locator = Locator::Page {
            url: self.url.to_string(),
            anchor: self.open.last().and_then(|heading| heading.anchor).map(str::to_owned),
            changed: self.content.changed.clone(),
        };
        let mut passage = Passage::section(locator, self.language, title, text.trim());
        let above = self.open.iter().rev().skip(1).rev().map(|heading| heading.text);
        passage.trail = std::iter::once(self.content.title.as_str()).chain(above).map(str::to_owned).collect();
        passage.trail.dedup();
        passage.trail.retain(|name| name != title);
        self.passages.push(passage);
    }
}

#[cfg(test)]
mod tests;
