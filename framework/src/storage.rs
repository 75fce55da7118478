//! What authors keep: small values by name, in the database of the bot.

mod area;
mod draft;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

pub use self::area::StorageArea;
pub(crate) use self::draft::Draft;
use crate::{
    clock::{Clock, SystemClock},
    error::{Error, Result},
    id::{ChannelId, UserId},
    store::{Change, MemoryStore, Place, Scope, Store, StoreError, Value},
};

/// Small values by name, kept in the bot's database: for the bot, for a person, for a channel or for a conversation.
///
/// Taken as a parameter of a handler, it belongs to the run:
///
/// - What a handler changes is committed in the very commit that ends its event, together with its answer. A handler
///   that fails, panics or is to be run again has changed nothing.
/// - A handler reads what was committed, and what it changed itself. Two reads are not of one moment.
/// - When a value that it changed by [`StorageArea::update`] or [`StorageArea::compare_and_set`] is another one by the
///   time of the commit, nothing is committed and the handler is run again from its top. What it had said is not said
///   again. Changes are thus never lost; those by [`StorageArea::set`] take the place of whatever stands there.
///
/// From [`Bot::storage`](crate::Bot::storage) it belongs to no run: every change is committed by itself, before the
/// method returns.
#[derive(Clone)]
pub struct Storage(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    run: Option<Run>,
}

/// The run that a storage belongs to.
struct Run {
    conversation: Option<Scope>,
    draft: Draft,
}

impl Storage {
    /// A storage that belongs to no run.
    pub(crate) fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { store, clock, run: None }))
    }

    /// A storage for calling a handler directly, as in a unit test: empty, in memory, with the machine's clock.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(Arc::new(MemoryStore::new()), Arc::new(SystemClock))
    }

    /// The same for a run. What the other handlers of its event have changed is there already.
    pub(crate) fn of_run(&self, conversation: Option<Scope>, before: Vec<Change>) -> Self {
        let Inner { store, clock, .. } = &*self.0;
        let run = Some(Run { conversation, draft: Draft::new(before) });
        Self(Arc::new(Inner { store: store.clone(), clock: clock.clone(), run }))
    }

    /// What the bot keeps for itself.
    #[must_use]
    pub fn of_bot(&self) -> StorageArea {
        StorageArea::new(self, Scope::bot())
    }

    /// What it keeps for a person, as that of the [`User`](crate::User) of a call.
    #[must_use]
    pub fn of_person(&self, person: &UserId) -> StorageArea {
        StorageArea::new(self, Scope::person(person))
    }

    /// What it keeps for a channel, as that of the [`Channel`](crate::Channel) of a call.
    #[must_use]
    pub fn of_channel(&self, channel: &ChannelId) -> StorageArea {
        StorageArea::new(self, Scope::channel(channel))
    }

    /// What it keeps for the conversation of the call: the thread that its message stands in or would start, the
    /// message that a reaction was given to, or the whole channel of a direct message. Its events are handled one at a
    /// time, so that nothing else changes what is kept for it meanwhile.
    ///
    /// # Errors
    /// When the call stands in no conversation, as a command does not, or this storage belongs to no call.
    pub fn of_conversation(&self) -> Result<StorageArea> {
        let conversation = self.0.run.as_ref().and_then(|run| run.conversation.clone());
        let scope = conversation.ok_or_else(|| {
            Error::new("this stands in no conversation to keep something for: use `of_channel` or `of_person`")
        })?;
        Ok(StorageArea::new(self, scope))
    }

    /// How far schedules have come.
    #[cfg(feature = "schedule")]
    pub(crate) fn of_schedules(&self) -> StorageArea {
        StorageArea::new(self, Scope::schedules())
    }

    /// The results of what handlers did elsewhere.
    pub(crate) fn of_once(&self) -> StorageArea {
        StorageArea::new(self, Scope::once())
    }

    /// What the run has changed. It can change nothing more.
    pub(crate) fn take(&self) -> Vec<Change> {
        self.0.run.as_ref().map(|run| run.draft.close()).unwrap_or_default()
    }

    /// What stands at a place for whoever asks.
    async fn stands(&self, place: &Place) -> Result<Option<Value>> {
        if let Some(changed) = self.0.run.as_ref().and_then(|run| run.draft.changed(place)) {
            return Ok(changed);
        }
        Ok(self.0.store.read(place, self.0.clock.now()).await?)
    }

    /// Changes a value; says whether what was expected stood there.
    async fn change(&self, change: Change) -> Result<bool> {
        if let Some(run) = &self.0.run {
            return run.draft.add(change).map(|()| true);
        }
        match self.0.store.change(vec![change]).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(error) => Err(Error::new(error)),
        }
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.run.is_some() { "Storage(of a run)" } else { "Storage" })
    }
}
