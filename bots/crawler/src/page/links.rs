//! Where a page leads.

use scraper::Html;
use url::Url;

use super::head::has_word;
use super::walk::all;
use crate::address::resolve;

/// More links than a page has that is made for people.
const MOST: usize = 2000;

/// The pages of the web that a page leads to, each once, but for those that it does not vouch for.
pub(super) fn read(html: &Html, base: &Url) -> Vec<Url> {
    let mut seen = std::collections::HashSet::new();
    all(html, "a[href], area[href]")
        .filter(|link| !has_word(link.attr("rel"), "nofollow"))
        .filter_map(|link| resolve(base, link.attr("href")?))
        .filter(|url| seen.insert(url.clone()))
        .take(MOST)
        .collect()
}
