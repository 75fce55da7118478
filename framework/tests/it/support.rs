//! What several subjects need: requests written byte by byte, signatures, a log in memory.
#![allow(clippy::unwrap_used, clippy::expect_used)] // Helpers of tests, which the lints do not see.

use std::{
    fmt::Write as _,
    io,
    net::SocketAddr,
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use bavard::{
    Clock, Environment, ManualClock, SystemClock, Timestamp,
    testing::TestBot,
    workspace::{Message, State, Workspace},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tracing::{Dispatch, subscriber::DefaultGuard};
use tracing_subscriber::fmt::MakeWriter;

pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const EVENTS: &str = "/slack/events";

/// Longer than anything here takes; reached only by a test that fails.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// The time at which clocks of tests stand.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

pub(crate) fn manual_clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(NOW))
}

/// An HTTP response.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// The settings of a bot beside a workspace, with this for its Signing Secret.
pub(crate) fn beside(workspace: &Workspace, signing_secret: &str) -> Environment {
    Environment::of([
        ("SLACK_BOT_TOKEN", workspace.identity().token.as_str()),
        ("SLACK_SIGNING_SECRET", signing_secret),
        ("SLACK_API_URL", &workspace.api_url()),
        ("BAVARD_LISTEN", "127.0.0.1:0"),
        ("BAVARD_ADMIN_LISTEN", ""),
        ("BAVARD_STORE", "memory:"),
    ])
}

/// Sends bytes on a connection of their own, and reads the response.
pub(crate) async fn exchange(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that has heard enough closes while the rest is still being written.
    let _ = stream.write_all(bytes).await;
    read(&mut stream).await
}

/// Reads one response, which ends with the connection.
pub(crate) async fn read(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        bytes.extend_from_slice(&buffer[..length]);
    }
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no response: {text:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// The bytes of a POST with its length.
pub(crate) fn post_bytes(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head =
        format!("POST {path} HTTP/1.1\r\nhost: bot\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

pub(crate) async fn post(address: SocketAddr, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    exchange(address, &post_bytes(EVENTS, headers, body)).await
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> Answer {
    exchange(address, format!("GET {path} HTTP/1.1\r\nhost: bot\r\nconnection: close\r\n\r\n").as_bytes()).await
}

/// Asks the listener for operators as a program of this machine does, with a header of one's own.
pub(crate) async fn ask(address: SocketAddr, path: &str, header: &str) -> Answer {
    let head = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n{header}connection: close\r\n\r\n");
    exchange(address, head.as_bytes()).await
}

/// The signature of a body, as the platform makes it.
pub(crate) fn signature(secret: &str, seconds: u64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("v0:{seconds}:").as_bytes());
    mac.update(body);
    let mut signature = "v0=".to_owned();
    for byte in mac.finalize().into_bytes() {
        write!(signature, "{byte:02x}").unwrap();
    }
    signature
}

/// Posts a body to a bot that lives by the machine's clock, signed as the platform would.
pub(crate) async fn deliver(bot: &TestBot, content_type: &str, body: &[u8]) -> Answer {
    deliver_at(bot, SystemClock.now(), content_type, body).await
}

/// The same at a time of one's own.
pub(crate) async fn deliver_at(bot: &TestBot, now: Timestamp, content_type: &str, body: &[u8]) -> Answer {
    let seconds = now.seconds();
    let signature = signature(&bot.workspace().identity().signing_secret, seconds, body);
    let headers = [
        ("content-type", content_type),
        ("x-slack-request-timestamp", &*seconds.to_string()),
        ("x-slack-signature", &signature),
    ];
    post(bot.bot().address(), &headers, body).await
}

/// An inner event in its envelope.
pub(crate) fn envelope(bot: &TestBot, id: &str, inner: &serde_json::Value) -> String {
    let identity = bot.workspace().identity();
    serde_json::json!({
        "type": "event_callback",
        "team_id": identity.team,
        "api_app_id": identity.app,
        "event_id": id,
        "authorizations": [{"user_id": identity.user, "team_id": identity.team, "is_bot": true}],
        "event": inner,
    })
    .to_string()
}

/// What the bot said, as people read it, in order.
pub(crate) fn shown(bot: &TestBot) -> Vec<String> {
    bot.said().iter().map(|message| message.shown().to_owned()).collect()
}

/// Waits until the bot has said so many things; gives all of them in order.
pub(crate) async fn said(bot: &TestBot, count: usize) -> Vec<Message> {
    let all = |state: &State| {
        let mut said: Vec<Message> = state.said_by_bot().cloned().collect();
        said.sort_by(|one, other| one.id.cmp(&other.id));
        (said.len() >= count).then_some(said)
    };
    bot.workspace().wait_until(all, SOON).await.unwrap()
}

/// Gives everything that can go on the time to do so.
pub(crate) async fn yield_often() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

/// Moves the clock second by second as long as something waits for it.
pub(crate) async fn advance_until_idle(bot: &TestBot, clock: &ManualClock) {
    bot.workspace().quiet().await;
    let moving = async {
        loop {
            yield_often().await;
            clock.advance(Duration::from_secs(1));
        }
    };
    tokio::select! {
        () = bot.bot().idle() => {}
        () = moving => {}
        () = tokio::time::sleep(SOON) => panic!("it never ends"),
    }
}

/// When a method was called.
pub(crate) fn times(bot: &TestBot, method: &str) -> Vec<Timestamp> {
    bot.workspace().calls().iter().filter(|call| call.method == method).map(|call| call.at).collect()
}

/// How many times a method was called.
pub(crate) fn calls(bot: &TestBot, method: &str) -> usize {
    bot.workspace().calls().iter().filter(|call| call.method == method).count()
}

/// A log in memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Captures what this thread logs, down to `level`, until the guard is dropped.
    pub(crate) fn capture(level: tracing::Level) -> (Self, DefaultGuard) {
        // With one subscriber alone, what a thread without any meets first is switched off for all of them.
        static OTHERS: LazyLock<[Dispatch; 2]> = LazyLock::new(|| {
            [(), ()].map(|()| {
                let unheard = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(io::sink);
                Dispatch::new(unheard.finish())
            })
        });
        LazyLock::force(&OTHERS);
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt().with_max_level(level).with_ansi(false).with_writer(log.clone());
        (log, tracing::subscriber::set_default(subscriber.finish()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for &Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> &'a Self {
        self
    }
}
