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
    options::Options,
    problems::readable,
};

/// For how many milliseconds a time that was missed is made up for, unless it is said: one hour.
const CATCH_UP: u64 = 3_600_000;

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
            Matching::Times(text) => self.times(&attribute.options, text),
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

    /// Reads schedules when this is compiled: what is wrong with one is told under its text, and nowhere else.
    pub(super) fn times_checked(&self) -> TokenStream {
        let matchers = self.attributes.iter().flat_map(|attribute| &attribute.matchers);
        let checks = matchers.filter_map(|matcher| match &matcher.matching {
            Matching::Times(text) => {
                let path = placed(&self.private, text.span());
                Some(quote_spanned!(text.span()=> const _: () = #path::Cron::must_be_read(#text);))
            }
            _ => None,
        });
        quote!(#(#checks)*)
    }

    fn times(&self, options: &Options, text: &LitStr) -> TokenStream {
        let private = &self.private;
        let timezone = options.timezone.as_deref().unwrap_or("UTC");
        let catch_up = options.catch_up.unwrap_or(CATCH_UP);
        quote! {
            Times(&#private::Schedule {
                text: #text,
                cron: #private::Cron::or_never(#text),
                timezone: #timezone,
                catch_up: #catch_up,
            })
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
