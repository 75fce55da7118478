//! The text of a page in order, as blocks.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Node, Selector};

use super::Block;
use super::aside::is_aside;
use super::tables;

/// Pages nested deeper are made to break programs.
const DEEPEST: usize = 200;
/// So many links in a row, with nothing between them, are a menu.
const MENU: usize = 3;

const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

/// The blocks of the parts that `part` names, else of the main part, else of the whole page.
pub(super) fn blocks(html: &Html, part: Option<&Selector>) -> Vec<Block> {
    let mut walk = Walk::default();
    for root in roots(html, part) {
        walk.inside(root, 0, false);
        walk.flush();
    }
    walk.end()
}

fn roots<'a>(html: &'a Html, part: Option<&Selector>) -> Vec<ElementRef<'a>> {
    let named: Vec<ElementRef<'a>> = part.map(|part| outermost(html.select(part))).unwrap_or_default();
    if !named.is_empty() {
        return named;
    }
    let main = outermost(all(html, "main, [role=main]"));
    if main.is_empty() { vec![html.root_element()] } else { main }
}

/// Elements that are in no other of them, so that nothing is read twice.
fn outermost<'a>(elements: impl Iterator<Item = ElementRef<'a>>) -> Vec<ElementRef<'a>> {
    let mut kept: Vec<ElementRef<'a>> = Vec::new();
    let mut inside = HashSet::new();
    for element in elements {
        if !element.ancestors().take(DEEPEST).any(|above| inside.contains(&above.id())) {
            inside.insert(element.id());
            kept.push(element);
        }
    }
    kept
}

#[derive(Default)]
struct Walk {
    blocks: Vec<Block>,
    /// Whether each block is nothing but a link.
    links: Vec<bool>,
    text: String,
    /// Bytes of `text` that are in a link.
    linked: usize,
    is_item: bool,
    /// The identifier of the part that was entered, until something is said in it.
    anchor: Option<String>,
}

impl Walk {
    fn inside(&mut self, element: ElementRef<'_>, depth: usize, in_link: bool) {
        if depth > DEEPEST {
            return;
        }
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.say(text, in_link),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, depth + 1, in_link);
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>, depth: usize, in_link: bool) {
        if is_aside(&element) {
            return;
        }
        let name = element.value().name();
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes().get(1).map_or(2, |digit| digit - b'0');
                self.heading(element, level);
            }
            "summary" => self.heading(element, 4),
            "br" | "hr" => self.text.push(' '),
            "table" => {
                self.flush();
                self.facts(tables::rows(element));
            }
            "dl" => {
                self.flush();
                self.facts(tables::terms(element));
            }
            "li" => {
                self.flush();
                self.is_item = true;
                self.inside(element, depth, in_link);
                self.flush();
                self.is_item = false;
            }
            _ if INLINE.contains(&name) => self.inside(element, depth, in_link || name == "a"),
            _ => {
                self.flush();
                self.enter(element);
                self.inside(element, depth, in_link);
                self.flush();
            }
        }
    }

    fn enter(&mut self, element: ElementRef<'_>) {
        if let Some(id) = element.attr("id").filter(|id| !id.is_empty()) {
            self.anchor = Some(id.to_owned());
        }
    }

    fn heading(&mut self, element: ElementRef<'_>, level: u8) {
        self.flush();
        let text = text_of(element);
        if text.is_empty() {
            return;
        }
        let inner = element.descendants().filter_map(ElementRef::wrap);
        let own = inner.filter_map(|inner| inner.attr("id").or_else(|| inner.attr("name"))).find(|id| !id.is_empty());
        let around = self.anchor.take();
        let anchor = own.map(str::to_owned).or(around);
        self.push(Block::Heading { level, text, anchor }, false);
    }

    fn facts(&mut self, facts: Vec<String>) {
        for fact in facts {
            self.push(Block::Fact(fact), false);
        }
    }

    fn say(&mut self, text: &str, in_link: bool) {
        self.text.push_str(text);
        if in_link {
            self.linked += text.trim().len();
        }
    }

    fn flush(&mut self) {
        let text = squeeze(&self.text);
        let is_link = self.linked * 10 >= text.len() * 9;
        self.text.clear();
        self.linked = 0;
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        self.anchor = None;
        let block = if self.is_item { Block::Item(text) } else { Block::Paragraph(text) };
        self.push(block, is_link);
    }

    fn push(&mut self, block: Block, is_link: bool) {
        self.blocks.push(block);
        self.links.push(is_link);
    }

    /// The blocks without menus.
    fn end(self) -> Vec<Block> {
        let menus = menus(&self.links);
        self.blocks.into_iter().zip(menus).filter(|(_, in_menu)| !in_menu).map(|(block, _)| block).collect()
    }
}

/// Which of the blocks stand in a run of links.
fn menus(links: &[bool]) -> Vec<bool> {
    let mut menus = vec![false; links.len()];
    let mut start = 0;
    for at in 0..=links.len() {
        if links.get(at) == Some(&true) {
            continue;
        }
        if at - start >= MENU {
            menus[start..at].fill(true);
        }
        start = at + 1;
    }
    menus
}

/// The elements that a selector of ours names.
pub(super) fn all<'a>(html: &'a Html, selector: &str) -> std::vec::IntoIter<ElementRef<'a>> {
    let found: Vec<ElementRef<'a>> =
        Selector::parse(selector).map(|selector| html.select(&selector).collect()).unwrap_or_default();
    found.into_iter()
}

/// All text of an element in one line, but for what is no text.
pub(super) fn text_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    gather(element, 0, &mut text);
    squeeze(&text)
}

fn gather(element: ElementRef<'_>, depth: usize, into: &mut String) {
    for child in element.children() {
        match child.value() {
            Node::Text(text) => into.push_str(text),
            Node::Element(inner)
                if depth < DEEPEST && !matches!(inner.name(), "script" | "style" | "svg" | "template") =>
            {
                let is_inline = INLINE.contains(&inner.name());
                into.push_str(if is_inline { "" } else { " " });
                if let Some(child) = ElementRef::wrap(child) {
                    gather(child, depth + 1, into);
                }
                into.push_str(if is_inline { "" } else { " " });
            }
            _ => {}
        }
    }
}

/// `text` with one space where there is any, but for the narrow ones that French sets before marks.
pub(super) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}')) {
        let word = word.trim_matches(|c| matches!(c, '\u{200b}' | '\u{ad}' | '\u{feff}'));
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.trim().to_owned()
}
