//! The platform's side of deliveries: open loop, with its retries, and a ledger of every answer.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{task::JoinHandle, time};

use crate::{
    delivery::Door,
    ledger::{Attempt, Said, now},
    message::Message,
    random::Random,
};

/// How long the platform waits for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// When the platform delivers again that got no 200: at once, after a minute, after five. Minutes are seconds here.
const RETRIES: [Duration; 3] = [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(5)];

/// Delivers what people say. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Generator(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// One for each replica.
    doors: Vec<Door>,
    said: Mutex<BTreeMap<u64, Said>>,
    next: AtomicU64,
    under_way: AtomicUsize,
    stopped: AtomicBool,
}

impl Generator {
    pub(crate) fn new(addresses: impl IntoIterator<Item = SocketAddr>) -> Self {
        Self(Arc::new(Inner {
            doors: addresses.into_iter().map(Door::new).collect(),
            said: Mutex::default(),
            next: AtomicU64::new(1),
            under_way: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        }))
    }

    /// Says so many messages a second, whatever becomes of them, until it is stopped.
    pub(crate) fn run(&self, rate: u64, mut random: Random) -> JoinHandle<()> {
        let generator = self.clone();
        tokio::spawn(async move {
            let started = Instant::now();
            let mut said = 0;
            while !generator.0.stopped.load(Ordering::Relaxed) {
                let due = u64::try_from(started.elapsed().as_micros()).unwrap() * rate / 1_000_000;
                while said < due {
                    said += 1;
                    generator.say(Message::any(generator.number(), now(), &mut random));
                }
                time::sleep(Duration::from_millis(2)).await;
            }
        })
    }

    pub(crate) fn stop(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
    }

    /// A number that no message has.
    pub(crate) fn number(&self) -> u64 {
        self.0.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Says something: its events are delivered at the same time, each with its retries.
    pub(crate) fn say(&self, message: Message) {
        let said =
            Said { kind: message.kind, conversation: message.conversation(), team: message.team, attempts: Vec::new() };
        lock(&self.0.said).insert(message.number, said);
        for body in message.bodies() {
            let generator = self.clone();
            self.spawn(async move { generator.deliver(message.number, &body).await });
        }
    }

    /// Delivers all of it again, as if no answer had arrived: each event once for each retry, all at once.
    pub(crate) fn say_again(&self, message: &Message) {
        for body in message.bodies() {
            for retry in 1..=3 {
                let (generator, number, body) = (self.clone(), message.number, body.clone());
                self.spawn(async move {
                    generator.attempt(number, &body, retry).await;
                });
            }
        }
    }

    /// Waits until nothing is being delivered, nor is to be delivered again.
    pub(crate) async fn quiet(&self) {
        while self.0.under_way.load(Ordering::Relaxed) > 0 {
            time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Whoever was behind the door of a replica is gone.
    pub(crate) fn forget(&self, replica: usize) {
        self.0.doors[replica].forget();
    }

    pub(crate) fn said(&self) -> BTreeMap<u64, Said> {
        lock(&self.0.said).clone()
    }

    /// How many deliveries since `from` were answered with which status; no answer is 0.
    pub(crate) fn answers(&self, from: u64) -> BTreeMap<u16, usize> {
        let mut answers = BTreeMap::new();
        for attempt in lock(&self.0.said).values().flat_map(|said| &said.attempts).filter(|one| one.sent >= from) {
            *answers.entry(attempt.status.unwrap_or_default()).or_default() += 1;
        }
        answers
    }

    fn spawn(&self, delivering: impl Future<Output = ()> + Send + 'static) {
        let inner = self.0.clone();
        inner.under_way.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            delivering.await;
            inner.under_way.fetch_sub(1, Ordering::Relaxed);
        });
    }

    async fn deliver(&self, number: u64, body: &str) {
        let mut waits = RETRIES.iter();
        let mut retry = 0;
        while self.attempt(number, body, retry).await != Some(200) {
            let Some(wait) = waits.next() else { return };
            time::sleep(*wait).await;
            retry += 1;
        }
    }

    async fn attempt(&self, number: u64, body: &str, retry: u32) -> Option<u16> {
        // A balancer in front of the replicas sends each delivery to the next.
        let turn = usize::try_from(number).unwrap() + retry as usize;
        let door = &self.0.doors[turn % self.0.doors.len()];
        let _turn = door.turns.acquire().await.unwrap();
        let sent = now();
        let answered = time::timeout(ANSWER_WITHIN, door.deliver(body, retry)).await;
        let status = answered.ok().and_then(Result::ok);
        let attempt = Attempt { retry, sent, ended: now(), status };
        lock(&self.0.said).get_mut(&number).unwrap().attempts.push(attempt);
        status
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
