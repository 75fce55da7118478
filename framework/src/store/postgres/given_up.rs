//! Lanes of which nobody knows what was committed: they are given up before anything else is done.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use tokio::sync::Mutex;
use tokio_postgres::{Client, Error};

use crate::store::Lane;

/// The lanes that a process is to give up, shared by all who take lanes for it: whoever is about to do so gives them up
/// first, while the others wait. So what is given up is what was held when it became unknown, and nothing newer.
#[derive(Clone, Default)]
pub(super) struct GivenUp(Arc<Mutex<Vec<String>>>);

impl GivenUp {
    pub(super) async fn add(&self, lanes: impl Iterator<Item = &Lane>) {
        self.0.lock().await.extend(lanes.map(|lane| lane.0.to_string()));
    }

    /// Gives them up; says whether there were some. What cannot be done now is done later.
    pub(super) async fn give_up(&self, client: &Client, me: &AtomicI64) -> Result<bool, Error> {
        let mut lanes = self.0.lock().await;
        if lanes.is_empty() {
            return Ok(false);
        }
        // Those that were held under a number before this one are free already, or soon.
        let free = "UPDATE lanes SET holder = NULL, token = nextval('tokens') WHERE lane = ANY($1) AND holder = $2";
        client.execute(free, &[&*lanes, &me.load(Ordering::Relaxed)]).await?;
        lanes.clear();
        Ok(true)
    }
}
