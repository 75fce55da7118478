//! The arguments of a call, from a query, a form or JSON.

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::Refusal;

/// The arguments of a call.
#[derive(Debug, Default)]
pub(in crate::workspace) struct Args {
    values: Map<String, Value>,
    json: bool,
    token: Option<String>,
    /// Whether the answer shall be a page without anything in it.
    pub(in crate::workspace) empty_page: bool,
    /// Whether the answer shall not show yet what the bot said last.
    pub(in crate::workspace) lagging: bool,
    /// How many things a page holds at most, whatever is asked for.
    pub(in crate::workspace) most: Option<u64>,
}

impl Args {
    /// Reads a query, or the body of a form.
    pub(in crate::workspace) fn from_form(form: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(form);
        let mut values: Map<String, Value> = pairs.map(|(name, value)| (name.into(), value.into())).collect();
        let token = values.remove("token").and_then(|token| token.as_str().map(String::from));
        Self { values, token, ..Self::default() }
    }

    /// Reads a JSON body. Refused: what is no JSON, and what is no object.
    pub(in crate::workspace) fn from_json(body: &[u8]) -> Result<Self, &'static str> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(mut values)) => {
                values.remove("token");
                Ok(Self { values, json: true, ..Self::default() })
            }
            Ok(_) => Err("json_not_object"),
            Err(_) => Err("invalid_json"),
        }
    }

    /// The token in a form, where it may stand instead of the header.
    pub(in crate::workspace) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub(in crate::workspace) fn is_json(&self) -> bool {
        self.json
    }

    /// All of them, for the record; a secret is not kept.
    pub(in crate::workspace) fn to_value(&self) -> Value {
        let open = self.values.iter().filter(|(name, _)| *name != "client_secret");
        open.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    pub(super) fn values(&self) -> &Map<String, Value> {
        &self.values
    }

    /// A text that is there and not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A text that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        let missing = || Refusal::explained("invalid_arguments", &format!("missing required field: {name}"));
        self.text(name).ok_or_else(missing)
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        match self.values.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => text == "true" || text == "1",
            Some(Value::Number(number)) => number.as_u64() == Some(1),
            _ => false,
        }
    }

    /// A number, if there is one that can be read.
    pub(super) fn number(&self, name: &str) -> Option<Result<u64, ()>> {
        match self.values.get(name)? {
            Value::Number(number) => Some(number.as_u64().ok_or(())),
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.parse().map_err(|_| ())),
            _ => Some(Err(())),
        }
    }

    /// A structure: itself in JSON, a text of JSON in a form. `Err` when that text is no JSON.
    pub(super) fn structure(&self, name: &str) -> Result<Option<Value>, ()> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| ()),
            Some(value) => Ok(Some(value.clone())),
        }
    }
}
