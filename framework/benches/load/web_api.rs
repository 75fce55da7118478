//! A fake Web API that does next to nothing, and keeps account.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::{net::TcpListener, sync::Notify};

use super::mention;

const POSTED: &str = r#"{"ok":true,"channel":"C123ABC456","ts":"1503435956.000247","message":{"text":"Here's a message for you","username":"echo","bot_id":"B123ABC456","attachments":[],"type":"message","subtype":"bot_message","ts":"1503435956.000247"}}"#;
const IDENTITY: &str = r#"{"ok":true,"url":"https://bench.slack.com/","team":"Bench","user":"echo","team_id":"T123ABC456","user_id":"U0BOT00001"}"#;

pub(crate) struct WebApi {
    address: SocketAddr,
    account: Mutex<Account>,
    complete: Notify,
}

/// The answers of a round.
#[derive(Default)]
struct Account {
    expected: usize,
    numbers: Vec<usize>,
}

#[derive(Deserialize)]
struct Message {
    channel: String,
    text: String,
}

impl WebApi {
    pub(crate) async fn start() -> Arc<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let api = Arc::new(Self { address, account: Mutex::default(), complete: Notify::new() });
        tokio::spawn(serve(listener, api.clone()));
        api
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Begins a round: so many answers are to come.
    pub(crate) fn expect(&self, answers: usize) {
        *self.account.lock().unwrap() = Account { expected: answers, numbers: Vec::with_capacity(answers) };
    }

    /// Waits until every answer of the round is here; none may be missing, and none here twice.
    pub(crate) async fn all_arrived(&self) {
        let complete = tokio::time::timeout(Duration::from_secs(30), self.complete.notified()).await;
        let mut account = self.account.lock().unwrap();
        assert!(complete.is_ok(), "{} of {} answers arrived", account.numbers.len(), account.expected);
        account.numbers.sort_unstable();
        account.numbers.dedup();
        assert_eq!(account.numbers.len(), account.expected, "an answer came twice");
    }

    fn posted(&self, body: &[u8]) {
        let message: Message = serde_json::from_slice(body).unwrap();
        let number = message.text.split(' ').next().unwrap().parse().unwrap();
        assert_eq!((message.text, message.channel.as_str()), (mention::words(number), "C123ABC456"));
        let mut account = self.account.lock().unwrap();
        account.numbers.push(number);
        if account.numbers.len() == account.expected {
            self.complete.notify_one();
        }
    }
}

async fn serve(listener: TcpListener, api: Arc<WebApi>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let api = api.clone();
        let service = service_fn(move |request| answer(api.clone(), request));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(api: Arc<WebApi>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let posted = request.uri().path() == "/api/chat.postMessage";
    // A program that is stopped while it posts leaves half a request, which is nothing.
    let body = match request.into_body().collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => Bytes::new(),
    };
    if posted && !body.is_empty() {
        api.posted(&body);
    }
    let mut response = Response::new(Full::from(if posted { POSTED } else { IDENTITY }));
    let json = hyper::header::HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
    Ok(response)
}
