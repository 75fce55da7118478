//! What is answered while the store does not do its work.

use std::{
    sync::atomic::{AtomicBool, AtomicU32},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::time::Instant;
use tower_service::Service;

use super::*;
use crate::{
    State as Provided,
    clock::{ManualClock, Timestamp},
    dispatch::Dispatcher,
    engine::{CoreLimits, Parts},
    event::{Event, Retry, Utterance},
    handler::States,
    handlers,
    language::Language,
    metrics::Cause,
    on_mention,
    platform::{Delivery, Found, Identity, IdentityError, Occasion, Outgoing, Strand},
    reply::Reply,
    slack::decode::{Callback, Decoded, envelope},
    store::moody::Moody,
};

#[derive(Debug, Default)]
struct Runs(AtomicU32);

#[on_mention("count")]
async fn count(runs: Provided<Runs>) {
    runs.0.fetch_add(1, Ordering::Relaxed);
}

/// A platform that believes whoever posts, and hears nothing.
#[derive(Debug)]
struct Trusting;

impl Trusting {
    fn decode(body: &Bytes, received: Timestamp) -> Option<Box<Event>> {
        match envelope(body, Callback { received, retry: Retry::default(), bot: None }) {
            Decoded::Event(event) => Some(event),
            _ => None,
        }
    }
}

#[async_trait]
impl Platform for Trusting {
    fn receive(&self, incoming: &Incoming<'_>) -> Received {
        let nothing = Received::Answered { response: Response::empty(200), why: "no event" };
        Self::decode(&incoming.body, incoming.received).map_or(nothing, Received::Event)
    }

    fn restore(&self, stored: &Bytes, received: Timestamp) -> Option<Box<Event>> {
        Self::decode(stored, received)
    }

    fn render(&self, _: &Reply, _: &Occasion<'_>) -> Vec<Outgoing> {
        Vec::new()
    }

    fn respond(&self, _: Option<&Reply>, _: &Event) -> Response {
        Response::empty(200)
    }

    async fn find(&self, _: &Outgoing, _: Timestamp) -> Found {
        unreachable!("nothing is ever in doubt")
    }

    async fn send(&self, _: &Outgoing) -> Delivery {
        Delivery::Sent { channel: None, message: None }
    }

    async fn read(&self, _: &Strand, _: Option<&UserId>, _: &mut (dyn FnMut(Utterance) + Send)) -> Result<(), String> {
        Ok(())
    }

    async fn identify(&self) -> Result<Identity, IdentityError> {
        Ok(Identity::of("UBOT"))
    }

    fn is_refused(&self) -> bool {
        false
    }

    fn identity(&self) -> Option<UserId> {
        None
    }
}

/// A bot behind its router, without a socket, so that the paused time of tokio stands in for waiting.
struct Bench {
    store: Arc<Moody>,
    engine: Engine,
    clock: Arc<ManualClock>,
    front: Arc<Front>,
    router: Router,
    runs: Arc<Runs>,
}

impl Bench {
    fn new() -> Self {
        let (store, platform) =
            (Arc::new(Moody { free_megabytes: 1_000.into(), ..Moody::default() }), Arc::new(Trusting));
        let manual = Arc::new(ManualClock::at(Timestamp::from_seconds(1_700_000_000)));
        let clock: Arc<dyn Clock> = manual.clone();
        let mut states = States::default();
        states.insert(Runs::default());
        let runs = states.get().unwrap();
        let metrics: Arc<Metrics> = Arc::default();
        let engine = Engine::start(Parts {
            platform: platform.clone(),
            store: store.clone(),
            clock: clock.clone(),
            dispatcher: Arc::new(Dispatcher::build(handlers![count]).unwrap()),
            states: Arc::new(states),
            language: Language::English,
            limits: CoreLimits::default(),
            handler_limit: Duration::from_secs(60),
            metrics: metrics.clone(),
        });
        let front = Arc::new(Front {
            name: "bench".to_owned(),
            platform,
            engine: engine.clone(),
            clock,
            identity: RwLock::new(Known::NotYet { why: String::new() }),
            draining: AtomicBool::new(false),
            metrics,
            unread: Unread::default(),
            sheds: AtomicU64::new(0),
        });
        Self { store, engine, clock: manual, router: router(front.clone(), "/events"), front, runs }
    }

    /// Posts the one mention there is: its status, and after how many seconds to come again.
    async fn post(&self) -> (u16, Option<String>) {
        let body = r#"{"type":"event_callback","api_app_id":"A1","team_id":"T1","event_id":"Ev1","event":
            {"type":"app_mention","user":"U1","text":"count","ts":"1.2","channel":"C1"}}"#;
        let request = Request::post("/events").body(Body::from(body)).unwrap();
        let response = self.router.clone().call(request).await.unwrap();
        let again = response.headers().get(header::RETRY_AFTER).map(|seconds| seconds.to_str().unwrap().to_owned());
        (response.status().as_u16(), again)
    }

    /// Asks whether events should come here, a second after it was asked before.
    async fn is_ready(&self) -> bool {
        self.clock.advance(Duration::from_millis(1_001));
        let request = Request::get("/readyz").body(Body::empty()).unwrap();
        let status = self.router.clone().call(request).await.unwrap().status();
        assert!(status == 200 || status == COME_AGAIN, "{status}");
        status == 200
    }

    async fn runs(&self) -> u32 {
        self.engine.idle().await;
        self.runs.0.load(Ordering::Relaxed)
    }
}

const COME_AGAIN: u16 = 503;

#[tokio::test]
async fn what_cannot_be_stored_is_asked_for_again_and_never_acknowledged() {
    let bench = Bench::new();
    bench.store.fails.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        assert_eq!(bench.post().await, (COME_AGAIN, Some("10".to_owned())));
    }
    assert_eq!(bench.runs().await, 0);
    bench.store.fails.store(false, Ordering::Relaxed);
    assert_eq!(bench.post().await, (200, None));
    assert_eq!(bench.runs().await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_comes_late_makes_the_next_delivery_a_duplicate() {
    let bench = Bench::new();
    bench.store.millis.store(2_500, Ordering::Relaxed);
    let started = Instant::now();
    assert_eq!(bench.post().await, (COME_AGAIN, Some("10".to_owned())));
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    assert_eq!(bench.runs().await, 1, "the commit goes on, and what it holds is run");
    bench.store.millis.store(0, Ordering::Relaxed);
    assert_eq!(bench.post().await, (200, None));
    assert_eq!(bench.runs().await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_overtakes_a_late_commit_is_run_once() {
    let bench = Bench::new();
    bench.store.millis.store(10_000, Ordering::Relaxed);
    assert_eq!(bench.post().await.0, COME_AGAIN);
    bench.store.millis.store(1_000, Ordering::Relaxed);
    assert_eq!(bench.post().await, (200, None));
    assert_eq!(bench.runs().await, 1, "the late commit finds the event there");
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_comes_late_and_fails_leaves_nothing_behind() {
    let bench = Bench::new();
    bench.store.millis.store(2_500, Ordering::Relaxed);
    bench.store.fails.store(true, Ordering::Relaxed);
    assert_eq!(bench.post().await.0, COME_AGAIN);
    assert_eq!(bench.runs().await, 0);
    bench.store.millis.store(0, Ordering::Relaxed);
    bench.store.fails.store(false, Ordering::Relaxed);
    assert_eq!(bench.post().await, (200, None));
    assert_eq!(bench.runs().await, 1);
}

#[tokio::test]
async fn who_cannot_keep_what_comes_is_not_ready() {
    let bench = Bench::new();
    assert!(bench.is_ready().await);
    bench.store.fails.store(true, Ordering::Relaxed);
    assert!(!bench.is_ready().await);
    bench.store.fails.store(false, Ordering::Relaxed);
    assert!(bench.is_ready().await);
    bench.front.draining.store(true, Ordering::Relaxed);
    assert!(!bench.is_ready().await);
}

#[tokio::test]
async fn what_the_store_said_of_itself_is_good_for_a_second() {
    let bench = Bench::new();
    assert!(bench.engine.is_kept().await);
    bench.store.fails.store(true, Ordering::Relaxed);
    bench.clock.advance(Duration::from_millis(1_000));
    assert!(bench.engine.is_kept().await);
    bench.clock.advance(Duration::from_millis(1));
    assert!(!bench.engine.is_kept().await);
}

#[tokio::test]
async fn a_disk_that_fills_up_is_seen_within_a_second_and_so_is_its_room() {
    let bench = Bench::new();
    for (free, status, is_ready) in [(400, COME_AGAIN, false), (1_000, 200, true), (10, COME_AGAIN, false)] {
        bench.store.free_megabytes.store(free, Ordering::Relaxed);
        while bench.engine.free_bytes() != Some(u64::from(free) * 1_000_000) {
            bench.clock.advance(Duration::from_secs(1));
            tokio::task::yield_now().await;
        }
        assert_eq!(bench.post().await.0, status, "{free} MB");
        assert_eq!(bench.is_ready().await, is_ready, "{free} MB");
    }
    assert_eq!(bench.front.metrics.shed.get(Cause::Disk).value(), 2);
}
