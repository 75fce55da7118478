//! Handlers that are run again because they ask for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bavard::{prelude::*, testing::TestBot};
use tracing::Level;

use crate::support::{Log, advance_until_idle, manual_clock, said, shown, yield_often};

/// Counts runs.
#[derive(Clone, Default)]
struct Runs(Arc<AtomicU32>);

impl Runs {
    fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn count(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

#[on_mention("third time", retry = 2)]
async fn third_time(runs: State<Runs>) -> Result<String> {
    match runs.next() {
        run @ 1..=2 => Err(Error::new(format!("run {run} failed"))),
        run => Ok(format!("run {run}")),
    }
}

#[on_mention("never works", retry = 2)]
async fn never_works(runs: State<Runs>) -> Result<()> {
    Err(Error::new(format!("run {} failed", runs.next())))
}

#[on_mention("told at once", retry = 2)]
async fn told_at_once(runs: State<Runs>) -> Result<()> {
    runs.next();
    Err(Error::tell("No such service."))
}

#[on_mention("come back")]
async fn come_back(runs: State<Runs>) -> Result<String> {
    match runs.next() {
        1 => Err(Error::retry_after(Duration::from_secs(300))),
        run => Ok(format!("run {run}")),
    }
}

#[on_mention("come back for ever")]
async fn come_back_for_ever(runs: State<Runs>) -> Result<()> {
    runs.next();
    Err(Error::retry_after(Duration::from_secs(1)))
}

#[on_mention("cool and retried", retry = 1, cooldown = "1h")]
async fn cool_and_retried(runs: State<Runs>) -> Result<String> {
    match runs.next() {
        1 => Err(Error::new("the first run fails")),
        run => Ok(format!("run {run}")),
    }
}

#[on_mention("said before", retry = 1)]
async fn said_before(ctx: Context, runs: State<Runs>) -> Result<String> {
    ctx.say("said once").await?;
    match runs.next() {
        1 => Err(Error::new("the first run fails")),
        run => Ok(format!("run {run}")),
    }
}

#[on_mention("said otherwise", retry = 1)]
async fn said_otherwise(ctx: Context, runs: State<Runs>) -> Result<String> {
    ctx.say(format!("run {}", runs.next())).await?;
    Err(Error::new("the first run fails"))
}

#[on_event("app_mention")]
async fn observe(seen: State<Seen>) {
    seen.0.next();
}

#[derive(Clone, Default)]
struct Seen(Runs);

#[tokio::test]
async fn a_handler_is_run_again_only_as_often_as_it_asks() {
    for (handlers, words, runs, answer) in [
        (handlers![third_time], "third time", 3, "run 3"),
        (handlers![never_works], "never works", 3, "went wrong"),
        (handlers![told_at_once], "told at once", 1, "No such service."),
        (handlers![come_back], "come back", 2, "run 2"),
    ] {
        let (counted, clock) = (Runs::default(), manual_clock());
        let app = App::empty().handlers(handlers).state(counted.clone());
        let bot = TestBot::builder().clock(clock.clone()).start(app).await;
        let general = bot.workspace().channel("general");
        bot.workspace().person("alice").say(&general, &format!("@bot {words}"));
        advance_until_idle(&bot, &clock).await;
        assert_eq!(counted.count(), runs, "{words}");
        let said = shown(&bot);
        assert!(said.len() == 1 && said[0].contains(answer), "{words}: {said:?}");
    }
}

#[tokio::test]
async fn a_handler_that_asks_for_ever_to_be_run_again_is_given_up() {
    let (counted, clock) = (Runs::default(), manual_clock());
    let app = App::empty().handlers(handlers![come_back_for_ever]).state(counted.clone());
    let bot = TestBot::builder().clock(clock.clone()).start(app).await;
    bot.workspace().person("alice").tell("come back for ever");
    advance_until_idle(&bot, &clock).await;
    assert_eq!(counted.count(), 11);
    assert_eq!(bot.said().len(), 1);
}

#[tokio::test]
async fn a_wait_before_a_further_run_is_kept() {
    let (counted, clock) = (Runs::default(), manual_clock());
    let app = App::empty().handlers(handlers![come_back]).state(counted.clone());
    let bot = TestBot::builder().clock(clock.clone()).start(app).await;
    bot.workspace().person("alice").tell("come back");
    bot.workspace().quiet().await;
    while counted.count() == 0 {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(299));
    yield_often().await;
    assert_eq!(counted.count(), 1);
    clock.advance(Duration::from_secs(1));
    assert_eq!(said(&bot, 1).await[0].shown(), "run 2");
}

#[tokio::test]
async fn a_further_run_is_not_a_further_use() {
    let (counted, clock) = (Runs::default(), manual_clock());
    let app = App::empty().handlers(handlers![cool_and_retried]).state(counted.clone());
    let bot = TestBot::builder().clock(clock.clone()).start(app).await;
    bot.workspace().person("alice").tell("cool and retried");
    advance_until_idle(&bot, &clock).await;
    assert_eq!(shown(&bot), ["run 2"]);
}

#[tokio::test]
async fn a_further_run_is_not_observed_again() {
    let (seen, clock) = (Seen::default(), manual_clock());
    let app = App::empty().handlers(handlers![never_works, observe]).state(Runs::default()).state(seen.clone());
    let bot = TestBot::builder().clock(clock.clone()).start(app).await;
    let general = bot.workspace().channel("general");
    bot.workspace().person("alice").say(&general, "@bot never works");
    advance_until_idle(&bot, &clock).await;
    assert_eq!(seen.0.count(), 1);
}

#[tokio::test]
async fn a_further_run_says_nothing_twice() {
    let (counted, clock) = (Runs::default(), manual_clock());
    let app = App::empty().handlers(handlers![said_before]).state(counted.clone());
    let bot = TestBot::builder().clock(clock.clone()).start(app).await;
    bot.workspace().person("alice").tell("said before");
    advance_until_idle(&bot, &clock).await;
    assert_eq!(shown(&bot), ["said once", "run 2"]);
}

#[tokio::test]
async fn a_further_run_that_says_something_else_ends_and_is_logged() {
    let (log, _guard) = Log::capture(Level::ERROR);
    let (counted, clock) = (Runs::default(), manual_clock());
    let app = App::empty().handlers(handlers![said_otherwise]).state(counted.clone());
    let bot = TestBot::builder().clock(clock.clone()).start(app).await;
    bot.workspace().person("alice").tell("said otherwise");
    advance_until_idle(&bot, &clock).await;
    assert_eq!(shown(&bot), ["run 1"]);
    assert!(log.text().contains("said something else than before"), "{}", log.text());
}
