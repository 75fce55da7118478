//! What an attribute writes beside the function.

mod place;
mod record;
mod run;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};

pub(crate) use self::run::on_returned;
use crate::{
    attribute::{self, Attribute},
    function::{self, Function},
    on::On,
    parameters::{self, Parameter},
    problems::Problems,
};

/// Expands the outermost attribute of a function, and with it all others.
pub(crate) fn expand(on: On, tokens: TokenStream, item: &TokenStream) -> TokenStream {
    let mut problems = Problems::default();
    let own = Attribute::read(on, tokens, Span::call_site(), &mut problems);
    let Ok(function) = Function::read(item, &mut problems) else {
        let name = on.attribute();
        problems
            .at(Span::call_site(), format!("`{name}` goes on a function: `async fn hello() -> &'static str {{ … }}`"));
        let errors = problems.to_compile_errors();
        return quote!(#errors #item);
    };
    let mut attributes = vec![own];
    attributes.extend(function.siblings.iter().filter_map(|sibling| read_sibling(sibling, &mut problems)));
    let krate = attributes.iter().find_map(|one| one.options.krate.clone());
    let private = krate.map_or_else(|| quote!(::bavard::__private), |krate| quote!(#krate::__private));

    function::check_signature(&function.signature, &mut problems);
    attribute::refuse_twins(&attributes, &mut problems);
    let parameters = function::parameters(&function.signature, &mut problems);
    let parameters = parameters::read(&function, &parameters, &attributes, &mut problems);
    if function.is_method() {
        return method(on, &function, problems);
    }
    let written = Writer { private, function: &function, attributes: &attributes, parameters: &parameters };
    written.all(&problems)
}

fn read_sibling(sibling: &syn::Attribute, problems: &mut Problems) -> Option<Attribute> {
    let on = On::of(sibling.path())?;
    let tokens = match &sibling.meta {
        syn::Meta::Path(_) => TokenStream::new(),
        syn::Meta::List(list) => list.tokens.clone(),
        syn::Meta::NameValue(pair) => {
            problems.on(pair, format!("this attribute is written `#[{}(\"…\")]`", on.attribute()));
            return None;
        }
    };
    let name = sibling.path().segments.last()?.ident.span();
    Some(Attribute::read(on, tokens, name, problems))
}

/// Nothing can stand beside a method, so only the method is written.
fn method(on: On, function: &Function, mut problems: Problems) -> TokenStream {
    let message = format!(
        "`{}` goes on a free function: move this one out of the `impl`, and take what it needs as `State<T>`",
        on.attribute()
    );
    problems.on(function.signature.receiver(), message);
    let (attributes, tokens, errors) = (&function.attributes, &function.tokens, problems.to_compile_errors());
    quote!(#errors #(#attributes)* #tokens)
}

struct Writer<'a> {
    private: TokenStream,
    function: &'a Function,
    attributes: &'a [Attribute],
    parameters: &'a [Parameter<'a>],
}

impl Writer<'_> {
    /// The function, its type and its record; without a record when there are problems, but still with the two others,
    /// so that what names them is not wrong as well.
    fn all(&self, problems: &Problems) -> TokenStream {
        let Function { attributes, visibility, tokens, .. } = self.function;
        let conditions = self.function.conditions();
        let name = self.function.name();
        let beside = if problems.any() { self.refused(problems) } else { self.accepted() };
        quote! {
            // A handler owns what it is given.
            #(#attributes)*
            #tokens

            #(#conditions)*
            #[doc(hidden)]
            #[allow(non_camel_case_types, missing_debug_implementations, missing_copy_implementations, unreachable_pub)]
            #visibility struct #name {}

            #(#conditions)*
            const _: () = { #beside };
        }
    }

    fn refused(&self, problems: &Problems) -> TokenStream {
        let Self { private, function, .. } = self;
        let (name, errors) = (function.name(), problems.to_compile_errors());
        quote! {
            #errors
            impl #private::Recorded for #name {
                const HANDLER: &'static #private::Handler = &#private::REFUSED;
            }
        }
    }

    fn accepted(&self) -> TokenStream {
        let Self { private, function, parameters, .. } = self;
        let name = function.name();
        let takers = parameters.iter().enumerate().map(|(index, parameter)| self.taker(index, parameter));
        let (times, run, record) = (self.times_checked(), self.run(), self.record());
        let read = function.siblings.iter().chain(&function.helps).map(|attribute| attribute.path());
        let names = (0..).map(|index| format_ident!("__attribute_{index}"));
        quote! {
            // What is imported for the other attributes is used, although they are gone.
            #(#[allow(unused_imports)] use #read as #names;)*
            #(#takers)*
            #times
            #run
            impl #private::Recorded for #name {
                const HANDLER: &'static #private::Handler = &#record;
            }
            #private::inventory::submit! { #private::Registration(<#name as #private::Recorded>::HANDLER) }
        }
    }
}
