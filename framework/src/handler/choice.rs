//! Arguments with only so many values.

use crate::{event::Text, route::fold};

/// An enum whose variants a person chooses by name. Implemented by `#[derive(Choice)]`, which makes it an argument too.
pub trait Choice: Sized + Copy + 'static {
    /// The variants, each with the words that choose it; the first word is the one that is shown.
    const VARIANTS: &'static [(Self, &'static [&'static str])];

    /// The variant that a person chose; case and accents do not count.
    #[must_use]
    fn choose(text: &Text) -> Option<Self> {
        let chosen = fold(text.as_str());
        let of_this_name = |names: &&[&str]| names.iter().any(|name| fold(name) == chosen);
        Self::VARIANTS.iter().find(|(_, names)| of_this_name(names)).map(|(variant, _)| *variant)
    }
}
