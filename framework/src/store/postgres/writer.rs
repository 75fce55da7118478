//! Changes that wait, made many at a time.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::{Arc, atomic::AtomicI64},
    task::Poll,
    time::{Duration, Instant},
};

use futures_util::future::maybe_done;
use tokio::sync::{Mutex, Notify, mpsc};
use tokio_postgres::{Error, Row, error::SqlState};

use super::{
    GivenUp, PostgresPlace, Session, Shared, failed,
    place::why,
    work::{Work, is_news, token},
};
use crate::metrics::Metrics;

/// How many changes one transaction takes at most.
const MOST_AT_ONCE: usize = 128;

/// How often a transaction that stood in the way of another is tried.
const TRIES: usize = 5;

/// How long to wait before a database that was not reached is tried again.
const CONNECT_AGAIN: Duration = Duration::from_millis(250);

/// What waits, for whichever writer is free.
pub(super) type Queue = Arc<Mutex<mpsc::Receiver<Work>>>;

/// Makes changes over a connection of its own.
pub(super) struct Writer {
    place: PostgresPlace,
    me: Arc<AtomicI64>,
    shared: Arc<Shared>,
    /// Rung when others are to be told.
    news: Arc<Notify>,
    session: Option<Session>,
    given_up: GivenUp,
    metrics: Arc<Metrics>,
}

impl Writer {
    pub(super) fn new(
        place: PostgresPlace,
        me: Arc<AtomicI64>,
        shared: Arc<Shared>,
        news: Arc<Notify>,
        given_up: GivenUp,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self { place, me, shared, news, session: None, given_up, metrics }
    }

    /// Works until nobody can ask for more.
    pub(super) async fn serve(mut self, queue: Queue) {
        let mut batch = Vec::with_capacity(MOST_AT_ONCE);
        while queue.lock().await.recv_many(&mut batch, MOST_AT_ONCE).await > 0 {
            // Locks are taken in one order everywhere, so that transactions seldom stand in each other's way.
            batch.sort_by(|one, other| one.lane().cmp(&other.lane()));
            self.make(std::mem::take(&mut batch)).await;
        }
    }

    async fn make(&mut self, batch: Vec<Work>) {
        if let Err(error) = self.connected().await {
            let why = why(&error);
            tracing::error!(why, "the database is not reached");
            batch.into_iter().for_each(|work| work.answer(Err(failed(&why))));
            return tokio::time::sleep(CONNECT_AGAIN).await;
        }
        let Some(session) = &self.session else { return };
        let started = Instant::now();
        let committed = commit(session, &batch).await;
        self.metrics.commit.observe(started.elapsed());
        self.metrics.commit_batch.count(batch.len() as u64);
        match committed {
            Ok(rows) => self.made(batch, rows),
            Err(error) if is_lost(&error) => self.lost(batch, &error).await,
            // One of them cannot be made; the others are not to suffer from it.
            Err(_) if batch.len() > 1 => {
                for work in batch {
                    Box::pin(self.make(vec![work])).await;
                }
            }
            Err(error) => batch.into_iter().for_each(|work| work.answer(Err(failed(why(&error))))),
        }
    }

    fn made(&self, batch: Vec<Work>, rows: Vec<Row>) {
        batch.iter().zip(&rows).filter_map(|(work, row)| token(work, row)).for_each(|token| self.shared.tell(token));
        if batch.iter().zip(&rows).any(|(work, row)| is_news(work, row)) {
            self.news.notify_one();
        }
        batch.into_iter().zip(rows).for_each(|(work, row)| work.answer(Ok(row)));
    }

    /// The connection was lost, and with it whether the transaction was committed.
    async fn lost(&mut self, batch: Vec<Work>, error: &Error) {
        self.session = None;
        self.given_up.add(batch.iter().filter_map(Work::lane)).await;
        let why = format!("the connection to the database was lost: {}", why(error));
        tracing::warn!(why, changes = batch.len(), "nobody knows whether they were made: their lanes are given up");
        batch.into_iter().for_each(|work| work.lost(&why));
    }

    /// Connects if need be, and gives up the lanes that are to be given up before anything else: what came into one
    /// would be run under a lease that is about to be void.
    async fn connected(&mut self) -> Result<(), Error> {
        let session = match self.session.take().filter(|session| !session.client.is_closed()) {
            Some(session) => session,
            None => Session::connect(&self.place, &self.shared).await?,
        };
        if self.given_up.give_up(&session.client, &self.me).await? {
            self.news.notify_one();
        }
        self.session = Some(session);
        Ok(())
    }
}

/// Makes all of a batch, or nothing; tried again when others stood in the way.
async fn commit(session: &Session, batch: &[Work]) -> Result<Vec<Row>, Error> {
    let mut tries = 1;
    loop {
        match transaction(session, batch).await {
            Err(error) if tries < TRIES && is_in_the_way(&error) => tries += 1,
            result => return result,
        }
    }
}

/// One transaction in one round trip: everything is sent before the first answer is waited for.
async fn transaction(session: &Session, batch: &[Work]) -> Result<Vec<Row>, Error> {
    let mut begin = pin!(maybe_done(session.client.batch_execute("BEGIN")));
    let mut asked: Vec<_> = batch.iter().map(|work| Box::pin(maybe_done(work.ask(session)))).collect();
    let mut commit = pin!(maybe_done(session.client.batch_execute("COMMIT")));
    // What is polled first is sent first.
    send(begin.as_mut()).await;
    for change in &mut asked {
        send(change.as_mut()).await;
    }
    send(commit.as_mut()).await;
    begin.as_mut().await;
    for change in &mut asked {
        change.as_mut().await;
    }
    // After an error this takes everything back.
    commit.as_mut().await;
    let rows = asked.iter_mut().filter_map(|change| change.as_mut().take_output());
    let mut first = begin.take_output().into_iter().filter_map(Result::err);
    if let Some(error) = first.next() {
        return Err(error);
    }
    let rows = rows.collect::<Result<Vec<Row>, Error>>()?;
    match commit.take_output() {
        Some(Err(error)) => Err(error),
        _ => Ok(rows),
    }
}

/// Lets something be sent, and does not wait for its answer.
async fn send(mut asked: Pin<&mut impl Future<Output = ()>>) {
    poll_fn(|context| {
        let _ = asked.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}

/// Whether it may be made by trying again at once.
fn is_in_the_way(error: &Error) -> bool {
    [SqlState::T_R_DEADLOCK_DETECTED, SqlState::T_R_SERIALIZATION_FAILURE]
        .iter()
        .any(|state| error.code() == Some(state))
}

/// Whether the connection is gone, and nobody knows what became of what was sent on it.
fn is_lost(error: &Error) -> bool {
    match error.code() {
        None => true,
        // The server stops, or somebody ended the connection.
        Some(code) => code.code().starts_with("57P") || code.code().starts_with("08"),
    }
}
