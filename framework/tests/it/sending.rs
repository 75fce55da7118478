//! What the bot says: once, in order, at the pace that the platform asks for.

mod unclear;

use std::time::Duration;

use bavard::{Clock, prelude::*, testing::TestBot, workspace::Fault};
use tracing::Level;

use crate::support::{Log, NOW, advance_until_idle, calls, manual_clock, said, shown, times, yield_often};

const POST: &str = "chat.postMessage";

#[on_mention("say {text..}")]
async fn say(text: Text) -> Reply {
    Reply::verbatim(text)
}

#[on_mention("count")]
async fn count(ctx: Context) -> Result<&'static str> {
    ctx.say("one").await?;
    ctx.say("two").await?;
    Ok("three")
}

#[on_mention("progress")]
async fn progress(ctx: Context) -> Result<()> {
    let posted = ctx.say("working …").await?;
    if posted.message.is_none() {
        return Err(Error::tell("there is no message to update"));
    }
    let updated = ctx.update(&posted, "half way").await?;
    if updated.message != posted.message {
        return Err(Error::tell("an update is another message"));
    }
    ctx.update(&updated, "done").await?;
    Ok(())
}

#[on_mention("try to say")]
async fn try_to_say(ctx: Context) -> String {
    match ctx.say("hello").await {
        Ok(_) => "it was said".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[on_mention("long")]
async fn long() -> String {
    format!("```\n{}```", "let x = 1;\n".repeat(1_000))
}

#[on_mention("whisper")]
async fn whisper() -> Reply {
    Reply::markdown("psst").privately()
}

#[on_command("/tell")]
async fn tell(ctx: Context) -> Result<&'static str> {
    ctx.say("one").await?;
    Ok("two")
}

#[on_mention("dangerous")]
async fn dangerous() -> &'static str {
    "Hi <!channel> <@U0BAVARD0BT> & **bold**"
}

fn app() -> App {
    App::empty().handlers(handlers![say, count, progress, try_to_say, long, whisper, tell, dangerous])
}

#[tokio::test]
async fn what_is_said_before_returning_stands_before_the_answer() {
    let bot = TestBot::start(app()).await;
    let heard = bot.person("alice").mentions("count").await;
    assert_eq!(shown(&bot), ["one", "two", "three"]);
    heard.outside_threads();
}

#[tokio::test]
async fn a_message_that_was_said_can_be_replaced() {
    let bot = TestBot::start(app()).await;
    bot.person("alice").mentions("progress").await.answered("done");
    assert_eq!((calls(&bot, POST), calls(&bot, "chat.update")), (1, 2));
}

#[tokio::test]
async fn a_wait_that_the_platform_asks_for_is_kept_in_that_conversation_alone() {
    let clock = manual_clock();
    let bot = TestBot::builder().clock(clock.clone()).start(app()).await;
    bot.workspace().fail(Fault::rate_limited(30).on(POST));
    let (general, random) = (bot.workspace().channel("general"), bot.workspace().channel("random"));
    let alice = bot.workspace().person("alice");
    alice.say(&general, "@bot count");
    while calls(&bot, POST) == 0 {
        tokio::task::yield_now().await;
    }
    yield_often().await;
    // Another conversation, another method: neither waits, though the clock stands still.
    alice.say(&random, "@bot say elsewhere");
    assert_eq!(said(&bot, 1).await[0].shown(), "elsewhere");
    alice.say(&general, "@bot whisper");
    assert_eq!(said(&bot, 2).await[1].shown(), "psst");
    advance_until_idle(&bot, &clock).await;
    let said: Vec<String> = bot
        .workspace()
        .messages(general.id())
        .iter()
        .filter(|one| one.is_from_bot())
        .map(|one| one.shown().to_owned())
        .collect();
    assert_eq!(said, ["psst", "one", "two", "three"]);
    let first = times(&bot, POST)[0];
    let again = bot.workspace().messages(general.id()).into_iter().find(|one| one.shown() == "one").unwrap();
    let again: f64 = again.id.as_str().parse().unwrap();
    assert!(again >= first.micros() as f64 / 1e6 + 30.0, "{again}");
}

#[tokio::test]
async fn messages_of_one_conversation_keep_their_order_whatever_happens() {
    let clock = manual_clock();
    let bot = TestBot::builder().clock(clock.clone()).start(app()).await;
    let alice = bot.workspace().person("alice");
    bot.workspace().fail(Fault::rate_limited(1).on(POST));
    let words: Vec<String> = (0..20).map(|number| format!("number {number}")).collect();
    for word in &words {
        // Each is taken in before the next is said: deliveries do not wait for each other.
        alice.tell(&format!("say {word}"));
        bot.workspace().quiet().await;
        if word.ends_with('7') {
            bot.workspace().fail(Fault::rate_limited(3).on(POST));
        }
    }
    advance_until_idle(&bot, &clock).await;
    assert_eq!(shown(&bot), words);
}

#[tokio::test]
async fn what_the_platform_refuses_is_given_up_and_logged() {
    for error in ["channel_not_found", "is_archived", "invalid_blocks", "restricted_action"] {
        let (log, _guard) = Log::capture(Level::ERROR);
        let bot = TestBot::start(app()).await;
        bot.workspace().fail(Fault::error(error).on(POST));
        let alice = bot.person("alice");
        alice.mentions("say hello").await.unanswered();
        assert_eq!(calls(&bot, POST), 1);
        assert!(log.text().contains(&format!("refused: {error}")), "{}", log.text());
        alice.mentions("say further").await.answered("further");
    }
}

#[tokio::test]
async fn a_handler_learns_that_what_it_said_was_not_said() {
    let bot = TestBot::start(app()).await;
    bot.workspace().fail(Fault::error("is_archived").on(POST));
    bot.person("alice").mentions("try to say").await.answered("it was not said: refused: is_archived");
}

#[tokio::test]
async fn a_scope_that_is_missing_is_named() {
    let (log, _guard) = Log::capture(Level::ERROR);
    let builder = TestBot::builder().scopes(["app_mentions:read", "channels:history"]);
    let bot = builder.start(app()).await;
    bot.person("alice").mentions("say hello").await.unanswered();
    assert!(log.text().contains("it needs the scope chat:write"), "{}", log.text());
}

#[tokio::test]
async fn a_long_answer_is_several_messages_and_its_code_stays_code() {
    let bot = TestBot::start(app()).await;
    bot.person("alice").mentions("long").await;
    let said = bot.said();
    assert!(said.len() > 1);
    let mut lines = 0;
    for message in &said {
        assert_eq!(message.text.matches("```").count(), 2, "{}", message.text);
        assert!(message.text.starts_with("```\n") && message.text.trim_end().ends_with("```"), "{}", message.text);
        assert!(message.text.chars().count() <= 4_000);
        lines += message.text.matches("let x = 1;").count();
    }
    assert_eq!(lines, 1_000);
}

#[tokio::test]
async fn a_part_that_is_refused_does_not_hold_the_others_back() {
    let bot = TestBot::start(app()).await;
    bot.workspace().fail(Fault::error("msg_too_long").on(POST));
    bot.person("alice").mentions("long").await;
    assert!(calls(&bot, POST) == bot.said().len() + 1 && !bot.said().is_empty());
}

#[tokio::test]
async fn the_bot_says_something_by_itself() {
    let bot = TestBot::start(app()).await;
    let general = bot.workspace().channel("general");
    let alice = bot.workspace().person("alice").direct();
    bot.says(general.id(), "**Good** morning, all & <b>").await;
    bot.says(alice.id(), "Good morning").await;
    assert_eq!(bot.said()[0].text, "*Good* morning, all &amp; &lt;b&gt;");
    assert_eq!(bot.said()[1].channel, *alice.id());
    // It hears itself and does not answer.
    bot.settle().await;
    assert_eq!(bot.said().len(), 2);
}

#[tokio::test]
async fn what_the_bot_says_by_itself_is_said_as_often_as_it_is_said() {
    let clock = manual_clock();
    let bot = TestBot::builder().clock(clock).start(app()).await;
    let general = bot.workspace().channel("general");
    for _ in 0..3 {
        bot.bot().say(general.id(), "tick").await.unwrap();
    }
    bot.settle().await;
    assert_eq!(shown(&bot), ["tick", "tick", "tick"]);
}

#[tokio::test]
async fn nobody_is_mentioned_by_text_that_only_looks_like_it() {
    let bot = TestBot::start(app()).await;
    bot.person("alice").mentions("dangerous").await;
    assert_eq!(bot.said()[0].text, "Hi &lt;!channel&gt; &lt;@U0BAVARD0BT&gt; &amp; *bold*");
    bot.person("alice").mentions("say <!here> *x* `y`").await.answered("<!here> *x* `y`");
    let args = bot.workspace().calls().into_iter().rfind(|call| call.method == POST).unwrap().args;
    assert_eq!(args["text"], "&lt;!here&gt; *x* `y`");
}

#[tokio::test]
async fn a_platform_that_cannot_be_reached_is_tried_again_later() {
    let clock = manual_clock();
    let bot = TestBot::builder().clock(clock.clone()).start(app()).await;
    let channel = bot.workspace().channel("general").id().clone();
    bot.workspace().shutdown();
    let (log, _guard) = Log::capture(Level::ERROR);
    // The first may meet a connection from before, which ends under it; the second meets none.
    for text in ["first", "second"] {
        bot.bot().say(&channel, text).await.unwrap();
        advance_until_idle(&bot, &clock).await;
    }
    let log = log.text();
    assert!(log.contains("a message was given up") && log.contains("unreachable"), "{log}");
    assert!(clock.now().since(NOW) > Duration::from_secs(600), "it was tried for a while: {:?}", clock.now());
}

#[tokio::test]
async fn a_wait_without_a_time_is_half_a_minute() {
    let clock = manual_clock();
    let bot = TestBot::builder().clock(clock.clone()).start(app()).await;
    bot.workspace().fail(Fault::rate_limited_saying(None).on(POST));
    bot.workspace().person("alice").tell("say later");
    advance_until_idle(&bot, &clock).await;
    let posts = times(&bot, POST);
    assert!(posts.len() == 2 && posts[1].since(posts[0]) >= Duration::from_secs(30), "{posts:?}");
}
