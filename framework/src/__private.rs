//! What the attributes write. Not public: it changes without notice.

pub use std::{
    boxed::Box,
    option::Option::{self, None, Some},
    result::Result::{self, Err, Ok},
};

pub use futures_util::future::BoxFuture;
pub use inventory;

pub use crate::{
    error::{Error, Result as HandlerResult},
    event::Text,
    handler::{
        Audience, Call, Check, Choice, Context, FromArg, FromCall, Handler, IntoReply, Label, Matching, Need, On,
        Parameter, ParameterKind, Recorded, Registration, Trigger, Triggers,
    },
    reply::Reply,
};

/// Takes a required argument from a call.
///
/// # Errors
/// When it is missing, or not of the type.
pub fn argument<T: FromArg>(call: &Call, name: &'static str) -> HandlerResult<T> {
    crate::handler::argument(call, name)
}

/// Takes an argument that may be missing.
///
/// # Errors
/// When it is there and not of the type.
pub fn optional<T: FromArg>(call: &Call, name: &'static str) -> HandlerResult<Option<T>> {
    crate::handler::optional(call, name)
}

/// Takes everything to the end as one argument.
///
/// # Errors
/// When it is not of the type.
pub fn rest<T: FromArg>(call: &Call, name: &'static str) -> HandlerResult<T> {
    crate::handler::rest(call, name)
}

/// Takes everything to the end, word by word.
///
/// # Errors
/// When a word is not of the type.
pub fn many<T: FromArg>(call: &Call, name: &'static str) -> HandlerResult<Vec<T>> {
    crate::handler::many(call, name)
}

/// What a `check` may return: `bool`, or a `Result` whose error says why not.
pub trait Verdict {
    /// Whether the person may go on.
    ///
    /// # Errors
    /// When they may not.
    fn verdict(self, context: &Context) -> HandlerResult<()>;
}

impl Verdict for bool {
    fn verdict(self, context: &Context) -> HandlerResult<()> {
        if self {
            return Ok(());
        }
        let sentence = context.language().pick("You may not use this.", "Vous n’avez pas le droit d’utiliser cela.");
        Err(Error::misuse(sentence))
    }
}

impl Verdict for HandlerResult<()> {
    fn verdict(self, _: &Context) -> HandlerResult<()> {
        self
    }
}
