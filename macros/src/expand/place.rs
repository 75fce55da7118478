//! Where written code is said to stand, which is where the compiler tells what is wrong with it.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;

/// The places of the first and the last token; only together do they underline the whole.
pub(super) fn ends(code: impl ToTokens) -> (Span, Span) {
    let mut places = code.into_token_stream().into_iter().map(|token| token.span());
    let first = places.next().unwrap_or_else(Span::call_site);
    (first, places.last().unwrap_or(first))
}

/// The path of the framework, as if it were written at a place.
pub(super) fn placed(private: &TokenStream, place: Span) -> TokenStream {
    let at_place = |mut token: TokenTree| {
        token.set_span(place);
        token
    };
    private.clone().into_iter().map(at_place).collect()
}
