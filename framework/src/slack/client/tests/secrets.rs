//! The token goes to the platform and nowhere else.

use std::{
    io,
    sync::{Mutex, MutexGuard},
};

use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use super::*;

const HOOK: &str = "https://hooks.slack.com/services/T/B/HOOKCANARY";

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap()
    }
}

impl io::Write for &Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().extend_from_slice(bytes);
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

/// Answers that repeat the token, as a careless proxy might.
fn echoes() -> Vec<Step> {
    let echo = |text: &str| {
        format!(
            r#"{{"ok":false,"error":"{text}","needed":"{CANARY}","response_metadata":{{"messages":["{HOOK} {CANARY}"]}}}}"#
        )
    };
    vec![
        Step::json(200, &format!(r#"{{"ok":true,"token":"{CANARY}"}}"#)),
        Step::json(200, &echo(CANARY)),
        Step::json(200, &echo("missing_scope")),
        Step::json(200, &echo("invalid_blocks")),
        Step::json(200, CANARY),
        Step::json(404, CANARY),
        Step::answer(429, &format!("retry-after: {CANARY}"), CANARY),
        Step::json(500, CANARY),
        Step::DropAfterRequest,
    ]
}

#[tokio::test]
async fn no_output_holds_the_token() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut shown = Vec::new();
    for step in echoes() {
        let (server, client) = with([step.clone(), step]);
        shown.push(format!("{client:?} {:?} {:?}", client.base(), settings(&server.base())));
        let delivery = client.send("chat.postMessage", Bytes::from_static(b"{}")).await;
        shown.push(format!("{delivery:?}"));
        let outcome = client.call("chat.update", json!({"text": CANARY})).await;
        shown.push(format!("{outcome:?}"));
        if let Err(error) = outcome {
            shown.push(format!("{error} {} {:?}", error.in_french(), error.refusal()));
        }
    }
    let error = client(&Server::nowhere()).call(CANARY, ()).await.unwrap_err();
    shown.push(format!("{error} {error:?}"));
    shown.push(String::from_utf8(log.lock().clone()).unwrap());
    for text in &shown {
        assert!(!text.contains("CANARYCANARY") && !text.contains("HOOKCANARY"), "{text}");
    }
    let log = shown.last().unwrap();
    assert!(log.contains("refused") && log.contains("chat.postMessage"), "the log was captured: {log}");
}

#[tokio::test]
async fn the_address_of_a_late_answer_is_not_told() {
    let server = Server::start([Step::DropAfterRequest]);
    let url = Url::parse(&server.base()).unwrap().join("/commands/HOOKCANARY").unwrap();
    let delivery = client(&server.base()).post_to(&url, Bytes::new()).await.unwrap();
    assert!(!format!("{delivery:?}").contains("HOOKCANARY"), "{delivery:?}");
}
