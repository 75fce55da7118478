//! A process that ends while it sends, and the one after it, over true connections to a fake workspace.
#![allow(clippy::unwrap_used, reason = "helpers of tests, which the lint does not see as such")]

use secrecy::SecretString;

use super::*;
use crate::{
    app::App,
    clock::{ManualClock, Timestamp},
    event::{Event, Retry},
    id::ChannelId,
    slack::{
        Slack,
        client::{Client, ClientSettings, Token},
        decode::{Callback, Decoded, envelope},
        verify::Verifier,
    },
    store::MemoryStore,
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

/// What outlives a process.
struct Machine {
    workspace: Workspace,
    store: Arc<MemoryStore>,
    clock: Arc<ManualClock>,
    channel: ChannelId,
}

impl Machine {
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        let workspace = Workspace::builder().clock(clock.clone()).start().await.unwrap();
        let channel = workspace.channel("general").id().clone();
        Self { workspace, store: Arc::new(MemoryStore::new()), clock, channel }
    }

    fn client(&self) -> Client {
        let token = Token::parse("the token", &self.workspace.identity().token).unwrap();
        Client::new(ClientSettings::new(self.workspace.api_url().parse().unwrap(), Some(token))).unwrap()
    }

    /// A new process, which takes over what the one before left.
    async fn start(&self) -> Engine {
        self.store.crash();
        let secret = SecretString::from(self.workspace.identity().signing_secret.as_str());
        let engine = Engine::start(Parts {
            platform: Arc::new(Slack::new(Verifier::new(&[secret]).unwrap(), self.client(), None)),
            store: self.store.clone(),
            clock: self.clock.clone(),
            dispatcher: App::empty().handlers(crate::handlers![hello, observe]).dispatcher().unwrap(),
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
    fn mention(&self) -> Box<Event> {
        let bot = self.workspace.identity().user.clone();
        let body = serde_json::json!({
            "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1",
            "authorizations": [{ "user_id": bot, "team_id": "T1", "is_bot": true }],
            "event": {
                "type": "app_mention", "user": "U1", "text": format!("<@{bot}> hello"), "ts": "1800000000.000100",
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
    engine.arrive(machine.mention(), false).await.unwrap();
    while machine.shown() != ["hi"] || machine.store.counts().await.unwrap().unsent > 0 {
        tokio::task::yield_now().await;
    }
    let engine = machine.start().await;
    machine.idle(&engine).await;
    assert_eq!(OBSERVED.load(Ordering::SeqCst), 2, "it was run again");
    assert_eq!(machine.shown(), ["hi"]);
}
