//! The pace of calls to the platform, kept by all processes together: what one has sent counts for the others.
//!
//! Each turn is a statement of its own, over a connection of its own: its locks are held by nothing else, and it takes
//! them in one order.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::{Mutex, oneshot},
    time::timeout,
};
use tokio_postgres::{Client, Error, Statement, types::ToSql};

use super::{PostgresPlace, place::why, session};
use crate::{
    platform::{Limits, Outgoing},
    store::Commit,
};

/// How long an answer is waited for, which is only about the pace.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// How long nothing is asked after that failed: meanwhile each process goes at its own pace.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Takes turns.
#[derive(Clone)]
pub(super) struct Turns {
    place: PostgresPlace,
    link: Arc<Mutex<Link>>,
}

impl Turns {
    pub(super) fn new(place: PostgresPlace) -> Self {
        Self { place, link: Arc::default() }
    }

    /// Books the next turn of a call, unless it is further away than that; says how long it is until then.
    pub(super) fn take(&self, outgoing: &Outgoing, furthest: Duration) -> Commit<Duration> {
        let Some(paced) = Paced::of(outgoing).filter(|paced| !paced.keys.is_empty()) else {
            return Commit::ended(Ok(Duration::ZERO));
        };
        let (reply, answer) = oneshot::channel();
        let turns = self.clone();
        tokio::spawn(async move {
            let wait = turns.ask(Asked::Turn { furthest }, &paced).await;
            // Whoever asked may have gone away.
            let _ = reply.send(Ok(wait));
        });
        Commit::UnderWay(answer)
    }

    /// The platform asks to wait for so long with such calls: others hear of it before it asks them too.
    pub(super) fn hold(&self, outgoing: &Outgoing, wait: Duration) {
        let Some(paced) = Paced::of(outgoing) else { return };
        let turns = self.clone();
        tokio::spawn(async move { turns.ask(Asked::Hold { wait }, &paced).await });
    }

    /// Without an answer, nothing is waited for.
    async fn ask(&self, asked: Asked, paced: &Paced) -> Duration {
        let Some(session) = self.session().await else { return Duration::ZERO };
        let why = match timeout(ANSWERS_WITHIN, session.ask(asked, paced)).await {
            Ok(Ok(wait)) => return wait,
            Ok(Err(error)) => why(&error),
            Err(_) => format!("it did not answer in {ANSWERS_WITHIN:?}"),
        };
        self.link.lock().await.fails(&why);
        Duration::ZERO
    }

    async fn session(&self) -> Option<Arc<Session>> {
        let mut link = self.link.lock().await;
        if link.failed.is_some_and(|failed| failed.elapsed() < AGAIN_AFTER) {
            return None;
        }
        if let Some(session) = link.session.as_ref().filter(|session| !session.client.is_closed()) {
            return Some(session.clone());
        }
        let why = match timeout(ANSWERS_WITHIN, Session::connect(&self.place)).await {
            Ok(Ok(session)) => return Some(link.session.insert(Arc::new(session)).clone()),
            Ok(Err(error)) => why(&error),
            Err(_) => format!("it was not reached in {ANSWERS_WITHIN:?}"),
        };
        link.fails(&why);
        None
    }
}

/// What is asked for a call.
enum Asked {
    Turn { furthest: Duration },
    Hold { wait: Duration },
}

/// The way to the database, made when the first turn is taken.
#[derive(Default)]
struct Link {
    session: Option<Arc<Session>>,
    failed: Option<Instant>,
}

impl Link {
    fn fails(&mut self, why: &str) {
        tracing::warn!(why, "the pace is not shared with other processes: the database does not keep it");
        self.failed = Some(Instant::now());
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
    /// An address of its own is called by nobody else.
    fn of(outgoing: &Outgoing) -> Option<Self> {
        let Outgoing { method, channel, limits, address: None, .. } = outgoing else { return None };
        let mut paced = Self { held: format!("held/{method}"), keys: Vec::new(), intervals: Vec::new() };
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
        Some(paced)
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
        let take = client.prepare("SELECT take_turn($1, $2, $3, $4, $5)").await?;
        let hold = client.prepare("SELECT hold_turns($1, $2)").await?;
        Ok(Self { client, take, hold })
    }

    async fn ask(&self, asked: Asked, paced: &Paced) -> Result<Duration, Error> {
        match asked {
            Asked::Turn { furthest } => {
                let (burst, furthest) = (i64::from(Limits::BURST), micros(furthest));
                let values: [&(dyn ToSql + Sync); 5] = [&paced.held, &paced.keys, &paced.intervals, &burst, &furthest];
                let wait: i64 = self.client.query_one(&self.take, &values).await?.try_get(0)?;
                Ok(Duration::from_micros(u64::try_from(wait).unwrap_or(0)))
            }
            Asked::Hold { wait } => {
                self.client.execute(&self.hold, &[&paced.held, &micros(wait)]).await?;
                Ok(Duration::ZERO)
            }
        }
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}
