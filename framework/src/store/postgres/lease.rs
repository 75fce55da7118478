//! Leases, by the clock of the database alone.

use std::collections::{HashMap, HashSet};

use tokio_postgres::{Client, Error, GenericClient, Row};

use super::{GivenUp, HOLDS_FOR, failed, place::why, row};
use crate::{
    clock::Timestamp,
    store::{Effect, Lane, Lease, Leased, Sequence, StoreError, Stored},
};

/// Lanes that are held, all with the events that their holder was not told of, or free ones with all their work.
type Lanes = HashMap<String, Lease>;

/// What a look brought.
pub(super) struct Look {
    pub(super) lanes: Vec<Leased>,
    /// Under which number they are held, when the leases were renewed with it.
    pub(super) renewed: Option<i64>,
}

/// Holds every lease for longer; says under which number. A holder whose leases ran out is another one from then on, for
/// somebody may be about to free whatever the old one held.
pub(super) async fn renew(client: &impl GenericClient, me: i64) -> Result<i64, Error> {
    let renew = "UPDATE holders SET until = clock_timestamp() + $2 * interval '1 second'
                 WHERE holder = $1 AND until >= clock_timestamp()";
    if client.execute(renew, &[&me, &HOLDS_FOR.as_secs_f64()]).await? == 1 {
        return Ok(me);
    }
    begin(client).await
}

/// A new holder, whose leases hold from now on.
pub(super) async fn begin(client: &impl GenericClient) -> Result<i64, Error> {
    let begin = "INSERT INTO holders (holder, until)
                 VALUES (nextval('tokens'), clock_timestamp() + $1 * interval '1 second') RETURNING holder";
    client.query_one(begin, &[&HOLDS_FOR.as_secs_f64()]).await?.try_get(0)
}

/// Gives every lease up.
pub(super) async fn leave(client: &Client, me: i64) -> Result<(), Error> {
    let free = r#"
        WITH held AS (SELECT lane FROM lanes WHERE holder = $1 ORDER BY lane COLLATE "C" FOR UPDATE)
        UPDATE lanes SET holder = NULL FROM held WHERE lanes.lane = held.lane"#;
    client.execute(free, &[&me]).await?;
    client.execute("DELETE FROM holders WHERE holder = $1", &[&me]).await.map(drop)
}

/// Takes lanes that nobody holds, and asks for what others took into those that are held.
///
/// Lanes are locked in the order of their names, as by all who change many at a time: so they do not wait in a circle.
pub(super) async fn lease(
    client: &mut Client,
    me: i64,
    limit: usize,
    now: Timestamp,
    given_up: &GivenUp,
) -> Result<Look, StoreError> {
    if !is_worth_a_look(client, me).await.map_err(told)? {
        return Ok(Look { lanes: Vec::new(), renewed: None });
    }
    free_the_lost(client).await.map_err(told)?;
    let transaction = client.transaction().await.map_err(told)?;
    // Whoever takes a lane holds it.
    let me = renew(&transaction, me).await.map_err(told)?;
    let mut lanes = unseen(&transaction, me).await?;
    lanes.extend(free(&transaction, me, limit, now).await?);
    if let Err(error) = transaction.commit().await {
        // If it was made nevertheless, the lanes are held, and nobody is told again of what they have.
        given_up.add(lanes.iter().map(|leased| &leased.lease.lane)).await;
        return Err(told(error));
    }
    Ok(Look { lanes, renewed: Some(me) })
}

/// Whether there is anything to be taken: all that is asked where nothing happens.
async fn is_worth_a_look(client: &Client, me: i64) -> Result<bool, Error> {
    let look = "SELECT EXISTS (
        SELECT FROM lanes WHERE holder IS NULL OR (holder = $1 AND unseen > 0)
        OR NOT EXISTS (SELECT FROM holders WHERE holders.holder = lanes.holder AND until >= clock_timestamp())
    )";
    client.query_one(look, &[&me]).await?.try_get(0)
}

/// Frees the lanes of whoever did not renew. Holders are named once and for all, so that a lane which was taken over
/// between the two statements is left alone.
async fn free_the_lost(client: &impl GenericClient) -> Result<(), Error> {
    let lost = "SELECT DISTINCT holder FROM lanes WHERE holder IS NOT NULL
                EXCEPT SELECT holder FROM holders WHERE until >= clock_timestamp()";
    let lost = client.query(lost, &[]).await?;
    let lost = lost.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, Error>>()?;
    if lost.is_empty() {
        return Ok(());
    }
    let free = r#"
        WITH held AS (SELECT lane FROM lanes WHERE holder = ANY($1) ORDER BY lane COLLATE "C" FOR UPDATE)
        UPDATE lanes SET holder = NULL, crashed = true FROM held WHERE lanes.lane = held.lane"#;
    let lanes = client.execute(free, &[&lost]).await?;
    client.execute("DELETE FROM holders WHERE until < clock_timestamp() - interval '1 day'", &[]).await?;
    tracing::warn!(holders = lost.len(), lanes, "the leases of another process ran out");
    Ok(())
}

/// What others took into lanes that are held here, and what operators brought back to them.
///
/// What comes in meanwhile goes the same way, behind it, until a look finds nothing more in a lane: whoever asked has
/// then heard of all that was told before, and may hear of the next event from its admission.
async fn unseen(client: &impl GenericClient, me: i64) -> Result<Vec<Leased>, StoreError> {
    let lanes =
        r#"SELECT lane, token FROM lanes WHERE holder = $1 AND unseen > 0 ORDER BY lane COLLATE "C" FOR UPDATE"#;
    let lanes = leases(&client.query(lanes, &[&me]).await.map_err(told)?)?;
    if lanes.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = lanes.keys().map(String::as_str).collect();
    let events = "UPDATE events SET seen = true WHERE lane = ANY($1) AND NOT seen
                  RETURNING sequence, state, received, dispatch, attempts, crashes, replays, body, lane";
    let events = client.query(events, &[&names]).await.map_err(told)?;
    let effects = "UPDATE effects SET unseen = false WHERE lane = ANY($1) AND unseen
                   RETURNING event, handler, ordinal, part, state, outgoing, body, lane";
    let effects = client.query(effects, &[&names]).await.map_err(told)?;
    let (told_of, quiet): (Vec<Leased>, Vec<Leased>) = sorted(lanes, &events, &effects)?
        .into_iter()
        .partition(|lane| !lane.events.is_empty() || !lane.effects.is_empty());
    let quiet: Vec<&str> = quiet.iter().map(|lane| &*lane.lease.lane.0).collect();
    client.execute("UPDATE lanes SET unseen = 0 WHERE lane = ANY($1)", &[&quiet]).await.map_err(told)?;
    Ok(told_of)
}

/// Lanes that nobody holds, as many as `limit`, with all their work. The next look ends what is told of them.
async fn free(client: &impl GenericClient, me: i64, limit: usize, now: Timestamp) -> Result<Vec<Leased>, StoreError> {
    let lanes = "WITH free AS (
        SELECT lane, crashed FROM lanes WHERE holder IS NULL ORDER BY token LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    UPDATE lanes SET holder = $1, token = nextval('tokens'), unseen = 1, crashed = false
    FROM free WHERE lanes.lane = free.lane RETURNING lanes.lane, lanes.token, free.crashed";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = client.query(lanes, &[&me, &limit]).await.map_err(told)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let lanes = leases(&rows)?;
    let names: Vec<&str> = lanes.keys().map(String::as_str).collect();
    client.execute("UPDATE events SET seen = true WHERE lane = ANY($1) AND NOT seen", &[&names]).await.map_err(told)?;
    client
        .execute("UPDATE effects SET unseen = false WHERE lane = ANY($1) AND unseen", &[&names])
        .await
        .map_err(told)?;
    let events = "SELECT sequence, state, received, dispatch, attempts, crashes, replays, body, lane FROM events
                  WHERE lane = ANY($1)";
    let events = client.query(events, &[&names]).await.map_err(told)?;
    let effects = "SELECT event, handler, ordinal, part, state, outgoing, body, lane FROM effects
                   WHERE lane = ANY($1)";
    let effects = client.query(effects, &[&names]).await.map_err(told)?;
    let crashed = rows.iter().filter(|row| row.get(2)).map(|row| row.get(0)).collect::<HashSet<&str>>();
    let mut leased = sorted(lanes, &events, &effects)?;
    let (mut cut_short, mut crashes, mut states) = (Vec::new(), Vec::new(), Vec::new());
    for lane in &mut leased {
        let crashed = crashed.contains(&*lane.lease.lane.0);
        if let Some(first) = lane.events.first_mut()
            && first.cut_short(crashed, now)
        {
            cut_short.push(row::number(first.sequence));
            crashes.push(row::count(first.crashes));
            states.push(row::text(&first.state));
        }
    }
    if !cut_short.is_empty() {
        let change = "UPDATE events SET crashes = new.crashes, state = new.state
                      FROM unnest($1::bigint[], $2::int[], $3::text[]) AS new(sequence, crashes, state)
                      WHERE events.sequence = new.sequence";
        client.execute(change, &[&cut_short, &crashes, &states]).await.map_err(told)?;
    }
    Ok(leased)
}

fn leases(rows: &[Row]) -> Result<Lanes, StoreError> {
    let lease = |row: &Row| {
        let name: String = row::read(row, 0)?;
        let token = row::read::<i64>(row, 1)?.cast_unsigned();
        Ok((name.clone(), Lease { lane: Lane(name.into()), token }))
    };
    rows.iter().map(lease).collect()
}

/// Puts events and effects to their lanes, those with the oldest work first.
fn sorted(lanes: Lanes, events: &[Row], effects: &[Row]) -> Result<Vec<Leased>, StoreError> {
    let empty = |lease| Leased { lease, events: Vec::new(), effects: Vec::new() };
    let mut leased: HashMap<String, Leased> = lanes.into_iter().map(|(name, lease)| (name, empty(lease))).collect();
    let mut recorded: HashMap<Sequence, Vec<Effect>> = HashMap::new();
    for row in effects {
        let effect = row::effect(row)?;
        let lane = leased.get_mut(row::read::<&str>(row, 7)?);
        if let Some(lane) = lane.filter(|_| !effect.state.is_ended()) {
            lane.effects.push(effect.clone());
        }
        recorded.entry(effect.key.event).or_default().push(effect);
    }
    for row in events {
        let mut event: Stored = row::stored(row)?;
        event.recorded = recorded.remove(&event.sequence).unwrap_or_default();
        event.recorded.sort_by(|one, other| one.key.cmp(&other.key));
        if let Some(lane) = leased.get_mut(row::read::<&str>(row, 8)?) {
            lane.events.push(event);
        }
    }
    let mut leased: Vec<Leased> = leased.into_values().collect();
    for lane in &mut leased {
        lane.events.sort_by_key(|event| event.sequence);
        lane.effects.sort_by(|one, other| one.key.cmp(&other.key));
    }
    let oldest = |lane: &Leased| {
        let event = lane.events.first().map(|event| event.sequence);
        event.into_iter().chain(lane.effects.first().map(|effect| effect.key.event)).min()
    };
    leased.sort_by_key(oldest);
    Ok(leased)
}

fn told(error: Error) -> StoreError {
    failed(why(&error))
}
