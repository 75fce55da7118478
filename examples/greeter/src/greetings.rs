//! What the bot remembers while it runs.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

use bavard::UserId;

/// How many people were greeted, and who receives them.
#[derive(Debug, Default)]
pub(crate) struct Greetings {
    so_far: AtomicU32,
    host: OnceLock<UserId>,
}

impl Greetings {
    pub(crate) fn count(&self) {
        self.so_far.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn so_far(&self) -> u32 {
        self.so_far.load(Ordering::Relaxed)
    }

    pub(crate) fn reset(&self) {
        self.so_far.store(0, Ordering::Relaxed);
    }

    /// Makes a person the host; `false` when somebody else is.
    pub(crate) fn welcome_host(&self, person: &UserId) -> bool {
        self.host.get_or_init(|| person.clone()) == person
    }

    pub(crate) fn is_host(&self, person: &UserId) -> bool {
        self.host.get() == Some(person)
    }
}
