//! What the head of a page says of it.

use scraper::{ElementRef, Html};
use url::Url;

use super::structured;
use super::walk::{all, squeeze};
use crate::address::resolve;

pub(super) struct Head {
    pub(super) title: String,
    pub(super) language: Option<String>,
    pub(super) changed: Option<String>,
    /// What links are relative to.
    pub(super) base: Url,
    pub(super) canonical: Option<Url>,
    /// The same page in other languages.
    pub(super) alternates: Vec<Url>,
    pub(super) noindex: bool,
    pub(super) nofollow: bool,
}

/// Reads the head. `header` is what the answer said to crawlers, `product` the name of this one.
pub(super) fn read(html: &Html, url: &Url, header: &str, product: &str) -> Head {
    let base = all(html, "base[href]").next().and_then(|base| url.join(base.attr("href")?).ok());
    let base = base.unwrap_or_else(|| url.clone());
    let links: Vec<ElementRef<'_>> = all(html, "link[rel][href]").collect();
    let related = |wanted: &'static str| {
        let is_wanted = move |link: &&ElementRef<'_>| has_word(link.attr("rel"), wanted);
        links.iter().filter(is_wanted).filter_map(|link| Some((link, resolve(&base, link.attr("href")?)?)))
    };
    let rules = rules(html, header, product);
    Head {
        title: all(html, "title").next().map(|title| squeeze(&title.text().collect::<String>())).unwrap_or_default(),
        language: language(html),
        changed: changed(html),
        canonical: related("canonical").map(|(_, url)| url).next(),
        alternates: related("alternate")
            .filter(|(link, _)| link.attr("hreflang").is_some())
            .map(|(_, url)| url)
            .collect(),
        noindex: rules.iter().any(|rule| rule == "noindex" || rule == "none"),
        nofollow: rules.iter().any(|rule| rule == "nofollow" || rule == "none"),
        base,
    }
}

/// What crawlers are asked by the page and by its answer.
fn rules(html: &Html, header: &str, product: &str) -> Vec<String> {
    let metas = all(html, "meta[name][content]")
        .filter(|meta| {
            meta.attr("name")
                .is_some_and(|name| name.eq_ignore_ascii_case("robots") || name.eq_ignore_ascii_case(product))
        })
        .filter_map(|meta| meta.attr("content"));
    let mut rules: Vec<String> = metas.flat_map(split).collect();
    // `X-Robots-Tag: otherbot: noindex` is said to another crawler, up to the next name.
    let mut ours = true;
    for rule in split(header) {
        match rule.split_once(':') {
            Some((name, value)) if !name.starts_with("unavailable") && !name.starts_with("max-") => {
                ours = name.trim().eq_ignore_ascii_case(product);
                rules.extend(ours.then(|| value.trim().to_owned()));
            }
            _ => rules.extend(ours.then_some(rule)),
        }
    }
    rules
}

fn split(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(',').map(|rule| rule.trim().to_ascii_lowercase())
}

fn language(html: &Html) -> Option<String> {
    let told = html.root_element().attr("lang").or_else(|| html.root_element().attr("xml:lang"))?;
    let language = told.split(['-', '_']).next()?.trim().to_ascii_lowercase();
    (!language.is_empty()).then_some(language)
}

/// The day the page was changed, where it says so to programs.
fn changed(html: &Html) -> Option<String> {
    let metas =
        ["meta[property='article:modified_time']", "meta[itemprop='dateModified']", "meta[name='last-modified']"];
    let told = metas.iter().find_map(|meta| all(html, meta).next()?.attr("content").and_then(day));
    told.or_else(|| structured::changed(html).as_deref().and_then(day))
}

/// The day of a time as `2026-11-25T10:00:00+01:00`.
fn day(time: &str) -> Option<String> {
    let day = time.trim().get(..10)?;
    day.parse::<jiff::civil::Date>().ok().map(|day| day.to_string())
}

pub(super) fn has_word(attribute: Option<&str>, word: &str) -> bool {
    attribute.is_some_and(|words| words.split_ascii_whitespace().any(|other| other.eq_ignore_ascii_case(word)))
}
