//! A sentence for whoever runs a bot, in both languages.

use std::fmt;

/// What went wrong and the one next step, in English and in French. It never shows a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    pub(crate) english: String,
    pub(crate) french: String,
}

impl Sentence {
    pub(crate) fn new(english: impl Into<String>, french: impl Into<String>) -> Self {
        Self { english: english.into(), french: french.into() }
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl std::error::Error for Sentence {}
