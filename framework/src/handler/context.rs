//! The surroundings of a call.

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use futures_util::future::BoxFuture;

use super::{Failure, Handler, Onces, States, help::HelpBook};
use crate::{
    error::Result,
    event::Event,
    language::Language,
    reply::{Posted, Reply},
    storage::Storage,
    store::{Change, Scope},
};

/// The surroundings of a call: the event, what the app provides, and the way to speak before returning.
///
/// Cheap to clone.
#[derive(Clone)]
pub struct Context(Arc<Surroundings>);

pub(crate) struct Surroundings {
    pub(crate) event: Arc<Event>,
    pub(crate) handler: &'static Handler,
    /// The pattern that matched, as written.
    pub(crate) usage: Option<&'static str>,
    pub(crate) default_language: Language,
    pub(crate) states: Arc<States>,
    pub(crate) help: Arc<HelpBook>,
    pub(crate) failure: Option<Arc<Failure>>,
    pub(crate) outlet: Outlet,
    pub(crate) spoken: AtomicU32,
    pub(crate) kept: Kept,
}

/// What a run keeps.
pub(crate) struct Kept {
    pub(crate) of_bot: Storage,
    /// What the other handlers of the event have changed.
    pub(crate) before: Vec<Change>,
    /// The storage of the run, made when it is first asked for.
    pub(crate) of_run: OnceLock<Storage>,
    /// What it does elsewhere.
    pub(crate) onces: Onces,
}

/// Takes what a running handler says. Given by the engine.
pub(crate) type Outlet = Arc<dyn Fn(Speech) -> BoxFuture<'static, Result<Posted>> + Send + Sync>;

/// Something that a running handler says.
#[derive(Clone, Debug)]
pub(crate) struct Speech {
    /// How many things it said before.
    pub(crate) ordinal: u32,
    /// What it says.
    pub(crate) reply: Reply,
    /// The message that this replaces, if it replaces one.
    pub(crate) replaces: Option<Posted>,
}

impl Context {
    pub(crate) fn new(surroundings: Surroundings) -> Self {
        Self(Arc::new(surroundings))
    }

    /// The event that is handled.
    #[must_use]
    pub fn event(&self) -> &Arc<Event> {
        &self.0.event
    }

    /// The handler that runs.
    #[must_use]
    pub fn handler(&self) -> &'static Handler {
        self.0.handler
    }

    /// The language to answer in: that of the message, else that of the pattern that took it, else that of the bot.
    #[must_use]
    pub fn language(&self) -> Language {
        let said = || Language::of(self.0.event.text()?.as_str());
        let asked = || Language::of(self.0.usage?);
        said().or_else(asked).unwrap_or(self.0.default_language)
    }

    /// A value that the app provides.
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.0.states.get()
    }

    /// Says something before the handler returns. It is stored before it is sent, and sent once.
    ///
    /// # Errors
    /// When the platform refuses it, or it cannot be stored.
    pub async fn say(&self, reply: impl Into<Reply>) -> Result<Posted> {
        self.speak(reply.into(), None).await
    }

    /// Replaces a message that was said before.
    ///
    /// # Errors
    /// When the platform refuses it, or it cannot be stored.
    pub async fn update(&self, posted: &Posted, reply: impl Into<Reply>) -> Result<Posted> {
        self.speak(reply.into(), Some(posted.clone())).await
    }

    /// Small values by name, kept in the bot's database. What a handler changes is committed with its end.
    #[must_use]
    pub fn storage(&self) -> Storage {
        let Kept { of_bot, before, of_run, .. } = self.kept();
        let conversation = || self.0.event.conversation().map(|(channel, root)| Scope::conversation(channel, root));
        of_run.get_or_init(|| of_bot.of_run(conversation(), before.clone())).clone()
    }

    async fn speak(&self, reply: Reply, replaces: Option<Posted>) -> Result<Posted> {
        let speech = Speech { ordinal: self.0.spoken.fetch_add(1, Ordering::Relaxed), reply, replaces };
        (self.0.outlet)(speech).await
    }

    /// What the bot can do, as Markdown: the page that [`Help`](crate::Help) answers with.
    #[must_use]
    pub fn help_page(&self) -> String {
        self.0.help.page(self.language())
    }

    /// The pattern that matched, as written.
    pub(crate) fn usage(&self) -> Option<&str> {
        self.0.usage
    }

    pub(crate) fn help(&self) -> &HelpBook {
        &self.0.help
    }

    pub(crate) fn failure(&self) -> Option<&Arc<Failure>> {
        self.0.failure.as_ref()
    }

    /// The values that the handler has changed. It can change nothing more.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let Kept { of_bot, of_run, onces, .. } = self.kept();
        let mut changes = of_run.get().map(Storage::take).unwrap_or_default();
        changes.extend(onces.close(of_bot));
        changes
    }

    pub(super) fn kept(&self) -> &Kept {
        &self.0.kept
    }

    /// How many things the handler has said.
    pub(crate) fn spoken(&self) -> u32 {
        self.0.spoken.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Context({:?} for {:?})", self.0.handler, self.0.event.id)
    }
}
