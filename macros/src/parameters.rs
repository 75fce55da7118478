//! Which parameter is an argument and which an extractor: the names of the placeholders decide, never the types.

use syn::{GenericArgument, Ident, PathArguments, Type, ext::IdentExt};

use crate::{
    attribute::{Attribute, Matcher},
    function::Function,
    pattern::Takes,
    problems::{Problems, readable},
};

/// A parameter, and where its value comes from.
pub(crate) struct Parameter<'a> {
    pub(crate) name: String,
    pub(crate) ty: &'a Type,
    pub(crate) source: Source<'a>,
}

/// Where the value of a parameter comes from; an argument knows the type of what is read.
pub(crate) enum Source<'a> {
    Extractor,
    /// One that is always there.
    Argument(&'a Type),
    /// One that may be missing.
    Optional(&'a Type),
    /// Everything to the end, as one.
    Rest(&'a Type),
    /// Everything to the end, word by word.
    Many(&'a Type),
}

/// Tells arguments and extractors apart, and checks them against every pattern in both directions.
pub(crate) fn read<'a>(
    function: &'a Function,
    parameters: &[(Option<&'a Ident>, &'a Type)],
    attributes: &[Attribute],
    problems: &mut Problems,
) -> Vec<Parameter<'a>> {
    let matchers: Vec<&Matcher> = attributes.iter().flat_map(|attribute| &attribute.matchers).collect();
    refuse_untaken(function, &matchers, problems);
    let mut read = Vec::new();
    for &(ident, ty) in parameters {
        let name = ident.map_or_else(|| "_".to_owned(), |ident| ident.unraw().to_string());
        let uses = Uses::of(&name, &matchers);
        let source = if uses.any { argument(&name, ty, uses) } else { Ok(Source::Extractor) };
        match source {
            Ok(source) => read.push(Parameter { name, ty, source }),
            Err(problem) => problems.on(ty, problem),
        }
    }
    read
}

/// Tells each placeholder that no parameter takes, once.
fn refuse_untaken(function: &Function, matchers: &[&Matcher], problems: &mut Problems) {
    let names = |input: &syn::FnArg| match input {
        syn::FnArg::Typed(typed) => match &*typed.pat {
            syn::Pat::Ident(pat) => Some(pat.ident.unraw().to_string()),
            _ => None,
        },
        syn::FnArg::Receiver(_) => None,
    };
    let mut taken: Vec<String> = function.signature.inputs.iter().filter_map(names).collect();
    for matcher in matchers {
        for placeholder in &matcher.placeholders {
            let name = &placeholder.name;
            if taken.contains(name) {
                continue;
            }
            let ty = match placeholder.takes {
                Takes::Maybe => "Option<String>",
                Takes::One | Takes::Rest => "String",
            };
            let function = function.name();
            problems.at(
                matcher.place,
                format!("no parameter takes `{}`: add `{name}: {ty}` to `{function}`", placeholder.written()),
            );
            taken.push(name.clone());
        }
    }
}

/// How the patterns of a function use a name.
#[derive(Clone, Copy, Default)]
struct Uses {
    any: bool,
    rest: bool,
    maybe: bool,
    missing: bool,
}

impl Uses {
    fn of(name: &str, matchers: &[&Matcher]) -> Self {
        let mut uses = Self::default();
        for matcher in matchers {
            let takes = matcher.placeholders.iter().find(|other| other.name == name).map(|other| other.takes);
            uses.any |= takes.is_some();
            uses.rest |= takes == Some(Takes::Rest);
            uses.maybe |= takes == Some(Takes::Maybe);
            uses.missing |= takes.is_none();
        }
        uses
    }
}

fn argument<'a>(name: &str, ty: &'a Type, uses: Uses) -> Result<Source<'a>, String> {
    if let Some(inner) = inside("Vec", ty) {
        let single = format!("`{{{name}}}` is one word: write `{{{name}..}}`, or take `{}`", readable(inner));
        return if uses.rest { Ok(Source::Many(inner)) } else { Err(single) };
    }
    if let Some(inner) = inside("Option", ty) {
        let always = format!("`{{{name}}}` is always there: write `{{{name}?}}`, or take `{}`", readable(inner));
        let sometimes = uses.missing || uses.maybe || uses.rest;
        return if sometimes { Ok(Source::Optional(inner)) } else { Err(always) };
    }
    let ty_text = readable(ty);
    if uses.missing {
        return Err(format!("`{name}` is not in every pattern of the function: take `Option<{ty_text}>`"));
    }
    if uses.maybe {
        return Err(format!("`{{{name}?}}` may be missing: take `Option<{ty_text}>`"));
    }
    Ok(if uses.rest { Source::Rest(ty) } else { Source::Argument(ty) })
}

/// The `T` of an `Option<T>` or a `Vec<T>`.
fn inside<'a>(wrapper: &str, ty: &'a Type) -> Option<&'a Type> {
    match ty {
        Type::Group(group) => inside(wrapper, &group.elem),
        Type::Paren(paren) => inside(wrapper, &paren.elem),
        Type::Path(path) if path.qself.is_none() => {
            let last = path.path.segments.last().filter(|last| last.ident == wrapper)?;
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
            match arguments.args.first() {
                Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(inner),
                _ => None,
            }
        }
        _ => None,
    }
}
