//! How the parameters of a handler are taken from a call.

use super::{Call, FromArg, FromCall, HandlerResult, On, Option, ParameterKind, Triggers};

/// Takes an argument, and says what it takes.
///
/// A constant of this type is the only place in a handler's expansion that asks for the trait of the parameter's type,
/// so that a type without it is one error and not several.
#[derive(Debug)]
pub struct Argument<T> {
    /// Where the value comes from.
    pub kind: ParameterKind,
    /// Takes the value, given the name of the placeholder.
    pub take: fn(&Call, &'static str) -> HandlerResult<T>,
}

/// Takes a parameter from the call itself; the counterpart of [`Argument`].
#[derive(Debug)]
pub struct Extractor<T> {
    /// Where the value comes from.
    pub kind: ParameterKind,
    /// Takes the value; the name counts for nothing.
    pub take: fn(&Call, &'static str) -> HandlerResult<T>,
    triggers: Triggers,
    elsewhere: &'static str,
}

/// Takes an argument that is always there.
#[must_use]
pub const fn argument<T: FromArg>() -> Argument<T> {
    Argument { kind: kind::<T>(), take: crate::handler::argument }
}

/// Takes an argument that may be missing.
#[must_use]
pub const fn optional<T: FromArg>() -> Argument<Option<T>> {
    Argument { kind: kind::<T>(), take: crate::handler::optional }
}

/// Takes everything to the end as one argument.
#[must_use]
pub const fn rest<T: FromArg>() -> Argument<T> {
    Argument { kind: kind::<T>(), take: crate::handler::rest }
}

/// Takes everything to the end, word by word.
#[must_use]
pub const fn many<T: FromArg>() -> Argument<Vec<T>> {
    Argument { kind: kind::<T>(), take: crate::handler::many }
}

/// Takes a parameter from the call itself.
#[must_use]
pub const fn extractor<T: FromCall>() -> Extractor<T> {
    Extractor {
        kind: ParameterKind::Extractor { need: T::need },
        take: |call, _| T::from_call(call),
        triggers: T::TRIGGERS,
        elsewhere: T::ELSEWHERE,
    }
}

/// Refuses an extractor that does not exist under all attributes of a handler.
///
/// # Panics
/// At compile time, in the words of the extractor.
#[track_caller]
pub const fn must_exist<T>(extractor: &Extractor<T>, attributes: &[On]) {
    let mut remaining = attributes;
    while let [first, others @ ..] = remaining {
        assert!(extractor.triggers.contains(first.as_set()), "{}", extractor.elsewhere);
        remaining = others;
    }
}

const fn kind<T: FromArg>() -> ParameterKind {
    ParameterKind::Argument { label: T::LABEL, choices: T::CHOICES }
}
