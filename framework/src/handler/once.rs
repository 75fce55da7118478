//! What a handler does elsewhere, once.

use std::{
    borrow::Cow,
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};

use super::Context;
use crate::{
    error::{Error, Result},
    event::Event,
    storage::{Storage, StorageArea},
    store::{Change, Key},
};

/// How long a result is kept of an event that does not end well: as long as events that were given up.
const RECORDED_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What a run does elsewhere.
#[derive(Debug)]
pub(crate) struct Onces {
    /// Under which name the handler's doings are known.
    speaker: Cow<'static, str>,
    run: Mutex<Run>,
}

#[derive(Debug, Default)]
struct Run {
    /// The names that were used, with their keys.
    used: Vec<(String, String)>,
    closed: bool,
}

impl Onces {
    pub(crate) fn new(speaker: Cow<'static, str>) -> Self {
        Self { speaker, run: Mutex::default() }
    }

    /// The key of a name, which is the same at every run; each name is used once in a run.
    fn begin(&self, event: &Event, name: &str) -> Result<String> {
        let mut run = self.run();
        if run.closed {
            return Err(Error::new("its handler has returned, so that nobody would record what is done now"));
        }
        if run.used.iter().any(|(used, _)| used == name) {
            return Err(Error::new(format!(
                "`{name}` is the name of something that this run has done already: give each `once` its own"
            )));
        }
        let key = Key::of(4, &[event.app.as_str(), event.team.as_str(), event.id.as_str(), &self.speaker, name]);
        let key = key.digits(32);
        run.used.push((name.to_owned(), key.clone()));
        Ok(key)
    }

    /// Nothing more is done. What was recorded is forgotten by these changes, once the event has ended well.
    pub(super) fn close(&self, storage: &Storage) -> Vec<Change> {
        let mut run = self.run();
        run.closed = true;
        run.used.drain(..).map(|(_, key)| storage.of_once().removal(&key)).collect()
    }

    fn run(&self) -> MutexGuard<'_, Run> {
        // Every change is complete before the lock is let go.
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Context {
    /// Does something elsewhere, such as a payment, and records its result before it gives it. When the handler is run
    /// again for the same event, after a crash, an error or a conflict, it gets the result that was recorded and does it
    /// no more.
    ///
    /// `name` tells it apart from the other things that the handler does. `action` is given a key, the same at every
    /// run, for services that take one against doubles (`Idempotency-Key`).
    ///
    /// A crash, or the end of the handler's time, between the deed and its record is not seen: then it is done again,
    /// under the same key. So is what ended in an error, which is not recorded.
    ///
    /// ```
    /// use bavard::prelude::*;
    ///
    /// # async fn pay(amount: u32, key: String) -> Result<String> { Ok(format!("{amount} {key}")) }
    /// /// Buys coffee.
    /// #[on_mention("buy coffee for {amount}")]
    /// async fn buy(ctx: Context, amount: u32) -> Result<String> {
    ///     let receipt = ctx.once("pay", |key| async move { pay(amount, key).await }).await?;
    ///     Ok(format!("Paid: {receipt}"))
    /// }
    /// ```
    ///
    /// # Errors
    /// That of the action; when the name was used already in this run; when the result is longer than 64 KiB of JSON or
    /// cannot be recorded, although the deed is done; when a result that was recorded has another shape than `T`.
    pub async fn once<T, Done>(&self, name: &str, action: impl FnOnce(String) -> Done + Send) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + Sync,
        Done: Future<Output = Result<T>> + Send,
    {
        let kept = self.kept();
        let key = kept.onces.begin(self.event(), name)?;
        let results: StorageArea = kept.of_bot.of_once();
        if let Some(before) = results.get(&key).await? {
            return Ok(before);
        }
        let result = action(key.clone()).await?;
        let unrecorded =
            |error| Error::new(format!("`{name}` was done, and its result could not be recorded: {error}"));
        if results.keep_first(&key, &result, RECORDED_FOR).await.map_err(unrecorded)? {
            return Ok(result);
        }
        // Somebody who thinks that the conversation is theirs was faster: both go on with one result.
        Ok(results.get(&key).await?.unwrap_or(result))
    }
}
