//! The listener for operators: where it is, and who is let in.

use std::net::SocketAddr;

use bavard::{Environment, prelude::*, testing::TestBot, workspace::Workspace};

use crate::support::ask;

#[on_mention("ping")]
async fn ping() -> &'static str {
    "pong"
}

fn app() -> App {
    App::empty().named("codedoc").handlers(handlers![ping])
}

fn environment(workspace: &Workspace, listen: &str) -> Environment {
    Environment::of([
        ("SLACK_BOT_TOKEN", workspace.identity().token.as_str()),
        ("SLACK_SIGNING_SECRET", &workspace.identity().signing_secret),
        ("SLACK_API_URL", &workspace.api_url()),
        ("BAVARD_LISTEN", "127.0.0.1:0"),
        ("BAVARD_ADMIN_LISTEN", listen),
        ("BAVARD_STORE", "memory:"),
    ])
}

#[tokio::test]
async fn it_stands_beside_the_public_listener_and_shows_nothing_there() {
    let bot = TestBot::builder().setting("BAVARD_ADMIN_LISTEN", "127.0.0.1:0").start(app()).await;
    let admin = bot.bot().admin_address().unwrap();
    assert_ne!(admin, bot.bot().address());
    let answer = ask(admin, "/", "").await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("codedoc"), "{answer:?}");
    assert_eq!(ask(admin, "/slack/events", "").await.status, 404);
    assert_eq!(ask(bot.bot().address(), "/", "").await.status, 404);
    assert!(bot.stop().await);
    assert!(tokio::net::TcpStream::connect(admin).await.is_err());
}

#[tokio::test]
async fn a_bot_that_is_dropped_shows_nothing_more() {
    let bot = TestBot::builder().setting("BAVARD_ADMIN_LISTEN", "127.0.0.1:0").start(app()).await;
    let admin = bot.bot().admin_address().unwrap();
    drop(bot);
    while tokio::net::TcpStream::connect(admin).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_taken_port_is_a_warning_and_empty_is_off() {
    let workspace = Workspace::start().await.unwrap();
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (log, _guard) = crate::support::Log::capture(tracing::Level::WARN);
    for (listen, warned) in [("", false), (taken.local_addr().unwrap().to_string().as_str(), true)] {
        let bot = app().start_in(&environment(&workspace, listen)).await.unwrap();
        assert_eq!(bot.admin_address(), None);
        assert_eq!(log.text().contains("BAVARD_ADMIN_LISTEN"), warned, "{}", log.text());
        assert!(bot.stop().await);
    }
}

#[tokio::test]
async fn beyond_this_machine_it_needs_a_token_which_lets_in_and_is_never_shown() {
    const TOKEN: &str = "canary-canary-canary";
    let workspace = Workspace::start().await.unwrap();
    let (log, _guard) = crate::support::Log::capture(tracing::Level::TRACE);
    let environment = environment(&workspace, "0.0.0.0:0");
    let error = app().start_in(&environment).await.unwrap_err();
    assert!(error.to_string().contains("BAVARD_ADMIN_TOKEN"), "{error}");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{TOKEN}\n")).unwrap();
    let environment = environment.with("BAVARD_ADMIN_TOKEN_FILE", file.path().to_str().unwrap());
    let bot = app().start_in(&environment).await.unwrap();
    let admin = SocketAddr::from(([127, 0, 0, 1], bot.admin_address().unwrap().port()));
    let refused = ask(admin, "/", "").await;
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!(ask(admin, "/", "authorization: Bearer canary\r\n").await.status, 401);
    assert_eq!(ask(admin, "/", &format!("authorization: Bearer {TOKEN}\r\n")).await.status, 200);
    assert!(bot.stop().await);
    assert!(!log.text().contains("canary"), "{}", log.text());
}
