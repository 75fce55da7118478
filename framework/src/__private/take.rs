//! How the parameters of a handler are taken from a call.

use super::{Call, FromArg, FromCall, HandlerResult, On, Option, ParameterKind};

/// Takes one parameter of a handler, and says where it comes from.
///
/// A constant of this type is the only place in a handler's expansion that asks for the trait of the parameter's type,
/// so that a type without it is one error and not several.
#[derive(Debug)]
pub struct Taker<T> {
    /// Where the value comes from.
    pub kind: ParameterKind,
    /// Takes the value, given the name of the parameter.
    pub take: fn(&Call, &'static str) -> HandlerResult<T>,
}

/// Takes an argument that is always there.
#[must_use]
pub const fn argument<T: FromArg>() -> Taker<T> {
    Taker { kind: kind::<T>(), take: crate::handler::argument }
}

/// Takes an argument that may be missing.
#[must_use]
pub const fn optional<T: FromArg>() -> Taker<Option<T>> {
    Taker { kind: kind::<T>(), take: crate::handler::optional }
}

/// Takes everything to the end as one argument.
#[must_use]
pub const fn rest<T: FromArg>() -> Taker<T> {
    Taker { kind: kind::<T>(), take: crate::handler::rest }
}

/// Takes everything to the end, word by word.
#[must_use]
pub const fn many<T: FromArg>() -> Taker<Vec<T>> {
    Taker { kind: kind::<T>(), take: crate::handler::many }
}

/// Takes a parameter from the call itself; it must exist under all attributes of the handler.
///
/// # Panics
/// At compile time, in the words of the extractor, when it does not.
#[must_use]
#[track_caller]
pub const fn extractor<T: FromCall>(attributes: &[On]) -> Taker<T> {
    let mut remaining = attributes;
    while let [first, others @ ..] = remaining {
        assert!(T::TRIGGERS.contains(first.as_set()), "{}", T::ELSEWHERE);
        remaining = others;
    }
    Taker { kind: ParameterKind::Extractor { need: T::need }, take: |call, _| T::from_call(call) }
}

const fn kind<T: FromArg>() -> ParameterKind {
    ParameterKind::Argument { label: T::LABEL, choices: T::CHOICES }
}
