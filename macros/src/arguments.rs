//! The text between the parentheses of an attribute: literals and options, separated by commas.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::{Ident, LitStr, spanned::Spanned};

use crate::problems::Problems;

/// What one attribute was given.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) literals: Vec<LitStr>,
    pub(crate) options: Vec<Given>,
}

/// An option as it was written.
pub(crate) struct Given {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// What was written behind the name of an option.
pub(crate) enum Value {
    /// `hidden`.
    None,
    /// `retry = 3`.
    Equals(TokenStream),
    /// `scopes("users:read")`.
    List(TokenStream),
}

impl Given {
    /// The place of the value, or of the name where there is no value.
    pub(crate) fn place(&self) -> Span {
        match &self.value {
            Value::Equals(value) | Value::List(value) if !value.is_empty() => value.span(),
            _ => self.name.span(),
        }
    }
}

/// Reads the arguments of an attribute.
pub(crate) fn read(tokens: TokenStream, problems: &mut Problems) -> Arguments {
    let mut arguments = Arguments::default();
    for part in split(tokens) {
        if let Ok(literal) = syn::parse2::<LitStr>(part.clone()) {
            arguments.literals.push(literal);
            continue;
        }
        match option(part.clone()) {
            Some(option) => arguments.options.push(option),
            None => problems.on(part, "expected a text in quotes or an option, as in `\"deploy {service}\", hidden`"),
        }
    }
    arguments
}

fn option(part: TokenStream) -> Option<Given> {
    let mut tokens = part.into_iter();
    let TokenTree::Ident(name) = tokens.next()? else { return None };
    let value = match tokens.next() {
        None => Value::None,
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => Value::Equals(tokens.collect()),
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis && tokens.next().is_none() => {
            Value::List(group.stream())
        }
        Some(_) => return None,
    };
    Some(Given { name, value })
}

/// The parts between commas; a comma at the end counts for nothing.
pub(crate) fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![Vec::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(Vec::new()),
            _ => parts.last_mut().into_iter().for_each(|part| part.push(token.clone())),
        }
    }
    parts.into_iter().filter(|part| !part.is_empty()).map(|part| part.into_iter().collect()).collect()
}
