//! The pace of calls to the platform, kept by all processes together: what one has sent counts for the others.
//!
//! Each turn is a statement of its own, over a connection of its own: its locks are held by nothing else, and it takes
//! them in one order.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Mutex, oneshot};
use tokio_postgres::{Client, Error, Statement, types::ToSql};

use super::{PostgresPlace, failed, place::why, session};
use crate::{
    platform::{Limits, Outgoing},
    store::Commit,
};

/// Takes turns.
#[derive(Clone)]
pub(super) struct Turns {
    place: PostgresPlace,
    /// Made when the first turn is taken.
    session: Arc<Mutex<Option<Arc<Session>>>>,
}

impl Turns {
    pub(super) fn new(place: PostgresPlace) -> Self {
        Self { place, session: Arc::default() }
    }

    /// Takes the turn of a call if it may go now; says how long to wait if not.
    pub(super) fn take(&self, outgoing: &Outgoing) -> Commit<Duration> {
        let paced = Paced::of(outgoing);
        if paced.keys.is_empty() {
            return Commit::ended(Ok(Duration::ZERO));
        }
        let (reply, answer) = oneshot::channel();
        let turns = self.clone();
        tokio::spawn(async move {
            let taken = async { turns.session().await?.take(&paced).await };
            // Whoever asked may have gone away.
            let _ = reply.send(taken.await.map_err(|error| failed(why(&error))));
        });
        Commit::UnderWay(answer)
    }

    /// The platform asks to wait for so long with such calls: others hear of it before it asks them too.
    pub(super) fn hold(&self, outgoing: &Outgoing, wait: Duration) {
        let (paced, turns) = (Paced::of(outgoing), self.clone());
        tokio::spawn(async move {
            let held = async { turns.session().await?.hold(&paced, wait).await };
            if let Err(error) = held.await {
                tracing::debug!(error = why(&error), "others are not told to wait");
            }
        });
    }

    async fn session(&self) -> Result<Arc<Session>, Error> {
        let mut session = self.session.lock().await;
        if let Some(session) = session.as_ref().filter(|session| !session.client.is_closed()) {
            return Ok(session.clone());
        }
        let new = Arc::new(Session::connect(&self.place).await?);
        *session = Some(new.clone());
        Ok(new)
    }
}

/// What one call counts for.
struct Paced {
    /// What it waits for when the platform has asked for that.
    held: String,
    keys: Vec<String>,
    /// The time between two calls of each key, in microseconds.
    intervals: Vec<i64>,
}

impl Paced {
    fn of(outgoing: &Outgoing) -> Self {
        let Outgoing { method, channel, limits, .. } = outgoing;
        let mut paced = Self { held: format!("held/{method}"), keys: Vec::new(), intervals: Vec::new() };
        // An address of its own is not called by anybody else.
        if outgoing.address.is_some() {
            return paced;
        }
        if limits.per_minute > 0 {
            paced.keys.push(format!("method/{method}"));
            paced.intervals.push(micros(Duration::from_secs(60) / limits.per_minute));
        }
        if let Some(channel) = channel {
            paced.held = format!("held/{method}/{channel}");
            if !limits.in_channel.is_zero() {
                paced.keys.push(format!("channel/{channel}"));
                paced.intervals.push(micros(limits.in_channel));
            }
        }
        paced
    }
}

struct Session {
    client: Client,
    take: Statement,
    hold: Statement,
}

impl Session {
    async fn connect(place: &PostgresPlace) -> Result<Self, Error> {
        let client = session::connect_to(place, || {}).await?;
        let take = client.prepare("SELECT take_turn($1, $2, $3, $4)").await?;
        let hold = client.prepare("SELECT hold_turns($1, $2)").await?;
        Ok(Self { client, take, hold })
    }

    async fn take(&self, paced: &Paced) -> Result<Duration, Error> {
        let burst = i64::from(Limits::BURST);
        let values: [&(dyn ToSql + Sync); 4] = [&paced.held, &paced.keys, &paced.intervals, &burst];
        let wait: i64 = self.client.query_one(&self.take, &values).await?.try_get(0)?;
        Ok(Duration::from_micros(u64::try_from(wait).unwrap_or(0)))
    }

    async fn hold(&self, paced: &Paced, wait: Duration) -> Result<(), Error> {
        self.client.execute(&self.hold, &[&paced.held, &micros(wait)]).await.map(drop)
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}
