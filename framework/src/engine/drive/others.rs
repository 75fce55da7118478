//! Other processes on the same store: what they leave, and what they take into lanes that are held here.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use super::{Engine, Input, Shell, lock};
use crate::{
    clock::Clock,
    platform::{Delivery, Outgoing},
    store::{Lease, Store},
};

/// How long sending takes at the most, with room to spare. A lease that may end before is not sent under: whoever takes
/// the lane over would look for what is not there yet, and send it too.
const SEND_WITHIN: Duration = Duration::from_secs(15);

/// How far away a turn may be that is taken. What is further away waits in its lane, and asks again.
const NEAR: Duration = Duration::from_secs(3);

impl Engine {
    /// Whether something may be sent under a lease; else what becomes of it. It does not wait here for a turn, marked as
    /// being sent: after a crash nobody would know whether it was.
    pub(super) async fn may_send(&self, lease: &Lease, outgoing: &Outgoing, has_turn: bool) -> Result<(), Delivery> {
        let Some(shared) = self.0.parts.store.shared() else { return Ok(()) };
        if self.0.parts.limits.paced && !has_turn {
            let wait = self.0.parts.store.turn(outgoing, NEAR).await.unwrap_or_default();
            if wait > Duration::ZERO {
                return Err(Delivery::NotYet { wait, has_turn: wait <= NEAR });
            }
        }
        match shared.holds_for(lease, SEND_WITHIN) {
            true => Ok(()),
            false => Err(Delivery::NotSent { why: "the database was not reached for long".to_owned() }),
        }
    }

    /// Lets others know that the platform asks to wait.
    pub(super) fn tell_others(&self, outgoing: &Outgoing, delivery: &Delivery) {
        if let Delivery::RateLimited { wait } = delivery
            && self.0.parts.limits.paced
        {
            self.0.parts.store.hold(outgoing, *wait);
        }
    }

    /// Takes over as much as there is room for.
    async fn look(&self) {
        loop {
            let room = lock(&self.0.core).room();
            // What fails is asked for again the next time; what was found may not be all.
            match self.heard(self.take_some(room).await) {
                Ok(1..) => {}
                Ok(0) | Err(_) => return,
            }
        }
    }
}

/// Looks again and again for what others leave, and hears of leases that are void. It does not keep the engine alive.
pub(super) fn watch(engine: &Engine) {
    hear(engine);
    let (store, clock): (Arc<dyn Store>, Arc<dyn Clock>) = (engine.0.parts.store.clone(), engine.0.parts.clock.clone());
    let shell: Weak<Shell> = Arc::downgrade(&engine.0);
    tokio::spawn(async move {
        let Some(shared) = store.shared() else { return };
        loop {
            tokio::select! {
                () = shared.woken.notified() => {}
                () = clock.reach(clock.now() + shared.every) => {}
            }
            let Some(shell) = shell.upgrade() else { return };
            Engine(shell).look().await;
        }
    });
}

/// Hears of leases that are void, so that nothing is begun in their lanes. It waits for no look, which may take long.
fn hear(engine: &Engine) {
    let (store, clock): (Arc<dyn Store>, Arc<dyn Clock>) = (engine.0.parts.store.clone(), engine.0.parts.clock.clone());
    let shell: Weak<Shell> = Arc::downgrade(&engine.0);
    tokio::spawn(async move {
        let Some(shared) = store.shared() else { return };
        loop {
            let void = tokio::select! {
                void = shared.voided() => void,
                () = clock.reach(clock.now() + shared.every) => Vec::new(),
            };
            let Some(shell) = shell.upgrade() else { return };
            if !void.is_empty() {
                Engine(shell).begin(Input::Void(void));
            }
        }
    });
}
