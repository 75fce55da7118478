//! What `check = path` names: a function, sync or async, from `Context` to a verdict.

use std::future::Future;

use futures_util::future::BoxFuture;

use super::{Box, Context, Err, Error, HandlerResult, Ok};

/// Asks a check whether the person may use a handler.
pub fn check<Marker, C: Checks<Marker>>(check: C, context: Context) -> BoxFuture<'static, HandlerResult<()>> {
    check.checks(context)
}

/// A function that decides who may use a handler. The marker tells sync from async.
#[diagnostic::on_unimplemented(
    message = "this function cannot be a `check`",
    label = "a check takes `Context` and returns `bool` or `Result<()>`",
    note = "write `async fn ops_only(ctx: Context) -> bool {{ … }}`, with or without `async`"
)]
pub trait Checks<Marker> {
    /// Runs it.
    fn checks(self, context: Context) -> BoxFuture<'static, HandlerResult<()>>;
}

/// Marks a check that gives its verdict at once.
#[derive(Debug)]
pub struct AtOnce;

/// Marks a check that gives its verdict in time.
#[derive(Debug)]
pub struct InTime;

#[diagnostic::do_not_recommend]
impl<C: Fn(Context) -> V, V: Verdict> Checks<(AtOnce, V)> for C {
    fn checks(self, context: Context) -> BoxFuture<'static, HandlerResult<()>> {
        let verdict = self(context.clone()).verdict(&context);
        Box::pin(std::future::ready(verdict))
    }
}

#[diagnostic::do_not_recommend]
impl<C, F, V> Checks<(InTime, F)> for C
where
    C: Fn(Context) -> F,
    F: Future<Output = V> + Send + 'static,
    V: Verdict,
{
    fn checks(self, context: Context) -> BoxFuture<'static, HandlerResult<()>> {
        let verdict = self(context.clone());
        Box::pin(async move { verdict.await.verdict(&context) })
    }
}

/// What a check may return: `bool`, or a `Result` whose error says why not.
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
