//! `#[help(…)]`, where it stands above the attribute it belongs to.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{
    Attribute,
    parse::{ParseStream, Parser},
};

use crate::on::On;

/// Moves the description beneath the attributes of the handler, the outermost of which then reads it.
pub(crate) fn expand(tokens: &TokenStream, item: &TokenStream) -> TokenStream {
    let parser = |input: ParseStream<'_>| Ok((input.call(Attribute::parse_outer)?, input.parse::<TokenStream>()?));
    match parser.parse2(item.clone()) {
        Ok((attributes, function)) if attributes.iter().any(|one| On::of(one.path()).is_some()) => {
            quote!(#(#attributes)* #[help(#tokens)] #function)
        }
        _ => {
            let message = "`help` describes a handler: put `#[on_mention(\"…\")]` on the function";
            let error = syn::Error::new(Span::call_site(), message).to_compile_error();
            quote!(#error #item)
        }
    }
}
