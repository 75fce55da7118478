//! The listener for operators: who is let in, and what is there.

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

/// What operators find, put together from parts.
#[derive(Debug)]
pub(crate) struct Admin {
    routes: Router,
}

impl Admin {
    /// A listener that tells its name alone.
    pub(crate) fn new(name: &str) -> Self {
        let about = format!("This is the admin listener of {name}.\n");
        Self { routes: Router::new() }.with(Router::new().route("/", get(async move || about)))
    }

    /// The same with further routes, which stand behind the same door.
    #[must_use]
    pub(crate) fn with(self, routes: Router) -> Self {
        Self { routes: self.routes.merge(routes) }
    }

    /// All of it behind the door: with a token, for whoever shows it; without, for programs of this machine.
    pub(crate) fn router(self, token: Option<SecretString>) -> Router {
        self.routes.layer(middleware::from_fn_with_state(Door(token), Door::guard))
    }
}

/// Who is let in.
#[derive(Clone, Debug)]
struct Door(Option<SecretString>);

/// Why somebody is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// A page in a browser asks.
    Page,
    /// It was reached under a name that any page may have been given.
    Name,
    /// The token is missing or wrong.
    Token,
}

impl Door {
    async fn guard(State(door): State<Self>, request: Request, next: Next) -> Response {
        match door.check(request.headers()) {
            Ok(()) => next.run(request).await,
            Err(refusal) => refusal.into_response(),
        }
    }

    /// Anybody can point a name at this machine, so that pages of theirs are let in by browsers as its own. Programs
    /// ask for an address; a page would tell its origin, and cannot know the token.
    fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        if headers.contains_key(header::ORIGIN) || headers.get(&SITE).is_some_and(|site| !is_own(site)) {
            return Err(Refusal::Page);
        }
        match &self.0 {
            Some(token) if shown(headers).is_some_and(|shown| is_same(shown, token)) => Ok(()),
            Some(_) => Err(Refusal::Token),
            None if headers.get(header::HOST).is_some_and(is_address) => Ok(()),
            None => Err(Refusal::Name),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, why) = match self {
            Self::Page => (StatusCode::FORBIDDEN, "Pages in a browser are not let in. Ask with a program, as curl.\n"),
            Self::Name => {
                (StatusCode::FORBIDDEN, "Ask for it by its address, as 127.0.0.1, or as localhost: not by a name.\n")
            }
            Self::Token => {
                (StatusCode::UNAUTHORIZED, "Show BAVARD_ADMIN_TOKEN in a header: Authorization: Bearer <token>\n")
            }
        };
        let mut response = Response::new(Body::from(why));
        *response.status_mut() = status;
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Where a browser says that a request comes from.
static SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a person in front of the browser asks, and no page of somebody else.
fn is_own(site: &HeaderValue) -> bool {
    site == "none" || site == "same-origin"
}

/// The token that is shown.
fn shown(headers: &HeaderMap) -> Option<&[u8]> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.as_bytes().split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}

/// Compares in a time that does not tell where they differ.
fn is_same(shown: &[u8], token: &SecretString) -> bool {
    shown.ct_eq(token.expose_secret().as_bytes()).into()
}

/// Whether a host, with its port or without, is an address or `localhost`, and no name that somebody made.
fn is_address(host: &HeaderValue) -> bool {
    let Ok(host) = host.to_str() else { return false };
    let is_v6 = |inside: &str| inside.parse::<std::net::Ipv6Addr>().is_ok();
    if let Some((inside, _)) = host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        return is_v6(inside);
    }
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests;
