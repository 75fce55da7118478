//! What operators read: tables and lines of JSON.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::{Map, Value, json};

use super::{
    print, talk,
    time::{age, stamp},
};
use crate::{
    clock::Timestamp,
    language::Language,
    store::{EffectRecord, EffectState, EventRecord, EventState},
};

/// How rows are listed.
#[derive(Clone, Copy, Debug, Args)]
pub(in crate::cli) struct Listing {
    /// Print one JSON object a line.
    #[arg(long)]
    pub(super) json: bool,
    /// Print so many at most.
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    pub(super) limit: usize,
}

/// A row: what stands in the table, by its head, and the same as an object.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<(&'static str, String)>,
    pub(super) object: Value,
}

impl Listing {
    /// Prints rows; says what is not shown, and that there is nothing if that is so.
    pub(super) fn print(self, rows: &[Row], language: Language, nothing: &str) {
        let shown = &rows[..rows.len().min(self.limit)];
        if self.json {
            shown.iter().for_each(|row| print(&row.object.to_string()));
            return;
        }
        match shown {
            [] => talk(nothing),
            shown => print(&table(shown)),
        }
        if rows.len() > shown.len() {
            let more = rows.len() - shown.len();
            talk(&language.pick(
                format!("… and {more} more; --limit shows more of them"),
                format!("… et {more} de plus ; --limit en montre davantage"),
            ));
        }
    }
}

fn table(rows: &[Row]) -> String {
    let heads: Vec<&str> =
        rows.first().map(|row| row.cells.iter().map(|(head, _)| *head).collect()).unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row.cells[column].1.chars().count());
        cells.max().unwrap_or_default().max(heads[column].len())
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded = cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let head = line(&mut heads.iter().copied());
    let lines = rows.iter().map(|row| line(&mut row.cells.iter().map(|(_, cell)| cell.as_str())));
    std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
}

/// One event, without what was said.
pub(super) fn event(event: &EventRecord, now: Timestamp) -> Row {
    let (state, reason) = event_state(&event.state);
    let person = event.person.as_ref().map(ToString::to_string);
    let mut cells = vec![("ID", event.sequence.to_string()), ("AGE", age(now.since(event.received)))];
    if reason.is_none() {
        cells.push(("STATE", state.to_owned()));
    }
    cells.extend([
        ("ATTEMPTS", event.attempts.to_string()),
        ("CRASHES", event.crashes.to_string()),
        ("REPLAYS", event.replays.to_string()),
        ("PERSON", person.clone().unwrap_or_else(|| "-".to_owned())),
        ("LANE", event.lane.0.to_string()),
    ]);
    cells.extend(reason.map(|reason| ("REASON", reason.to_owned())));
    let object = json!({
        "id": event.sequence.to_string(),
        "received": stamp(event.received),
        "state": state,
        "reason": reason,
        "attempts": event.attempts,
        "crashes": event.crashes,
        "replays": event.replays,
        "person": person,
        "lane": event.lane.0,
    });
    Row { cells, object }
}

/// One message, without what it says.
pub(super) fn effect(found: &EffectRecord, now: Timestamp) -> Row {
    let (state, reason) = effect_state(&found.effect.state);
    let outgoing = &found.effect.outgoing;
    let channel = outgoing.channel.as_ref().map(ToString::to_string);
    let id = found.effect.key.to_string();
    let cells = vec![
        ("ID", id.clone()),
        ("AGE", age(now.since(found.received))),
        ("STATE", state.to_owned()),
        ("METHOD", outgoing.method.clone()),
        ("CHANNEL", channel.clone().unwrap_or_else(|| "-".to_owned())),
        ("REASON", reason.unwrap_or("-").to_owned()),
    ];
    let object = json!({
        "id": id,
        "received": stamp(found.received),
        "state": state,
        "reason": reason,
        "method": outgoing.method,
        "channel": channel,
        "handler": found.effect.key.handler,
        "person": found.person,
        "lane": found.lane.0,
    });
    Row { cells, object }
}

/// A row with everything that is kept of it, and what was said.
pub(super) fn whole(row: Row, body: &[u8], json: bool) -> String {
    let mut said = serde_json::from_slice(body).unwrap_or_else(|_| json!(String::from_utf8_lossy(body)));
    hide(&mut said);
    let Value::Object(mut fields) = row.object else { return String::new() };
    if json {
        fields.insert("body".to_owned(), said);
        return Value::Object(fields).to_string();
    }
    format!("{}\n\n{said:#}", lines(&fields))
}

/// What Slack sends along that is as good as a key.
const KEYS: [&str; 3] = ["token", "response_url", "trigger_id"];

/// Whoever may read what was said needs no keys for it.
fn hide(said: &mut Value) {
    for key in KEYS {
        if let Some(value) = said.get_mut(key) {
            *value = json!("…");
        }
    }
}

/// A line for each field that is there.
fn lines(fields: &Map<String, Value>) -> String {
    let there: BTreeMap<&String, &Value> = fields.iter().filter(|(_, value)| !value.is_null()).collect();
    let width = there.keys().map(|name| name.len()).max().unwrap_or_default();
    let line = |(name, value): (&&String, &&Value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{name:<width$}  {text}")
    };
    there.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn event_state(state: &EventState) -> (&'static str, Option<&str>) {
    match state {
        EventState::Answering => ("answering", None),
        EventState::Ready => ("ready", None),
        EventState::Restored => ("restored", None),
        EventState::Suspected { .. } => ("suspected", None),
        EventState::Retry { .. } => ("retry", None),
        EventState::Waiting { .. } => ("waiting", None),
        EventState::Done => ("done", None),
        EventState::Dead { reason } => ("dead", Some(reason)),
    }
}

fn effect_state(state: &EffectState) -> (&'static str, Option<&str>) {
    match state {
        EffectState::Pending => ("unsent", None),
        EffectState::Sending(_) => ("sending", None),
        EffectState::Ambiguous(_) => ("in doubt", None),
        EffectState::Sent { .. } => ("sent", None),
        EffectState::Dead { reason } => ("dead", Some(reason)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_hidden() {
        let row = Row { cells: vec![], object: json!({ "id": "3.17" }) };
        let body = br#"{"token":"canary","response_url":"https://canary","text":"hello"}"#;
        let shown = whole(row, body, true);
        assert_eq!(shown, r#"{"body":{"response_url":"…","text":"hello","token":"…"},"id":"3.17"}"#);
    }

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them() {
        let row = |id: &str, lane: &str| Row {
            cells: vec![("ID", id.to_owned()), ("LANE", lane.to_owned())],
            object: Value::Null,
        };
        assert_eq!(table(&[row("3.17", "a"), row("1", "é/b")]), "ID    LANE\n3.17  a\n1     é/b");
    }
}
