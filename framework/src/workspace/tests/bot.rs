//! A bot written by hand.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::HeaderMap,
    response::Response,
};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

use crate::workspace::Workspace;

type Script = Arc<dyn Fn(usize, &Seen) -> Option<Response> + Send + Sync>;

/// A bot that keeps what it receives and answers by a script.
pub(super) struct Bot {
    address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

/// What the bot received.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(super) fn field(&self, name: &str) -> String {
        let mut pairs = url::form_urlencoded::parse(&self.body);
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    }
}

impl Bot {
    /// Answers what `script` says, by the number of the request; `None`: nothing, ever.
    pub(super) async fn with(script: impl Fn(usize, &Seen) -> Option<Response> + Send + Sync + 'static) -> Self {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let script: Script = Arc::new(script);
        let router = Router::new().fallback(receive).with_state((Arc::clone(&seen), script));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/slack/events", listener.local_addr().unwrap());
        let task = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { address, seen, task }
    }

    /// Takes everything and says nothing.
    pub(super) async fn polite() -> Self {
        Self::with(|_, _| Some(answer(200, ""))).await
    }

    /// Never answers.
    pub(super) async fn silent() -> Self {
        Self::with(|_, _| None).await
    }

    /// Answers every `app_mention` in its thread.
    pub(super) async fn that_says(text: &'static str, workspace: &Workspace) -> Self {
        let (api, token) = (workspace.api_url(), workspace.identity().token.clone());
        Self::with(move |_, seen| {
            let event = seen.json()["event"].take();
            if event["type"] == "app_mention" {
                let text = text.replace("{user}", event["user"].as_str().unwrap());
                let body = serde_json::json!({ "channel": event["channel"], "thread_ts": event["ts"], "text": text });
                let request = super::http().post(format!("{api}chat.postMessage")).bearer_auth(&token).json(&body);
                tokio::spawn(request.send());
            }
            Some(answer(200, ""))
        })
        .await
    }

    pub(super) fn url(&self) -> Url {
        Url::parse(&self.address).unwrap()
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The inner events received, ordered by name, since deliveries overtake one another.
    pub(super) fn events(&self) -> Vec<Value> {
        let mut events: Vec<Value> = self.seen().iter().map(|seen| seen.json()["event"].take()).collect();
        events.sort_by_key(|event| (event["event_ts"].to_string(), event["type"].to_string()));
        events
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(super) fn answer(status: u16, body: &str) -> Response {
    Response::builder().status(status).body(Body::from(body.to_owned())).unwrap()
}

async fn receive(State((seen, script)): State<(Arc<Mutex<Vec<Seen>>>, Script)>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let received = Seen { headers: head.headers, body };
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(received.clone());
        seen.len() - 1
    };
    match script(number, &received) {
        Some(response) => response,
        None => std::future::pending().await,
    }
}
