//! The function beneath an attribute.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Expr, ExprLit, FnArg, Ident, Lit, LitStr, Meta, MetaNameValue, Safety, Signature, Token, Type,
    Visibility,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::{
    on::On,
    problems::{Problems, readable},
};

/// A function, its body left unread.
pub(crate) struct Function {
    /// Its attributes, without those that belong to the framework.
    pub(crate) attributes: Vec<Attribute>,
    /// The other attributes of the framework on it.
    pub(crate) siblings: Vec<Attribute>,
    /// Its descriptions in other languages, as written and as read.
    pub(crate) helps: Vec<Attribute>,
    pub(crate) help: Vec<(String, LitStr)>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    /// The function as it was written, from its visibility to its last brace.
    pub(crate) tokens: TokenStream,
}

impl Function {
    /// Reads a function; fails for anything else.
    pub(crate) fn read(item: &TokenStream, problems: &mut Problems) -> syn::Result<Self> {
        let parse = |input: ParseStream<'_>| {
            let attributes = input.call(Attribute::parse_outer)?;
            let tokens: TokenStream = input.fork().parse()?;
            let visibility: Visibility = input.parse()?;
            let signature: Signature = input.parse()?;
            input.parse::<TokenStream>()?;
            Ok((attributes, tokens, visibility, signature))
        };
        let (all, tokens, visibility, signature) = parse.parse2(item.clone())?;
        let (siblings, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| On::of(one.path()).is_some());
        let (helps, attributes): (Vec<_>, Vec<_>) = others.into_iter().partition(is_help);
        let help = helps.iter().filter_map(|one| problems.keep(read_help(one))).flatten().collect();
        Ok(Self { attributes, siblings, helps, help, visibility, signature, tokens })
    }

    pub(crate) fn is_method(&self) -> bool {
        self.signature.receiver().is_some()
    }

    pub(crate) fn name(&self) -> &Ident {
        &self.signature.ident
    }

    /// Its doc comment.
    pub(crate) fn doc(&self) -> String {
        let lines = self.attributes.iter().filter_map(doc_line);
        lines.collect::<Vec<_>>().join("\n").trim().to_owned()
    }

    /// The attributes that decide whether it exists at all.
    pub(crate) fn conditions(&self) -> Vec<&Attribute> {
        self.attributes.iter().filter(|one| one.path().is_ident("cfg")).collect()
    }
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(MetaNameValue { path, value: Expr::Lit(ExprLit { lit: Lit::Str(text), .. }), .. })
            if path.is_ident("doc") =>
        {
            let text = text.value();
            Some(text.strip_prefix(' ').unwrap_or(&text).to_owned())
        }
        _ => None,
    }
}

fn is_help(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "help")
}

/// Reads `#[help(fr = "Dit bonjour.")]`.
fn read_help(attribute: &Attribute) -> syn::Result<Vec<(String, LitStr)>> {
    let form = "`help` is written `#[help(fr = \"Dit bonjour.\")]`, with a language's two letters";
    let wrong = || syn::Error::new_spanned(&attribute.meta, form);
    let pair = |input: ParseStream<'_>| {
        let language: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok((language.to_string(), input.parse::<LitStr>()?))
    };
    let parser = |input: ParseStream<'_>| Punctuated::<_, Token![,]>::parse_terminated_with(input, pair);
    let help = attribute.parse_args_with(parser).map_err(|_| wrong())?;
    let code = |code: &str| code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_lowercase());
    if help.is_empty() || !help.iter().all(|(language, _)| code(language)) {
        return Err(wrong());
    }
    Ok(help.into_iter().collect())
}

/// Tells what a handler's signature cannot have, whatever its parameters.
pub(crate) fn check_signature(signature: &Signature, problems: &mut Problems) {
    if let Some(token) = &signature.constness {
        problems.on(token, "a handler runs when an event comes, and not in a constant: take out `const`");
    }
    if let Safety::Unsafe(token) = &signature.safety {
        problems.on(token, "a handler is called by the framework, which keeps no promise for you: take out `unsafe`");
    }
    if let Some(abi) = &signature.abi {
        problems.on(abi, "a handler is called from Rust: take out `extern`");
    }
    if !signature.generics.params.is_empty() {
        problems.on(
            &signature.generics,
            "a handler cannot be generic, as an event chooses no type: write the types themselves",
        );
    }
    if let Some(clause) = &signature.generics.where_clause {
        problems.on(clause, "a handler is not generic and needs no `where`: take it out");
    }
    if let Some(variadic) = &signature.variadic {
        problems.on(variadic, "a handler takes what its pattern names: write `{rest..}` and take `rest: Vec<String>`");
    }
}

/// The parameters of a signature, as far as each has a name and a type that can be taken by value.
pub(crate) fn parameters<'a>(signature: &'a Signature, problems: &mut Problems) -> Vec<(Option<&'a Ident>, &'a Type)> {
    let typed = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    let mut parameters = Vec::new();
    for parameter in typed {
        let name = match &*parameter.pat {
            syn::Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => Some(&pat.ident),
            syn::Pat::Wild(_) => None,
            other => {
                problems.on(other, "a parameter of a handler is a plain name: take it apart inside the function");
                continue;
            }
        };
        match borrowed(&parameter.ty) {
            Some(problem) => problems.on(&parameter.ty, problem),
            None => parameters.push((name, &*parameter.ty)),
        }
    }
    parameters
}

/// Why a type cannot be handed to a handler, if so.
fn borrowed(ty: &Type) -> Option<String> {
    match ty {
        Type::Reference(reference) => {
            let owned = match readable(&reference.elem).as_str() {
                "str" => "String".to_owned(),
                other => other.to_owned(),
            };
            Some(format!("a handler owns its parameters: take `{owned}` by value"))
        }
        Type::ImplTrait(_) => Some("a parameter needs a type of its own: write it instead of `impl …`".to_owned()),
        Type::Infer(_) => Some("a parameter needs a type of its own: write it instead of `_`".to_owned()),
        Type::Paren(inner) => borrowed(&inner.elem),
        Type::Group(inner) => borrowed(&inner.elem),
        _ => None,
    }
}
