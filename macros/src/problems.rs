//! Everything that is wrong with one item, told at once.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Error;

/// The problems found so far, each with the place it is about.
#[derive(Default)]
pub(crate) struct Problems(Option<Error>);

impl Problems {
    /// Adds a problem about a place.
    pub(crate) fn at(&mut self, place: Span, message: impl std::fmt::Display) {
        self.add(Error::new(place, message));
    }

    /// Adds a problem about some code.
    pub(crate) fn on(&mut self, code: impl ToTokens, message: impl std::fmt::Display) {
        self.add(Error::new_spanned(code, message));
    }

    /// Adds what another reader found.
    pub(crate) fn add(&mut self, error: Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            empty => *empty = Some(error),
        }
    }

    /// Keeps the value of a reader that went well, and the problem of one that did not.
    pub(crate) fn keep<T>(&mut self, read: syn::Result<T>) -> Option<T> {
        read.map_err(|error| self.add(error)).ok()
    }

    pub(crate) fn any(&self) -> bool {
        self.0.is_some()
    }

    /// The code that makes the compiler tell them.
    pub(crate) fn to_compile_errors(&self) -> TokenStream {
        self.0.as_ref().map(Error::to_compile_error).unwrap_or_default()
    }
}

/// Code as a person would have written it, for messages.
pub(crate) fn readable(code: impl ToTokens) -> String {
    let mut text = code.to_token_stream().to_string();
    for (spaced, tight) in
        [(" < ", "<"), (" <", "<"), ("< ", "<"), (" >", ">"), (" :: ", "::"), (":: ", "::"), (" ,", ","), ("& ", "&")]
    {
        text = text.replace(spaced, tight);
    }
    text
}

/// The candidate that was probably meant.
pub(crate) fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|candidate| (edits(written, candidate), candidate));
    scored.min().filter(|(distance, _)| *distance <= 2).map(|(_, candidate)| candidate)
}

/// The number of letters to add, drop or change to make one word of the other.
fn edits(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (done, letter) in one.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], done + 1);
        for (column, wanted) in other.bytes().enumerate() {
            let changed = diagonal + usize::from(letter != wanted);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(nearest("chek", ["check", "channel"]), Some("check"));
        assert_eq!(nearest("hiden", ["check", "hidden"]), Some("hidden"));
        assert_eq!(nearest("weather", ["check", "hidden"]), None);
    }

    #[test]
    fn types_read_as_they_are_written() {
        let code: TokenStream = "Option<std::vec::Vec<(A, B)>>".parse().unwrap();
        assert_eq!(readable(code), "Option<std::vec::Vec<(A, B)>>");
    }
}
