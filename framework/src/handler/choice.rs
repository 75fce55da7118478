//! Arguments with only so many values.

use crate::{
    event::Text,
    route::{fold, without_trailing},
};

/// An enum whose variants a person chooses by name. Implemented by `#[derive(Choice)]`, which makes it an argument too.
pub trait Choice: Sized + Copy + 'static {
    /// The variants, each with the words that choose it; the first word is the one that is shown.
    const VARIANTS: &'static [(Self, &'static [&'static str])];

    /// The variant that a person chose; case, accents and the punctuation behind it do not count.
    #[must_use]
    fn choose(text: &Text) -> Option<Self> {
        let chosen = fold(text.as_str());
        let of_name = |wanted: &str| {
            let mut variants = Self::VARIANTS.iter();
            variants.find(|(_, names)| names.iter().any(|name| fold(name) == wanted)).map(|(variant, _)| *variant)
        };
        of_name(&chosen).or_else(|| of_name(without_trailing(&chosen)))
    }
}
