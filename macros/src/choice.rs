//! `#[derive(Choice)]`: an enum whose variants a person chooses by name.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Path, Variant, ext::IdentExt};

use crate::{
    arguments::{self, Value},
    problems::Problems,
};

/// Expands `#[derive(Choice)]`.
pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut problems = Problems::default();
    let private = private(&input.attrs, &mut problems);
    let variants = variants(input, &mut problems);
    if problems.any() {
        return problems.to_compile_errors();
    }
    let name = &input.ident;
    let idents = variants.iter().map(|(ident, _)| ident);
    let words = variants.iter().map(|(_, words)| words);
    let shown = variants.iter().filter_map(|(_, words)| words.first());
    let choice = quote_spanned!(name.span()=> #private::Choice);
    quote! {
        impl #choice for #name {
            const VARIANTS: &'static [(Self, &'static [&'static str])] = &[#((Self::#idents, &[#(#words),*])),*];
        }

        impl #private::FromArg for #name {
            const LABEL: #private::Label =
                #private::Label { english: "one of the choices", french: "une des valeurs proposées" };
            const CHOICES: &'static [&'static str] = &[#(#shown),*];

            fn from_arg(argument: &#private::Text) -> #private::Option<Self> {
                <Self as #private::Choice>::choose(argument)
            }
        }
    }
}

/// The variants, each with its words.
fn variants<'a>(input: &'a DeriveInput, problems: &mut Problems) -> Vec<(&'a Ident, Vec<LitStr>)> {
    let Data::Enum(data) = &input.data else {
        problems.on(&input.ident, "`Choice` is for an enum, whose variants are the choices");
        return Vec::new();
    };
    if !input.generics.params.is_empty() {
        problems.on(&input.generics, "a choice cannot be generic: write the types themselves");
    }
    if data.variants.is_empty() {
        problems.on(&input.ident, "there is nothing to choose: add a variant");
    }
    let mut seen: Vec<String> = Vec::new();
    let mut variants = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            problems.on(&variant.fields, "a choice is a bare word: take out the fields of this variant");
        }
        let words = words(variant, problems);
        for word in &words {
            let folded = word.value().to_lowercase();
            if seen.contains(&folded) {
                problems.on(word, format!("`{folded}` is a choice already: give this variant another word"));
            }
            seen.push(folded);
        }
        variants.push((&variant.ident, words));
    }
    variants
}

/// The words of a variant: those of its attribute, or else its own name.
fn words(variant: &Variant, problems: &mut Problems) -> Vec<LitStr> {
    let mut words = Vec::new();
    for attribute in helpers(&variant.attrs) {
        let given = attribute.meta.require_list().map(|list| arguments::read(list.tokens.clone(), problems));
        match given {
            Ok(given) if given.options.is_empty() && !given.literals.is_empty() => words.extend(given.literals),
            _ => {
                problems.on(&attribute.meta, "the words of a choice are written `#[choice(\"prod\", \"production\")]`");
            }
        }
    }
    for word in &words {
        if word.value().is_empty() || word.value().contains(char::is_whitespace) {
            problems.on(word, "a choice is one word, without blanks: join its parts with `-`");
        }
    }
    if words.is_empty() {
        words.push(LitStr::new(&kebab(&variant.ident.unraw().to_string()), variant.ident.span()));
    }
    words
}

/// The path of the framework, if `#[choice(crate = …)]` gives another.
fn private(attributes: &[Attribute], problems: &mut Problems) -> TokenStream {
    for attribute in helpers(attributes) {
        let tokens = attribute.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
        let given = arguments::read(tokens, problems);
        let path = match (given.literals.as_slice(), given.options.as_slice()) {
            ([], [option]) if option.name == "crate" => match &option.value {
                Value::Equals(path) => syn::parse2::<Path>(path.clone()).ok(),
                _ => None,
            },
            _ => None,
        };
        match path {
            Some(path) => return quote!(#path::__private),
            None => problems.on(&attribute.meta, "words belong to a variant: put this on the variant they choose"),
        }
    }
    quote!(::bavard::__private)
}

fn helpers(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|one| one.path().is_ident("choice"))
}

/// `PreProduction` as a person types it: `pre-production`.
fn kebab(name: &str) -> String {
    let mut words = String::new();
    let mut previous_is_upper = true;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let starts_word = !previous_is_upper || letters.peek().is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && starts_word && !words.is_empty() && !words.ends_with('-') {
            words.push('-');
        }
        previous_is_upper = letter.is_uppercase();
        words.extend(if letter == '_' { vec!['-'] } else { letter.to_lowercase().collect() });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variants_become_words() {
        let words = ["Production", "PreProduction", "HTTPServer", "V2", "Snake_Case", "Été"].map(kebab);
        assert_eq!(words, ["production", "pre-production", "http-server", "v2", "snake-case", "été"]);
    }
}
