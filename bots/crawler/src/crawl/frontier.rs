//! The pages that are still to be read, each once, in the order in which they were met.

use std::collections::{HashMap, HashSet, VecDeque};

use url::Url;

/// So many addresses that differ in their query alone are read.
const MOST_QUERIES: usize = 40;
/// So many addresses are remembered: sitemaps may name millions.
const MOST: usize = 100_000;

#[derive(Debug, Default)]
pub(super) struct Frontier {
    waiting: VecDeque<Url>,
    met: HashSet<Url>,
    queries: HashMap<String, usize>,
    /// Addresses that were one too many.
    pub(super) beyond: usize,
}

impl Frontier {
    /// Adds a page, unless it was met before.
    pub(super) fn add(&mut self, url: Url) {
        if self.met.len() >= MOST && !self.met.contains(&url) {
            self.beyond += 1;
            return;
        }
        if self.met.insert(url.clone()) {
            self.waiting.push_back(url);
        }
    }

    pub(super) fn next(&mut self) -> Option<Url> {
        self.waiting.pop_front()
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn has_met(&self, url: &Url) -> bool {
        self.met.contains(url)
    }

    /// Whether so many addresses differ from this one in their query alone that there is no end to them.
    pub(super) fn is_endless(&mut self, url: &Url) -> bool {
        if url.query().is_none() {
            return false;
        }
        let count = self.queries.entry(url.path().to_owned()).or_default();
        *count += 1;
        *count > MOST_QUERIES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_an_end_to_what_is_remembered() {
        let mut frontier = Frontier::default();
        for at in 0..MOST + 5 {
            frontier.add(Url::parse(&format!("https://example.com/{at}")).unwrap());
        }
        frontier.add(Url::parse("https://example.com/0").unwrap());
        assert_eq!((frontier.waiting(), frontier.beyond), (MOST, 5));
    }
}
