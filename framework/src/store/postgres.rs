//! The store in PostgreSQL: what was acknowledged survives the machine, and any number of processes share the work.
//!
//! Each process holds leases under a number of its own, which it renews by one row every few seconds; a lane whose
//! holder did not renew is free for all. Every change carries the token of its lease and locks the row of its lane, so
//! that whoever lost a lane without knowing is told and changes nothing.
//!
//! Changes that wait go out together in one transaction and one round trip. When the connection is lost before the
//! commit is answered, nobody knows whether it happened: then the lanes of that transaction are given up, and whoever
//! takes them over finds them as they truly are.

mod given_up;
mod holder;
mod lease;
mod place;
mod records;
mod row;
mod schema;
mod session;
#[cfg(test)]
mod tests;
mod turns;
mod work;
mod writer;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, mpsc, oneshot};

use self::{
    given_up::GivenUp,
    holder::Request,
    session::Session,
    turns::Turns,
    work::Work,
    writer::{Queue, Writer},
};
pub(crate) use self::{place::PostgresPlace, records::PostgresRecords};
use super::{
    Admitted, Change, Commit, Counts, Effect, EffectKey, EffectState, Inbound, Lease, Leased, Place, Sequence,
    Settlement, Shared, Store, StoreError, Value,
};
use crate::{clock::Timestamp, error::Result, metrics::Metrics, platform::Outgoing};

/// How long the keys of events are remembered: longer than the platform delivers an event again.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(72 * 60 * 60);

/// How long a lease holds without being renewed.
const HOLDS_FOR: Duration = Duration::from_secs(30);

/// How often leases are renewed.
const RENEWED_EVERY: Duration = Duration::from_secs(10);

/// How often to look for free lanes without having been told of any.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How many changes may wait; more fail at once.
const MOST_WAITING: usize = 4_096;

/// Connections that carry changes. While one waits for its commit, what comes meanwhile goes out by another.
const WRITERS: usize = 2;

/// Keeps everything in a database, beside others.
pub(crate) struct PostgresStore {
    place: PostgresPlace,
    /// The number under which it holds leases.
    me: Arc<AtomicI64>,
    queue: mpsc::Sender<Work>,
    holder: mpsc::Sender<Request>,
    shared: Arc<Shared>,
    given_up: GivenUp,
    turns: Turns,
}

impl PostgresStore {
    /// Connects to a database, and makes what is needed in it where it is not there yet. Call within a tokio runtime.
    ///
    /// # Errors
    /// When the database is not reached or refuses; when what is there is of a version that this program does not know.
    pub(crate) async fn open(place: &PostgresPlace, metrics: Arc<Metrics>) -> Result<Self> {
        Self::open_as(place, schema::STEPS, metrics).await
    }

    /// The same with a schema of these steps.
    async fn open_as(place: &PostgresPlace, steps: &[&str], metrics: Arc<Metrics>) -> Result<Self> {
        let shared = Arc::new(Shared::new(LOOK_EVERY));
        schema::bring_up_to_date(place, steps).await?;
        let session = Session::connect(place, &shared).await.map_err(|error| place.cannot(&error))?;
        let me = lease::begin(&session.client).await.map_err(|error| place.cannot(&error))?;
        let me = Arc::new(AtomicI64::new(me));
        // Somebody is to be told.
        let news = Arc::new(Notify::new());
        let (queue, waiting) = mpsc::channel(MOST_WAITING);
        let waiting: Queue = Arc::new(tokio::sync::Mutex::new(waiting));
        let given_up = GivenUp::new(shared.clone());
        for _ in 0..WRITERS {
            let (me, shared, news) = (me.clone(), shared.clone(), news.clone());
            let writer = Writer::new(place.clone(), me, shared, news, given_up.clone(), metrics.clone());
            tokio::spawn(writer.serve(waiting.clone()));
        }
        let holder = holder::start(place.clone(), me.clone(), session, shared.clone(), news, given_up.clone());
        Ok(Self { place: place.clone(), me, queue, holder, shared, given_up, turns: Turns::new(place.clone()) })
    }

    /// Puts a change into the queue; it is told of when its transaction is committed.
    fn write<T: Send + 'static>(&self, work: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Work) -> Commit<T> {
        let (reply, answer) = oneshot::channel();
        match self.queue.try_send(work(reply)) {
            Ok(()) => Commit::UnderWay(answer),
            Err(mpsc::error::TrySendError::Full(_)) => {
                Commit::ended(Err(failed("too much waits to be written to the database")))
            }
            Err(mpsc::error::TrySendError::Closed(_)) => Commit::ended(Err(failed("the store is closed"))),
        }
    }

    fn me(&self) -> i64 {
        self.me.load(Ordering::Relaxed)
    }

    fn ask<T: Send + 'static>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Request,
    ) -> Commit<T> {
        let (reply, answer) = oneshot::channel();
        match self.holder.try_send(request(reply)) {
            Ok(()) => Commit::UnderWay(answer),
            Err(_) => Commit::ended(Err(failed("the store is closed, or does not keep up"))),
        }
    }
}

fn failed(why: impl fmt::Display) -> StoreError {
    StoreError::Failed { why: why.to_string() }
}

impl Store for PostgresStore {
    fn admit(&self, inbound: Inbound) -> Commit<Admitted> {
        self.write(|reply| work::admit(inbound, self.me(), reply))
    }

    fn lease(&self, limit: usize, now: Timestamp) -> Commit<Vec<Leased>> {
        self.ask(|reply| Request::Lease { limit, now, reply })
    }

    fn acknowledge(&self, lease: &Lease, event: Sequence) -> Commit<()> {
        self.write(|reply| work::acknowledge(lease, event, reply))
    }

    fn record(&self, lease: &Lease, effects: Vec<Effect>) -> Commit<()> {
        self.write(|reply| work::record(lease, &effects, reply))
    }

    fn settle(&self, lease: &Lease, settlement: Settlement) -> Commit<()> {
        self.write(|reply| work::settle(lease, &settlement, reply))
    }

    fn mark(&self, lease: &Lease, effect: &EffectKey, state: EffectState) -> Commit<()> {
        self.write(|reply| work::mark(lease, effect, &state, reply))
    }

    fn read(&self, place: &Place, now: Timestamp) -> Commit<Option<Value>> {
        self.write(|reply| work::read_kept(place, now, reply))
    }

    fn change(&self, changes: Vec<Change>) -> Commit<()> {
        self.write(|reply| work::keep(&changes, reply))
    }

    fn counts(&self) -> Commit<Counts> {
        self.write(work::counts)
    }

    fn turn(&self, outgoing: &Outgoing, furthest: Duration) -> Commit<Duration> {
        self.turns.take(outgoing, furthest)
    }

    fn hold(&self, outgoing: &Outgoing, wait: Duration) {
        self.turns.hold(outgoing, wait);
    }

    fn renounce(&self, lease: &Lease) {
        let (given_up, lane) = (self.given_up.clone(), lease.lane.clone());
        tokio::spawn(async move { given_up.add_refused(lane).await });
    }

    fn probe(&self) -> Commit<()> {
        self.ask(|reply| Request::Renew { reply })
    }

    fn shared(&self) -> Option<&Shared> {
        Some(&self.shared)
    }

    fn close(&self) -> Commit<()> {
        self.ask(|reply| Request::Close { reply })
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresStore({:?}, as {})", self.place, self.me())
    }
}
