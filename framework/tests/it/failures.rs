//! What happens when a handler cannot do its work.

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

#[on_mention("fail")]
#[on_command("/fail")]
async fn fail() -> Result<()> {
    Err(Error::new("the disk is full"))
}

#[on_mention("tell")]
#[on_command("/tell")]
async fn tell() -> Result<()> {
    Err(Error::tell("The build <42> is down & out: try `main`.").because("connection refused"))
}

#[on_mention("question")]
async fn question() -> Result<String> {
    Ok("x".parse::<u8>()?.to_string())
}

#[on_mention("panic")]
#[on_command("/panic")]
async fn panics() {
    panic!("on purpose");
}

#[on_mention("panic at once")]
fn panics_at_once() {
    panic!("on purpose, and at once");
}

#[on_mention("hang")]
async fn hang() {
    std::future::pending::<()>().await;
}

#[on_mention("after saying")]
async fn fails_after_saying(ctx: Context) -> Result<()> {
    ctx.say("a first part").await?;
    Err(Error::new("then it broke"))
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

#[on_event("app_mention")]
async fn observe_and_fail() -> Result<()> {
    Err(Error::new("nobody asked"))
}

#[on_mention("hello")]
async fn hello() -> &'static str {
    "Hello!"
}

#[on_failure]
async fn own_failure(failure: Failure, user: User) -> String {
    format!("{user}, {} broke: {}.", failure.handler, failure.reference)
}

#[on_failure]
async fn failing_failure(ctx: Context) -> Result<()> {
    ctx.say("trying to explain").await?;
    Err(Error::new("on_failure failed"))
}

/// The reference in the one sentence that a person reads.
fn reference(sentence: &str) -> String {
    let reference = sentence.strip_prefix("Sorry, something went wrong on my side. It was noted under the reference `");
    reference.unwrap_or_else(|| panic!("no reference in {sentence:?}")).trim_end_matches("`.").to_owned()
}

#[tokio::test]
async fn a_failure_is_one_sentence_with_the_reference_under_which_the_log_has_its_cause() {
    for (words, cause) in [
        ("fail", "the disk is full"),
        ("question", "invalid digit found in string"),
        ("panic", "panicked: on purpose"),
        ("panic at once", "panicked: on purpose, and at once"),
    ] {
        let (log, _guard) = Log::capture(Level::ERROR);
        let bot = TestBot::start(App::empty().handlers(handlers![fail, question, panics, panics_at_once])).await;
        let heard = bot.person("alice").mentions(words).await;
        assert_eq!(heard.messages().len(), 1, "{words}");
        let sentence = heard.messages()[0].shown();
        let reference = reference(sentence);
        assert_eq!(reference.len(), 8, "{sentence}");
        assert!(!sentence.contains(cause), "{sentence}");
        let log = log.text();
        let line = log.lines().find(|line| line.contains(&reference)).unwrap_or_else(|| panic!("{words}: {log}"));
        assert!(line.contains(cause) && line.contains("failures.rs:"), "{line}");
    }
}

#[tokio::test]
async fn references_differ_and_the_bot_goes_on() {
    let bot = TestBot::start(App::empty().handlers(handlers![fail, panics, hello])).await;
    let alice = bot.person("alice");
    let first = reference(alice.mentions("fail").await.messages()[0].shown());
    let second = reference(alice.tells("panic").await.messages()[0].shown());
    assert_ne!(first, second);
    alice.tells("hello").await.answered("Hello!");
}

#[tokio::test]
async fn the_sentence_is_in_the_language_of_the_message() {
    let builder = TestBot::builder().language(Language::French);
    let bot = builder.start(App::empty().handlers(handlers![fail])).await;
    bot.person("alice").mentions("fail").await.said("Désolé, quelque chose n’a pas marché de mon côté.");
}

#[tokio::test]
async fn a_command_that_fails_says_so_in_its_response() {
    let bot = TestBot::start(App::empty().handlers(handlers![fail, tell, panics])).await;
    let alice = bot.person("alice");
    for command in ["/fail", "/panic"] {
        let heard = alice.types(command).await;
        heard.privately();
        reference(heard.messages()[0].shown());
    }
    alice.types("/tell").await.answered("The build <42> is down & out: try `main`.").privately();
    assert!(bot.workspace().deliveries().iter().all(bavard::workspace::Delivery::is_accepted));
}

#[tokio::test]
async fn what_is_to_be_told_is_told_and_its_cause_logged() {
    let (log, _guard) = Log::capture(Level::ERROR);
    let bot = TestBot::start(App::empty().handlers(handlers![tell])).await;
    bot.person("alice").mentions("tell").await.answered("The build <42> is down & out: try `main`.");
    assert!(log.text().contains("connection refused"), "{}", log.text());
}

#[tokio::test]
async fn a_handler_ends_at_its_limit_and_the_conversation_goes_on() {
    let (log, _guard) = Log::capture(Level::ERROR);
    let builder = TestBot::builder().handler_limit(Duration::from_millis(20));
    let bot = builder.start(App::empty().handlers(handlers![hang, hello])).await;
    let alice = bot.person("alice");
    alice.tells("hang").await.said("something went wrong");
    alice.tells("hello").await.answered("Hello!");
    assert!(log.text().contains("ran longer than 20ms"), "{}", log.text());
}

#[tokio::test]
async fn what_was_said_before_a_failure_stays() {
    let bot = TestBot::start(App::empty().handlers(handlers![fails_after_saying])).await;
    let heard = bot.person("alice").mentions("after saying").await;
    assert_eq!(heard.messages().len(), 2);
    assert_eq!(heard.messages()[0].shown(), "a first part");
    reference(heard.messages()[1].shown());
}

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

#[tokio::test]
async fn an_observer_that_fails_is_logged_and_changes_nothing() {
    let (log, _guard) = Log::capture(Level::ERROR);
    let bot = TestBot::start(App::empty().handlers(handlers![hello, observe_and_fail])).await;
    bot.person("alice").mentions("hello").await.answered("Hello!");
    assert!(log.text().contains("nobody asked"), "{}", log.text());
}

#[tokio::test]
async fn on_failure_speaks_in_the_place_of_the_built_in_sentence() {
    let bot = TestBot::start(App::empty().handlers(handlers![fail, tell, own_failure])).await;
    let alice = bot.person("alice");
    alice.mentions("fail").await.said("@alice, fail broke: ");
    alice.types("/fail").await.said("@alice, fail broke: ").privately();
    alice.mentions("tell").await.answered("The build <42> is down & out: try `main`.");
}

#[tokio::test]
async fn when_on_failure_fails_the_built_in_sentence_speaks() {
    let (log, _guard) = Log::capture(Level::ERROR);
    let bot = TestBot::start(App::empty().handlers(handlers![fail, failing_failure])).await;
    let heard = bot.person("alice").mentions("fail").await;
    heard.said("trying to explain").said("something went wrong");
    assert_eq!(heard.messages().len(), 2);
    assert!(log.text().contains("on_failure failed itself"), "{}", log.text());
}
