//! A sentence for a person, in both languages.

use std::fmt;

/// What happened, why, and the one next step, in English (`Display`) and in French.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub(super) english: String,
    pub(super) french: String,
}

impl Said {
    /// The sentence in French.
    #[must_use]
    pub fn in_french(&self) -> &str {
        &self.french
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl std::error::Error for Said {}
