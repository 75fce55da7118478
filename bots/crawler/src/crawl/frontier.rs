//! The pages that are still to be read, each once, in the order in which they were met.

use std::collections::{HashMap, HashSet, VecDeque};

use url::Url;

/// So many addresses that differ in their query alone are read.
const MOST_QUERIES: usize = 40;

#[derive(Debug, Default)]
pub(super) struct Frontier {
    waiting: VecDeque<Url>,
    met: HashSet<Url>,
    queries: HashMap<String, usize>,
}

impl Frontier {
    /// Adds a page, unless it was met before.
    pub(super) fn add(&mut self, url: Url) {
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
