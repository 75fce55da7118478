//! What is read for operators.

use std::{borrow::Cow, sync::Arc};

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::row;
use crate::{
    id::UserId,
    platform::Outgoing,
    store::{
        AuditRecord, By, Effect, EffectKey, EffectRecord, EffectState, EventRecord, EventState, Place, Scope,
        Selection, Sequence, ValueRecord,
    },
};

const OPEN_EVENTS: &str =
    "SELECT sequence, lane, person, received, attempts, crashes, replays, state, body FROM events";
const DEAD_EVENTS: &str = "SELECT sequence, lane, person, received, attempts, crashes, replays, reason, body FROM dead";
const OPEN_EFFECTS: &str =
    "SELECT event, handler, ordinal, part, lane, person, received, state, outgoing, body FROM effects WHERE ended = 0";
const DEAD_EFFECTS: &str =
    "SELECT event, handler, ordinal, part, lane, person, received, reason, outgoing, body FROM dead_effects WHERE true";

pub(super) fn events(connection: &Connection, selection: &Selection<Sequence>) -> rusqlite::Result<Vec<EventRecord>> {
    let all = if selection.dead { DEAD_EVENTS } else { OPEN_EVENTS };
    let mut statement = connection.prepare(&format!("{all} WHERE sequence > ?1 ORDER BY sequence"))?;
    let mut rows = statement.query([selection.after.map_or(-1, row::number)])?;
    let mut events = Vec::new();
    while events.len() < selection.limit
        && let Some(found) = rows.next()?
    {
        events.extend(selection.event(event_record(found, selection.dead)?));
    }
    Ok(events)
}

pub(super) fn event(connection: &Connection, event: Sequence) -> rusqlite::Result<Option<EventRecord>> {
    for (all, dead) in [(OPEN_EVENTS, false), (DEAD_EVENTS, true)] {
        let sql = format!("{all} WHERE sequence = ?1");
        let found = connection.query_row(&sql, [row::number(event)], |found| event_record(found, dead));
        if let Some(found) = found.optional()? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

pub(super) fn effects(
    connection: &Connection,
    selection: &Selection<EffectKey>,
) -> rusqlite::Result<Vec<EffectRecord>> {
    let all = if selection.dead { DEAD_EFFECTS } else { OPEN_EFFECTS };
    let sql =
        format!("{all} AND (event, handler, ordinal, part) > (?1, ?2, ?3, ?4) ORDER BY event, handler, ordinal, part");
    let mut statement = connection.prepare(&sql)?;
    let mut rows = match &selection.after {
        Some(EffectKey { event, handler, ordinal, part }) => {
            statement.query(params![row::number(*event), &**handler, ordinal, part])?
        }
        None => statement.query(params![-1, "", 0, 0])?,
    };
    let mut effects = Vec::new();
    while effects.len() < selection.limit
        && let Some(found) = rows.next()?
    {
        effects.extend(selection.effect(effect_record(found, selection.dead)?));
    }
    Ok(effects)
}

pub(super) fn effects_of(connection: &Connection, event: Sequence) -> rusqlite::Result<Vec<EffectRecord>> {
    let mut effects = Vec::new();
    for (all, dead) in [(OPEN_EFFECTS, false), (DEAD_EFFECTS, true)] {
        let mut statement = connection.prepare(&format!("{all} AND event = ?1 ORDER BY handler, ordinal, part"))?;
        let found = statement.query_map([row::number(event)], |found| effect_record(found, dead))?;
        effects.extend(found.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    Ok(effects)
}

pub(super) fn values_of(connection: &Connection, person: &UserId) -> rusqlite::Result<Vec<ValueRecord>> {
    let mut statement = connection.prepare("SELECT scope, key, value, expires FROM kept ORDER BY scope, key")?;
    let mut rows = statement.query([])?;
    let mut values = Vec::new();
    while let Some(found) = rows.next()? {
        let place = Place { scope: Scope(found.get(0)?), key: found.get(1)? };
        let expires: Option<i64> = found.get(3)?;
        values.push(ValueRecord { place, value: found.get(2)?, expires: expires.map(row::time) });
        values.pop_if(|value| !value.is_of(person));
    }
    Ok(values)
}

pub(super) fn audit(connection: &Connection, after: u64, limit: usize) -> rusqlite::Result<Vec<AuditRecord>> {
    let sql = "SELECT number, at, who, action, what FROM audit WHERE number > ?1 ORDER BY number LIMIT ?2";
    let mut statement = connection.prepare(sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let lines = statement.query_map(params![after.cast_signed(), limit], |found| {
        Ok(AuditRecord {
            number: found.get::<_, i64>(0)?.cast_unsigned(),
            by: By { at: row::time(found.get(1)?), who: found.get(2)? },
            action: found.get(3)?,
            what: found.get(4)?,
        })
    })?;
    lines.collect()
}

fn event_record(found: &Row<'_>, dead: bool) -> rusqlite::Result<EventRecord> {
    Ok(EventRecord {
        sequence: row::sequence(found.get(0)?),
        lane: row::lane(found.get_ref(1)?)?,
        person: person(found, 2)?,
        received: row::time(found.get(3)?),
        attempts: found.get(4)?,
        crashes: found.get(5)?,
        replays: found.get(6)?,
        state: if dead { EventState::Dead { reason: found.get(7)? } } else { row::json(found.get_ref(7)?)? },
        body: row::bytes(found.get_ref(8)?)?,
    })
}

fn effect_record(found: &Row<'_>, dead: bool) -> rusqlite::Result<EffectRecord> {
    let event = row::sequence(found.get(0)?);
    let handler = Cow::Owned(found.get(1)?);
    let outgoing: Outgoing = row::json(found.get_ref(8)?)?;
    Ok(EffectRecord {
        effect: Effect {
            key: EffectKey { event, handler, ordinal: found.get(2)?, part: found.get(3)? },
            state: if dead { EffectState::Dead { reason: found.get(7)? } } else { row::json(found.get_ref(7)?)? },
            outgoing: Arc::new(Outgoing { body: row::bytes(found.get_ref(9)?)?, ..outgoing }),
        },
        lane: row::lane(found.get_ref(4)?)?,
        person: person(found, 5)?,
        received: row::time(found.get(6)?),
    })
}

fn person(found: &Row<'_>, column: usize) -> rusqlite::Result<Option<UserId>> {
    Ok(found.get::<_, Option<String>>(column)?.map(UserId::from))
}
