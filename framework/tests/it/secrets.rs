//! What no log and no answer ever holds.

use std::sync::Arc;

use bavard::{Clock, ManualClock, SystemClock, prelude::*, testing::TestBot, workspace::Fault};
use tracing::Level;

use crate::support::{JSON, Log, advance_until_idle, get, post};

/// What people say; no log holds it.
const SAID: &str = "canary-of-what-was-said";

#[on_mention("say {text..}")]
#[on_command("/say {text..}")]
#[on_dm("say {text..}")]
async fn say(ctx: Context, text: Text) -> Result<Reply> {
    ctx.say(Reply::verbatim(text.clone())).await?;
    Ok(Reply::verbatim(text))
}

#[on_command("/fail {text..}")]
#[on_mention("fail {text..}")]
async fn fail(text: Text) -> Result<()> {
    drop(text);
    Err(Error::new("the disk is full"))
}

#[on_mention("number {number}")]
async fn number(number: u8) -> String {
    number.to_string()
}

#[on_mention("panic {text..}")]
async fn panics(text: Text) {
    drop(text);
    panic!("on purpose");
}

#[on_event("message")]
async fn observe(raw: Raw) -> Result<()> {
    drop(raw);
    Ok(())
}

/// Everything that happens to a bot, good and bad.
async fn converse(bot: &TestBot, clock: &ManualClock) {
    let (alice, general) = (bot.person("alice"), bot.workspace().channel("general"));
    for words in ["say", "fail", "number", "panic", "nobody takes"] {
        alice.mentions(&format!("{words} {SAID}")).await;
        alice.tells(&format!("{words} {SAID}")).await;
    }
    for command in ["/say", "/fail", "/unknown"] {
        alice.types(&format!("{command} {SAID}")).await;
    }
    let heard = alice.says(SAID).await;
    if let Some(message) = heard.message() {
        alice.edits(message, &format!("{SAID} again")).await;
    }
    for fault in [Fault::lost_answer(), Fault::status(500), Fault::html(), Fault::error("is_archived")] {
        bot.workspace().fail(fault.clone().on("chat.postMessage"));
        bot.workspace().person("alice").say(&general, &format!("@bot say {SAID}"));
        advance_until_idle(bot, clock).await;
        bot.workspace().fail(fault.on("response_url"));
        alice.types(&format!("/say {SAID}")).await;
    }
    bot.says(general.id(), SAID).await;
    let body = format!("{{\"text\":\"{SAID}\"}}");
    post(bot.bot().address(), &[("content-type", JSON)], body.as_bytes()).await;
    crate::support::deliver(bot, JSON, body.as_bytes()).await;
    crate::support::deliver(bot, JSON, &body.as_bytes()[1..]).await;
}

#[tokio::test]
async fn no_log_holds_a_secret_or_what_people_say() {
    let (log, _guard) = Log::capture(Level::TRACE);
    // What is signed outside of the workspace is signed by the machine's clock.
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let app = App::empty().handlers(handlers![say, fail, number, panics, observe]);
    let bot = TestBot::builder().clock(clock.clone()).start(app).await;
    converse(&bot, &clock).await;
    let identity = bot.workspace().identity().clone();
    let shown = format!("{bot:?} {identity:?} {:?}", bot.workspace());
    assert!(bot.stop().await);
    let log = log.text();
    for expected in ["the token works", "a handler failed", "a message was given up", "a request was refused"] {
        assert!(log.contains(expected), "the log was captured: {expected}");
    }
    for text in [&log, &shown] {
        for (what, secret) in [
            ("the token", identity.token.as_str()),
            ("the signing secret", &identity.signing_secret),
            ("an address of answers", "/response/"),
            ("a signature", "v0="),
            ("what was said", SAID),
        ] {
            let line = text.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "{what} is in the log: {line:?}");
        }
    }
}

#[tokio::test]
async fn no_public_path_tells_a_secret() {
    let bot = TestBot::start(App::empty().handlers(handlers![say])).await;
    let identity = bot.workspace().identity();
    for path in ["/slack/events", "/bot_user_id", "/healthz", "/readyz", "/", "/nothing"] {
        let answer = get(bot.bot().address(), path).await;
        for secret in [&identity.token, &identity.signing_secret] {
            assert!(!answer.head.contains(secret) && !answer.body.contains(secret), "{path}");
        }
    }
}
