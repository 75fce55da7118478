//! Whether a page that was read is kept.

use answers::Language;
use url::Url;

use crate::address::on_site;
use crate::page::{Block, Content};
use crate::report::Reason;

/// Why a page of the site that begins at `start` is not kept.
pub(super) fn refusal(url: &Url, content: &Content, start: &Url) -> Option<Reason> {
    if content.noindex {
        return Some(Reason::NoIndex);
    }
    let canonical = content.canonical.as_ref().and_then(|other| on_site(other, start));
    if let Some(canonical) = canonical.filter(|other| other != url) {
        return Some(Reason::CopyOf(canonical));
    }
    if let Some(language) = content.language.as_deref().filter(|language| !matches!(*language, "fr" | "en")) {
        return Some(Reason::Language(language.to_owned()));
    }
    let says_something = content.blocks.iter().any(|block| !matches!(block, Block::Heading { .. }));
    (!says_something).then_some(Reason::NoText)
}

/// The language of a page: what it says of itself, else what its words tell, else French.
pub(crate) fn language(content: &Content) -> Language {
    match content.language.as_deref() {
        Some("fr") => Language::French,
        Some("en") => Language::English,
        _ => Language::of(&words(content)).unwrap_or(Language::French),
    }
}

fn words(content: &Content) -> String {
    let texts = content.blocks.iter().map(|block| match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Item(text) | Block::Fact(text) => text.as_str(),
    });
    texts.collect::<Vec<_>>().join("\n")
}
