//! Several processes of one bot on one database, which `BAVARD_TEST_POSTGRES` names.
#![allow(clippy::unwrap_used)] // Helpers of tests, which the lints do not see.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bavard::{
    Bot, Environment,
    prelude::*,
    workspace::{State as Conversations, Workspace},
};
use tokio::{runtime::Runtime, sync::Notify};
use tokio_postgres::{Client, NoTls};

use crate::support::EVENTS;

/// Longer than anything here takes; reached only by a test that fails.
const SOON: Duration = Duration::from_secs(30);

#[derive(Clone, Default)]
struct Gate {
    reached: Arc<Notify>,
    open: Arc<Notify>,
}

#[on_mention("wait")]
async fn wait(ctx: Context, gate: State<Gate>) -> Result<&'static str> {
    ctx.say("almost").await?;
    gate.reached.notify_one();
    gate.open.notified().await;
    Ok("at last")
}

#[on_mention("count {number}")]
async fn count(number: u32) -> String {
    number.to_string()
}

#[on_mention("recall")]
async fn recall(conversation: Conversation) -> String {
    let transcript = conversation.transcript().await;
    transcript.before().iter().map(|said| said.text.as_str()).collect::<Vec<_>>().join(" / ")
}

/// A database with a schema for one test.
struct Database {
    address: String,
    bot: String,
    client: Client,
}

impl Database {
    async fn open() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let Ok(address) = std::env::var("BAVARD_TEST_POSTGRES") else {
            eprintln!("skipped: BAVARD_TEST_POSTGRES names no database");
            return None;
        };
        let bot = format!("replicas {} {}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let (client, connection) = tokio_postgres::connect(&address, NoTls).await.unwrap();
        tokio::spawn(connection);
        Some(Self { address, bot, client })
    }

    fn schema(&self) -> String {
        format!("bavard_{}", self.bot.replace(' ', "_"))
    }

    async fn start(&self, workspace: &Workspace, gate: &Gate) -> Bot {
        self.start_with(workspace, gate, ("BAVARD_PACE", "off")).await
    }

    async fn start_with(&self, workspace: &Workspace, gate: &Gate, setting: (&str, &str)) -> Bot {
        let app = App::empty().named(&self.bot).handlers(handlers![wait, count, recall]).state(gate.clone());
        let environment = Environment::of([
            ("SLACK_BOT_TOKEN", workspace.identity().token.as_str()),
            ("SLACK_SIGNING_SECRET", &workspace.identity().signing_secret),
            ("SLACK_API_URL", &workspace.api_url()),
            ("BAVARD_LISTEN", "127.0.0.1:0"),
            ("BAVARD_ADMIN_LISTEN", ""),
            ("BAVARD_STORE", &self.address),
            setting,
        ]);
        app.start_in(&environment).await.unwrap()
    }

    /// The leases of every process so far run out.
    async fn leases_run_out(&self) {
        let late = format!("UPDATE {}.holders SET until = now() - interval '1 second'", self.schema());
        self.client.execute(&late, &[]).await.unwrap();
    }

    /// Ends every connection of the bot.
    async fn cut(&self) -> u64 {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
        let name = format!("bavard {}", self.bot);
        self.client.execute(cut, &[&name]).await.unwrap()
    }

    async fn count(&self, table: &str) -> i64 {
        let count = format!("SELECT count(*) FROM {}.{table}", self.schema());
        self.client.query_one(&count, &[]).await.unwrap().get(0)
    }

    async fn remove(self) {
        self.client.batch_execute(&format!("DROP SCHEMA {} CASCADE", self.schema())).await.unwrap();
    }
}

fn deliver_to(workspace: &Workspace, bot: &Bot) {
    workspace.deliver_to(&format!("http://{}{EVENTS}", bot.address()).parse().unwrap());
}

fn said(state: &Conversations) -> Vec<String> {
    let mut said: Vec<_> = state.said_by_bot().collect();
    said.sort_by(|one, other| one.id.cmp(&other.id));
    said.iter().map(|message| message.shown().to_owned()).collect()
}

async fn heard(workspace: &Workspace, many: usize) -> Vec<String> {
    workspace.wait_until(|state| Some(said(state)).filter(|said| said.len() >= many), SOON).await.unwrap()
}

#[tokio::test]
async fn an_event_is_answered_once_whichever_replica_hears_of_it() {
    let Some(database) = Database::open().await else { return };
    let workspace = Workspace::start().await.unwrap();
    let gate = Gate::default();
    // At the same time: only one of them makes the schema.
    let (one, other) = tokio::join!(database.start(&workspace, &gate), database.start(&workspace, &gate));
    let (general, alice) = (workspace.channel("general"), workspace.person("alice"));
    for number in 0..10 {
        deliver_to(&workspace, if number % 2 == 0 { &one } else { &other });
        alice.say(&general, &format!("@bot count {number}"));
        workspace.quiet().await;
    }
    for (bot, delivery) in [&one, &other].into_iter().cycle().zip(workspace.deliveries()) {
        deliver_to(&workspace, bot);
        assert!(workspace.send_again(&delivery.event_id.unwrap()));
        workspace.quiet().await;
    }
    let mut answers = heard(&workspace, 10).await;
    assert!(one.stop().await && other.stop().await);
    assert_eq!(workspace.read(said).len(), 10);
    answers.sort();
    assert_eq!(answers, (0..10).map(|number: u32| number.to_string()).collect::<Vec<_>>());
    assert_eq!((database.count("events").await, database.count("effects").await), (0, 0));
    assert_eq!((database.count("lanes").await, database.count("holders").await), (0, 0));
    database.remove().await;
}

#[tokio::test]
async fn one_conversation_is_answered_in_order_whichever_replica_hears_of_it() {
    let Some(database) = Database::open().await else { return };
    let workspace = Workspace::start().await.unwrap();
    let one = database.start(&workspace, &Gate::default()).await;
    let other = database.start(&workspace, &Gate::default()).await;
    let alice = workspace.person("alice");
    for number in 0..30 {
        deliver_to(&workspace, if number % 2 == 0 { &one } else { &other });
        alice.tell(&format!("count {number}"));
        workspace.quiet().await;
    }
    let answers = heard(&workspace, 30).await;
    assert_eq!(answers, (0..30).map(|number: u32| number.to_string()).collect::<Vec<_>>());
    assert!(one.stop().await && other.stop().await);
    database.remove().await;
}

/// Three may follow each other at once in one channel. Each replica alone would send two; the last waits for its turn
/// among all.
#[tokio::test]
async fn what_replicas_send_is_paced_together_and_all_of_it_arrives() {
    let Some(database) = Database::open().await else { return };
    let workspace = Workspace::start().await.unwrap();
    let paced = ("BAVARD_PACE", "slack");
    let one = database.start_with(&workspace, &Gate::default(), paced).await;
    let other = database.start_with(&workspace, &Gate::default(), paced).await;
    let (general, alice) = (workspace.channel("general"), workspace.person("alice"));
    for number in 0..4 {
        deliver_to(&workspace, if number % 2 == 0 { &one } else { &other });
        alice.say(&general, &format!("@bot count {number}"));
    }
    let mut answers = heard(&workspace, 4).await;
    answers.sort();
    assert_eq!(answers, ["0", "1", "2", "3"]);
    assert!(one.stop().await && other.stop().await);
    assert_eq!(workspace.read(said).len(), 4);
    assert_eq!(database.count("turns WHERE key LIKE 'channel/%'").await, 1);
    database.remove().await;
}

#[test]
fn what_a_lost_replica_was_at_is_ended_by_the_other() {
    let (outer, its) = (Runtime::new().unwrap(), Runtime::new().unwrap());
    let Some(database) = outer.block_on(Database::open()) else { return };
    let gate = Gate::default();
    let (workspace, other) = outer.block_on(async {
        let workspace = Workspace::start().await.unwrap();
        let other = database.start(&workspace, &gate).await;
        (workspace, other)
    });
    let bot = its.block_on(database.start(&workspace, &gate));
    deliver_to(&workspace, &bot);
    workspace.person("alice").say(&workspace.channel("general"), "@bot wait");
    its.block_on(gate.reached.notified());
    outer.block_on(workspace.quiet());
    drop(bot);
    drop(its);
    outer.block_on(async {
        database.leases_run_out().await;
        gate.reached.notified().await;
        gate.open.notify_one();
        assert_eq!(heard(&workspace, 2).await, ["almost", "at last"]);
        assert!(other.stop().await);
        assert_eq!(workspace.read(said), ["almost", "at last"]);
        database.remove().await;
    });
}

#[tokio::test]
async fn lost_connections_lose_nothing() {
    let Some(database) = Database::open().await else { return };
    let workspace = Workspace::start().await.unwrap();
    let bot = database.start(&workspace, &Gate::default()).await;
    deliver_to(&workspace, &bot);
    let (general, alice) = (workspace.channel("general"), workspace.person("alice"));
    let mut cut = 0;
    for number in 0..40 {
        alice.say(&general, &format!("@bot count {number}"));
        if number % 8 == 4 {
            cut += database.cut().await;
        }
    }
    assert!(cut > 0);
    let mut answers = heard(&workspace, 40).await;
    workspace.quiet().await;
    assert!(bot.stop().await);
    assert_eq!(workspace.read(said).len(), 40);
    answers.sort_by_key(|answer| answer.parse::<u32>().unwrap());
    assert_eq!(answers, (0..40).map(|number: u32| number.to_string()).collect::<Vec<_>>());
    database.remove().await;
}

#[tokio::test]
async fn a_database_that_is_not_there_ends_the_start_with_the_cure() {
    let workspace = Workspace::start().await.unwrap();
    let environment = Environment::of([
        ("SLACK_BOT_TOKEN", workspace.identity().token.as_str()),
        ("SLACK_SIGNING_SECRET", &workspace.identity().signing_secret),
        ("SLACK_API_URL", &workspace.api_url()),
        ("BAVARD_LISTEN", "127.0.0.1:0"),
        ("BAVARD_ADMIN_LISTEN", ""),
        ("BAVARD_STORE", "postgres://ada:canary@127.0.0.1:1/bots"),
    ]);
    let app = App::empty().handlers(handlers![count]);
    let told = app.start_in(&environment).await.unwrap_err().to_string();
    assert!(told.contains("bots on 127.0.0.1") && told.contains("BAVARD_STORE"), "{told}");
    assert!(told.contains("refused") && !told.contains("canary"), "{told}");
}

#[tokio::test]
async fn a_replica_knows_of_what_only_another_one_heard() {
    let Some(database) = Database::open().await else { return };
    let workspace = Workspace::start().await.unwrap();
    let gate = Gate::default();
    let (one, other) = (database.start(&workspace, &gate).await, database.start(&workspace, &gate).await);
    let (general, alice) = (workspace.channel("general"), workspace.person("alice"));
    let root = alice.say(&general, "where do we meet?");
    let mut answers = Vec::new();
    for (bot, text) in [(&one, "@bot recall"), (&other, "at noon"), (&one, "@bot recall")] {
        deliver_to(&workspace, bot);
        alice.reply(&root, text);
        workspace.quiet().await;
        if text.starts_with('@') {
            answers = heard(&workspace, answers.len() + 1).await;
        }
    }
    assert!(one.stop().await && other.stop().await);
    assert_eq!(answers, ["where do we meet?", "where do we meet? / recall / where do we meet? / at noon"]);
    let reads = workspace.calls().iter().filter(|call| call.method == "conversations.replies").count();
    assert_eq!(reads, 2);
    database.remove().await;
}
