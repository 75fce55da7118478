//! The leases of this process: renewed, and asked for.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::{MissedTickBehavior, interval},
};
use tokio_postgres::Error;

use super::{GivenUp, HOLDS_FOR, PostgresPlace, RENEWED_EVERY, Session, Shared, failed, lease, place::why};
use crate::{
    clock::Timestamp,
    store::{Leased, StoreError},
};

/// How long to wait before a database that was not reached is tried again.
const CONNECT_AGAIN: Duration = Duration::from_millis(500);

/// The least time between two notifications: each takes a lock that the whole database shares.
const NOTIFY_EVERY: Duration = Duration::from_millis(20);

/// How many may wait to be answered.
const MOST_WAITING: usize = 64;

/// What the engine asks of whoever holds its leases.
pub(super) enum Request {
    Lease { limit: usize, now: Timestamp, reply: oneshot::Sender<Result<Vec<Leased>, StoreError>> },
    Renew { reply: oneshot::Sender<Result<(), StoreError>> },
    Close { reply: oneshot::Sender<Result<(), StoreError>> },
}

/// Holds the leases of one process.
struct Holder {
    place: PostgresPlace,
    /// Under which number.
    me: Arc<AtomicI64>,
    session: Option<Session>,
    shared: Arc<Shared>,
    news: Arc<Notify>,
    given_up: GivenUp,
}

/// Starts to hold leases. It ends when it is asked to, and then gives them up; or when nobody can ask any more, and then
/// they run out.
pub(super) fn start(
    place: PostgresPlace,
    me: Arc<AtomicI64>,
    session: Session,
    shared: Arc<Shared>,
    news: Arc<Notify>,
    given_up: GivenUp,
) -> mpsc::Sender<Request> {
    let (requests, asked) = mpsc::channel(MOST_WAITING);
    let holder = Holder { place, me, session: Some(session), shared, news, given_up };
    tokio::spawn(holder.serve(asked));
    requests
}

impl Holder {
    async fn serve(mut self, mut asked: mpsc::Receiver<Request>) {
        let mut renewal = interval(RENEWED_EVERY);
        renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut listens = false;
        loop {
            if !listens || !self.is_connected() {
                // What was rung for meanwhile was not heard.
                listens = self.listen().await;
                self.shared.woken.notify_one();
            }
            let news = self.news.clone();
            tokio::select! {
                _ = renewal.tick() => drop(self.renew().await),
                () = news.notified() => self.tell().await,
                request = asked.recv() => match request {
                    None => return,
                    Some(Request::Lease { limit, now, reply }) => {
                        let leased = self.lease(limit, now).await;
                        // Whoever asked may have gone away: then its leases run out with this process.
                        let _ = reply.send(leased);
                    }
                    Some(Request::Renew { reply }) => {
                        let _ = reply.send(self.renew().await);
                    }
                    Some(Request::Close { reply }) => {
                        let _ = reply.send(self.leave().await.map_err(|error| failed(why(&error))));
                        return;
                    }
                },
                () = tokio::time::sleep(CONNECT_AGAIN), if !listens => {}
            }
        }
    }

    fn is_connected(&self) -> bool {
        self.session.as_ref().is_some_and(|session| !session.client.is_closed())
    }

    /// Connects if need be, renews, and listens for news of others; says whether it does.
    async fn listen(&mut self) -> bool {
        if !self.is_connected() {
            self.session = Session::connect(&self.place, &self.shared).await.ok();
        }
        let Some(session) = &self.session else { return false };
        let listens = session.client.batch_execute(&format!("LISTEN {}", self.place.schema)).await.is_ok();
        let _ = self.renew().await;
        listens
    }

    /// Holds every lease for longer; says whether it holds them.
    async fn renew(&mut self) -> Result<(), StoreError> {
        let Some(session) = &self.session else { return Err(failed("the database is not reached")) };
        let asked = Instant::now();
        let renewed = lease::renew(&session.client, self.me()).await;
        match &renewed {
            Ok(me) => self.hold(*me, asked),
            Err(error) => tracing::warn!(error = why(error), "the leases of this process were not renewed"),
        }
        renewed.map(drop).map_err(|error| failed(why(&error)))
    }

    async fn tell(&mut self) {
        if let Some(session) = &self.session {
            // It is a hint: whoever does not hear it looks all the same.
            let _ = session.client.batch_execute(&format!("NOTIFY {}", self.place.schema)).await;
            tokio::time::sleep(NOTIFY_EVERY).await;
        }
    }

    async fn lease(&mut self, limit: usize, now: Timestamp) -> Result<Vec<Leased>, StoreError> {
        let Some(session) = &mut self.session else { return Err(failed("the database is not reached")) };
        self.given_up.give_up(&session.client, &self.me).await.map_err(|error| failed(why(&error)))?;
        let asked = Instant::now();
        let me = self.me.load(Ordering::Relaxed);
        let leased = lease::lease(&mut session.client, me, limit, now, &self.given_up).await?;
        leased.lanes.iter().for_each(|lane| self.shared.tell(lane.lease.token));
        if let Some(me) = leased.renewed {
            self.hold(me, asked);
        }
        Ok(leased.lanes)
    }

    fn hold(&self, me: i64, asked: Instant) {
        if self.me.swap(me, Ordering::Relaxed) != me {
            tracing::warn!("the leases of this process ran out: it was not able to renew them in time");
        }
        // Numbers of holders and tokens of leases are of one row: whatever was leased before this number ran out.
        self.shared.hold(me.cast_unsigned(), asked, HOLDS_FOR);
    }

    fn me(&self) -> i64 {
        self.me.load(Ordering::Relaxed)
    }

    /// Gives every lease up, in good order.
    async fn leave(&mut self) -> Result<(), Error> {
        let Some(session) = &self.session else { return Ok(()) };
        lease::leave(&session.client, self.me()).await?;
        session.client.batch_execute(&format!("NOTIFY {}", self.place.schema)).await
    }
}
