//! What is counted, and what no label ever holds.
#![allow(clippy::unwrap_used)] // Helpers of tests, which the lint does not see.

use bavard::{
    Environment,
    prelude::*,
    testing::{TestBot, TestBotBuilder},
    workspace::Fault,
};
use serde_json::json;

use crate::support::{JSON, ask, deliver, envelope, get, post};

/// What people say; no metric holds it.
const SAID: &str = "canary-of-what-was-said";

#[on_mention("say {text..}")]
#[on_command("/say {text..}")]
async fn say(text: Text) -> Reply {
    Reply::verbatim(text)
}

#[on_mention("fail")]
async fn fail() -> Result<()> {
    Err(Error::new("the disk is full"))
}

#[on_mention("refuse")]
async fn refuse() -> Result<()> {
    Err(Error::tell("Not today."))
}

#[on_mention("panic")]
async fn panics() {
    panic!("on purpose");
}

fn app() -> App {
    App::empty().named("codedoc").handlers(handlers![say, fail, refuse, panics])
}

fn builder() -> TestBotBuilder {
    TestBot::builder().setting("BAVARD_ADMIN_LISTEN", "127.0.0.1:0")
}

/// The page of metrics.
async fn page(bot: &TestBot) -> String {
    let answer = ask(bot.bot().admin_address().unwrap(), "/metrics", "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    answer.body
}

/// The value of a series.
fn value(page: &str, series: &str) -> f64 {
    let line = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("there is no {series} in\n{page}")).parse().unwrap()
}

fn all(page: &str, expected: &[(&str, f64)]) {
    for (series, expected) in expected {
        assert!((value(page, series) - expected).abs() < f64::EPSILON, "{series}: {}", value(page, series));
    }
}

#[tokio::test]
async fn what_happens_is_counted() {
    let bot = builder().start(app()).await;
    let alice = bot.person("alice");
    alice.mentions("say hello").await.answered("hello");
    alice.mentions("fail").await;
    alice.mentions("refuse").await.answered("Not today.");
    alice.mentions("panic").await;
    alice.types("/say hello").await;
    alice.says("nothing for a bot").await.unanswered();
    let again = json!({"type": "app_mention", "user": "U1", "text": "say a", "ts": "1.1", "channel": "C1"});
    let again = envelope(&bot, "Ev1", &again);
    for _ in 0..3 {
        assert_eq!(deliver(&bot, JSON, again.as_bytes()).await.status, 200);
    }
    assert_eq!(post(bot.bot().address(), &[], b"{}").await.status, 401);
    for path in ["/healthz", "/nothing"] {
        get(bot.bot().address(), path).await;
    }
    bot.settle().await;
    let page = page(&bot).await;
    all(
        &page,
        &[
            (r#"bavard_http_requests_total{route="events",code="401"}"#, 1.0),
            (r#"bavard_http_requests_total{route="healthz",code="200"}"#, 1.0),
            (r#"bavard_http_requests_total{route="other",code="404"}"#, 1.0),
            (r#"bavard_signature_failures_total{why="header_missing"}"#, 1.0),
            (r#"bavard_events_admitted_total{kind="message",result="new"}"#, 5.0),
            (r#"bavard_events_admitted_total{kind="command",result="new"}"#, 1.0),
            (r#"bavard_attempts_total{outcome="done"}"#, 3.0),
            (r#"bavard_attempts_total{outcome="dead"}"#, 3.0),
            (r#"bavard_handler_seconds_count{handler="it::metrics::say",outcome="ok"}"#, 3.0),
            (r#"bavard_handler_seconds_count{handler="it::metrics::fail",outcome="error"}"#, 1.0),
            (r#"bavard_handler_seconds_count{handler="it::metrics::refuse",outcome="told"}"#, 1.0),
            (r#"bavard_handler_seconds_count{handler="it::metrics::panics",outcome="panic"}"#, 1.0),
            (r#"bavard_handler_seconds_count{handler="bavard::failure",outcome="ok"}"#, 2.0),
            (r#"bavard_dead_total{reason="failed"}"#, 3.0),
            ("bavard_dead_current", 3.0),
            ("bavard_event_end_to_end_seconds_count", 6.0),
            ("bavard_inbox_ready", 0.0),
            ("bavard_inbox_oldest_seconds", 0.0),
            ("bavard_outbox_ready", 0.0),
            ("bavard_fenced_total", 0.0),
            (r#"bavard_shed_total{cause="store"}"#, 0.0),
        ],
    );
    assert!(value(&page, r#"bavard_events_admitted_total{kind="message",result="duplicate"}"#) >= 2.0, "{page}");
    assert!(value(&page, r#"bavard_events_ignored_total{kind="message"}"#) >= 1.0, "{page}");
    assert!(value(&page, r#"bavard_slack_calls_total{method="chat.postMessage",outcome="ok"}"#) >= 4.0, "{page}");
    let acknowledged = value(&page, "bavard_ack_seconds_count");
    let answered = value(&page, r#"bavard_http_requests_total{route="events",code="200"}"#);
    assert!(acknowledged >= 8.0 && acknowledged <= answered, "{acknowledged} of {answered}");
    assert!(page.contains(r#"bavard_build_info{app="codedoc",version=""#), "{page}");
    assert!(!page.contains("\nbavard_store_free_bytes "), "the store in memory has no disk");
}

#[tokio::test]
async fn what_waits_is_told_with_its_age() {
    let clock = crate::support::manual_clock();
    let bot = builder().clock(clock.clone()).start(app()).await;
    let general = bot.workspace().channel("general");
    bot.workspace().fail(Fault::rate_limited(60).on("chat.postMessage"));
    bot.workspace().person("alice").say(&general, "@bot say hello");
    while crate::support::calls(&bot, "chat.postMessage") == 0 {
        tokio::task::yield_now().await;
    }
    bot.workspace().quiet().await;
    clock.advance(std::time::Duration::from_secs(20));
    let waiting = loop {
        let page = page(&bot).await;
        if value(&page, r#"bavard_rate_limited_total{method="chat.postMessage"}"#) > 0.0 {
            break page;
        }
    };
    all(
        &waiting,
        &[
            ("bavard_outbox_ready", 1.0),
            ("bavard_outbox_oldest_seconds", 20.0),
            ("bavard_event_end_to_end_seconds_count", 0.0),
            (r#"bavard_slack_calls_total{method="chat.postMessage",outcome="rate_limited"}"#, 1.0),
        ],
    );
    crate::support::advance_until_idle(&bot, &clock).await;
    let page = page(&bot).await;
    all(&page, &[("bavard_outbox_ready", 0.0), ("bavard_event_end_to_end_seconds_count", 1.0)]);
    let took = value(&page, "bavard_event_end_to_end_seconds_sum");
    // The platform may have asked to wait before the clock was moved, or after.
    assert!((60.0..90.0).contains(&took), "{took}");
}

#[tokio::test]
async fn what_may_have_arrived_is_counted_by_what_came_of_it() {
    let clock = crate::support::manual_clock();
    let bot = builder().clock(clock.clone()).start(app()).await;
    let general = bot.workspace().channel("general");
    for fault in [Fault::lost_answer(), Fault::status(500)] {
        bot.workspace().fail(fault.on("chat.postMessage"));
        bot.workspace().person("alice").say(&general, "@bot say hello");
        crate::support::advance_until_idle(&bot, &clock).await;
    }
    all(
        &page(&bot).await,
        &[
            (r#"bavard_ambiguous_total{resolution="found"}"#, 1.0),
            (r#"bavard_ambiguous_total{resolution="resent"}"#, 1.0),
            (r#"bavard_ambiguous_total{resolution="given_up"}"#, 0.0),
        ],
    );
}

#[tokio::test]
async fn the_store_on_disk_tells_of_its_commits_and_its_room() {
    let (workspace, dir) = (bavard::workspace::Workspace::start().await.unwrap(), tempfile::tempdir().unwrap());
    let environment = Environment::of([
        ("SLACK_BOT_TOKEN", workspace.identity().token.as_str()),
        ("SLACK_SIGNING_SECRET", &workspace.identity().signing_secret),
        ("SLACK_API_URL", &workspace.api_url()),
        ("BAVARD_LISTEN", "127.0.0.1:0"),
        ("BAVARD_ADMIN_LISTEN", "127.0.0.1:0"),
        ("BAVARD_DATA_DIR", dir.path().to_str().unwrap()),
    ]);
    let bot = app().start_in(&environment).await.unwrap();
    bot.say(workspace.channel("general").id(), "hello").await.unwrap();
    bot.idle().await;
    let admin = bot.admin_address().unwrap();
    let page = loop {
        let page = ask(admin, "/metrics", "").await.body;
        if page.contains("\nbavard_store_free_bytes ") {
            break page;
        }
    };
    assert!(value(&page, "bavard_commit_seconds_count") >= 1.0, "{page}");
    assert!(value(&page, "bavard_commit_batch_size_sum") >= 3.0, "{page}");
    assert!(value(&page, "bavard_store_free_bytes") > 0.0, "{page}");
    assert!(bot.stop().await);
}

/// The values of all labels.
fn labels(page: &str) -> Vec<&str> {
    let samples = page.lines().filter(|line| !line.starts_with('#'));
    let within = samples.filter_map(|line| line.split_once('{')?.1.split_once('}').map(|(labels, _)| labels));
    within.flat_map(|labels| labels.split('"').skip(1).step_by(2)).collect()
}

#[tokio::test]
async fn no_label_holds_a_person_a_conversation_a_text_or_a_token() {
    let bot = builder().start(app()).await;
    let (alice, general) = (bot.person("alice"), bot.workspace().channel("general"));
    alice.mentions(&format!("say {SAID}")).await;
    alice.mentions(SAID).await;
    alice.types(&format!("/say {SAID}")).await;
    alice.types(&format!("/{SAID} {SAID}")).await;
    let strange = json!({"type": SAID, "user": "U1", "channel": "C1"});
    deliver(&bot, JSON, envelope(&bot, SAID, &strange).as_bytes()).await;
    let retried = [("x-slack-retry-num", "1"), ("x-slack-retry-reason", SAID), ("x-slack-signature", SAID)];
    post(bot.bot().address(), &retried, SAID.as_bytes()).await;
    get(bot.bot().address(), &format!("/{SAID}")).await;
    bot.settle().await;
    let (page, identity) = (page(&bot).await, bot.workspace().identity());
    let (person, values) = (bot.workspace().person("alice"), labels(&page));
    assert!(values.contains(&"it::metrics::say") && values.contains(&"events"), "{values:?}");
    for secret in [
        SAID,
        "alice",
        "general",
        person.id().as_str(),
        general.id().as_str(),
        identity.team.as_str(),
        identity.user.as_str(),
        identity.app.as_str(),
        &identity.token,
        &identity.signing_secret,
    ] {
        assert!(!page.contains(secret), "{secret} is in the metrics: {values:?}");
    }
}
