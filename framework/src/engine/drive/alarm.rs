//! Wakes the core when its time has come.

use std::sync::{Arc, Mutex, Weak};

use tokio::sync::Notify;

use super::{Engine, Shell, lock};
use crate::{clock::Timestamp, engine::core::Input};

/// When to wake the core.
#[derive(Debug, Default)]
pub(super) struct Alarm {
    at: Mutex<Option<Timestamp>>,
    changed: Notify,
}

impl Alarm {
    pub(super) fn set(&self, at: Timestamp) {
        *lock(&self.at) = Some(at);
        self.changed.notify_one();
    }
}

/// Watches the alarm of an engine, as long as somebody holds the engine.
pub(super) fn watch(engine: &Engine) {
    let shell = Arc::downgrade(&engine.0);
    tokio::spawn(async move { while wait(&shell).await {} });
}

/// Waits for the alarm once; says whether the engine is still there.
async fn wait(shell: &Weak<Shell>) -> bool {
    let Some(held) = shell.upgrade() else { return false };
    let at = *lock(&held.alarm.at);
    let now = held.parts.clock.now();
    match at {
        Some(at) if at <= now => {
            *lock(&held.alarm.at) = None;
            Engine(held).drive(Input::Tick).await;
        }
        Some(at) => {
            // The engine is held while it waits: it lives as long as something is to be done later.
            tokio::select! {
                () = held.parts.clock.reach(at) => {}
                () = held.alarm.changed.notified() => {}
            }
        }
        None => held.alarm.changed.notified().await,
    }
    true
}
