//! The Web API: who may call what, and what was called.

mod args;
mod auth;
mod chat;
mod conversations;
mod methods;
mod page;
mod reactions;
mod users;

use serde_json::{Map, Value, json};

pub(super) use self::args::Args;
use self::methods::{METHODS, Method, Needs};
use super::state::State;
use crate::Timestamp;

/// A call of the Web API.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method, as `chat.postMessage`; `response_url` for a post to one.
    pub method: String,
    /// The arguments, without the token. Those of a form are texts.
    pub args: Value,
    /// When it was answered.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a [`Call`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Carried out.
    Done,
    /// Refused with this error.
    Refused(String),
    /// Answered with a status that is not 200, or a body that is not JSON; not carried out.
    Failed(u16),
    /// Carried out; the answer was lost.
    Lost,
    /// Neither carried out nor answered.
    Unanswered,
}

/// What a method answers: the fields beside `ok`, or a refusal.
pub(super) type Answer = Result<Map<String, Value>, Refusal>;

/// `"ok": false`: the error, and the fields that explain it.
#[derive(Debug)]
pub(super) struct Refusal {
    error: String,
    fields: Map<String, Value>,
}

impl Refusal {
    fn explained(error: &str, explanation: &str) -> Self {
        let messages = json!({ "messages": [format!("[ERROR] {explanation}")] });
        Self { error: error.into(), fields: Map::from_iter([("response_metadata".into(), messages)]) }
    }
}

impl From<&str> for Refusal {
    fn from(error: &str) -> Self {
        Self { error: error.into(), fields: Map::new() }
    }
}

/// The answer to a call, as it travels.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) body: Value,
    pub(super) outcome: Outcome,
    /// The scopes the method accepts; `None` when the token was not looked at.
    pub(super) accepted: Option<String>,
}

/// Answers a call: knows the method, checks the token, then its scopes, then carries it out.
pub(super) fn call(state: &mut State, name: &str, token: Option<&str>, args: &Args) -> Reply {
    let Some(method) = METHODS.iter().find(|method| method.name == name) else {
        return reply(Err("unknown_method".into()), None);
    };
    if let Err(refusal) = authenticate(state, method, token) {
        return reply(Err(refusal), None);
    }
    let accepted = method.needs.accepted();
    if !accepted.is_empty() && !accepted.iter().any(|scope| state.identity.has_scope(scope)) {
        return reply(Err(missing_scope(state, &accepted.join(","))), Some(accepted.join(",")));
    }
    let ignored = Args::default();
    let args = if args.is_json() && !method.json { &ignored } else { args };
    reply((method.run)(state, args), Some(accepted.join(",")))
}

fn authenticate(state: &State, method: &Method, token: Option<&str>) -> Result<(), Refusal> {
    match token {
        _ if matches!(method.needs, Needs::NoToken) => Ok(()),
        None => Err("not_authed".into()),
        Some(token) if token != state.identity.token => Err("invalid_auth".into()),
        Some(_) => Ok(()),
    }
}

fn missing_scope(state: &State, needed: &str) -> Refusal {
    let fields = [("needed", json!(needed)), ("provided", json!(state.identity.scopes.join(",")))];
    Refusal {
        error: "missing_scope".into(),
        fields: fields.map(|(name, value)| (name.into(), value)).into_iter().collect(),
    }
}

pub(super) fn refused(error: &str) -> Reply {
    reply(Err(error.into()), None)
}

fn reply(answer: Answer, accepted: Option<String>) -> Reply {
    let (mut body, outcome) = match answer {
        Ok(fields) => (fields, Outcome::Done),
        Err(Refusal { error, mut fields }) => {
            fields.insert("error".into(), json!(error));
            (fields, Outcome::Refused(error))
        }
    };
    body.insert("ok".into(), json!(outcome == Outcome::Done));
    Reply { body: Value::Object(body), outcome, accepted }
}

/// The fields of an object written with `json!`.
fn fields(value: Value) -> Answer {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}
