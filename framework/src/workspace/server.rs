//! The listener: HTTP in, Web API and `response_url`s out.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Method, Request, Response, body::Incoming, header::HeaderValue, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

use super::{
    Shared,
    api::{self, Args, Call, Outcome, Reply},
    fault::{self, Kind},
    limits,
};

/// The largest body taken.
const LARGEST: usize = 4 << 20;

/// Answers whoever connects, until the task is aborted.
pub(super) async fn run(shared: Arc<Shared>, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A connection that failed before it was taken is the caller's to make again.
                let Ok((stream, _)) = accepted else { continue };
                let shared = Arc::clone(&shared);
                let service = service_fn(move |request| answer(Arc::clone(&shared), request));
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(Duration::from_secs(30))
                    .serve_connection(TokioIo::new(stream), service);
                connections.spawn(connection);
            }
            Some(_) = connections.join_next() => {}
        }
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

type Answered = Result<Response<Full<Bytes>>, Cut>;

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Answered {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LARGEST).collect().await.map(|body| body.to_bytes()) else {
        return Ok(text(413, "the body is larger than 4 MB"));
    };
    if path.starts_with("response/") {
        return respond(&shared, &path, &body).await;
    }
    let Some(method) = path.strip_prefix("api/") else {
        return Ok(text(404, "there is nothing here; the Web API is below /api/"));
    };
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let query = head.uri.query().unwrap_or_default();
    let args = read(&head.method, header("content-type"), query, &body);
    let bearer = header("authorization").strip_prefix("Bearer ").map(str::trim);
    call(&shared, method, bearer, args).await
}

/// The arguments of a call; `Err` names what is wrong with how they came.
fn read(verb: &Method, content_type: &str, query: &str, body: &[u8]) -> Result<Args, &'static str> {
    if *verb == Method::GET {
        // A token in an address would end up in logs: it is not looked at, as on the platform.
        let pairs = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "token");
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        return Ok(Args::from_form(query.as_bytes()));
    }
    if body.is_empty() {
        return Ok(Args::default());
    }
    match content_type.split(';').next().unwrap_or_default().trim() {
        "application/json" => Args::from_json(body),
        "application/x-www-form-urlencoded" => Ok(Args::from_form(body)),
        "" => Err("missing_post_type"),
        _ => Err("invalid_post_type"),
    }
}

async fn call(shared: &Shared, method: &str, bearer: Option<&str>, args: Result<Args, &'static str>) -> Answered {
    let fault =
        shared.write(|state| fault::take(&mut state.faults, method).or_else(|| limits::too_soon(state, method)));
    let recorded = args.as_ref().map(Args::to_value).unwrap_or_default();
    if let Some(fault) = &fault
        && let Some(answered) = befall(shared, method, &recorded, fault).await
    {
        return answered;
    }
    let reply = shared.update(|state| {
        let reply = match args {
            Ok(mut args) => {
                args.empty_page = matches!(fault, Some(Kind::EmptyPage));
                args.lagging = matches!(fault, Some(Kind::Lagging));
                args.most = limits::most(state, method);
                let token = bearer.or_else(|| args.token());
                api::call(state, method, token, &args)
            }
            Err(error) => api::refused(error),
        };
        let outcome = if is_lost(fault.as_ref()) { Outcome::Lost } else { reply.outcome.clone() };
        record(state, method, recorded, outcome);
        reply
    });
    if is_lost(fault.as_ref()) { Err(Cut) } else { Ok(shown(shared, &reply)) }
}

/// The answer of a fault that keeps the call from being carried out.
async fn befall(shared: &Shared, method: &str, args: &Value, fault: &Kind) -> Option<Answered> {
    let (outcome, response) = match fault {
        Kind::Slow(by) => {
            tokio::time::sleep(*by).await;
            return None;
        }
        Kind::LostAnswer | Kind::EmptyPage | Kind::Lagging => return None,
        Kind::RateLimited(retry_after) => {
            let mut response = text(429, &json!({ "ok": false, "error": "ratelimited" }).to_string());
            if let Some(seconds) = retry_after.as_deref().and_then(|seconds| HeaderValue::from_str(seconds).ok()) {
                response.headers_mut().insert("retry-after", seconds);
            }
            (Outcome::Failed(429), Some(response))
        }
        Kind::Status(status) => (Outcome::Failed(*status), Some(html(*status))),
        Kind::Html => (Outcome::Failed(200), Some(html(200))),
        Kind::Error(error) => {
            let reply = api::refused(error);
            (reply.outcome.clone(), Some(shown(shared, &reply)))
        }
        Kind::NoAnswer => (Outcome::Unanswered, None),
    };
    shared.update(|state| record(state, method, args.clone(), outcome));
    match response {
        Some(response) => Some(Ok(response)),
        None => std::future::pending().await,
    }
}

fn is_lost(fault: Option<&Kind>) -> bool {
    matches!(fault, Some(Kind::LostAnswer))
}

/// A post to a `response_url`.
async fn respond(shared: &Shared, key: &str, body: &[u8]) -> Answered {
    let fault = shared.write(|state| fault::take(&mut state.faults, RESPONSE_URL));
    let args = serde_json::from_slice(body).unwrap_or(Value::Null);
    if let Some(fault) = &fault
        && let Some(answered) = befall(shared, RESPONSE_URL, &args, fault).await
    {
        return answered;
    }
    let refused = shared.update(|state| {
        let refused = state.posted_to_response_url(key, body).err();
        let outcome = match refused {
            _ if is_lost(fault.as_ref()) => Outcome::Lost,
            Some((_, error)) => Outcome::Refused(error.into()),
            None => Outcome::Done,
        };
        record(state, RESPONSE_URL, args, outcome);
        refused
    });
    if is_lost(fault.as_ref()) {
        return Err(Cut);
    }
    Ok(refused.map_or_else(|| text(200, "ok"), |(status, error)| text(status, error)))
}

const RESPONSE_URL: &str = "response_url";

fn record(state: &mut super::State, method: &str, args: Value, outcome: Outcome) {
    let at = state.now();
    state.calls.push(Call { method: method.into(), args, at, outcome });
}

fn shown(shared: &Shared, reply: &Reply) -> Response<Full<Bytes>> {
    let mut response = text(200, &reply.body.to_string());
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/json; charset=utf-8"));
    if let Ok(date) = HeaderValue::from_str(&date(shared)) {
        headers.insert("date", date);
    }
    if let Some(accepted) = &reply.accepted {
        let granted = shared.read(|state| state.identity.scopes.join(","));
        for (name, scopes) in [("x-oauth-scopes", &granted), ("x-accepted-oauth-scopes", accepted)] {
            if let Ok(value) = HeaderValue::from_str(scopes) {
                headers.insert(name, value);
            }
        }
    }
    response
}

/// By the clock of the workspace.
fn date(shared: &Shared) -> String {
    let now = shared.read(|state| state.now());
    httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_micros(now.micros()))
}

fn text(status: u16, body: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_owned())));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

fn html(status: u16) -> Response<Full<Bytes>> {
    let mut response = text(status, "<!DOCTYPE html><title>Sorry</title><p>Something went wrong.</p>");
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/html; charset=utf-8"));
    response
}
