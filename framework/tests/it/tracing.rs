//! What is traced of an event.

use bavard::{prelude::*, testing::TestBot};
use tracing::Level;

use crate::support::Log;

/// What people say; no trace holds it.
const SAID: &str = "canary-of-what-was-said";

#[on_mention("say {text..}")]
async fn say(text: Text) -> Reply {
    tracing::info!("the author's own line");
    Reply::verbatim(text)
}

#[on_mention("fail")]
async fn fail() -> Result<()> {
    Err(Error::new("the disk is full"))
}

/// What was logged while a bot was told these.
async fn log(level: Level, told: &[&str]) -> (String, Vec<String>) {
    let (log, _guard) = Log::capture(level);
    let bot = TestBot::start(App::empty().handlers(handlers![say, fail])).await;
    for words in told {
        bot.person("alice").mentions(words).await;
    }
    let hidden = [bot.workspace().channel("general").id().to_string(), SAID.to_owned()];
    assert!(bot.stop().await);
    (log.text(), hidden.to_vec())
}

#[tokio::test]
async fn an_event_has_one_span_from_its_receipt_to_what_is_said() {
    let (text, hidden) = log(Level::DEBUG, &[&format!("say {SAID}"), "fail"]).await;
    let of_event = |handler: &str| {
        let lines = text.lines().filter(|line| line.contains("event{id="));
        let of_this = lines.clone().find(|line| line.contains(handler)).unwrap();
        let id = of_this.split("event{").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        lines.filter(|line| line.contains(&id)).map(str::to_owned).collect::<Vec<_>>()
    };
    for (handler, outcome) in [("it::tracing::say", "done"), ("it::tracing::fail", "dead")] {
        let lines = of_event(handler);
        for step in ["admitted", "running", "ended", "sent"] {
            let found = lines.iter().filter(|line| line.contains(&format!(": {step}"))).count();
            assert_eq!(found, 1, "{step} in {lines:#?}");
        }
        let sent = lines.iter().find(|line| line.contains(": sent")).unwrap();
        for field in ["kind=\"message\"", "conversation=\"", "seq=", "attempt=1", handler, outcome, "chat.postMessage"]
        {
            assert!(sent.contains(field), "{field} in {sent}");
        }
        for secret in &hidden {
            assert!(lines.iter().all(|line| !line.contains(secret.as_str())), "{secret} in {lines:#?}");
        }
    }
    assert!(of_event("it::tracing::say").iter().any(|line| line.contains("the author's own line")), "{text}");
}

#[tokio::test]
async fn above_debug_nothing_is_made_of_it() {
    let (text, _) = log(Level::INFO, &["fail"]).await;
    assert!(text.contains("a handler failed") && !text.contains("event{"), "{text}");
}
