//! The index of word patterns: a word is looked up, never compared with every pattern.

use foldhash::HashMap;

use super::{
    pattern::{Bindings, Element, Pattern},
    reading::Reading,
    rule::{RuleId, Slot},
};

/// Word patterns of one rank, by their words.
///
/// A tree of nodes: each edge takes one element, so a node is as deep as the words read, and no node is visited twice
/// for one text.
#[derive(Debug)]
pub(crate) struct Words {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    words: HashMap<Box<str>, usize>,
    one: Option<usize>,
    optional: Option<usize>,
    /// The rules whose pattern takes everything from here.
    rest: Slot,
    /// The rules whose pattern ends here.
    end: Slot,
}

impl Default for Words {
    fn default() -> Self {
        Self { nodes: vec![Node::default()] }
    }
}

impl Words {
    /// Adds a pattern; gives back the rule that already stands there for some of the same audience.
    pub(crate) fn insert(&mut self, pattern: &Pattern, rule: RuleId, audience: Slot) -> Result<(), RuleId> {
        let mut node = 0;
        for element in pattern.elements() {
            node = match element {
                Element::Rest(_) => return self.nodes[node].rest.fill(rule, audience),
                Element::Word(word) => match self.nodes[node].words.get(word) {
                    Some(&next) => next,
                    None => {
                        let next = self.grow();
                        self.nodes[node].words.insert(word.clone(), next);
                        next
                    }
                },
                Element::One(_) => match self.nodes[node].one {
                    Some(next) => next,
                    None => {
                        let next = self.grow();
                        *self.nodes[node].one.insert(next)
                    }
                },
                Element::Optional(_) => match self.nodes[node].optional {
                    Some(next) => next,
                    None => {
                        let next = self.grow();
                        *self.nodes[node].optional.insert(next)
                    }
                },
            };
        }
        self.nodes[node].end.fill(rule, audience)
    }

    fn grow(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    /// The first rule in order that takes the text.
    pub(crate) fn find(&self, reading: &mut Reading<'_>, direct: bool) -> Option<RuleId> {
        self.walk(0, 0, reading, direct)
    }

    fn walk(&self, node: usize, depth: usize, reading: &mut Reading<'_>, direct: bool) -> Option<RuleId> {
        let here = &self.nodes[node];
        if reading.word(depth).is_none() {
            return self.without_words(node, direct);
        }
        if !here.words.is_empty()
            && let Some(&next) = reading.compared(depth).and_then(|word| here.words.get(word))
            && let Some(found) = self.walk(next, depth + 1, reading, direct)
        {
            return Some(found);
        }
        for next in [here.one, here.optional].into_iter().flatten() {
            if let Some(found) = self.walk(next, depth + 1, reading, direct) {
                return Some(found);
            }
        }
        here.rest.get(direct)
    }

    /// The rule that takes a text which ends here: the longer pattern goes first.
    fn without_words(&self, node: usize, direct: bool) -> Option<RuleId> {
        let here = &self.nodes[node];
        self.longer(node, direct).or_else(|| here.end.get(direct))
    }

    /// The rule of a pattern that goes on from here and takes a text that does not.
    fn longer(&self, node: usize, direct: bool) -> Option<RuleId> {
        let here = &self.nodes[node];
        let optional = here.optional.and_then(|next| self.without_words(next, direct));
        optional.or_else(|| here.rest.get(direct))
    }

    /// Every rule that ends where a longer pattern takes all that it would take, with that pattern's rule.
    pub(crate) fn shadowed(&self) -> Vec<(RuleId, RuleId)> {
        let mut found = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let by = |direct| node.end.get(direct).zip(self.longer(index, direct));
            let (channel, dm) = (by(false), by(true));
            // A rule for both audiences is reachable as long as one of them reaches it.
            for pair in [channel, dm].into_iter().flatten() {
                let elsewhere = [false, true]
                    .into_iter()
                    .any(|direct| node.end.get(direct) == Some(pair.0) && self.longer(index, direct).is_none());
                if !elsewhere && !found.contains(&pair) {
                    found.push(pair);
                }
            }
        }
        found
    }
}

/// What the pattern of a found rule binds in the text.
pub(crate) fn bindings(pattern: &Pattern, reading: &mut Reading<'_>) -> Bindings {
    pattern.matches(reading).unwrap_or_default()
}
