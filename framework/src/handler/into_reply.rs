//! Answers: what a handler may return.

use std::{borrow::Cow, fmt::Display};

use super::Context;
use crate::{
    error::{Error, Result},
    event::Text,
    reply::Reply,
};

/// A type that a handler may return; what is returned is the answer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the answer of a handler",
    label = "a handler cannot return this",
    note = "return text (`String`, `&'static str`, `Text`), `Reply`, `Help`, an `Option` or a `Result` of one of them, or nothing"
)]
pub trait IntoReply {
    /// Gives the answer; `None` says nothing.
    ///
    /// # Errors
    /// When the handler failed; its `on_failure` then speaks.
    fn into_reply(self, context: &Context) -> Result<Option<Reply>>;
}

impl IntoReply for () {
    fn into_reply(self, _: &Context) -> Result<Option<Reply>> {
        Ok(None)
    }
}

macro_rules! replies {
    ($($ty:ty)*) => {$(
        impl IntoReply for $ty {
            fn into_reply(self, _: &Context) -> Result<Option<Reply>> {
                let reply = Reply::from(self);
                Ok((!reply.is_empty()).then_some(reply))
            }
        }
    )*};
}

replies!(Reply String &'static str Text);

impl IntoReply for Cow<'static, str> {
    fn into_reply(self, context: &Context) -> Result<Option<Reply>> {
        self.into_owned().into_reply(context)
    }
}

impl<T: IntoReply> IntoReply for Option<T> {
    fn into_reply(self, context: &Context) -> Result<Option<Reply>> {
        self.map_or(Ok(None), |answer| answer.into_reply(context))
    }
}

impl<T: IntoReply, E: Display + Send + 'static> IntoReply for Result<T, E> {
    fn into_reply(self, context: &Context) -> Result<Option<Reply>> {
        match self {
            Ok(answer) => answer.into_reply(context),
            Err(error) => Err(Error::keep(error)),
        }
    }
}
