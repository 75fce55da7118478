//! A fake Web API that keeps what is posted, shows it when asked, and fails as it is told.

use std::{
    collections::HashMap,
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

use crate::{
    ledger::{Micros, Post, Tried, Wait, now},
    message::BOT,
    random::Random,
};

/// How often posts fail, in percent, and how.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    /// 429, with one of `waits` as `Retry-After`. It is not taken.
    pub(crate) limited: u64,
    pub(crate) waits: Vec<&'static str>,
    /// It is taken, and the connection closed without an answer.
    pub(crate) lost: u64,
    /// It is taken, and answered with 500.
    pub(crate) broken: u64,
    /// It is not taken, and answered with 500.
    pub(crate) refused: u64,
    /// An answer of the history does not show what was posted in the last two seconds.
    pub(crate) lagging: u64,
}

/// How long a bot waits when it is not told how long.
const UNTOLD: u64 = 30;

#[derive(Debug)]
pub(crate) struct WebApi {
    address: SocketAddr,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    faults: Faults,
    random: Random,
    posts: Vec<Stored>,
    /// Which posts stand in a channel or a thread.
    places: HashMap<(String, Option<String>), Vec<usize>>,
    waits: Vec<Wait>,
    tried: Vec<Tried>,
    last: Micros,
    /// How often each fault happened.
    happened: HashMap<&'static str, usize>,
}

#[derive(Debug)]
struct Stored {
    at: Micros,
    stamp: Micros,
    text: String,
    metadata: Value,
    thread: Option<String>,
}

/// What becomes of a call.
enum Answer {
    Json(Value),
    Status(u16, Option<&'static str>),
    /// The connection is closed.
    Nothing,
}

impl WebApi {
    pub(crate) async fn start(random: Random) -> Arc<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let state = State {
            faults: Faults::default(),
            random,
            posts: Vec::new(),
            places: HashMap::new(),
            waits: Vec::new(),
            tried: Vec::new(),
            last: 0,
            happened: HashMap::new(),
        };
        let api = Arc::new(Self { address: listener.local_addr().unwrap(), state: Mutex::new(state) });
        tokio::spawn(serve(listener, api.clone()));
        api
    }

    /// What `SLACK_API_URL` is set to.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/api/", self.address)
    }

    /// From now on, posts fail like this.
    pub(crate) fn fail(&self, faults: Faults) {
        self.state().faults = faults;
    }

    pub(crate) fn posts(&self) -> Vec<Post> {
        let posted = |stored: &Stored| Post {
            at: stored.at,
            key: stored.metadata["event_payload"]["key"].as_str().unwrap_or_default().to_owned(),
            text: stored.text.clone(),
        };
        self.state().posts.iter().map(posted).collect()
    }

    pub(crate) fn waits(&self) -> Vec<Wait> {
        self.state().waits.clone()
    }

    pub(crate) fn tried(&self) -> Vec<Tried> {
        self.state().tried.clone()
    }

    /// How often something went wrong as it was told to.
    pub(crate) fn happened(&self, fault: &str) -> usize {
        self.state().happened.get(fault).copied().unwrap_or_default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn call(&self, method: &str, arguments: &Map<String, Value>) -> Answer {
        match method {
            "auth.test" => {
                Answer::Json(json!({ "ok": true, "team": "Books", "team_id": "T000000000", "user_id": BOT }))
            }
            "chat.postMessage" => self.state().post(arguments),
            "conversations.history" | "conversations.replies" => Answer::Json(self.state().history(arguments)),
            _ => Answer::Json(json!({ "ok": false, "error": "unknown_method" })),
        }
    }
}

impl State {
    fn post(&mut self, arguments: &Map<String, Value>) -> Answer {
        let (at, channel) = (now(), text(arguments, "channel"));
        self.tried.push(Tried { channel: channel.clone(), at });
        let Faults { limited, lost, broken, refused, .. } = self.faults;
        let roll = self.random.below(100);
        if roll < limited {
            return self.limit(channel, at);
        }
        let roll = roll - limited;
        if roll < refused {
            return self.happens("refused", Answer::Status(500, None));
        }
        let answer = self.take(arguments, channel, at);
        match roll - refused {
            roll if roll < lost => self.happens("lost", Answer::Nothing),
            roll if roll < lost + broken => self.happens("broken", Answer::Status(500, None)),
            _ => answer,
        }
    }

    fn limit(&mut self, channel: String, from: Micros) -> Answer {
        let retry_after = *self.random.pick(&self.faults.waits);
        let seconds = retry_after.parse().unwrap_or(UNTOLD);
        self.waits.push(Wait { channel, from, until: from + seconds * 1_000_000 });
        self.happens("limited", Answer::Status(429, Some(retry_after)))
    }

    fn take(&mut self, arguments: &Map<String, Value>, channel: String, at: Micros) -> Answer {
        // Time stamps of a channel are never the same.
        self.last = at.max(self.last + 1);
        let thread = arguments.get("thread_ts").and_then(Value::as_str).map(str::to_owned);
        self.places.entry((channel.clone(), thread.clone())).or_default().push(self.posts.len());
        self.posts.push(Stored {
            at,
            stamp: self.last,
            text: text(arguments, "text"),
            metadata: arguments.get("metadata").cloned().unwrap_or_default(),
            thread,
        });
        Answer::Json(json!({ "ok": true, "channel": channel, "ts": stamp(self.last) }))
    }

    /// The posts of a channel, the newest first, or of a thread; those behind the cursor, which is a number.
    fn history(&mut self, arguments: &Map<String, Value>) -> Value {
        let lags = self.random.percent(self.faults.lagging);
        let before = if lags { now() - 2_000_000 } else { Micros::MAX };
        let place = (text(arguments, "channel"), arguments.get("ts").and_then(Value::as_str).map(str::to_owned));
        let (oldest, limit) = (text(arguments, "oldest"), number(arguments, "limit").unwrap_or(100));
        let shown = self.places.get(&place).into_iter().flatten().map(|index| &self.posts[*index]);
        let mut shown: Vec<_> =
            shown.filter(|post| post.at < before && stamp(post.stamp).as_str() > oldest.as_str()).collect();
        if place.1.is_none() {
            shown.reverse();
        }
        let from = number(arguments, "cursor").unwrap_or(0);
        let page: Vec<_> = shown.iter().skip(from).take(limit).map(|post| post.json()).collect();
        let next = if from + limit < shown.len() { (from + limit).to_string() } else { String::new() };
        json!({ "ok": true, "messages": page, "has_more": !next.is_empty(), "response_metadata": { "next_cursor": next } })
    }

    fn happens(&mut self, fault: &'static str, answer: Answer) -> Answer {
        *self.happened.entry(fault).or_default() += 1;
        answer
    }
}

impl Stored {
    fn json(&self) -> Value {
        let (ts, thread) = (stamp(self.stamp), &self.thread);
        json!({
            "type": "message", "user": BOT, "ts": ts, "thread_ts": thread, "text": self.text, "metadata": self.metadata
        })
    }
}

fn stamp(micros: Micros) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

fn text(arguments: &Map<String, Value>, name: &str) -> String {
    arguments.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A number, which in a form is text.
fn number(arguments: &Map<String, Value>, name: &str) -> Option<usize> {
    let value = arguments.get(name)?;
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    usize::try_from(number).ok()
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

/// Closes the connection without an answer.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is cut on purpose")
    }
}

impl std::error::Error for Cut {}

async fn answer(api: Arc<WebApi>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    // A program that is killed while it posts leaves half a request, which is nothing.
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    let content_type = head.headers.get(hyper::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let arguments = match content_type {
        Some(json) if json.starts_with("application/json") => serde_json::from_slice(&body).unwrap_or_default(),
        _ => {
            let pairs = url::form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes());
            let pairs = pairs.chain(url::form_urlencoded::parse(&body));
            pairs.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect()
        }
    };
    let method = head.uri.path().trim_start_matches("/api/");
    let (status, retry_after, body) = match api.call(method, &arguments) {
        Answer::Json(value) => (200, None, value.to_string()),
        Answer::Status(status, retry_after) => (status, retry_after, r#"{"ok":false,"error":"failed"}"#.to_owned()),
        Answer::Nothing => return Err(Cut),
    };
    let mut response = Response::builder().status(status).header("content-type", "application/json; charset=utf-8");
    if let Some(retry_after) = retry_after {
        response = response.header("retry-after", retry_after);
    }
    Ok(response.body(Full::from(body)).unwrap())
}
