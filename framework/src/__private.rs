//! What the attributes write. Not public: it changes without notice.

mod check;
mod take;
#[cfg(test)]
mod tests;

pub use std::{
    boxed::Box,
    option::Option::{self, None, Some},
    result::Result::{self, Err, Ok},
};

pub use futures_util::future::BoxFuture;
pub use inventory;

pub use self::{
    check::{Checks, Verdict, check},
    take::{Argument, Extractor, argument, extractor, many, must_exist, optional, rest},
};
pub use crate::{
    app::IntoApp,
    error::{Error, Result as HandlerResult},
    event::Text,
    handler::{
        Call, Check, Choice, Context, FromArg, FromCall, Handler, IntoReply, Label, Matching, Need, On, Parameter,
        ParameterKind, Recorded, Registration, Run, Trigger, Triggers,
    },
    reply::Reply,
    route::Audience,
    schedule::{Cron, Schedule},
};

/// Runs the program of a bot.
pub fn main(build: impl FnOnce() -> BoxFuture<'static, HandlerResult<crate::App>>) -> std::process::ExitCode {
    crate::cli::main(build)
}

/// What an observer may return: nothing, as nobody asked it.
#[diagnostic::on_unimplemented(
    message = "`on_event` observes, and nobody is there to read `{Self}`",
    label = "an observer cannot return this",
    note = "return nothing, or `Result<()>`; to say something, take `Context` and use `ctx.say`"
)]
pub trait Observed: IntoReply + Sized {
    /// Gives the lack of an answer.
    ///
    /// # Errors
    /// When the observer failed.
    fn observed(self, context: &Context) -> HandlerResult<Option<Reply>> {
        self.into_reply(context)
    }
}

impl Observed for () {}

impl<E> Observed for Result<(), E> where Result<(), E>: IntoReply {}

/// What a handler may return that runs by itself, in no channel: nothing.
#[diagnostic::on_unimplemented(
    message = "`on_schedule` answers nobody, and nobody is there to read `{Self}`",
    label = "a handler that runs by itself cannot return this",
    note = "write `channel = \"C0123ABCD\"` to say it there, or return nothing, or `Result<()>`"
)]
pub trait Unheard: IntoReply + Sized {
    /// Gives the lack of an answer.
    ///
    /// # Errors
    /// When the handler failed.
    fn unheard(self, context: &Context) -> HandlerResult<Option<Reply>> {
        self.into_reply(context)
    }
}

impl Unheard for () {}

impl<E> Unheard for Result<(), E> where Result<(), E>: IntoReply {}

/// Stands for the record of a function that an attribute refused, so that the refusal is all that is told.
pub const REFUSED: Handler = Handler {
    name: "",
    path: "",
    file: "",
    line: 0,
    doc: "",
    help: &[],
    triggers: &[],
    parameters: &[],
    retry: 0,
    scopes: &[],
    run: |_| Box::pin(async { Ok(None) }),
};
