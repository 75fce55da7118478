//! What a start looks at, what it says of it, and that none of it keeps a bot from starting.
#![allow(clippy::unwrap_used)] // Helpers of tests, which the lints do not see.

use std::{sync::Arc, time::Duration};

use bavard::{
    Clock, Environment, ManualClock, SettingProblem, StartError, SystemClock,
    prelude::*,
    testing::{TestBot, TestBotBuilder},
    workspace::{Fault, Outcome, Workspace},
};
use serde_json::json;
use tracing::Level;

use crate::support::{EVENTS, FORM, JSON, Log, SOON, beside, deliver, envelope, get, post, signature};

/// The scopes of the guide, and those without the one that it forgot.
const GUIDE: [&str; 5] = ["app_mentions:read", "chat:write", "channels:history", "commands", "im:history"];
const FIRST_GUIDE: [&str; 4] = ["app_mentions:read", "chat:write", "channels:history", "commands"];

#[on_mention("ping")]
#[on_dm("ping")]
#[on_command("/ping")]
async fn ping() -> &'static str {
    "pong"
}

#[on_mention("slowly")]
async fn slowly(ctx: Context) -> Result<&'static str> {
    ctx.say("almost").await?;
    Ok("at last")
}

fn app() -> App {
    App::empty().handlers(handlers![ping, slowly])
}

/// What a bot says of its set-up when it starts, down to `info`.
async fn said_at_start(builder: TestBotBuilder) -> (TestBot, String) {
    let (log, _guard) = Log::capture(Level::INFO);
    let bot = builder.start(app()).await;
    identified(&bot).await;
    (bot, log.text())
}

/// Waits until the platform has told who the bot is.
async fn identified(bot: &TestBot) {
    let asking = async { while get(bot.bot().address(), "/bot_user_id").await.status != 200 {} };
    tokio::time::timeout(SOON, asking).await.unwrap();
}

/// The lines about a check.
fn lines<'a>(log: &'a str, check: &str) -> Vec<&'a str> {
    log.lines().filter(|line| line.contains(&format!("check=\"{check}\""))).collect()
}

#[tokio::test]
async fn the_scopes_of_the_guide_let_every_answer_arrive() {
    let bot = TestBot::builder().scopes(GUIDE).workspace(|it| it.commands(["/ping"])).start(app()).await;
    let alice = bot.person("alice");
    alice.mentions("ping").await.answered("pong");
    alice.tells("ping").await.answered("pong");
    alice.types("/ping").await.answered("pong");
    alice.mentions("help").await.said("ping");
    let secret = bot.workspace().channel("secret").private();
    bot.workspace().person("alice").say(&secret, "@bot slowly");
    bot.settle().await;
    assert_eq!(
        secret.messages().iter().filter(|message| message.shown().starts_with('a')).count(),
        2,
        "almost, at last"
    );
    let refused: Vec<_> = bot.workspace().calls().into_iter().filter(|call| call.outcome != Outcome::Done).collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[tokio::test]
async fn a_start_asks_the_platform_once() {
    let (bot, _) = said_at_start(TestBot::builder()).await;
    let calls: Vec<String> = bot.workspace().calls().into_iter().map(|call| call.method).collect();
    assert_eq!(calls, ["auth.test"]);
}

#[tokio::test]
async fn a_scope_that_is_lacking_is_a_warning_with_who_needs_it_and_the_page() {
    let (bot, log) = said_at_start(TestBot::builder().scopes(FIRST_GUIDE)).await;
    let scopes = lines(&log, "scopes");
    assert!(matches!(&*scopes, [one] if one.contains("WARN")), "{log}");
    for expected in ["lacks the scope im:history", "ping (", "starting.rs:", "reinstall", "https://api.slack.com/apps"]
    {
        assert!(scopes[0].contains(expected), "{expected}: {log}");
    }
    // It serves people as far as it can.
    bot.person("alice").mentions("ping").await.answered("pong");
}

#[tokio::test]
async fn what_more_scopes_would_improve_is_one_line() {
    let (_, log) = said_at_start(TestBot::builder().scopes(GUIDE)).await;
    let better = lines(&log, "improvements");
    assert!(matches!(&*better, [one] if one.contains("INFO") && one.contains("groups:history, mpim:history")), "{log}");
    assert!(!log.contains("WARN"), "nothing is wrong: {log}");
    let (_, log) = said_at_start(TestBot::builder().scope("groups:history").scope("mpim:history")).await;
    assert_eq!(lines(&log, "improvements"), [""; 0], "{log}");
}

#[tokio::test]
async fn what_is_said_to_improve_does_improve() {
    for (scopes, found) in [(&["groups:history"][..], true), (&[], false)] {
        let (log, _guard) = Log::capture(Level::WARN);
        let builder = TestBot::builder().scopes(GUIDE.iter().chain(scopes).copied());
        // The events of a private channel come with its scope; a mention comes without.
        let clock = Arc::new(ManualClock::at(SystemClock.now()));
        let bot = builder.events(["app_mention", "message.im"]).clock(clock.clone()).start(app()).await;
        bot.workspace().fail(Fault::lost_answer().on("chat.postMessage"));
        let secret = bot.workspace().channel("secret").private();
        bot.workspace().person("alice").say(&secret, "@bot ping");
        crate::support::advance_until_idle(&bot, &clock).await;
        assert_eq!(log.text().contains("a message was given up"), !found, "{scopes:?}: {}", log.text());
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_a_warning() {
    let ahead = Arc::new(ManualClock::at(SystemClock.now() + Duration::from_secs(12_600)));
    let (_, log) = said_at_start(TestBot::builder().workspace(|it| it.clock(ahead))).await;
    let clock = lines(&log, "clock");
    assert!(
        matches!(&*clock, [one] if one.contains("WARN") && one.contains(" 3 h ") && one.contains("behind")),
        "{log}"
    );
}

#[tokio::test]
async fn settings_that_are_not_what_they_should_be_are_warnings() {
    let builder = TestBot::builder()
        .setting("SLACK_BOT_USER_ID", "A0BAVARD001")
        .setting("SLACK_APP_TOKEN", "xoxb-1-canary")
        .setting("SLACK_TOKEN", "canary");
    let (_, log) = said_at_start(builder).await;
    for (check, expected) in [
        ("bot_user", "is A0BAVARD001, the id of an app"),
        ("app_token", "holds a bot token"),
        ("unknown_setting", "Did you mean SLACK_BOT_TOKEN?"),
    ] {
        assert!(matches!(&*lines(&log, check), [one] if one.contains(expected)), "{check}: {log}");
    }
    assert!(!log.contains("canary"), "{log}");
}

#[tokio::test]
async fn a_setting_of_another_name_is_told_where_the_right_one_is_missing() {
    let (log, _guard) = Log::capture(Level::WARN);
    let environment = Environment::of([("SLACK_TOKEN", "xoxb-1-canary"), ("SLACK_SIGNING_SECRET", "x")]);
    let problem = app().start_in(&environment).await.unwrap_err().to_string();
    assert!(problem.contains("SLACK_BOT_TOKEN is missing"), "{problem}");
    assert!(log.text().contains("Did you mean SLACK_BOT_TOKEN?") && !log.text().contains("canary"), "{}", log.text());
}

#[tokio::test]
async fn a_setting_of_the_bots_own_is_told_beside_the_others() {
    let expected = ("how many notes are kept", "combien de notes sont gardées");
    let most = move |value: &str| value.parse::<u8>().map_err(|_| SettingProblem::malformed("NOTES_MOST", expected));
    let environment = Environment::of([("NOTES_MOST", "canary"), ("SLACK_SIGNING_SECRET", "x"), ("BAVARD_PACE", "x")]);
    let problem = app().setting("NOTES_MOST", most).start_in(&environment).await.unwrap_err();
    for told in [problem.to_string(), problem.in_french()] {
        for name in ["NOTES_MOST", "SLACK_BOT_TOKEN", "BAVARD_PACE"] {
            assert!(told.contains(name) && !told.contains("canary"), "{told}");
        }
    }
}

#[tokio::test]
async fn a_setting_that_is_refused_where_a_state_is_opened_is_a_setting_all_the_same() {
    let workspace = Workspace::start().await.unwrap();
    let environment = beside(&workspace, "0123456789abcdef0123456789abcdef");
    let app = app().state_from(|_| async {
        Err::<String, Error>(SettingProblem::new("NOTES_KEY is missing.", "NOTES_KEY manque.").into())
    });
    let problem = app.start_in(&environment).await.unwrap_err();
    assert!(
        matches!(&problem, StartError::Setting(problem) if problem.in_french() == "NOTES_KEY manque."),
        "{problem}"
    );
}

#[tokio::test]
async fn another_user_than_that_of_the_token_is_a_warning() {
    let (log, _guard) = Log::capture(Level::WARN);
    let workspace = Workspace::start().await.unwrap();
    let environment = beside(&workspace, "0123456789abcdef0123456789abcdef").with("SLACK_BOT_USER_ID", "U0ELSE");
    let bot = app().start_in(&environment).await.unwrap();
    while get(bot.address(), "/bot_user_id").await.status != 200 {}
    let told = log.text();
    let user = lines(&told, "bot_user");
    assert!(matches!(&*user, [one] if one.contains("is U0ELSE, and the token is that of U0BAVARD0BT")), "{told}");
}

#[tokio::test]
async fn a_bot_starts_whatever_the_platform_says() {
    for fault in [Fault::no_answer(), Fault::status(500), Fault::html(), Fault::error("invalid_auth")] {
        let builder = TestBot::builder().workspace(|it| it.scopes([] as [&str; 0]));
        let bot = builder.start(app()).await;
        bot.workspace().fail(fault.on("auth.test").always());
        assert_eq!(get(bot.bot().address(), "/healthz").await.status, 200);
    }
}

#[tokio::test]
async fn a_client_secret_in_the_place_of_the_signing_secret_is_found_by_the_first_request() {
    let workspace = Workspace::start().await.unwrap();
    let identity = workspace.identity();
    for (extra, expected) in [
        // The two were swapped: what signs is at hand under the other name.
        (("SLACK_CLIENT_SECRET", identity.signing_secret.as_str()), "pasted the wrong way round"),
        // Only one of them is there: what the request says that it is for tells the rest.
        (("SLACK_BOT_USER_ID", identity.user.as_str()), "this very app, so SLACK_SIGNING_SECRET is not the app's"),
    ] {
        let (log, _guard) = Log::capture(Level::WARN);
        let environment = beside(&workspace, &identity.client_secret).with(extra.0, extra.1);
        let bot = app().start_in(&environment).await.unwrap();
        workspace.deliver_to(&format!("http://{}{EVENTS}", bot.address()).parse().unwrap());
        workspace.person("alice").say(&workspace.channel("general"), "@bot ping");
        let told = async {
            while !log.text().contains("a request was refused") {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(SOON, told).await.unwrap();
        let log = log.text();
        assert!(log.contains(expected), "{log}");
        for secret in [&identity.signing_secret, &identity.client_secret] {
            assert!(!log.contains(secret.as_str()), "{log}");
        }
    }
}

#[tokio::test]
async fn a_request_for_another_app_is_told_once_the_own_one_is_known() {
    let (log, _guard) = Log::capture(Level::WARN);
    let bot = TestBot::start(app()).await;
    // Any authentic request tells whose it is, as a command that nobody takes.
    let own = format!("command=%2Fx&user_id=U1&channel_id=C1&api_app_id={}", bot.workspace().identity().app);
    deliver(&bot, FORM, own.as_bytes()).await;
    let other = json!({ "type": "event_callback", "api_app_id": "A0OTHER", "event": {} }).to_string();
    let seconds = SystemClock.now().seconds().to_string();
    let signature = signature("another secret", seconds.parse().unwrap(), other.as_bytes());
    let headers = [("content-type", JSON), ("x-slack-request-timestamp", &*seconds), ("x-slack-signature", &signature)];
    assert_eq!(post(bot.bot().address(), &headers, other.as_bytes()).await.status, 401);
    assert!(log.text().contains("A0OTHER, and this bot is A0BAVARD001: the address is registered"), "{}", log.text());
}

#[tokio::test]
async fn which_process_answers_is_told_to_whoever_signs_and_asks_and_to_nobody_else() {
    let bot = TestBot::start(app()).await;
    let body = json!({ "type": "url_verification", "challenge": "asked" }).to_string();
    assert_eq!(deliver(&bot, JSON, body.as_bytes()).await.body, "asked", "as the platform wants it");
    let seconds = SystemClock.now().seconds().to_string();
    let asked = async |secret: &str, body: &str| {
        let signature = signature(secret, seconds.parse().unwrap(), body.as_bytes());
        let headers = [
            ("content-type", JSON),
            ("x-slack-request-timestamp", &*seconds),
            ("x-slack-signature", &signature),
            ("x-bavard-instance", "1"),
        ];
        post(bot.bot().address(), &headers, body.as_bytes()).await
    };
    let secret = bot.workspace().identity().signing_secret.clone();
    let answer: serde_json::Value = serde_json::from_str(&asked(&secret, &body).await.body).unwrap();
    assert!(
        answer["challenge"] == "asked" && answer["instance"].is_string() && answer["proof"].is_string(),
        "{answer}"
    );
    let refused = asked("another secret", &body).await;
    assert!(refused.status == 401 && !refused.body.contains("instance"), "{refused:?}");
    let event = asked(&secret, &envelope(&bot, "Ev1", &json!({ "type": "team_join" }))).await;
    assert!(event.status == 200 && event.body.is_empty(), "{event:?}");
}

#[tokio::test]
async fn the_address_of_events_explains_itself_to_whoever_opens_it() {
    let bot = TestBot::start(app().named("codedoc")).await;
    let answer = get(bot.bot().address(), EVENTS).await;
    assert_eq!(answer.status, 200);
    for expected in ["You have reached codedoc.", "the URL works", "Vous êtes chez codedoc.", "elle fonctionne"] {
        assert!(answer.body.contains(expected), "{answer:?}");
    }
}
