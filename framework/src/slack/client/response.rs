//! An answer of the Web API.

use std::fmt;

use axum::http::HeaderValue;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use super::CallError;
use crate::{
    clock::Timestamp,
    id::{ChannelId, MessageId},
};

/// An answer, kept as it came beside the few fields that every method shares.
#[derive(Clone)]
pub struct Response {
    method: Box<str>,
    body: Bytes,
    scopes: Option<Box<str>>,
    date: Option<Timestamp>,
    pub(super) envelope: Envelope,
}

/// What every answer may have. Fields of an unexpected type count as absent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envelope {
    #[serde(deserialize_with = "lenient")]
    pub(super) ok: Option<bool>,
    #[serde(deserialize_with = "lenient")]
    pub(super) error: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) needed: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) provided: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) channel: Option<ChannelId>,
    #[serde(deserialize_with = "lenient")]
    pub(super) ts: Option<MessageId>,
    #[serde(deserialize_with = "lenient")]
    warning: Option<String>,
    #[serde(deserialize_with = "lenient")]
    response_metadata: Option<Metadata>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    #[serde(deserialize_with = "lenient")]
    next_cursor: Option<String>,
    #[serde(deserialize_with = "lenient")]
    messages: Option<Vec<String>>,
    #[serde(deserialize_with = "lenient")]
    warnings: Option<Vec<String>>,
}

impl Response {
    /// Takes the method that was called, the body and the header `x-oauth-scopes`. `None` if the body is not a JSON
    /// object.
    pub(super) fn read(method: &str, body: Bytes, scopes: Option<String>) -> Option<Self> {
        // A list would be taken for the fields in their order.
        body.trim_ascii_start().starts_with(b"{").then_some(())?;
        let envelope = serde_json::from_str(std::str::from_utf8(&body).ok()?).ok()?;
        let scopes = scopes.map(String::into_boxed_str);
        Some(Self { method: method.into(), body, scopes, date: None, envelope })
    }

    /// The same, given at this time.
    pub(super) fn dated(self, date: Option<&HeaderValue>) -> Self {
        let date = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
        let since_epoch = date.and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok());
        Self { date: since_epoch.map(|since| Timestamp::default() + since), ..self }
    }

    /// An answer that says nothing but yes.
    pub(super) fn empty(method: &str) -> Self {
        Self { method: method.into(), body: Bytes::new(), scopes: None, date: None, envelope: Envelope::default() }
    }

    /// The method that was called.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The message that the call made: where it stands, and its identifier there.
    #[must_use]
    pub fn message(&self) -> (Option<&ChannelId>, Option<&MessageId>) {
        (self.envelope.channel.as_ref(), self.envelope.ts.as_ref())
    }

    /// The body as it came.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// The body as a value of the caller's choice. Refuses a body that does not fit it.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        serde_json::from_slice(&self.body).map_err(|error| CallError::unreadable(&self.method, &error.to_string()))
    }

    /// What the platform warns of, as `missing_charset`.
    #[must_use]
    pub fn warnings(&self) -> Vec<&str> {
        let listed = self.metadata(|metadata| metadata.warnings.as_ref()).map_or(&[][..], Vec::as_slice);
        let mut warnings: Vec<_> = self.envelope.warning.iter().flat_map(|text| text.split(',')).collect();
        warnings.extend(listed.iter().map(String::as_str));
        warnings.retain(|warning| !warning.trim().is_empty());
        warnings.sort_unstable();
        warnings.dedup();
        warnings
    }

    /// Sentences of the platform about what was sent, such as which block is malformed.
    #[must_use]
    pub fn messages(&self) -> &[String] {
        self.metadata(|metadata| metadata.messages.as_ref()).map_or(&[], Vec::as_slice)
    }

    /// Where the next page begins; `None` on the last one.
    #[must_use]
    pub fn next_cursor(&self) -> Option<&str> {
        self.metadata(|metadata| metadata.next_cursor.as_deref()).filter(|cursor| !cursor.is_empty())
    }

    /// The scopes that the token has, if the platform said so.
    #[must_use]
    pub fn scopes(&self) -> Option<Vec<&str>> {
        let scopes = self.scopes.as_ref()?;
        Some(scopes.split(',').map(str::trim).filter(|scope| !scope.is_empty()).collect())
    }

    /// When the platform answered, by its own clock and in whole seconds, if it said so.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        self.date
    }

    fn metadata<'a, T>(&'a self, field: impl Fn(&'a Metadata) -> Option<T>) -> Option<T> {
        self.envelope.response_metadata.as_ref().and_then(field)
    }
}

impl fmt::Debug for Response {
    /// Without the body, which holds what people wrote and, for some methods, tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("method", &self.method)
            .field("ok", &self.envelope.ok)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Reads a value, or `None` when it is of another type.
pub(super) fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<Response> {
        Response::read("m", Bytes::copy_from_slice(body.as_bytes()), Some("chat:write, im:history".to_owned()))
    }

    #[test]
    fn reads_what_every_answer_may_have() {
        let answer = read(
            r#"{"ok":true,"warning":"superfluous_charset,missing_charset","response_metadata":
               {"next_cursor":"dGVhbQ==","warnings":["missing_charset"],"messages":["[WARN] x"]}}"#,
        )
        .unwrap();
        assert_eq!(answer.warnings(), ["missing_charset", "superfluous_charset"]);
        assert_eq!(answer.messages(), ["[WARN] x"]);
        assert_eq!(answer.next_cursor(), Some("dGVhbQ=="));
        assert_eq!(answer.scopes().unwrap(), ["chat:write", "im:history"]);
    }

    #[test]
    fn tells_when_it_was_given() {
        let dated = |date| read(r#"{"ok":true}"#).unwrap().dated(Some(&HeaderValue::from_static(date))).date();
        assert_eq!(dated("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Timestamp::from_seconds(1_445_412_480)));
        for date in ["", "yesterday", "Thu, 01 Jan 1960 00:00:00 GMT"] {
            assert_eq!(dated(date), None, "{date}");
        }
    }

    #[test]
    fn tolerates_fields_of_another_type() {
        let answer = read(r#"{"ok":"yes","error":{"code":1},"warning":[],"response_metadata":[]}"#).unwrap();
        assert_eq!((answer.envelope.ok, answer.envelope.error.clone()), (None, None));
        assert!(answer.warnings().is_empty() && answer.next_cursor().is_none());
        assert!(read(r#"{"ok":true,"response_metadata":{"next_cursor":""}}"#).unwrap().next_cursor().is_none());
    }

    #[test]
    fn what_is_not_an_object_is_no_answer() {
        for body in ["", "ok", "<html>", "[]", "[true]", "1", r#"{"ok":true"#] {
            assert!(read(body).is_none(), "{body}");
        }
    }

    #[test]
    fn debug_shows_no_body_and_an_error_no_token() {
        let answer = read(r#"{"ok":true,"access_token":"xoxb-1-canary"}"#).unwrap();
        assert!(!format!("{answer:?}").contains("canary"));
        #[derive(Debug, Deserialize)]
        struct Wrong {
            #[serde(rename = "access_token")]
            _number: u8,
        }
        let error = answer.json::<Wrong>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
}
