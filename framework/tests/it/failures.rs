//! What happens when a handler cannot do its work.

mod again;

use std::time::Duration;

use bavard::{prelude::*, testing::TestBot};
use tracing::Level;

use crate::support::Log;

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
    let (short, long) = (Duration::from_millis(20), Duration::from_secs(3_600));
    // That of the app, and that of a test before it.
    let of_app = TestBot::builder();
    let of_test = TestBot::builder().handler_limit(short);
    for (builder, limit) in [(of_app, short), (of_test, long)] {
        let (log, _guard) = Log::capture(Level::ERROR);
        let bot = builder.start(App::empty().handlers(handlers![hang, hello]).handler_limit(limit)).await;
        let alice = bot.person("alice");
        alice.tells("hang").await.said("something went wrong");
        alice.tells("hello").await.answered("Hello!");
        assert!(log.text().contains("ran longer than 20ms"), "{}", log.text());
    }
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
