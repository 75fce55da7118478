//! What runs the function: its parameters are taken from the call, and what it returns becomes the answer.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Ident, ReturnType, Signature, Type};

use super::{
    Writer,
    place::{ends, placed},
};
use crate::{
    attribute::Attribute,
    on::On,
    parameters::{Parameter, Source},
};

impl Writer<'_> {
    /// A constant that knows how to take a parameter: the one place that asks for its trait, so that a wrong type is
    /// told once, and under the type.
    pub(super) fn taker(&self, index: usize, parameter: &Parameter<'_>) -> TokenStream {
        let private = &self.private;
        let (taker, ty) = (taker(index), parameter.ty);
        let (function, inner) = match &parameter.source {
            Source::Argument(inner) => ("argument", *inner),
            Source::Optional(inner) => ("optional", *inner),
            Source::Rest(inner) => ("rest", *inner),
            Source::Many(inner) => ("many", *inner),
            Source::Extractor => ("extractor", ty),
        };
        let (first, last) = ends(inner);
        let (path, function) = (placed(private, first), Ident::new(function, first));
        let value = quote_spanned!(first=> #path::#function::<#inner>());
        let exists = matches!(parameter.source, Source::Extractor).then(|| {
            let under = self.attributes.iter().map(|attribute| attribute.on.variant());
            let under = quote_spanned!(last=> (&#taker, &[#(#private::On::#under),*]));
            quote_spanned!(first=> const _: () = #path::must_exist #under;)
        });
        let kind = if exists.is_some() { quote!(Extractor) } else { quote!(Argument) };
        quote! {
            #[allow(non_upper_case_globals)]
            const #taker: #private::#kind<#ty> = #value;
            #exists
        }
    }

    pub(super) fn run(&self) -> TokenStream {
        let Self { private, function, parameters, .. } = self;
        let name = function.name();
        let values: Vec<Ident> = (0..parameters.len()).map(|index| format_ident!("__value_{index}")).collect();
        let takers = (0..parameters.len()).map(taker);
        let names = parameters.iter().map(|parameter| &parameter.name);
        let wait = function.signature.asyncness.map(|_| quote!(.await));
        let any = |is: fn(&Attribute) -> bool| self.attributes.iter().any(is);
        let (kind, method) = match () {
            () if any(|one| one.on == On::Event) => ("Observed", "observed"),
            () if any(|one| one.on == On::Schedule && one.options.channel.is_none()) => ("Unheard", "unheard"),
            () => ("IntoReply", "into_reply"),
        };
        // Written by the attribute wherever they are said to stand: a name within a macro's own code would be another.
        let (call, returned) = (format_ident!("__call"), format_ident!("__returned"));
        let given = quote!(#returned, #call.context());
        let answer = on_returned(private, &function.signature, kind, method, &given);
        let path = placed(private, name.span());
        let body = quote_spanned! {name.span()=>
            #path::Box::pin(async move {
                #(let #values = (#takers.take)(&#call, #names)?;)*
                let #returned = #name(#(#values),*)#wait;
                #answer
            })
        };
        quote! {
            #[allow(clippy::let_unit_value, clippy::unit_arg)]
            fn __run(
                #call: #private::Call,
            ) -> #private::BoxFuture<'static, #private::HandlerResult<#private::Option<#private::Reply>>> {
                #body
            }
        }
    }
}

/// The name of the constant that takes a parameter.
pub(super) fn taker(index: usize) -> Ident {
    format_ident!("__parameter_{index}")
}

/// Calls a method of one of the framework's traits on what the function returned. A type without the trait is told
/// under the type, as far as it can be named.
pub(crate) fn on_returned(
    private: &TokenStream,
    signature: &Signature,
    name: &str,
    method: &str,
    given: &TokenStream,
) -> TokenStream {
    let (first, last) = match &signature.output {
        ReturnType::Type(_, ty) => ends(ty),
        ReturnType::Default => ends(&signature.ident),
    };
    let (private, name, method) = (placed(private, first), Ident::new(name, first), Ident::new(method, last));
    let method = match &signature.output {
        ReturnType::Type(_, ty) if can_be_named(ty) => quote_spanned!(first=> <#ty as #private::#name>::#method),
        _ => quote_spanned!(first=> #private::#name::#method),
    };
    quote_spanned!(last=> #method(#given))
}

fn can_be_named(ty: &Type) -> bool {
    fn has_impl(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == "impl",
            TokenTree::Group(group) => has_impl(group.stream()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    !matches!(ty, Type::Never(_)) && !has_impl(ty.to_token_stream())
}
