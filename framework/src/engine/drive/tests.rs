//! A process that ends while it sends, and the one after it, over true connections to a fake workspace.
#![allow(clippy::unwrap_used, reason = "helpers of tests, which the lint does not see as such")]

use secrecy::SecretString;
use tokio::sync::Semaphore;

use super::*;
use crate::{
    app::App,
    clock::{ManualClock, Timestamp},
    engine::core::{OldEvent, TakenOver},
    event::{Event, Retry},
    handler::Handler,
    id::ChannelId,
    slack::{
        Slack,
        client::{Client, ClientSettings, Token},
        decode::{Callback, Decoded, envelope},
        verify::Verifier,
    },
    store::{EventState, Lane, MemoryStore, Sequence, moody::Moody},
    workspace::{Fault, Workspace},
};

const POST: &str = "chat.postMessage";

#[bavard::on_mention("hello")]
fn hello() -> &'static str {
    "hi"
}

/// How often something that happens was observed.
static OBSERVED: AtomicU64 = AtomicU64::new(0);

/// Never ends, the first time.
#[bavard::on_event("app_mention")]
async fn observe() {
    if OBSERVED.fetch_add(1, Ordering::SeqCst) == 0 {
        std::future::pending::<()>().await;
    }
}

/// How often somebody counted, whether or not it was committed.
static COUNTED: AtomicU64 = AtomicU64::new(0);

/// Counts; ends in the middle of it, the first time, when it has said so.
#[bavard::on_mention("count")]
async fn count(context: crate::Context, storage: crate::Storage) -> crate::Result<String> {
    let count = storage.of_bot().update("count", |count: Option<u32>| count.unwrap_or(0) + 1).await?;
    context.say("counting").await?;
    if COUNTED.fetch_add(1, Ordering::SeqCst) == 0 {
        std::future::pending::<()>().await;
    }
    Ok(count.to_string())
}

/// With which keys somebody paid.
static PAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Pays; never ends the first time, and the second time only once it has paid.
#[bavard::on_mention("pay")]
async fn pay(context: crate::Context) -> crate::Result<String> {
    let paid = |key| async move {
        lock(&PAID).push(key);
        let times = lock(&PAID).len();
        if times == 1 {
            std::future::pending::<()>().await;
        }
        Ok(times)
    };
    let times = context.once("pay", paid).await?;
    if CUT_SHORT.fetch_add(1, Ordering::SeqCst) == 0 {
        std::future::pending::<()>().await;
    }
    Ok(format!("paid {times} times"))
}

/// How often somebody paid and knew it.
static CUT_SHORT: AtomicU64 = AtomicU64::new(0);

/// When somebody is let go on, and when they wait for it.
static WENT_ON: Semaphore = Semaphore::const_new(0);
static BEGUN: Semaphore = Semaphore::const_new(0);

/// Says something once it is let go on.
#[bavard::on_mention("wait")]
async fn waits(context: crate::Context) -> crate::Result<()> {
    BEGUN.add_permits(1);
    WENT_ON.acquire().await.unwrap().forget();
    context.say("now").await.map(drop)
}

/// How often somebody failed.
static FAILED: AtomicU64 = AtomicU64::new(0);

#[bavard::on_failure]
async fn failed() {
    FAILED.fetch_add(1, Ordering::SeqCst);
}

/// How often somebody was run by itself.
#[cfg(feature = "schedule")]
static TICKED: AtomicU64 = AtomicU64::new(0);

/// Keeps for which minutes it was run; never ends the first time.
#[cfg(feature = "schedule")]
#[bavard::on_schedule("*/10 * * * *", catch_up = "30m")]
async fn tick(scheduled: crate::Scheduled, storage: crate::Storage) -> crate::Result<()> {
    keep_minute(&scheduled, &storage).await?;
    if TICKED.fetch_add(1, Ordering::SeqCst) == 0 {
        std::future::pending::<()>().await;
    }
    Ok(())
}

#[cfg(feature = "schedule")]
#[bavard::on_schedule("*/10 * * * *", catch_up = "30m")]
async fn tock(scheduled: crate::Scheduled, storage: crate::Storage) -> crate::Result<()> {
    keep_minute(&scheduled, &storage).await
}

#[cfg(feature = "schedule")]
async fn keep_minute(scheduled: &crate::Scheduled, storage: &crate::Storage) -> crate::Result<()> {
    let minute = scheduled.due.since(START).as_secs() / 60;
    let with = |minutes: Option<Vec<u64>>| minutes.into_iter().flatten().chain([minute]).collect();
    storage.of_bot().update("minutes", with).await.map(drop)
}

/// For which minutes handlers were run by themselves.
#[cfg(feature = "schedule")]
async fn minutes(engine: &Engine) -> Vec<u64> {
    engine.storage().of_bot().get("minutes").await.unwrap().unwrap_or_default()
}

/// When the clock of a machine begins.
const START: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// What outlives a process.
struct Machine {
    workspace: Workspace,
    store: Arc<MemoryStore>,
    clock: Arc<ManualClock>,
    channel: ChannelId,
    handlers: &'static [&'static Handler],
}

impl Machine {
    async fn new() -> Self {
        Self::with(crate::handlers![hello, observe]).await
    }

    async fn with(handlers: &'static [&'static Handler]) -> Self {
        let clock = Arc::new(ManualClock::at(START));
        let workspace = Workspace::builder().clock(clock.clone()).start().await.unwrap();
        let channel = workspace.channel("general").id().clone();
        Self { workspace, store: Arc::new(MemoryStore::new()), clock, channel, handlers }
    }

    fn client(&self) -> Client {
        let token = Token::parse("the token", &self.workspace.identity().token).unwrap();
        Client::new(ClientSettings::new(self.workspace.api_url().parse().unwrap(), Some(token))).unwrap()
    }

    /// A new process, which takes over what the one before left.
    async fn start(&self) -> Engine {
        self.store.crash();
        self.start_on(self.store.clone()).await
    }

    /// A new process on a store, which may have others.
    async fn start_on(&self, store: Arc<dyn Store>) -> Engine {
        let secret = SecretString::from(self.workspace.identity().signing_secret.as_str());
        let engine = Engine::start(Parts {
            platform: Arc::new(Slack::new(Verifier::new(&[secret]).unwrap(), self.client(), None)),
            store,
            clock: self.clock.clone(),
            dispatcher: App::empty().handlers(self.handlers).dispatcher().unwrap(),
            states: Arc::default(),
            language: Language::English,
            limits: CoreLimits::default(),
            handler_limit: Duration::from_secs(60),
            metrics: Arc::default(),
        });
        engine.take_over().await.unwrap();
        engine
    }

    /// A process says something and ends in the middle of sending it.
    async fn ends_while_sending(&self, fault: Fault) {
        self.workspace.fail(fault.on(POST));
        let engine = self.start().await;
        engine.say(&self.channel, "hello".into()).await.unwrap();
        while self.calls(POST) == 0 {
            tokio::task::yield_now().await;
        }
    }

    /// Somebody mentions the bot.
    fn mention(&self, words: &str) -> Box<Event> {
        let bot = self.workspace.identity().user.clone();
        let body = serde_json::json!({
            "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1",
            "authorizations": [{ "user_id": bot, "team_id": "T1", "is_bot": true }],
            "event": {
                "type": "app_mention", "user": "U1", "text": format!("<@{bot}> {words}"), "ts": "1800000000.000100",
                "channel": self.channel,
            },
        });
        let callback = Callback { received: self.clock.now(), retry: Retry::default(), bot: Some(bot) };
        match envelope(&body.to_string().into(), callback) {
            Decoded::Event(event) => event,
            other => panic!("{other:?}"),
        }
    }

    /// Moves the clock until everything is at its end.
    async fn idle(&self, engine: &Engine) {
        let moving = async {
            loop {
                for _ in 0..200 {
                    tokio::task::yield_now().await;
                }
                self.clock.advance(Duration::from_secs(1));
            }
        };
        tokio::select! {
            () = engine.idle() => {}
            () = moving => {}
        }
    }

    fn calls(&self, method: &str) -> usize {
        self.workspace.calls().iter().filter(|call| call.method == method).count()
    }

    fn shown(&self) -> Vec<String> {
        self.workspace.messages(&self.channel).iter().map(|message| message.shown().to_owned()).collect()
    }
}

#[tokio::test]
async fn what_had_not_arrived_when_the_process_ended_is_sent_once_more() {
    let machine = Machine::new().await;
    machine.ends_while_sending(Fault::no_answer()).await;
    machine.clock.advance(Duration::from_secs(1));
    let engine = machine.start().await;
    engine.say(&machine.channel, "and then".into()).await.unwrap();
    machine.idle(&engine).await;
    assert_eq!(machine.shown(), ["hello", "and then"]);
    assert_eq!((machine.calls(POST), machine.calls("conversations.history")), (3, 3));
}

#[tokio::test]
async fn what_had_arrived_when_the_process_ended_is_not_sent_again() {
    let machine = Machine::new().await;
    machine.ends_while_sending(Fault::no_answer()).await;
    // The platform takes it after all, with nobody left to hear so.
    let body = machine.workspace.calls()[0].args.to_string();
    machine.client().send(POST, body.into()).await;
    let engine = machine.start().await;
    machine.idle(&engine).await;
    assert_eq!(machine.shown(), ["hello"]);
    assert_eq!((machine.calls(POST), machine.calls("conversations.history")), (2, 1));
}

#[tokio::test]
async fn what_was_in_doubt_when_the_process_ended_is_looked_for_by_the_next() {
    let machine = Machine::new().await;
    machine.ends_while_sending(Fault::lost_answer()).await;
    let engine = machine.start().await;
    machine.idle(&engine).await;
    assert_eq!(machine.shown(), ["hello"]);
    assert_eq!(machine.calls(POST), 1);
}

#[tokio::test]
async fn an_answer_that_was_given_before_the_process_ended_is_not_given_again() {
    let machine = Machine::new().await;
    let engine = machine.start().await;
    // The observer keeps the event open, while its answer is long said.
    engine.arrive(machine.mention("hello"), false).await.unwrap();
    while machine.shown() != ["hi"] || machine.store.counts().await.unwrap().unsent > 0 {
        tokio::task::yield_now().await;
    }
    let engine = machine.start().await;
    machine.idle(&engine).await;
    assert_eq!(OBSERVED.load(Ordering::SeqCst), 2, "it was run again");
    assert_eq!(machine.shown(), ["hi"]);
}

#[tokio::test]
async fn what_a_run_changed_that_a_crash_cut_short_is_not_changed() {
    let machine = Machine::with(crate::handlers![count]).await;
    let engine = machine.start().await;
    engine.arrive(machine.mention("count"), false).await.unwrap();
    while COUNTED.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let engine = machine.start().await;
    assert_eq!(engine.storage().of_bot().get::<u32>("count").await.unwrap(), None);
    machine.idle(&engine).await;
    assert_eq!(engine.storage().of_bot().get::<u32>("count").await.unwrap(), Some(1));
    assert_eq!((COUNTED.load(Ordering::SeqCst), machine.shown()), (2, vec!["counting".to_owned(), "1".to_owned()]));
}

#[tokio::test]
async fn what_was_done_elsewhere_and_recorded_before_the_process_ended_is_not_done_again() {
    let machine = Machine::with(crate::handlers![pay]).await;
    let engine = machine.start().await;
    engine.arrive(machine.mention("pay"), false).await.unwrap();
    while lock(&PAID).is_empty() {
        tokio::task::yield_now().await;
    }
    // The first process ended before the deed was recorded, the second one after.
    let _engine = machine.start().await;
    while CUT_SHORT.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let engine = machine.start().await;
    machine.idle(&engine).await;
    let keys = lock(&PAID).clone();
    assert_eq!((keys.len(), &keys[0]), (2, &keys[1]), "under one key");
    assert_eq!(machine.shown(), ["paid 2 times"]);
    let place = crate::store::Place { scope: crate::store::Scope::once(), key: keys[0].as_str().into() };
    assert_eq!(machine.store.read(&place, machine.clock.now()).await, Ok(None), "it is forgotten with its event");
}

#[tokio::test]
async fn a_run_whose_lane_was_lost_has_not_failed() {
    let machine = Machine::with(crate::handlers![waits, failed]).await;
    let engine = machine.start().await;
    engine.arrive(machine.mention("wait"), false).await.unwrap();
    BEGUN.acquire().await.unwrap().forget();
    let lanes: Vec<_> = lock(&engine.0.core).leases().collect();
    engine.drive(Input::Void(lanes)).await;
    WENT_ON.add_permits(1);
    engine.idle().await;
    while Arc::strong_count(&engine.0) > 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(FAILED.load(Ordering::SeqCst), 0);
    // The next process runs it again.
    let engine = machine.start().await;
    WENT_ON.add_permits(1);
    machine.idle(&engine).await;
    assert_eq!(machine.shown(), ["now"]);
}

/// How often somebody was greeted.
static GREETED: AtomicU64 = AtomicU64::new(0);

#[bavard::on_mention("greet")]
fn greet() {
    GREETED.fetch_add(1, Ordering::SeqCst);
}

#[tokio::test]
async fn nothing_that_begins_waits_for_a_commit_of_another_lane() {
    let machine = Machine::with(crate::handlers![greet]).await;
    let store = Arc::new(Moody::default());
    store.settles_silently.store(true, Ordering::Relaxed);
    let engine = machine.start_on(store).await;
    let body = machine.mention("greet").raw.bytes().clone();
    let taken = |lane: &str, job| {
        let (sequence, state) = (Sequence(1), EventState::Ready);
        let event = OldEvent { sequence, state, crashes: 0, attempts: 0, dispatch: true, job };
        TakenOver { lease: Lease { lane: Lane(lane.into()), token: 1 }, events: vec![event], effects: vec![] }
    };
    // Nothing takes the first any more: its end is committed, which takes for ever.
    let job = engine.restore(&body, START, 0, vec![]);
    let lanes = vec![taken("gone", None), taken("there", job.clone()), taken("there too", job)];
    engine.begin(Input::TakenOver(lanes));
    while GREETED.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
}

#[cfg(feature = "schedule")]
#[tokio::test]
async fn a_time_that_was_cut_short_is_run_again_and_handled_once() {
    let machine = Machine::with(crate::handlers![tick]).await;
    let engine = machine.start().await;
    engine.idle().await;
    machine.clock.advance(Duration::from_secs(600));
    while TICKED.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let engine = machine.start().await;
    engine.idle().await;
    assert_eq!((minutes(&engine).await, TICKED.load(Ordering::SeqCst)), (vec![10], 2));
}

#[cfg(feature = "schedule")]
#[tokio::test]
async fn a_time_is_handled_once_by_all_processes_and_over_all_starts() {
    let machine = Machine::with(crate::handlers![tock]).await;
    let advance = |minutes: u64| machine.clock.advance(Duration::from_secs(60 * minutes));
    let engine = machine.start().await;
    engine.idle().await;
    assert_eq!(minutes(&engine).await, [0; 0], "what came before the first start is not made up for");
    advance(10);
    engine.idle().await;
    drop(engine);
    let engine = machine.start().await;
    engine.idle().await;
    assert_eq!(minutes(&engine).await, [10]);
    // Of what nobody was there for, the last time is made up for.
    drop(engine);
    advance(55);
    let engine = machine.start().await;
    engine.idle().await;
    assert_eq!(minutes(&engine).await, [10, 60]);
    // Two processes at the same time.
    let other = machine.start_on(Arc::new(machine.store.beside())).await;
    other.idle().await;
    for _ in 0..5 {
        advance(5);
        engine.idle().await;
        other.idle().await;
    }
    assert_eq!(minutes(&engine).await, [10, 60, 70, 80, 90]);
}
