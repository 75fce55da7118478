//! What a page says: its text in order, where it leads, and what it asks of crawlers.

mod aside;
mod decode;
mod head;
mod links;
mod structured;
mod tables;
mod walk;

use scraper::{Html, Selector};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::Error;
use crate::web::Response;

/// A piece of a page's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A heading. What follows belongs to it, up to the next of its level or above.
    Heading {
        /// 1 for the title of the page, to 6.
        level: u8,
        /// The heading.
        text: String,
        /// The fragment that leads to it.
        anchor: Option<String>,
    },
    /// A paragraph.
    Paragraph(String),
    /// An item of a list.
    Item(String),
    /// What stands in a table, in a list of terms or in structured data: true of this page, however often it is said.
    Fact(String),
}

/// A page, read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// What it is called.
    pub title: String,
    /// The language that it says it is in, as `fr`.
    pub language: Option<String>,
    /// The day that it says it was changed, as `2026-11-25`.
    pub changed: Option<String>,
    /// What it says.
    pub blocks: Vec<Block>,
    /// The pages of the web that it leads to.
    pub links: Vec<Url>,
    /// The address that it wants to be known by.
    pub canonical: Option<Url>,
    /// Whether it does not want to be found.
    pub noindex: bool,
    /// Whether it has none of the parts that count, and was read as if none was named.
    #[serde(default)]
    pub lacks_part: bool,
}

/// Reads the page that came as `response` from `url`. `part` names the parts of pages that count.
pub(crate) fn read(url: &Url, response: &Response, part: Option<&Part>, product: &str) -> Content {
    let html = Html::parse_document(&decode::decode(response));
    let head = head::read(&html, url, &response.robots, product);
    let mut blocks = walk::blocks(&html, part.map(|part| &part.selector));
    let title = title(&blocks, head.title);
    structured::add(&html, head.language.as_deref(), &title, &mut blocks);
    let links = if head.nofollow { Vec::new() } else { links::read(&html, &head.base) };
    Content {
        title,
        language: head.language,
        changed: head.changed,
        blocks,
        links: links.into_iter().chain(head.alternates).collect(),
        canonical: head.canonical,
        noindex: head.noindex,
        lacks_part: part.is_some_and(|part| html.select(&part.selector).next().is_none()),
    }
}

/// The heading of the page; without one, what its window is called.
fn title(blocks: &[Block], window: String) -> String {
    let heading = blocks.iter().find_map(|block| match block {
        Block::Heading { level: 1, text, .. } => Some(text.clone()),
        _ => None,
    });
    // "Admissions | Example School": the name of the site stands last.
    heading.unwrap_or_else(|| window.split(" | ").next().unwrap_or_default().trim().to_owned())
}

/// The part of a page that counts, as its owner names it.
#[derive(Debug, Clone)]
pub struct Part {
    selector: Selector,
    text: String,
}

impl Part {
    /// Reads a CSS selector, as `main article` or `#content`.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(selector: &str) -> Result<Self, Error> {
        let refuse = |_| Error::Selector { selector: selector.into() };
        Ok(Self { selector: Selector::parse(selector).map_err(refuse)?, text: selector.into() })
    }

    /// The selector, as it was given.
    pub fn selector(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests;
