//! `#[bavard::main]`: from a function that gives the app to a program.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Path;

use crate::{
    arguments::{self, Value},
    expand::on_returned,
    function::Function,
    problems::Problems,
};

/// Expands `#[bavard::main]`.
pub(crate) fn expand(tokens: TokenStream, item: &TokenStream) -> TokenStream {
    let mut problems = Problems::default();
    let private = private(tokens, &mut problems);
    let Ok(function) = Function::read(item, &mut problems) else {
        problems.at(Span::call_site(), "`main` goes on a function: `fn bot() -> App { App::new(\"my-bot\") }`");
        let errors = problems.to_compile_errors();
        return quote!(#errors #item);
    };
    check(&function, &mut problems);
    let errors = problems.to_compile_errors();
    let (attributes, tokens, name) = (&function.attributes, &function.tokens, function.name());
    let kept = quote!(#(#attributes)* #tokens);
    if problems.any() {
        let main = (name != "main").then(|| {
            quote!(
                fn main() {}
            )
        });
        return quote!(#errors #kept #main);
    }
    let wait = function.signature.asyncness.map(|_| quote!(.await));
    let app = on_returned(&private, &function.signature, "IntoApp", "into_app", &quote!(__app));
    let start = quote! {
        #private::main(|| #private::Box::pin(async move {
            let __app = #name()#wait;
            #app
        }))
    };
    if name == "main" {
        return quote! {
            fn main() -> ::std::process::ExitCode {
                #kept
                #start
            }
        };
    }
    quote! {
        #kept
        fn main() -> ::std::process::ExitCode { #start }
    }
}

/// The one thing that the attribute takes: the path of the framework.
fn private(tokens: TokenStream, problems: &mut Problems) -> TokenStream {
    let arguments = arguments::read(tokens.clone(), problems);
    match (arguments.literals.as_slice(), arguments.options.as_slice()) {
        ([], []) => {}
        ([], [option]) if option.name == "crate" => {
            if let Value::Equals(path) = &option.value
                && let Ok(path) = syn::parse2::<Path>(path.clone())
            {
                return quote!(#path::__private);
            }
            problems.at(option.place(), "this option is written `crate = my_facade::bavard`");
        }
        _ => problems.on(tokens, "`main` takes nothing but `crate`: settings are read from the environment"),
    }
    quote!(::bavard::__private)
}

fn check(function: &Function, problems: &mut Problems) {
    let signature = &function.signature;
    if !signature.inputs.is_empty() {
        problems.on(&signature.inputs, "`main` gives nothing to its function: read settings inside it");
    }
    if !signature.generics.params.is_empty() {
        problems.on(&signature.generics, "the function of `main` cannot be generic");
    }
    if let syn::ReturnType::Default = signature.output {
        problems.on(&signature.ident, "the function of `main` returns the app: write `-> App`");
    }
    for sibling in &function.siblings {
        problems.on(&sibling.meta, "the function of `main` gives the app and cannot be a handler too");
    }
}
