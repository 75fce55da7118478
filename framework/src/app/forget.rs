//! Forgetting what is out of date, also when nothing comes in.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinHandle;

use crate::{
    clock::{Clock, Timestamp},
    store::Operate,
};

/// When it is done for the first time: not in the midst of the start.
const FIRST: Duration = Duration::from_secs(60);

/// How often it is done. What was deleted is gone from the disk after as long.
const EACH: Duration = Duration::from_secs(60 * 60);

/// Forgets again and again, until it is aborted.
pub(super) fn watch(operate: Arc<dyn Operate>, clock: Arc<dyn Clock>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut next = clock.now() + FIRST;
        loop {
            clock.reach(next).await;
            let now = clock.now();
            // It may come back a little early.
            if now >= next {
                forget(&*operate, now).await;
                next = now + EACH;
            }
        }
    })
}

async fn forget(operate: &dyn Operate, now: Timestamp) {
    loop {
        match operate.forget(now).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                return tracing::warn!(%error, "what is out of date was not forgotten; tried again in an hour");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::{
        clock::ManualClock,
        id::UserId,
        store::{
            Admitted, DEAD_KEPT, EventState, Inbound, Key, Lane, MemoryStore, Records, Selection, Settlement, Store,
        },
    };

    #[tokio::test]
    async fn a_bot_to_which_nobody_speaks_forgets_too() {
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        let store = Arc::new(MemoryStore::new());
        let inbound = Inbound {
            key: Key::of(0, &["e"]),
            message: None,
            observed: false,
            lane: Lane("l".into()),
            person: Some(UserId::new("U1")),
            body: Bytes::from_static(b"{}"),
            received: clock.now(),
            answering: false,
        };
        let Ok(Admitted::New { sequence, lease: Some(lease), .. }) = store.admit(inbound).await else { panic!() };
        let state = EventState::Dead { reason: "failed".to_owned() };
        store.settle(&lease, Settlement { event: sequence, state, effects: vec![], changes: vec![] }).await.unwrap();
        let watching = watch(store.clone(), clock.clone());
        let dead = || store.events(Selection::of(&UserId::new("U1"), true));
        let after = async |span| {
            clock.advance(span);
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
            dead().await.unwrap().len()
        };
        assert_eq!(after(DEAD_KEPT - EACH).await, 1);
        assert_eq!(after(EACH).await, 0);
        watching.abort();
    }
}
