//! How values stand in rows.

use std::{borrow::Cow, error::Error, sync::Arc};

use bytes::Bytes;
use rusqlite::{
    Row,
    types::{Type, ValueRef},
};
use serde::{Serialize, de::DeserializeOwned};

use super::sum;
use crate::{
    clock::Timestamp,
    platform::Outgoing,
    store::{Effect, EffectKey, EventState, Lane, Sequence, Stored},
};

/// Numbers and times stand as they are; none comes near to what does not fit.
pub(super) fn number(sequence: Sequence) -> i64 {
    sequence.0.cast_signed()
}

pub(super) fn micros(time: Timestamp) -> i64 {
    time.micros().cast_signed()
}

/// A state, or whatever else is looked at as a whole, stands as JSON.
pub(super) fn text(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// What is to be sent stands as JSON without its body, which has a column of its own.
pub(super) fn without_body(outgoing: &Outgoing) -> rusqlite::Result<String> {
    text(&Outgoing { body: Bytes::new(), ..outgoing.clone() })
}

pub(super) fn time(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros.cast_unsigned())
}

pub(super) fn sequence(number: i64) -> Sequence {
    Sequence(number.cast_unsigned())
}

pub(super) fn lane(value: ValueRef<'_>) -> rusqlite::Result<Lane> {
    Ok(Lane(Arc::from(text_of(value)?)))
}

/// A row of the statement `event`.
pub(super) fn stored(sequence: Sequence, row: &Row<'_>) -> rusqlite::Result<Stored> {
    let state: EventState = json(row.get_ref(0)?)?;
    let (received, dispatch) = (Timestamp::from_micros(row.get::<_, i64>(1)?.cast_unsigned()), row.get(2)?);
    let (body, lane) = (bytes(row.get_ref(6)?)?, text_of(row.get_ref(7)?)?);
    sum::compare(row.get(8)?, event_sum(sequence, lane, received, dispatch, &body))?;
    Ok(Stored {
        sequence,
        state,
        received,
        dispatch,
        attempts: row.get(3)?,
        crashes: row.get(4)?,
        replays: row.get(5)?,
        body,
        recorded: Vec::new(),
    })
}

/// The sum of what never changes of an event.
pub(super) fn event_sum(sequence: Sequence, lane: &str, received: Timestamp, dispatch: bool, body: &[u8]) -> i64 {
    let numbers = [number(sequence).to_le_bytes(), micros(received).to_le_bytes()];
    sum::sum(&[numbers.as_flattened(), &[u8::from(dispatch)], lane.as_bytes(), body])
}

/// A row of the statement `effects`.
pub(super) fn effect(event: Sequence, row: &Row<'_>) -> rusqlite::Result<Effect> {
    let handler = Cow::Owned(text_of(row.get_ref(0)?)?.to_owned());
    let key = EffectKey { event, handler, ordinal: row.get(1)?, part: row.get(2)? };
    let (outgoing, body, lane) = (row.get_ref(4)?, bytes(row.get_ref(5)?)?, text_of(row.get_ref(6)?)?);
    sum::compare(row.get(7)?, effect_sum(&key, lane, text_of(outgoing)?, &body))?;
    let outgoing: Outgoing = json(outgoing)?;
    Ok(Effect { key, state: json(row.get_ref(3)?)?, outgoing: Arc::new(Outgoing { body, ..outgoing }) })
}

/// The sum of what never changes of an effect.
pub(super) fn effect_sum(key: &EffectKey, lane: &str, outgoing: &str, body: &[u8]) -> i64 {
    let numbers = [u64::from(key.ordinal).to_le_bytes(), u64::from(key.part).to_le_bytes()];
    let event = number(key.event).to_le_bytes();
    let texts = [key.handler.as_bytes(), lane.as_bytes(), outgoing.as_bytes()];
    sum::sum(&[&event, numbers.as_flattened(), texts[0], texts[1], texts[2], body])
}

pub(super) fn bytes(value: ValueRef<'_>) -> rusqlite::Result<Bytes> {
    value.as_blob().map(Bytes::copy_from_slice).map_err(|error| unreadable(Type::Blob, error))
}

pub(super) fn json<T: DeserializeOwned>(value: ValueRef<'_>) -> rusqlite::Result<T> {
    serde_json::from_str(text_of(value)?).map_err(|error| unreadable(Type::Text, error))
}

fn text_of(value: ValueRef<'_>) -> rusqlite::Result<&str> {
    value.as_str().map_err(|error| unreadable(Type::Text, error))
}

fn unreadable(kind: Type, error: impl Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(error))
}
