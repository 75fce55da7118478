//! What an attribute writes beside the function.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Path, Type, ext::IdentExt, spanned::Spanned};

use crate::{
    attribute::{self, Attribute, Matcher, Matching},
    function::{self, Function},
    on::On,
    parameters::{self, Parameter, Source},
    problems::Problems,
};

/// Expands the outermost attribute of a function, and with it all others.
pub(crate) fn expand(on: On, tokens: TokenStream, item: TokenStream) -> TokenStream {
    let mut problems = Problems::default();
    let own = Attribute::read(on, tokens, Span::call_site(), &mut problems);
    let Ok(function) = Function::read(item.clone(), &mut problems) else {
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
    Some(Attribute::read(on, tokens, sibling.span(), problems))
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
            #[allow(clippy::needless_pass_by_value)]
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
        let (run, record) = (self.run(), self.record());
        quote! {
            #(#takers)*
            #run
            impl #private::Recorded for #name {
                const HANDLER: &'static #private::Handler = &#record;
            }
            #private::inventory::submit! { #private::Registration(<#name as #private::Recorded>::HANDLER) }
        }
    }

    /// A constant that knows how to take a parameter: the one place that asks for its trait, so that a wrong type is
    /// told once.
    fn taker(&self, index: usize, parameter: &Parameter<'_>) -> TokenStream {
        let private = &self.private;
        let (taker, ty) = (taker(index), parameter.ty);
        let take = |function: &str, inner: &Type| {
            let function = Ident::new(function, inner.span());
            quote_spanned!(inner.span()=> #private::#function::<#inner>())
        };
        let value = match &parameter.source {
            Source::Argument(inner) => take("argument", inner),
            Source::Optional(inner) => take("optional", inner),
            Source::Rest(inner) => take("rest", inner),
            Source::Many(inner) => take("many", inner),
            Source::Extractor => {
                let under = self.attributes.iter().map(|attribute| attribute.on.variant());
                quote_spanned!(ty.span()=> #private::extractor::<#ty>(&[#(#private::On::#under),*]))
            }
        };
        quote! {
            #[allow(non_upper_case_globals)]
            const #taker: #private::Taker<#ty> = #value;
        }
    }

    fn run(&self) -> TokenStream {
        let Self { private, function, parameters, .. } = self;
        let name = function.name();
        let values: Vec<Ident> = (0..parameters.len()).map(|index| format_ident!("__value_{index}")).collect();
        let takers = (0..parameters.len()).map(taker);
        let names = parameters.iter().map(|parameter| &parameter.name);
        let wait = function.signature.asyncness.map(|_| quote!(.await));
        let answer = self.answer();
        let body = quote_spanned! {name.span()=>
            #private::Box::pin(async move {
                #(let #values = (#takers.take)(&__call, #names)?;)*
                let __answer = #name(#(#values),*)#wait;
                #answer
            })
        };
        quote! {
            #[allow(clippy::let_unit_value, clippy::unit_arg)]
            fn __run(
                __call: #private::Call,
            ) -> #private::BoxFuture<'static, #private::HandlerResult<#private::Option<#private::Reply>>> {
                #body
            }
        }
    }

    /// Makes the answer of what the function returned; an observer has none.
    fn answer(&self) -> TokenStream {
        let private = &self.private;
        let observes = self.attributes.iter().any(|attribute| attribute.on == On::Event);
        let place = function::return_place(&self.function.signature);
        if observes {
            return quote_spanned!(place=> #private::Observed::observed(__answer, __call.context()));
        }
        quote_spanned!(place=> #private::IntoReply::into_reply(__answer, __call.context()))
    }

    fn record(&self) -> TokenStream {
        let Self { private, function, attributes, parameters } = self;
        let name = function.name().unraw().to_string();
        let doc = function.doc();
        let (languages, helps): (Vec<_>, Vec<_>) = function.help.iter().map(|(code, text)| (code, text)).unzip();
        let triggers = attributes.iter().flat_map(|one| one.matchers.iter().map(|matcher| self.trigger(one, matcher)));
        let parameters = parameters.iter().enumerate().map(|(index, parameter)| {
            let (taker, name, ty) = (taker(index), &parameter.name, parameter.ty);
            quote!(#private::Parameter { name: #name, ty: ::core::stringify!(#ty), kind: #taker.kind })
        });
        let retry = attributes.iter().map(|one| one.options.retry).max().unwrap_or_default();
        let mut scopes: Vec<String> =
            attributes.iter().flat_map(|one| &one.options.scopes).map(syn::LitStr::value).collect();
        scopes.sort();
        scopes.dedup();
        quote! {
            #private::Handler {
                name: #name,
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                doc: #doc,
                help: &[#((#languages, #helps)),*],
                triggers: &[#(#triggers),*],
                parameters: &[#(#parameters),*],
                retry: #retry,
                scopes: &[#(#scopes),*],
                run: __run,
            }
        }
    }

    fn trigger(&self, attribute: &Attribute, matcher: &Matcher) -> TokenStream {
        let private = &self.private;
        let on = attribute.on.variant();
        let matching = match &matcher.matching {
            Matching::Any => quote!(Any),
            Matching::Words(pattern) => quote!(Words(#pattern)),
            Matching::Regex(expression) => quote!(Regex(#expression)),
            Matching::Name(name) => quote!(Name(#name)),
        };
        let options = &attribute.options;
        let only = maybe(private, options.only.as_ref().map(|only| quote!(#private::Audience::#only)));
        let channel = maybe(private, options.channel.as_ref().map(|channel| quote!(#channel)));
        let check = maybe(private, options.check.as_ref().map(|check| self.check(check)));
        let (priority, hidden, cooldown) = (options.priority, options.hidden, options.cooldown);
        let line = quote_spanned!(attribute.span=> ::core::line!());
        quote! {
            #private::Trigger {
                on: #private::On::#on,
                matching: #private::Matching::#matching,
                only: #only,
                channel: #channel,
                priority: #priority,
                hidden: #hidden,
                check: #check,
                cooldown: #cooldown,
                line: #line,
            }
        }
    }

    fn check(&self, path: &Path) -> TokenStream {
        let private = &self.private;
        quote_spanned! {path.span()=> {
            fn __check(
                __context: #private::Context,
            ) -> #private::BoxFuture<'static, #private::HandlerResult<()>> {
                #private::check(#path, __context)
            }
            __check
        }}
    }
}

fn maybe(private: &TokenStream, value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(#private::None), |value| quote!(#private::Some(#value)))
}

fn taker(index: usize) -> Ident {
    format_ident!("__parameter_{index}")
}
