//! Values that handlers keep.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bavard::{prelude::*, testing::TestBot};
use tracing::Level;

use crate::support::{Log, advance_until_idle, manual_clock};

#[on_mention("remember {what..}")]
async fn remember(storage: Storage, user: User, what: String) -> Result<String> {
    let before: Option<String> = storage.of_person(&user.id).get("what").await?;
    storage.of_person(&user.id).set("what", &what).await?;
    Ok(format!("before: {}", before.as_deref().unwrap_or("nothing")))
}

#[on_mention("remember for a minute {what..}")]
async fn for_a_minute(storage: Storage, user: User, what: String) -> Result<()> {
    storage.of_person(&user.id).set_for("what", &what, Duration::from_secs(60)).await
}

#[on_mention("forget")]
async fn forget(storage: Storage, user: User) -> Result<()> {
    storage.of_person(&user.id).remove("what").await
}

/// Counts in the conversation.
#[on_mention("count")]
async fn count(storage: Storage) -> Result<String> {
    let count = storage.of_conversation()?.update("count", |count: Option<u32>| count.unwrap_or(0) + 1).await?;
    Ok(count.to_string())
}

#[on_command("/count")]
async fn count_in_a_command(storage: Storage) -> Result<String> {
    let count = storage.of_bot().update("count", |count: Option<u32>| count.unwrap_or(0) + 1).await?;
    storage.of_conversation()?;
    Ok(count.to_string())
}

#[on_mention("fail after writing", retry = 1)]
async fn fails(storage: Storage, runs: State<Runs>) -> Result<String> {
    let count = storage.of_bot().update("count", |count: Option<u32>| count.unwrap_or(0) + 1).await?;
    match runs.next() {
        1 => Err(Error::new("once")),
        2 => panic!("and again"),
        _ => Ok(count.to_string()),
    }
}

/// Lets somebody else change what it has read, so often.
#[on_mention("race {times}")]
async fn race(context: Context, storage: Storage, runs: State<Runs>, times: u32) -> Result<String> {
    context.say("on my way").await?;
    let seen = storage.of_bot().update("count", |count: Option<u32>| count.unwrap_or(0) + 1).await?;
    if runs.next() <= times {
        let other = runs.other.get().ok_or_else(|| Error::new("no bot"))?;
        other.update("count", |count: Option<u32>| count.unwrap_or(0) + 100).await?;
    }
    Ok(format!("{seen} after {} runs", runs.count()))
}

/// Takes the value of a name if nobody has it.
#[on_mention("claim {name}")]
async fn claim(storage: Storage, user: User, name: String) -> Result<String> {
    let taken = storage.of_channel(&"C1".into()).compare_and_set(&name, None, &user.id).await?;
    Ok(if taken { "yours".to_owned() } else { "taken".to_owned() })
}

/// Counts everything that is said to the bot, beside whoever answers it.
#[on_event("app_mention")]
async fn observe(storage: Storage) -> Result<()> {
    storage.of_bot().update("count", |count: Option<u32>| count.unwrap_or(0) + 1).await?;
    Ok(())
}

#[on_mention("count together")]
async fn together(storage: Storage) -> Result<String> {
    let count = storage.of_bot().update("count", |count: Option<u32>| count.unwrap_or(0) + 1).await?;
    Ok(if count <= 2 { "counted".to_owned() } else { count.to_string() })
}

#[on_mention("keep it for later")]
async fn later(storage: Storage, runs: State<Runs>) {
    tokio::spawn(async move {
        let done = storage.of_bot().set("later", &1).await;
        runs.late.send_replace(done.map_err(|error| error.to_string()).err());
    });
    // Its task goes on once it has returned.
}

async fn known_alone(context: Context) -> Result<bool> {
    let user = context.event().user().cloned().ok_or_else(|| Error::new("nobody"))?;
    Ok(context.storage().of_person(&user).get::<String>("what").await?.is_some())
}

#[on_mention("secret", check = known)]
async fn secret() -> &'static str {
    "42"
}

async fn known(context: Context) -> Result<()> {
    if known_alone(context).await? { Ok(()) } else { Err(Error::tell("I do not know you.")) }
}

/// Counts runs, and lets a handler reach beside its own run.
#[derive(Clone, Default)]
struct Runs {
    count: Arc<AtomicU32>,
    other: Arc<std::sync::OnceLock<bavard::StorageArea>>,
    late: tokio::sync::watch::Sender<Option<String>>,
}

impl Runs {
    fn next(&self) -> u32 {
        self.count.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn count(&self) -> u32 {
        self.count.load(Ordering::SeqCst)
    }
}

fn app(runs: &Runs) -> App {
    let all = handlers![remember, for_a_minute, forget, count, count_in_a_command, fails, race, claim, later, secret];
    App::empty().handlers(all).state(runs.clone())
}

#[tokio::test]
async fn what_is_kept_for_a_person_is_theirs_alone() {
    let bot = TestBot::start(app(&Runs::default())).await;
    let (ada, bob) = (bot.person("ada"), bot.person("bob"));
    ada.mentions("remember tea").await.answered("before: nothing");
    ada.mentions("remember milk").await.answered("before: tea");
    bob.mentions("remember bread").await.answered("before: nothing");
    ada.mentions("forget").await.unanswered();
    ada.mentions("remember water").await.answered("before: nothing");
    let kept = bot.bot().storage().of_person(bob.id()).get::<String>("what").await.unwrap();
    assert_eq!(kept.as_deref(), Some("bread"));
}

#[tokio::test]
async fn what_expires_does_so_by_the_clock_of_the_bot() {
    let clock = manual_clock();
    let bot = TestBot::builder().clock(clock.clone()).start(app(&Runs::default())).await;
    let ada = bot.person("ada");
    ada.mentions("remember for a minute tea").await.unanswered();
    clock.advance(Duration::from_secs(59));
    ada.mentions("secret").await.answered("42");
    clock.advance(Duration::from_secs(1));
    ada.mentions("secret").await.answered("I do not know you.");
}

#[tokio::test]
async fn each_conversation_counts_by_itself() {
    let bot = TestBot::start(app(&Runs::default())).await;
    let ada = bot.person("ada");
    let heard = ada.mentions("count").await;
    heard.answered("1");
    ada.replies(heard.message().unwrap(), "@bot count").await.answered("2");
    ada.mentions("count").await.answered("1");
    ada.tells("count").await.answered("1");
    ada.tells("count").await.answered("2");
    // A command stands in none: it fails, and what it had changed before is not changed.
    ada.types("/count").await.said("something went wrong");
    assert_eq!(bot.bot().storage().of_bot().get::<u32>("count").await.unwrap(), None);
}

#[tokio::test]
async fn who_fails_or_is_run_again_has_changed_nothing() {
    let clock = manual_clock();
    let runs = Runs::default();
    let bot = TestBot::builder().clock(clock.clone()).start(app(&runs)).await;
    let ada = bot.person("ada");
    bot.workspace().person("ada").say(&bot.workspace().channel("general"), "@bot fail after writing");
    advance_until_idle(&bot, &clock).await;
    assert_eq!(runs.count(), 2, "an error, then a panic");
    assert_eq!(bot.bot().storage().of_bot().get::<u32>("count").await.unwrap(), None);
    ada.mentions("fail after writing").await.answered("1");
    assert_eq!(bot.bot().storage().of_bot().get::<u32>("count").await.unwrap(), Some(1));
}

#[tokio::test]
async fn who_conflicts_is_run_again_and_says_nothing_twice() {
    let runs = Runs::default();
    let bot = TestBot::start(app(&runs)).await;
    assert!(runs.other.set(bot.bot().storage().of_bot()).is_ok());
    let heard = bot.person("ada").mentions("race 3").await;
    let shown: Vec<_> = heard.messages().iter().map(|message| message.shown().to_owned()).collect();
    assert_eq!(shown, ["on my way", "301 after 4 runs"]);
    assert_eq!(bot.bot().storage().of_bot().get::<u32>("count").await.unwrap(), Some(301));
}

#[tokio::test]
async fn who_conflicts_for_ever_is_given_up_with_an_apology() {
    let (log, _guard) = Log::capture(Level::ERROR);
    let runs = Runs::default();
    let bot = TestBot::start(app(&runs)).await;
    assert!(runs.other.set(bot.bot().storage().of_bot()).is_ok());
    let heard = bot.person("ada").mentions("race 99").await;
    heard.said("on my way").said("Sorry, something went wrong");
    assert_eq!((heard.messages().len(), runs.count()), (2, 16));
    assert_eq!(bot.bot().storage().of_bot().get::<u32>("count").await.unwrap(), Some(1_600));
    assert!(log.text().contains("conflict: others changed the same values 16 times"), "{}", log.text());
}

#[tokio::test]
async fn of_many_that_claim_a_name_at_once_one_has_it() {
    let bot = TestBot::start(app(&Runs::default())).await;
    let channel = bot.workspace().channel("general");
    for number in 0..40 {
        bot.workspace().person(&format!("p{number}")).say(&channel, "@bot claim gold");
    }
    bot.settle().await;
    let answers: Vec<_> = bot.said().iter().map(|message| message.shown().to_owned()).collect();
    let yours = answers.iter().filter(|answer| *answer == "yours").count();
    assert_eq!((answers.len(), yours), (40, 1));
}

#[tokio::test]
async fn what_a_handler_and_those_that_observe_change_is_all_there() {
    let runs = Runs::default();
    let app = App::empty().handlers(handlers![together, observe]).state(runs);
    let bot = TestBot::start(app).await;
    let ada = bot.person("ada");
    ada.mentions("count together").await.answered("counted");
    assert_eq!(bot.bot().storage().of_bot().get::<u32>("count").await.unwrap(), Some(2));
    let channel = bot.workspace().channel("general");
    for _ in 0..20 {
        bot.workspace().person("ada").say(&channel, "@bot count together");
    }
    bot.settle().await;
    assert_eq!(bot.bot().storage().of_bot().get::<u32>("count").await.unwrap(), Some(42), "nothing is lost");
    assert_eq!(bot.said().len(), 21);
}

#[tokio::test]
async fn a_handler_that_has_returned_changes_nothing_more() {
    let runs = Runs::default();
    let bot = TestBot::start(app(&runs)).await;
    bot.person("ada").mentions("keep it for later").await.unanswered();
    let mut late = runs.late.subscribe();
    let why = late.wait_for(Option::is_some).await.unwrap().clone().unwrap();
    assert!(why.contains("use `Bot::storage`") || why.contains("with `Bot::storage`"), "{why}");
    assert_eq!(bot.bot().storage().of_bot().get::<u32>("later").await.unwrap(), None);
}
