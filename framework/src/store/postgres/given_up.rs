//! Lanes of which nobody knows what was committed: they are given up before anything else is done.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use tokio::sync::Mutex;
use tokio_postgres::{Client, Error};

use crate::store::{Lane, Lease, Shared};

/// The lanes that a process is to give up, shared by all who take lanes for it: whoever is about to do so gives them up
/// first, while the others wait.
#[derive(Clone)]
pub(super) struct GivenUp {
    lanes: Arc<Mutex<Vec<Lane>>>,
    shared: Arc<Shared>,
}

impl GivenUp {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { lanes: Arc::default(), shared }
    }

    /// Remembers to give up a lane whose lease was refused.
    pub(super) async fn add_refused(&self, lane: Lane) {
        self.lanes.lock().await.push(lane);
    }

    /// Remembers to give lanes up. Whoever holds them is told at once, and begins nothing more in them.
    pub(super) async fn add(&self, lanes: impl Iterator<Item = &Lane> + Clone) {
        self.shared.void(lanes.clone().cloned());
        self.lanes.lock().await.extend(lanes.cloned());
    }

    /// Gives them up; says whether there were some. What cannot be done now is done later. Whoever took one of them
    /// meanwhile is told too.
    pub(super) async fn give_up(&self, client: &Client, me: &AtomicI64) -> Result<bool, Error> {
        let mut lanes = self.lanes.lock().await;
        if lanes.is_empty() {
            return Ok(false);
        }
        // Those that were held under a number before this one are free already, or soon.
        let free = r#"
            WITH held AS (
                SELECT lane FROM lanes WHERE lane = ANY($1) AND holder = $2 ORDER BY lane COLLATE "C" FOR UPDATE
            )
            UPDATE lanes SET holder = NULL, token = nextval('tokens') FROM held WHERE lanes.lane = held.lane
            RETURNING lanes.lane, lanes.token"#;
        let names: Vec<&str> = lanes.iter().map(|lane| &*lane.0).collect();
        for row in client.query(free, &[&names, &me.load(Ordering::Relaxed)]).await? {
            let (name, token): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            self.shared.void_up_to(Lease { lane: Lane(name.into()), token: token.cast_unsigned() });
        }
        lanes.clear();
        Ok(true)
    }
}
