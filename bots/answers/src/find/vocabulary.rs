//! Words of a subject that mean the same: who asks says "price", and the page says "tuition".

mod asking;

use std::collections::BTreeSet;

use super::Asked;
use crate::analyse::{Chain, Language, terms};
use asking::asking;

/// Words that are looked up together.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    groups: Vec<BTreeSet<String>>,
    /// Words that ask, and are no subject.
    asking: BTreeSet<String>,
}

impl Vocabulary {
    /// Groups of words in `language`, each of which means one thing. Their forms need not be listed; what is more than one
    /// word is passed over.
    pub fn new(language: Language, groups: &[&[&str]]) -> Self {
        let chain = Chain::for_prose(language);
        let term = |word: &&str| match &terms(word, chain)[..] {
            [only] => Some(only.clone()),
            _ => None,
        };
        Self {
            groups: groups.iter().map(|group| group.iter().filter_map(term).collect()).collect(),
            asking: asking(language).iter().filter_map(term).collect(),
        }
    }

    /// The words that mean what `term` means, but for itself.
    fn like<'a>(&'a self, term: &'a str) -> impl Iterator<Item = &'a String> {
        let groups = self.groups.iter().filter(move |group| group.contains(term));
        groups.flatten().filter(move |other| other.as_str() != term)
    }

    /// Whether `term` is one of its words.
    pub(super) fn holds(&self, term: &str) -> bool {
        self.asking.contains(term) || self.groups.iter().any(|group| group.contains(term))
    }

    /// Lets a question find what is said in other words too.
    pub(crate) fn widen(&self, asked: &mut Asked) {
        for word in &mut asked.words {
            let own = [&word.french, &word.other].into_iter().filter_map(|terms| match &terms[..] {
                [only] => Some(only),
                _ => None,
            });
            let own: Vec<&String> = own.chain(&word.alike).collect();
            let alike: BTreeSet<String> = own.iter().flat_map(|term| self.like(term)).cloned().collect();
            word.alike.extend(alike);
            word.is_weak |= word.french.iter().chain(&word.other).any(|term| self.asking.contains(term));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_group_find_each_other_in_any_form() {
        let vocabulary = Vocabulary::new(Language::French, &[&["prix", "tarif", "coûter"], &["stage"]]);
        let mut asked = Asked::read("combien coute le stage", Some(Language::French));
        vocabulary.widen(&mut asked);
        let alike: Vec<_> = asked.words.iter().map(|word| word.alike.join(" ")).collect();
        assert_eq!(alike, ["prix tarif", ""]);
        assert_eq!(asked.words.iter().map(|word| word.is_weak).collect::<Vec<_>>(), [true, false]);
    }
}
