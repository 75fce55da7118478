//! Wakes the core when its time has come.

use std::sync::{
    Arc, Mutex, Weak,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Notify;

use super::{Engine, Shell, lock};
use crate::{
    clock::{Clock, Timestamp},
    engine::core::Input,
};

/// When to wake the core. Held by the engine, and by the task that watches it.
#[derive(Clone, Debug, Default)]
pub(super) struct Alarm(Arc<State>);

#[derive(Debug, Default)]
struct State {
    at: Mutex<Option<Timestamp>>,
    changed: Notify,
    ended: AtomicBool,
}

impl Alarm {
    pub(super) fn set(&self, at: Timestamp) {
        *lock(&self.0.at) = Some(at);
        self.0.changed.notify_one();
    }

    /// There is nobody left to wake.
    pub(super) fn end(&self) {
        self.0.ended.store(true, Ordering::Relaxed);
        self.0.changed.notify_one();
    }

    /// Waits for its time; `None` when it has ended.
    async fn ring(&self, clock: &dyn Clock) -> Option<()> {
        loop {
            let changed = self.0.changed.notified();
            if self.0.ended.load(Ordering::Relaxed) {
                return None;
            }
            let at = *lock(&self.0.at);
            match at {
                Some(at) if at <= clock.now() => {
                    *lock(&self.0.at) = None;
                    return Some(());
                }
                Some(at) => tokio::select! {
                    () = clock.reach(at) => {}
                    () = changed => {}
                },
                None => changed.await,
            }
        }
    }
}

/// Watches the alarm of an engine, and does not keep the engine alive by it.
pub(super) fn watch(engine: &Engine) {
    let (alarm, clock) = (engine.0.alarm.clone(), engine.0.parts.clock.clone());
    let shell: Weak<Shell> = Arc::downgrade(&engine.0);
    tokio::spawn(async move {
        while alarm.ring(&*clock).await.is_some() {
            let Some(shell) = shell.upgrade() else { return };
            Engine(shell).drive(Input::Tick).await;
        }
    });
}

impl Drop for Shell {
    fn drop(&mut self) {
        self.alarm.end();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::ManualClock;

    #[tokio::test]
    async fn rings_at_its_time_however_often_it_is_set() {
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(10)));
        let alarm = Alarm::default();
        let ringing = tokio::spawn({
            let (alarm, clock) = (alarm.clone(), clock.clone());
            async move { alarm.ring(&*clock).await }
        });
        alarm.set(Timestamp::from_seconds(99));
        alarm.set(Timestamp::from_seconds(20));
        clock.advance(Duration::from_secs(10));
        assert_eq!(ringing.await.unwrap(), Some(()));
    }

    #[tokio::test]
    async fn ends_without_having_rung() {
        let alarm = Alarm::default();
        let ringing = tokio::spawn({
            let alarm = alarm.clone();
            async move { alarm.ring(&ManualClock::default()).await }
        });
        alarm.end();
        assert_eq!(ringing.await.unwrap(), None);
    }
}
