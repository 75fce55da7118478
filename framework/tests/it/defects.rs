//! Defects that other frameworks have, or had: each is a test here.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use bavard::{PlaceKind, prelude::*, testing::TestBot, workspace::Fault};
use serde_json::json;

use crate::support::{
    FORM, JSON, NOW, beside, calls, deliver, deliver_at, envelope, get, manual_clock, post, said, shown, yield_often,
};

/// What each thread was told, by whoever asked: the state of an app, kept by its author.
#[derive(Default)]
struct Notes(Mutex<Vec<(Thread, UserId, String)>>);

#[on_mention("note {text..}")]
async fn note(thread: Thread, user: User, text: Text, notes: State<Notes>) -> Option<String> {
    let mut notes = notes.0.lock().ok()?;
    notes.push((thread.clone(), user.id.clone(), text.to_string()));
    let own = notes.iter().filter(|(there, who, _)| there.root == thread.root && *who == user.id);
    Some(own.map(|(.., text)| text.as_str()).collect::<Vec<_>>().join(", "))
}

/// Counts what is opened and what is alive.
#[derive(Clone, Default)]
struct Alive {
    opened: Arc<AtomicUsize>,
}

#[on_mention("ping")]
#[on_dm("ping")]
async fn ping() -> &'static str {
    "pong"
}

#[on_mention("opened")]
async fn opened(alive: State<Alive>) -> String {
    alive.opened.load(Ordering::SeqCst).to_string()
}

#[on_command("/echo {text..}")]
async fn echo(text: Text) -> Reply {
    Reply::verbatim(text)
}

#[on_message(regex = "bug (?<number>[0-9]+)")]
async fn bug(number: u32) -> String {
    format!("bug number {number}")
}

#[on_mention("1+1")]
async fn sum() -> &'static str {
    "two"
}

#[on_mention(".* (x)")]
async fn not_a_regex() -> &'static str {
    "word for word"
}

#[on_message("say {text..}")]
async fn overhear(text: Text) -> Reply {
    Reply::verbatim(text)
}

#[on_mention("both")]
async fn both(ctx: Context) -> Result<()> {
    let posted = ctx.say("said").await?;
    ctx.update(&posted, "changed").await?;
    Ok(())
}

#[on_dm("where")]
async fn direct(channel: Channel) -> String {
    format!("{:?}", channel.kind.unwrap_or(PlaceKind::Channel))
}

#[tokio::test]
async fn state_of_one_thread_never_leaks_to_another() {
    let bot = TestBot::start(App::empty().handlers(handlers![note]).state(Notes::default())).await;
    let (alice, bob) = (bot.person("alice"), bot.person("bob"));
    let first = alice.mentions("note apples").await;
    first.answered("apples");
    let second = bob.mentions("note pears").await;
    second.answered("pears");
    alice.replies(first.message().unwrap(), "@bot note cherries").await.answered("apples, cherries");
    bob.replies(first.message().unwrap(), "@bot note plums").await.answered("plums").in_thread();
    alice.replies(second.message().unwrap(), "@bot note figs").await.answered("figs").in_thread();
}

#[tokio::test]
async fn auth_test_is_called_once_and_not_for_every_event() {
    let bot = TestBot::start(App::empty().handlers(handlers![ping])).await;
    for _ in 0..5 {
        bot.person("alice").mentions("ping").await.answered("pong");
    }
    while get(bot.bot().address(), "/bot_user_id").await.status != 200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(calls(&bot, "auth.test"), 1);
}

#[tokio::test]
async fn a_failed_auth_test_does_not_stick() {
    let workspace = bavard::workspace::Workspace::start().await.unwrap();
    workspace.fail(Fault::status(500).on("auth.test"));
    workspace.fail(Fault::html().on("auth.test"));
    let environment = beside(&workspace, &workspace.identity().signing_secret);
    let bot = App::empty().handlers(handlers![ping]).start_in(&environment).await.unwrap();
    let done = |state: &bavard::workspace::State| {
        state.calls().iter().any(|call| call.outcome == bavard::workspace::Outcome::Done).then_some(())
    };
    workspace.wait_until(done, crate::support::SOON).await.unwrap();
    while get(bot.address(), "/bot_user_id").await.status != 200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn clients_and_states_do_not_pile_up() {
    let alive = Alive::default();
    let opening = alive.clone();
    let app = App::empty().handlers(handlers![opened]).state_with(|| async move {
        opening.opened.fetch_add(1, Ordering::SeqCst);
        Ok::<_, Error>(opening)
    });
    let bot = TestBot::start(app).await;
    for _ in 0..20 {
        bot.person("alice").mentions("opened").await.answered("1");
    }
}

#[tokio::test]
async fn a_charset_behind_the_type_of_a_form_changes_nothing() {
    let bot = TestBot::start(App::empty().handlers(handlers![echo])).await;
    let kinds = [FORM, "application/x-www-form-urlencoded; charset=utf-8"];
    for (kind, trigger) in kinds.into_iter().zip(["1.1", "1.2"]) {
        let body = format!("command=%2Fecho&text=hello&user_id=U1&channel_id=C1&team_id=T1&trigger_id={trigger}");
        let answer = deliver(&bot, kind, body.as_bytes()).await;
        assert!(answer.status == 200 && answer.body.contains("hello"), "{kind}: {answer:?}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_ascii_verifies_and_decodes() {
    let bot = TestBot::start(App::empty().handlers(handlers![echo, overhear])).await;
    bot.person("alice").says("say café ☃ 日本 🙂").await.answered("café ☃ 日本 🙂");
    bot.person("alice").types("/echo café ☃ 日本 🙂").await.answered("café ☃ 日本 🙂");
}

#[tokio::test]
async fn nothing_is_parsed_before_it_is_verified() {
    let bot = TestBot::start(App::empty().handlers(handlers![echo])).await;
    for body in [r#"{"type":"url_verification","challenge":"x"}"#, r#"{"ssl_check":1}"#, "{", "\u{0}"] {
        assert_eq!(post(bot.bot().address(), &[("content-type", JSON)], body.as_bytes()).await.status, 401, "{body}");
    }
}

#[tokio::test]
async fn a_regular_expression_has_no_memory_between_calls() {
    let bot = TestBot::start(App::empty().handlers(handlers![bug])).await;
    for _ in 0..4 {
        bot.person("alice").says("is bug 42 bug 43?").await.answered("bug number 42");
    }
}

#[tokio::test]
async fn a_time_in_the_future_is_refused() {
    let bot = TestBot::builder().clock(manual_clock()).start(App::empty().handlers(handlers![ping])).await;
    let future = bavard::Timestamp::from_seconds(NOW.seconds() + 301);
    assert_eq!(deliver_at(&bot, future, JSON, b"{}").await.status, 401);
    assert_eq!(deliver_at(&bot, NOW, JSON, b"{}").await.status, 200);
}

#[tokio::test]
async fn a_certificate_check_with_the_right_token_is_not_refused() {
    let bot = TestBot::start(App::empty().handlers(handlers![echo])).await;
    for token in ["", "&token=right", "&token=wrong"] {
        let body = format!("ssl_check=1{token}");
        assert_eq!(post(bot.bot().address(), &[("content-type", FORM)], body.as_bytes()).await.status, 200);
        assert_eq!(deliver(&bot, FORM, body.as_bytes()).await.status, 200);
    }
}

#[tokio::test]
async fn a_pattern_is_words_and_never_a_regular_expression() {
    let bot = TestBot::start(App::empty().handlers(handlers![sum, not_a_regex])).await;
    let alice = bot.person("alice");
    alice.mentions("1+1").await.answered("two");
    alice.mentions("11").await.said("I did not understand");
    alice.mentions(".* (x)").await.answered("word for word");
    alice.mentions("anything x").await.said("I did not understand");
}

#[tokio::test]
async fn a_wait_for_one_method_does_not_stall_the_others() {
    let clock = manual_clock();
    let bot = TestBot::builder().clock(clock).start(App::empty().handlers(handlers![both, ping])).await;
    bot.workspace().fail(Fault::rate_limited(3_600).on("chat.update"));
    let (alice, bob, general) =
        (bot.workspace().person("alice"), bot.workspace().person("bob"), bot.workspace().channel("general"));
    alice.say(&general, "@bot both");
    while calls(&bot, "chat.update") == 0 {
        tokio::task::yield_now().await;
    }
    yield_often().await;
    // The clock stands still: whatever comes now did not wait.
    bob.say(&general, "@bot ping");
    bob.tell("ping");
    said(&bot, 3).await;
    assert_eq!(shown(&bot), ["said", "pong", "pong"]);
}

// Of the same kind, from what people complain of.

#[tokio::test]
async fn one_message_runs_one_handler_and_never_each_that_fits() {
    let bot = TestBot::start(App::empty().handlers(handlers![ping, bug, overhear])).await;
    bot.person("alice").mentions("ping").await.answered("pong");
    bot.person("alice").tells("ping").await.answered("pong");
    bot.person("alice").says("say bug 7").await.answered("bug 7");
}

#[tokio::test]
async fn what_no_handler_is_for_is_acknowledged_and_not_delivered_again() {
    let bot = TestBot::start(App::empty().handlers(handlers![direct])).await;
    for kind in ["reaction_added", "channel_created", "never_heard_of"] {
        bot.workspace().send_event(json!({"type": kind}));
    }
    bot.settle().await;
    let deliveries = bot.workspace().deliveries();
    assert!(deliveries.len() == 3 && deliveries.iter().all(|delivery| delivery.status == Some(200)));
    let interaction = "payload=%7B%22type%22%3A%22block_actions%22%2C%22actions%22%3A%5B%5D%7D";
    assert_eq!(deliver(&bot, FORM, interaction.as_bytes()).await.status, 200);
    assert_eq!(deliver(&bot, JSON, envelope(&bot, "Ev1", &json!(null)).as_bytes()).await.status, 200);
}
