//! Starting, being asked how it is, and stopping.

use std::{sync::Arc, time::Duration};

use bavard::{
    Environment, StartError,
    prelude::*,
    testing::TestBot,
    workspace::{Fault, Workspace},
};
use serde_json::json;
use tokio::sync::Notify;

use crate::support::{EVENTS, JSON, SOON, beside, deliver, envelope, get, post, post_bytes, shown, signature};

#[on_mention("ping")]
async fn ping() -> &'static str {
    "pong"
}

#[derive(Clone, Default)]
struct Gate {
    reached: Arc<Notify>,
    open: Arc<Notify>,
}

#[on_mention("wait")]
#[on_command("/wait")]
async fn wait(ctx: Context, gate: State<Gate>) -> Result<&'static str> {
    gate.reached.notify_one();
    gate.open.notified().await;
    ctx.say("almost").await?;
    Ok("at last")
}

fn environment(workspace: &Workspace) -> Environment {
    beside(workspace, &workspace.identity().signing_secret)
}

#[tokio::test]
async fn the_first_event_is_taken_in_without_waiting_for_the_network() {
    let workspace = Workspace::start().await.unwrap();
    workspace.fail(Fault::no_answer().on("auth.test").always());
    let bot = App::empty().handlers(handlers![ping]).start_in(&environment(&workspace)).await.unwrap();
    let answer = get(bot.address(), "/bot_user_id").await;
    assert_eq!(answer.status, 503);
    let why: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert!(why["error"].as_str().unwrap().contains("auth.test"), "{why}");
    assert_eq!(get(bot.address(), "/readyz").await.status, 200);
    workspace.deliver_to(&format!("http://{}{EVENTS}", bot.address()).parse().unwrap());
    let general = workspace.channel("general");
    workspace.person("alice").say(&general, "@bot ping");
    let answered = |state: &bavard::workspace::State| state.said_by_bot().next().map(|said| said.shown().to_owned());
    assert_eq!(workspace.wait_until(answered, SOON).await.unwrap(), "pong");
    assert!(workspace.deliveries().iter().all(bavard::workspace::Delivery::is_accepted));
}

#[tokio::test]
async fn who_the_bot_is_is_told_once_it_is_known() {
    let bot = TestBot::start(App::empty().handlers(handlers![ping])).await;
    let answer = loop {
        let answer = get(bot.bot().address(), "/bot_user_id").await;
        if answer.status == 200 {
            break answer;
        }
        assert_eq!(answer.status, 503, "{answer:?}");
    };
    assert_eq!(answer.body, json!({"bot_user_id": bot.workspace().identity().user}).to_string());
    assert!(answer.header("content-type").unwrap().starts_with(JSON));
}

#[tokio::test]
async fn a_token_that_is_refused_is_a_reason_and_not_an_end() {
    let workspace = Workspace::start().await.unwrap();
    workspace.fail(Fault::error("token_revoked").on("auth.test").always());
    let bot = App::empty().handlers(handlers![ping]).start_in(&environment(&workspace)).await.unwrap();
    while get(bot.address(), "/readyz").await.status != 503 {
        tokio::task::yield_now().await;
    }
    let answer = get(bot.address(), "/bot_user_id").await;
    assert_eq!(answer.status, 503);
    let why: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert!(why["error"].as_str().unwrap().contains("token"), "{why}");
    assert!(!answer.body.contains(&workspace.identity().token));
    assert_eq!(get(bot.address(), "/healthz").await.status, 200);
}

#[tokio::test]
async fn a_browser_learns_that_it_has_the_right_address() {
    let bot = TestBot::start(App::empty().named("codedoc").handlers(handlers![ping])).await;
    let address = bot.bot().address();
    let answer = get(address, EVENTS).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("codedoc") && answer.body.contains("Vous êtes chez"), "{}", answer.body);
    assert_eq!(get(address, "/healthz").await.body, "ok");
    assert_eq!(get(address, "/readyz").await.status, 200);
    assert_eq!(get(address, "/nothing").await.status, 404);
    let elsewhere = crate::support::exchange(address, &post_bytes("/nothing", &[], b"{}")).await;
    assert_eq!(elsewhere.status, 404);
    let put = String::from_utf8(post_bytes(EVENTS, &[], b"{}")).unwrap().replace("POST", "PUT");
    assert_eq!(crate::support::exchange(address, put.as_bytes()).await.status, 405);
}

#[tokio::test]
async fn one_connection_takes_many_requests() {
    let bot = TestBot::start(App::empty().handlers(handlers![ping])).await;
    let request = "GET /healthz HTTP/1.1\r\nhost: bot\r\n\r\n";
    let last = request.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
    let all = [request, request, &last].concat();
    let answer = crate::support::exchange(bot.bot().address(), all.as_bytes()).await;
    assert_eq!((answer.status, answer.body.matches("HTTP/1.1 200 OK").count()), (200, 2), "{answer:?}");
    for broken in ["GET\r\n\r\n", "\u{16}\u{3}\u{1}", "GET / HTTP/9.9\r\n\r\n"] {
        let answer = crate::support::exchange(bot.bot().address(), format!("{broken}\r\n\r\n").as_bytes()).await;
        assert_eq!(answer.status, 400, "{broken:?}");
    }
    bot.person("alice").mentions("ping").await.answered("pong");
}

#[tokio::test]
async fn a_stop_lets_handlers_end_and_what_they_say_arrive() {
    let gate = Gate::default();
    let bot = TestBot::start(App::empty().handlers(handlers![wait, ping]).state(gate.clone())).await;
    let workspace = bot.workspace().clone();
    let general = workspace.channel("general");
    workspace.person("alice").say(&general, "@bot wait");
    gate.reached.notified().await;
    let stopping = tokio::spawn(bot.stop());
    gate.open.notify_one();
    assert!(stopping.await.unwrap());
    let said: Vec<String> = workspace.read(|state| state.said_by_bot().map(|said| said.shown().to_owned()).collect());
    assert_eq!(said, ["almost", "at last"]);
}

#[tokio::test]
async fn a_stop_lets_a_command_have_its_response() {
    let gate = Gate::default();
    let bot = TestBot::start(App::empty().handlers(handlers![wait, ping]).state(gate.clone())).await;
    let workspace = bot.workspace().clone();
    let general = workspace.channel("general");
    workspace.person("alice").command(&general, "/wait").unwrap();
    gate.reached.notified().await;
    let stopping = tokio::spawn(bot.stop());
    gate.open.notify_one();
    assert!(stopping.await.unwrap());
    workspace.quiet().await;
    let delivery = workspace.deliveries().pop().unwrap();
    assert!(delivery.is_accepted() && delivery.body.contains("at last"), "{delivery:?}");
}

#[tokio::test]
async fn what_comes_during_a_stop_is_asked_to_come_again() {
    let gate = Gate::default();
    let bot = TestBot::start(App::empty().handlers(handlers![wait, ping]).state(gate.clone())).await;
    let (workspace, address) = (bot.workspace().clone(), bot.bot().address());
    let general = workspace.channel("general");
    workspace.person("alice").say(&general, "@bot wait");
    gate.reached.notified().await;
    let event = json!({
        "type": "app_mention", "user": "U1", "text": "ping", "ts": "1700000000.000100", "channel": general.id(),
    });
    let body = envelope(&bot, "Ev1", &event);
    let now = bavard::Clock::now(&bavard::SystemClock).seconds();
    let signature = signature(&workspace.identity().signing_secret, now, body.as_bytes());
    let time = now.to_string();
    let headers = [("x-slack-request-timestamp", time.as_str()), ("x-slack-signature", &signature)];
    let stopping = tokio::spawn(bot.stop());
    while get(address, "/readyz").await.status != 503 {
        tokio::task::yield_now().await;
    }
    assert_eq!(get(address, "/healthz").await.status, 200);
    let answer = post(address, &headers, body.as_bytes()).await;
    assert_eq!(answer.status, 503);
    let seconds: u32 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!(seconds > 0);
    assert_eq!(answer.header("x-slack-no-retry"), None);
    gate.open.notify_one();
    assert!(stopping.await.unwrap());
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    let said: Vec<String> = workspace.read(|state| state.said_by_bot().map(|said| said.shown().to_owned()).collect());
    assert_eq!(said, ["almost", "at last"]);
}

#[tokio::test]
async fn nothing_is_said_by_a_bot_that_is_about_to_stop() {
    let gate = Gate::default();
    let bot = TestBot::start(App::empty().handlers(handlers![ping]).state(gate)).await;
    bot.person("alice").mentions("ping").await.answered("pong");
    assert_eq!(shown(&bot), ["pong"]);
    let address = bot.bot().address();
    assert!(bot.stop().await);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_bot_that_is_dropped_is_gone() {
    let bot = TestBot::start(App::empty().handlers(handlers![ping])).await;
    let address = bot.bot().address();
    assert_eq!(get(address, "/healthz").await.status, 200);
    drop(bot);
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_taken_port_is_told_with_the_cure() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let workspace = Workspace::start().await.unwrap();
    let environment = environment(&workspace).with("BAVARD_LISTEN", &address);
    let error = App::empty().handlers(handlers![ping]).start_in(&environment).await.unwrap_err();
    assert!(matches!(error, StartError::Listen { .. }), "{error:?}");
    let told = error.to_string();
    assert!(told.contains(&address) && told.contains("taken by another program"), "{told}");
    assert!(told.contains("BAVARD_LISTEN"), "{told}");
    let french = error.in_french();
    assert!(french.contains(&format!("{address} est pris")) && french.contains("BAVARD_LISTEN"), "{french}");
}

#[tokio::test]
async fn a_state_that_cannot_be_opened_ends_the_start_with_its_reason() {
    let workspace = Workspace::start().await.unwrap();
    let app = App::empty().handlers(handlers![wait]);
    let error = app.start_in(&environment(&workspace)).await.unwrap_err();
    assert!(matches!(error, StartError::Handlers(_)), "{error:?}");
    assert!(error.to_string().contains("Gate"), "{error}");
    let app =
        App::empty().handlers(handlers![wait]).state_with(|| async { Err::<Gate, _>(Error::new("the gate is stuck")) });
    let error = app.start_in(&environment(&workspace)).await.unwrap_err();
    assert!(error.to_string().contains("the gate is stuck"), "{error}");
}

#[test]
fn two_states_of_one_type_are_told_before_the_start() {
    let app =
        App::empty().handlers(handlers![ping]).state(1_u8).state(2_u16).state_with(|| async { Ok::<u8, Error>(3) });
    let told = app.check().unwrap_err().to_string();
    assert!(told.starts_with("1 problem") && told.contains("two values for `State<u8>`"), "{told}");
}

#[tokio::test]
async fn a_path_that_the_bot_needs_itself_is_refused_for_events() {
    let workspace = Workspace::start().await.unwrap();
    for path in ["/healthz", "/readyz", "/bot_user_id", "/a/:b", "events", "/a b", "/{x}", "/*"] {
        let environment = environment(&workspace).with("BAVARD_EVENTS_PATH", path);
        let error = App::empty().handlers(handlers![ping]).start_in(&environment).await.unwrap_err();
        assert!(error.to_string().contains("BAVARD_EVENTS_PATH"), "{path}: {error}");
    }
}

#[tokio::test]
async fn two_bots_run_in_one_process() {
    let one = TestBot::start(App::empty().handlers(handlers![ping])).await;
    let two = TestBot::start(App::empty().handlers(handlers![ping])).await;
    one.person("alice").mentions("ping").await.answered("pong");
    assert_eq!(shown(&two), [""; 0]);
    let stolen = envelope(
        &one,
        "Ev1",
        &json!({"type": "app_mention", "user": "U1", "text": "ping", "ts": "1.1", "channel": "C1"}),
    );
    let secret = &one.workspace().identity().signing_secret;
    let now = bavard::Clock::now(&bavard::SystemClock).seconds();
    let signature = signature(secret, now, stolen.as_bytes());
    let time = now.to_string();
    let headers = [("x-slack-request-timestamp", time.as_str()), ("x-slack-signature", &signature)];
    assert_eq!(post(two.bot().address(), &headers, stolen.as_bytes()).await.status, 401);
    assert_eq!(deliver(&one, JSON, b"{}").await.status, 200);
    assert!(tokio::time::timeout(Duration::from_secs(5), two.stop()).await.unwrap());
}
