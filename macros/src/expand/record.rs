//! The record of the function, which the framework reads.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{LitStr, Path, ext::IdentExt};

use super::{
    Writer,
    place::{ends, placed},
    run::taker,
};
use crate::{
    attribute::{Attribute, Matcher, Matching},
    problems::readable,
};

impl Writer<'_> {
    pub(super) fn record(&self) -> TokenStream {
        let Self { private, function, attributes, parameters } = self;
        let name = function.name().unraw().to_string();
        let doc = function.doc();
        let (languages, helps): (Vec<_>, Vec<_>) = function.help.iter().map(|(code, text)| (code, text)).unzip();
        let triggers = attributes.iter().flat_map(|one| one.matchers.iter().map(|matcher| self.trigger(one, matcher)));
        let parameters = parameters.iter().enumerate().map(|(index, parameter)| {
            let (taker, name, ty) = (taker(index), &parameter.name, readable(parameter.ty));
            quote!(#private::Parameter { name: #name, ty: #ty, kind: #taker.kind })
        });
        let retry = attributes.iter().map(|one| one.options.retry).max().unwrap_or_default();
        let mut scopes: Vec<String> =
            attributes.iter().flat_map(|one| &one.options.scopes).map(LitStr::value).collect();
        scopes.sort();
        scopes.dedup();
        quote! {
            #private::Handler {
                name: #name,
                path: ::core::concat!(::core::module_path!(), "::", #name),
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
        let (first, last) = ends(path);
        let context = format_ident!("__context");
        let check = placed(private, first);
        let given = quote_spanned!(last=> (#path, #context));
        let check = quote_spanned!(first=> #check::check #given);
        quote! {{
            fn __check(#context: #private::Context) -> #private::BoxFuture<'static, #private::HandlerResult<()>> {
                #check
            }
            __check
        }}
    }
}

fn maybe(private: &TokenStream, value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(#private::None), |value| quote!(#private::Some(#value)))
}
