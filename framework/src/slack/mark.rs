//! The mark on a message, by which it is found again in what was said.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

const EVENT_TYPE: &str = "bavard_reply";

/// Names one message among all that are ever said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark<'a> {
    pub(super) key: &'a str,
    /// Which part, when one saying is several messages.
    pub(super) part: usize,
}

/// The metadata that carries a mark: people never see it.
#[derive(Debug, Serialize)]
pub(super) struct Metadata<'a> {
    event_type: &'static str,
    event_payload: Payload<'a>,
}

#[derive(Debug, Serialize)]
struct Payload<'a> {
    #[serde(serialize_with = "written")]
    key: Mark<'a>,
}

impl<'a> Metadata<'a> {
    pub(super) fn of(mark: Mark<'a>) -> Self {
        Self { event_type: EVENT_TYPE, event_payload: Payload { key: mark } }
    }
}

fn written<S: Serializer>(mark: &Mark<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{}/{}", mark.key, mark.part))
}

/// The mark in a message's metadata; `None` when another put it there, or nobody.
pub(super) fn read(metadata: &Value) -> Option<&str> {
    let ours = metadata.get("event_type")?.as_str()? == EVENT_TYPE;
    metadata.get("event_payload")?.get("key")?.as_str().filter(|_| ours)
}

/// Where a message that was posted stands, and how it is marked.
#[derive(Debug, Deserialize)]
pub(super) struct PostedAs {
    pub(super) channel: String,
    pub(super) text: String,
    pub(super) thread_ts: Option<String>,
    metadata: Value,
}

impl PostedAs {
    /// Reads the body of a post back; `None` for one without a mark.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let posted: Self = serde_json::from_slice(body).ok()?;
        posted.mark().is_some().then_some(posted)
    }

    pub(super) fn mark(&self) -> Option<&str> {
        read(&self.metadata)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        let metadata = serde_json::to_value(Metadata::of(Mark { key: "ab/1", part: 2 })).unwrap();
        assert_eq!(metadata.to_string(), r#"{"event_payload":{"key":"ab/1/2"},"event_type":"bavard_reply"}"#);
        assert_eq!(read(&metadata), Some("ab/1/2"));
        let other = serde_json::json!({"event_type": "task_created", "event_payload": {"key": "ab/1/2"}});
        assert_eq!(read(&other), None);
        assert_eq!(read(&Value::Null), None);
    }
}
