//! What operators see, and what they change: over a connection of its own, beside whatever processes there are.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use tokio::sync::oneshot;
use tokio_postgres::{Client, Error, GenericClient, Row};

use super::{PostgresPlace, REMEMBERED, failed, place::why, row, session};
use crate::{
    clock::Timestamp,
    id::UserId,
    platform::Outgoing,
    store::{
        AUDIT_KEPT, AuditRecord, By, Changed, Commit, DEAD_KEPT, DROPPED, Effect, EffectKey, EffectRecord, EffectState,
        Erased, EventRecord, EventState, Intervention, Lane, Operate, Place, Records, Resolution, Scope, Selection,
        Sequence, StoreError, ValueRecord,
    },
};

const OPEN_EVENTS: &str =
    "SELECT sequence, lane, person, received, attempts, crashes, replays, state, body FROM events";
const DEAD_EVENTS: &str = "SELECT sequence, lane, person, received, attempts, crashes, replays, reason, body FROM dead";
const OPEN_EFFECTS: &str = "SELECT event, handler, ordinal, part, lane, person, received, state, outgoing, body \
                            FROM effects WHERE NOT ended";
const DEAD_EFFECTS: &str = "SELECT event, handler, ordinal, part, lane, person, received, reason, outgoing, body \
                            FROM dead_effects WHERE true";

/// How many rows are read at once where all are gone through.
const AT_ONCE: usize = 500;

/// How many keys are forgotten at once.
const MOST_KEYS: u64 = 20_000;

/// A database, as operators have it.
#[derive(Clone)]
pub(crate) struct PostgresRecords {
    place: PostgresPlace,
}

impl PostgresRecords {
    /// Connects when it is asked something.
    pub(crate) fn new(place: PostgresPlace) -> Self {
        Self { place }
    }

    /// Does something over a connection, and answers when that is done.
    fn ask<T, Work, Done>(&self, work: Work) -> Commit<T>
    where
        T: Send + 'static,
        Work: FnOnce(Client, PostgresPlace) -> Done + Send + 'static,
        Done: Future<Output = Result<T, StoreError>> + Send,
    {
        let (reply, answer) = oneshot::channel();
        let place = self.place.clone();
        tokio::spawn(async move {
            let connected = session::connect_to(&place, || {}).await.map_err(told);
            let result = match connected {
                Ok(client) => work(client, place).await,
                Err(error) => Err(error),
            };
            // Whoever asked may have gone away.
            let _ = reply.send(result);
        });
        Commit::UnderWay(answer)
    }
}

impl Records for PostgresRecords {
    fn events(&self, selection: Selection<Sequence>) -> Commit<Vec<EventRecord>> {
        self.ask(async move |client, _| events(&client, &selection).await)
    }

    fn event(&self, event: Sequence) -> Commit<Option<EventRecord>> {
        self.ask(async move |client, _| {
            for (all, dead) in [(OPEN_EVENTS, false), (DEAD_EVENTS, true)] {
                let sql = format!("{all} WHERE sequence = $1");
                if let Some(found) = client.query_opt(&sql, &[&row::number(event)]).await.map_err(told)? {
                    return event_record(&found, dead).map(Some);
                }
            }
            Ok(None)
        })
    }

    fn effects(&self, selection: Selection<EffectKey>) -> Commit<Vec<EffectRecord>> {
        self.ask(async move |client, _| effects(&client, &selection).await)
    }

    fn effects_of(&self, event: Sequence) -> Commit<Vec<EffectRecord>> {
        self.ask(async move |client, _| {
            let mut effects = Vec::new();
            for (all, dead) in [(OPEN_EFFECTS, false), (DEAD_EFFECTS, true)] {
                let sql = format!("{all} AND event = $1 ORDER BY handler, ordinal, part");
                let rows = client.query(&sql, &[&row::number(event)]).await.map_err(told)?;
                for found in &rows {
                    effects.push(effect_record(found, dead)?);
                }
            }
            Ok(effects)
        })
    }

    fn values_of(&self, person: UserId) -> Commit<Vec<ValueRecord>> {
        self.ask(async move |client, _| values_of(&client, &person).await)
    }

    fn audit(&self, after: u64, limit: usize) -> Commit<Vec<AuditRecord>> {
        self.ask(async move |client, _| {
            let sql = "SELECT number, at, who, action, what FROM audit WHERE number > $1 ORDER BY number LIMIT $2";
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = client.query(sql, &[&after.cast_signed(), &limit]).await.map_err(told)?;
            rows.iter().map(audit_record).collect()
        })
    }
}

impl Operate for PostgresRecords {
    fn intervene(&self, change: Intervention, by: By) -> Commit<Changed> {
        self.ask(async move |mut client, place| {
            let transaction = client.transaction().await.map_err(told)?;
            let changed = make(&transaction, &change).await?;
            if let Some(words) = changed.words(&change) {
                note(&transaction, &by, words).await.map_err(told)?;
            }
            transaction.commit().await.map_err(told)?;
            // Whoever holds the lane looks; without a word it would look a little later.
            let _ = client.batch_execute(&format!("NOTIFY {}", place.schema)).await;
            Ok(changed)
        })
    }

    fn erase(&self, person: UserId, by: By) -> Commit<Erased> {
        self.ask(async move |mut client, _| {
            let transaction = client.transaction().await.map_err(told)?;
            let mut erased = Erased::default();
            for dead in [true, false] {
                erase_events(&transaction, &person, dead, &mut erased).await?;
                erase_effects(&transaction, &person, dead, &mut erased).await?;
            }
            for ValueRecord { place, .. } in values_of(&transaction, &person).await? {
                let forget = "DELETE FROM kept WHERE scope = $1 AND key = $2";
                transaction.execute(forget, &[&&*place.scope.0, &&*place.key]).await.map_err(told)?;
                erased.values += 1;
            }
            note(&transaction, &by, erased.words()).await.map_err(told)?;
            transaction.commit().await.map_err(told)?;
            // Until then a row that was deleted stands on the disk. The log of the database is the operator's own.
            client.batch_execute("VACUUM events, dead, effects, dead_effects, kept").await.map_err(told)?;
            Ok(erased)
        })
    }

    fn forget(&self, now: Timestamp) -> Commit<bool> {
        self.ask(async move |client, _| forget(&client, now).await.map_err(told))
    }
}

async fn events(client: &impl GenericClient, selection: &Selection<Sequence>) -> Result<Vec<EventRecord>, StoreError> {
    let all = if selection.dead { DEAD_EVENTS } else { OPEN_EVENTS };
    let sql = format!("{all} WHERE sequence > $1 ORDER BY sequence LIMIT {AT_ONCE}");
    let mut after = selection.after.map_or(-1, row::number);
    let mut events = Vec::new();
    loop {
        let rows = client.query(&sql, &[&after]).await.map_err(told)?;
        for found in &rows {
            after = row::read(found, 0)?;
            events.extend(selection.event(event_record(found, selection.dead)?));
            if events.len() >= selection.limit {
                return Ok(events);
            }
        }
        if rows.len() < AT_ONCE {
            return Ok(events);
        }
    }
}

async fn effects(
    client: &impl GenericClient,
    selection: &Selection<EffectKey>,
) -> Result<Vec<EffectRecord>, StoreError> {
    let all = if selection.dead { DEAD_EFFECTS } else { OPEN_EFFECTS };
    // The order of bytes, as everywhere else.
    let sql = format!(
        "{all} AND (event, handler COLLATE \"C\", ordinal, part) > ($1, $2, $3, $4) \
         ORDER BY event, handler COLLATE \"C\", ordinal, part LIMIT {AT_ONCE}"
    );
    let mut after = selection.after.clone();
    let mut effects = Vec::new();
    loop {
        let (event, handler, ordinal, part) = match &after {
            Some(EffectKey { event, handler, ordinal, part }) => {
                (row::number(*event), handler.to_string(), row::count(*ordinal), row::count(*part))
            }
            None => (-1, String::new(), 0, 0),
        };
        let rows = client.query(&sql, &[&event, &handler, &ordinal, &part]).await.map_err(told)?;
        for found in &rows {
            let record = effect_record(found, selection.dead)?;
            after = Some(record.effect.key.clone());
            effects.extend(selection.effect(record));
            if effects.len() >= selection.limit {
                return Ok(effects);
            }
        }
        if rows.len() < AT_ONCE {
            return Ok(effects);
        }
    }
}

async fn values_of(client: &impl GenericClient, person: &UserId) -> Result<Vec<ValueRecord>, StoreError> {
    let rows = client.query("SELECT scope, key, value, expires FROM kept ORDER BY scope, key", &[]).await;
    let mut values = Vec::new();
    for found in &rows.map_err(told)? {
        let text = |column| row::read::<&str>(found, column).map(Arc::from);
        let place = Place { scope: Scope(text(0)?), key: text(1)? };
        let expires = row::read::<Option<i64>>(found, 3)?.map(|micros| Timestamp::from_micros(micros.cast_unsigned()));
        values.push(ValueRecord { place, value: text(2)?, expires });
        values.pop_if(|value| !value.is_of(person));
    }
    Ok(values)
}

async fn make(client: &impl GenericClient, change: &Intervention) -> Result<Changed, StoreError> {
    let word = match change {
        Intervention::Note { .. } => return Ok(Changed::Done),
        Intervention::Replay(event) => {
            let ready = row::text(&EventState::Ready);
            let again = client.query_one("SELECT replay($1, $2)", &[&row::number(*event), &ready]).await;
            let again: Option<i64> = row::read(&again.map_err(told)?, 0)?;
            return Ok(again.map_or(Changed::Missing, |again| Changed::Replayed(Sequence(again.cast_unsigned()))));
        }
        Intervention::Drop(event) => {
            client.query_one("SELECT drop_event($1, $2)", &[&row::number(*event), &DROPPED]).await
        }
        Intervention::Resolve(EffectKey { event, handler, ordinal, part }, resolution) => {
            let state = resolution.state();
            let reason = match &state {
                EffectState::Dead { reason } => Some(reason.as_str()),
                _ => None,
            };
            let (event, handler) = (row::number(*event), handler.to_string());
            let (ordinal, part, ends) = (row::count(*ordinal), row::count(*part), *resolution != Resolution::Resend);
            let state = row::text(&state);
            let resolve = "SELECT resolve($1, $2, $3, $4, $5, $6, $7)";
            client.query_one(resolve, &[&event, &handler, &ordinal, &part, &state, &ends, &reason]).await
        }
    };
    match row::read::<&str>(&word.map_err(told)?, 0)? {
        "done" => Ok(Changed::Done),
        "held" => Ok(Changed::Held),
        _ => Ok(Changed::Missing),
    }
}

async fn note(client: &impl GenericClient, by: &By, (action, what): (&str, String)) -> Result<(), Error> {
    let note = "INSERT INTO audit (at, who, action, what) VALUES ($1, $2, $3, $4)";
    client.execute(note, &[&row::micros(by.at), &by.who, &action, &what]).await.map(drop)
}

async fn erase_events(
    client: &impl GenericClient,
    person: &UserId,
    dead: bool,
    erased: &mut Erased,
) -> Result<(), StoreError> {
    for event in events(client, &Selection::of(person, dead)).await? {
        let number = row::number(event.sequence);
        if dead {
            client.execute("DELETE FROM dead WHERE sequence = $1", &[&number]).await.map_err(told)?;
            erased.events += 1;
            continue;
        }
        let lane = &*event.lane.0;
        // What somebody else said is not lost because it names this person: it is forgotten at its end.
        if event.person.as_ref() != Some(person) || is_held(client, lane).await? {
            erased.held += 1;
            continue;
        }
        let end = "SELECT count_work($1, -end_event($2, NULL), 0)";
        client.execute(end, &[&lane, &number]).await.map_err(told)?;
        erased.events += 1;
    }
    Ok(())
}

async fn erase_effects(
    client: &impl GenericClient,
    person: &UserId,
    dead: bool,
    erased: &mut Erased,
) -> Result<(), StoreError> {
    for found in effects(client, &Selection::of(person, dead)).await? {
        let EffectKey { event, handler, ordinal, part } = &found.effect.key;
        let (event, handler) = (row::number(*event), handler.to_string());
        let (ordinal, part) = (row::count(*ordinal), row::count(*part));
        if dead {
            let forget = "DELETE FROM dead_effects WHERE event = $1 AND handler = $2 AND ordinal = $3 AND part = $4";
            client.execute(forget, &[&event, &handler, &ordinal, &part]).await.map_err(told)?;
            erased.effects += 1;
            continue;
        }
        let lane = &*found.lane.0;
        let open = client.query_opt("SELECT 1 FROM events WHERE sequence = $1", &[&event]).await.map_err(told)?;
        if open.is_some() || is_held(client, lane).await? {
            erased.held += 1;
            continue;
        }
        // Its event is at its end, so that nothing is left of it.
        let end = "SELECT change_effect($1, $2, $3, $4, $5, '', true, NULL)";
        client.execute(end, &[&lane, &event, &handler, &ordinal, &part]).await.map_err(told)?;
        erased.effects += 1;
    }
    Ok(())
}

async fn is_held(client: &impl GenericClient, lane: &str) -> Result<bool, StoreError> {
    row::read(&client.query_one("SELECT is_held($1)", &[&lane]).await.map_err(told)?, 0)
}

/// Forgets what is out of date, but not too many keys at once; says whether there may be more.
async fn forget(client: &Client, now: Timestamp) -> Result<bool, Error> {
    let before = |span: Duration| row::micros(now).saturating_sub(i64::try_from(span.as_micros()).unwrap_or(i64::MAX));
    client.execute("DELETE FROM dead WHERE received <= $1", &[&before(DEAD_KEPT)]).await?;
    client.execute("DELETE FROM dead_effects WHERE received <= $1", &[&before(DEAD_KEPT)]).await?;
    client.execute("DELETE FROM audit WHERE at <= $1", &[&before(AUDIT_KEPT)]).await?;
    client.execute("DELETE FROM kept WHERE expires <= $1", &[&row::micros(now)]).await?;
    let keys = format!("DELETE FROM keys WHERE key IN (SELECT key FROM keys WHERE since <= $1 LIMIT {MOST_KEYS})");
    Ok(client.execute(&keys, &[&before(REMEMBERED)]).await? == MOST_KEYS)
}

fn event_record(found: &Row, dead: bool) -> Result<EventRecord, StoreError> {
    Ok(EventRecord {
        sequence: Sequence(row::read::<i64>(found, 0)?.cast_unsigned()),
        lane: Lane(row::read::<&str>(found, 1)?.into()),
        person: row::read::<Option<&str>>(found, 2)?.map(UserId::from),
        received: row::time(found, 3)?,
        attempts: row::uncount(row::read(found, 4)?),
        crashes: row::uncount(row::read(found, 5)?),
        replays: row::uncount(row::read(found, 6)?),
        state: if dead { EventState::Dead { reason: row::read(found, 7)? } } else { row::json(found, 7)? },
        body: row::bytes(found, 8)?,
    })
}

fn effect_record(found: &Row, dead: bool) -> Result<EffectRecord, StoreError> {
    let key = EffectKey {
        event: Sequence(row::read::<i64>(found, 0)?.cast_unsigned()),
        handler: Cow::Owned(row::read(found, 1)?),
        ordinal: row::uncount(row::read(found, 2)?),
        part: row::uncount(row::read(found, 3)?),
    };
    let outgoing: Outgoing = row::json(found, 8)?;
    let outgoing = Arc::new(Outgoing { body: row::bytes(found, 9)?, ..outgoing });
    let state = if dead { EffectState::Dead { reason: row::read(found, 7)? } } else { row::json(found, 7)? };
    Ok(EffectRecord {
        effect: Effect { key, outgoing, state },
        lane: Lane(row::read::<&str>(found, 4)?.into()),
        person: row::read::<Option<&str>>(found, 5)?.map(UserId::from),
        received: row::time(found, 6)?,
    })
}

fn audit_record(found: &Row) -> Result<AuditRecord, StoreError> {
    Ok(AuditRecord {
        number: row::read::<i64>(found, 0)?.cast_unsigned(),
        by: By { at: row::time(found, 1)?, who: row::read(found, 2)? },
        action: row::read(found, 3)?,
        what: row::read(found, 4)?,
    })
}

fn told(error: Error) -> StoreError {
    failed(why(&error))
}

impl fmt::Debug for PostgresRecords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresRecords({:?})", self.place)
    }
}
