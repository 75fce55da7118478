//! How values stand in rows.

use std::{borrow::Cow, error::Error, sync::Arc};

use bytes::Bytes;
use rusqlite::{
    Row,
    types::{Type, ValueRef},
};
use serde::{Serialize, de::DeserializeOwned};

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
    let text = value.as_str().map_err(|error| unreadable(Type::Text, error))?;
    Ok(Lane(Arc::from(text)))
}

/// A row of the statement `event`.
pub(super) fn stored(sequence: Sequence, row: &Row<'_>) -> rusqlite::Result<Stored> {
    let state: EventState = json(row.get_ref(0)?)?;
    Ok(Stored {
        sequence,
        state,
        received: time(row.get(1)?),
        dispatch: row.get(2)?,
        attempts: row.get(3)?,
        crashes: row.get(4)?,
        replays: row.get(5)?,
        body: bytes(row.get_ref(6)?)?,
        recorded: Vec::new(),
    })
}

/// A row of the statement `effects`.
pub(super) fn effect(event: Sequence, row: &Row<'_>) -> rusqlite::Result<Effect> {
    let handler = row.get_ref(0)?.as_str().map_err(|error| unreadable(Type::Text, error))?;
    let outgoing: Outgoing = json(row.get_ref(4)?)?;
    Ok(Effect {
        key: EffectKey { event, handler: Cow::Owned(handler.to_owned()), ordinal: row.get(1)?, part: row.get(2)? },
        state: json(row.get_ref(3)?)?,
        outgoing: Arc::new(Outgoing { body: bytes(row.get_ref(5)?)?, ..outgoing }),
    })
}

pub(super) fn bytes(value: ValueRef<'_>) -> rusqlite::Result<Bytes> {
    value.as_blob().map(Bytes::copy_from_slice).map_err(|error| unreadable(Type::Blob, error))
}

pub(super) fn json<T: DeserializeOwned>(value: ValueRef<'_>) -> rusqlite::Result<T> {
    let text = value.as_str().map_err(|error| unreadable(Type::Text, error))?;
    serde_json::from_str(text).map_err(|error| unreadable(Type::Text, error))
}

fn unreadable(kind: Type, error: impl Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(error))
}
