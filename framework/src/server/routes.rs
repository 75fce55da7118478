//! What is answered where.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Method, Request, StatusCode, header},
    response::Response as HttpResponse,
    routing::{get, post},
};
use serde_json::json;

use super::{
    accept::Answer,
    body::{self, Carried, Unread},
};
use crate::{
    clock::{Clock, Timestamp},
    engine::{Acknowledgement, Engine, Shed},
    id::UserId,
    metrics::{Code, Counter, Metrics, Route},
    platform::{Incoming, Platform, Received, Response},
};

/// What stands before the engine.
#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) name: String,
    pub(crate) platform: Arc<dyn Platform>,
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) identity: RwLock<Known>,
    pub(crate) draining: AtomicBool,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) unread: Unread,
    /// How many events were not taken in.
    pub(crate) sheds: AtomicU64,
}

/// What the platform says of the bot.
#[derive(Clone, Debug)]
pub(crate) enum Known {
    /// It was not asked yet, or did not answer yet.
    NotYet { why: String },
    /// The token works.
    Bot(UserId),
    /// The token does not work.
    Refused { why: String },
}

impl Front {
    pub(crate) fn know(&self, known: Known) {
        *self.identity.write().unwrap_or_else(PoisonError::into_inner) = known;
    }

    fn known(&self) -> Known {
        self.identity.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The paths that stand beside the one for events.
pub(crate) const OWN_PATHS: [&str; 3] = [BOT_USER_ID, HEALTHZ, READYZ];
const BOT_USER_ID: &str = "/bot_user_id";
const HEALTHZ: &str = "/healthz";
pub(crate) const READYZ: &str = "/readyz";

/// What answers on the public listener.
#[derive(Debug)]
pub(crate) struct Public {
    front: Arc<Front>,
    events_path: String,
    routes: Router,
}

impl Public {
    pub(crate) fn new(front: Arc<Front>, events_path: &str) -> Self {
        Self { routes: router(front.clone(), events_path), front, events_path: events_path.to_owned() }
    }
}

impl Answer for Public {
    /// Nearly all that comes in are events: they need not be looked up among the routes.
    async fn answer(self: Arc<Self>, request: Request<hyper::body::Incoming>) -> HttpResponse {
        if request.method() == Method::POST && request.uri().path() == self.events_path {
            return self.front.events(request).await;
        }
        Arc::new(self.routes.clone()).answer(request).await
    }
}

/// The routes of the public listener.
fn router(front: Arc<Front>, events_path: &str) -> Router {
    Router::new()
        .route(events_path, post(events).get(explanation))
        .route(BOT_USER_ID, get(bot_user_id))
        .route(HEALTHZ, get(health))
        .route(READYZ, get(ready))
        .fallback(nothing)
        .method_not_allowed_fallback(wrong_method)
        .with_state(front)
}

/// Events, for whom the routes are asked: they know by it which methods the path has.
async fn events(State(front): State<Arc<Front>>, request: Request<Body>) -> HttpResponse {
    front.events(request).await
}

impl Front {
    async fn events(&self, request: Request<impl Carried>) -> HttpResponse {
        let received = self.clock.now();
        let response = self.take(request, received).await;
        self.count(Route::Events, response.status);
        http(response)
    }

    async fn take(&self, request: Request<impl Carried>, received: Timestamp) -> Response {
        let (parts, body) = request.into_parts();
        let body = match body::read(&parts.headers, body).await {
            Ok(body) => body,
            Err(why) => {
                self.unread.note(why);
                return Response::empty(why.status());
            }
        };
        let incoming = Incoming { headers: &parts.headers, body, received };
        let (event, request) = match self.platform.receive(&incoming) {
            Received::Event(event) => (event, false),
            Received::Request(event) => (event, true),
            Received::Answered { response, why } => {
                tracing::trace!(why, "answered at once");
                self.metrics.app_rate_limited.add(u64::from(why == "rate_limited"));
                return response;
            }
            Received::Refused { response, why } => {
                tracing::debug!(why, "refused");
                self.metrics.signature_failures.find(&why).into_iter().for_each(Counter::increment);
                return response;
            }
        };
        if event.retry.number > 0 {
            self.metrics.retries.get(event.retry.reason.as_deref().unwrap_or_default()).increment();
        }
        let name = event.name.clone();
        let response = match self.engine.arrive(event, request).await {
            None => {
                tracing::debug!(event = &*name, "no handler is for it");
                return Response::empty(200);
            }
            Some(Acknowledgement::Stored) => Response::empty(200),
            Some(Acknowledgement::Answer(response)) => response,
            Some(Acknowledgement::Shed(shed)) => return self.shed(shed),
        };
        self.metrics.ack.observe(self.clock.now().since(received));
        response
    }

    /// Not about to stop, with a token that is not refused, taking in all that comes, into a store that keeps it.
    async fn is_ready(&self) -> bool {
        let is_known = matches!(self.known(), Known::Bot(_) | Known::NotYet { .. }) && !self.platform.is_refused();
        let is_open = !self.draining.load(Ordering::Relaxed) && self.engine.is_open();
        is_known && is_open && self.engine.is_kept().await
    }

    fn count(&self, route: Route, status: u16) {
        self.metrics.http_requests.get(route).get(Code::of(status)).increment();
    }
}

impl Front {
    /// Many come at once when one does: the log tells the 1st, 2nd, 4th, 8th, ….
    fn shed(&self, shed: Shed) -> Response {
        let (why, retry_after) = refusal(shed);
        let so_far = self.sheds.fetch_add(1, Ordering::Relaxed) + 1;
        if so_far.is_power_of_two() {
            tracing::warn!(why, so_far, "an event was not taken in; the platform will deliver it again");
        }
        Response { retry_after: Some(retry_after), ..Response::text(503, why) }
    }
}

/// Why an event is not taken in, and after how many seconds it may come again.
fn refusal(shed: Shed) -> (&'static str, u32) {
    match shed {
        Shed::Draining => ("the bot is about to stop", 5),
        Shed::Admitting | Shed::Backlog | Shed::Age => ("too much is waiting", 10),
        Shed::Disk => ("the disk is nearly full", 30),
        Shed::Late => ("the event was not stored in time", 10),
        Shed::Store => ("the event could not be stored", 10),
    }
}

/// Who opens the address of events in a browser learns that it is the right one.
async fn explanation(State(front): State<Arc<Front>>) -> String {
    format!(
        "You have reached {}. The chat platform posts its events here, signed; a browser has nothing to do here. If you \
         read this through your public URL, the URL works.\n\n\
         Vous êtes chez {}. La plateforme y envoie ses événements, signés ; un navigateur n’a rien à y faire. Si vous \
         lisez ceci par votre URL publique, elle fonctionne.\n",
        front.name, front.name
    )
}

async fn bot_user_id(State(front): State<Arc<Front>>) -> HttpResponse {
    let response = match front.known() {
        Known::Bot(user) => Response::json(200, json!({ "bot_user_id": user }).to_string()),
        Known::NotYet { why } | Known::Refused { why } => Response::json(503, json!({ "error": why }).to_string()),
    };
    front.count(Route::BotUserId, response.status);
    http(response)
}

/// Whether it runs at all.
async fn health(State(front): State<Arc<Front>>) -> &'static str {
    front.count(Route::Healthz, 200);
    "ok"
}

async fn nothing(State(front): State<Arc<Front>>) -> StatusCode {
    front.count(Route::Other, 404);
    StatusCode::NOT_FOUND
}

async fn wrong_method(State(front): State<Arc<Front>>) -> StatusCode {
    front.count(Route::Other, 405);
    StatusCode::METHOD_NOT_ALLOWED
}

/// Whether events should come here: the status tells, and nothing else does, for anybody may ask.
async fn ready(State(front): State<Arc<Front>>) -> StatusCode {
    let status = if front.is_ready().await { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    front.count(Route::Readyz, status.as_u16());
    status
}

fn http(response: Response) -> HttpResponse {
    let is_empty = response.body.is_empty();
    let mut http = HttpResponse::new(Body::from(response.body));
    *http.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = http.headers_mut();
    // An empty body is of no type.
    if !is_empty {
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(response.content_type));
    }
    if let Some(seconds) = response.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if response.status == 413 || response.status == 408 {
        // What is left of the body is not read.
        headers.insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    }
    http
}

#[cfg(test)]
mod tests;
