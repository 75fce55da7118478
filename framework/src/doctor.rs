//! What is wrong, or worth saying, with how a bot is set up.
//!
//! A check is a pure function of facts that were gathered before, and fails with what is wrong, why that matters, and
//! the one next step. [`examine`] gathers all that can be found out and makes every check; a start makes those whose
//! facts it has anyway, and writes what is wrong or worth saying to the log, a line each.

mod address;
mod app;
mod ask;
mod challenge;
mod check;
mod client_secret;
mod clock;
mod declared;
mod examine;
mod handlers;
mod process;
mod reached;
mod scopes;
mod settings;
#[cfg(test)]
mod tests;
mod token;

#[cfg(test)]
pub(crate) use self::check::Fault;
pub(crate) use self::{
    check::{Check, Found},
    examine::{Examined, examine},
    settings::{NEEDED, remarks},
};
use crate::{
    clock::Timestamp,
    handler::Handler,
    id::{AppId, UserId},
    platform::Identity,
    sentence::Sentence,
};

/// What the first answer of the platform tells of a bot with these handlers, for which a setting names this user.
pub(crate) fn identified(
    identity: &Identity,
    set: Option<&UserId>,
    handlers: &[&'static Handler],
    here: Timestamp,
) -> Vec<Check> {
    let app = identity.app.as_ref();
    let mut checks: Vec<Check> = token::user(identity, set).into_iter().collect();
    checks.extend(scopes::granted(identity.scopes.as_deref(), handlers, app));
    checks.push(clock::clock(identity.time, here));
    checks
}

/// A page of the app's settings; the list of apps while the app is not known.
fn page(app: Option<&AppId>, name: &str) -> String {
    const APPS: &str = "https://api.slack.com/apps";
    match app.filter(|app| app.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric())) {
        Some(app) => format!("{APPS}/{app}/{name}"),
        None => APPS.to_owned(),
    }
}

/// Where scopes and the bot's token stand.
const OAUTH: &str = "oauth";
/// Where the secrets of the app stand: *Basic Information*.
const GENERAL: &str = "general";
/// Where the address of events and their names stand.
const EVENTS: &str = "event-subscriptions";

/// A sentence in English and in French.
fn said(english: impl Into<String>, french: impl Into<String>) -> Sentence {
    Sentence::new(english, french)
}
