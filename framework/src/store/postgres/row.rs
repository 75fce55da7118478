//! How values stand in rows.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use tokio_postgres::Row;

use super::failed;
use crate::{
    clock::Timestamp,
    platform::Outgoing,
    store::{Effect, EffectKey, Sequence, StoreError, Stored},
};

/// Numbers and times stand as they are; none comes near to what does not fit.
pub(super) fn number(sequence: Sequence) -> i64 {
    sequence.0.cast_signed()
}

pub(super) fn micros(time: Timestamp) -> i64 {
    time.micros().cast_signed()
}

pub(super) fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) fn uncount(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// A state, or whatever else is looked at as a whole, stands as JSON.
pub(super) fn text(value: &impl Serialize) -> String {
    // Maps with keys that are no text would fail: there are none.
    serde_json::to_string(value).unwrap_or_default()
}

/// What is to be sent stands as JSON without its body, which has a column of its own.
pub(super) fn without_body(outgoing: &Outgoing) -> String {
    text(&Outgoing { body: Bytes::new(), ..outgoing.clone() })
}

/// A row of `sequence, state, received, dispatch, attempts, crashes, replays, body`.
pub(super) fn stored(row: &Row) -> Result<Stored, StoreError> {
    Ok(Stored {
        sequence: Sequence(read::<i64>(row, 0)?.cast_unsigned()),
        state: json(row, 1)?,
        received: Timestamp::from_micros(read::<i64>(row, 2)?.cast_unsigned()),
        dispatch: read(row, 3)?,
        attempts: uncount(read(row, 4)?),
        crashes: uncount(read(row, 5)?),
        replays: uncount(read(row, 6)?),
        body: bytes(row, 7)?,
        recorded: Vec::new(),
    })
}

/// A row of `event, handler, ordinal, part, state, outgoing, body`.
pub(super) fn effect(row: &Row) -> Result<Effect, StoreError> {
    let key = EffectKey {
        event: Sequence(read::<i64>(row, 0)?.cast_unsigned()),
        handler: Cow::Owned(read(row, 1)?),
        ordinal: uncount(read(row, 2)?),
        part: uncount(read(row, 3)?),
    };
    let outgoing: Outgoing = json(row, 5)?;
    let outgoing = Arc::new(Outgoing { body: bytes(row, 6)?, ..outgoing });
    Ok(Effect { key, state: json(row, 4)?, outgoing })
}

pub(super) fn read<'a, T: tokio_postgres::types::FromSql<'a>>(row: &'a Row, column: usize) -> Result<T, StoreError> {
    row.try_get(column).map_err(unreadable)
}

pub(super) fn time(row: &Row, column: usize) -> Result<Timestamp, StoreError> {
    read::<i64>(row, column).map(|micros| Timestamp::from_micros(micros.cast_unsigned()))
}

pub(super) fn bytes(row: &Row, column: usize) -> Result<Bytes, StoreError> {
    read::<&[u8]>(row, column).map(Bytes::copy_from_slice)
}

pub(super) fn json<T: DeserializeOwned>(row: &Row, column: usize) -> Result<T, StoreError> {
    serde_json::from_str(read(row, column)?).map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> StoreError {
    failed(format_args!("a row of the database cannot be read: {error}"))
}
