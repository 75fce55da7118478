//! Changes, each one statement with its values and whoever waits for it.

use std::fmt;

use tokio::sync::oneshot;
use tokio_postgres::{Error, Row, types::ToSql};

use super::{
    REMEMBERED, Session, failed,
    row::{count, micros, number, read, text, without_body},
};
use crate::{
    clock::Timestamp,
    store::{
        self, Admitted, Counts, Effect, EffectKey, EffectState, EventState, Expected, Inbound, Lane, Lease, Place,
        Sequence, Settlement, StoreError, Value as Kept,
    },
};

/// What is done, by one function of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Admit,
    Acknowledge,
    Record,
    Settle,
    Mark,
    Read,
    Keep,
    Count,
}

impl Change {
    /// In the order of their numbers.
    pub(super) const ALL: [Self; 8] =
        [Self::Admit, Self::Acknowledge, Self::Record, Self::Settle, Self::Mark, Self::Read, Self::Keep, Self::Count];

    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Admit => "SELECT * FROM admit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            Self::Acknowledge => "SELECT acknowledge($1, $2, $3, $4)",
            Self::Record => "SELECT record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            Self::Settle => {
                "SELECT settle($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
            }
            Self::Mark => "SELECT mark($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            Self::Read => "SELECT stands($1, $2, $3)",
            Self::Keep => "SELECT change($1, $2, $3, $4, $5, $6, $7)",
            Self::Count => {
                "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM dead), \
                 (SELECT count(*) FROM effects WHERE NOT ended)"
            }
        }
    }
}

type Value = Box<dyn ToSql + Sync + Send>;
type Answer = Box<dyn FnOnce(Result<Row, StoreError>) + Send + Sync>;

/// A change that waits to be made.
pub(super) struct Work {
    change: Change,
    values: Vec<Value>,
    lane: Option<Lane>,
    answer: Answer,
}

impl Work {
    fn new<T: Send + 'static>(
        change: Change,
        lane: Option<&Lane>,
        values: Vec<Value>,
        reply: oneshot::Sender<Result<T, StoreError>>,
        read: impl FnOnce(&Row) -> Result<T, StoreError> + Send + Sync + 'static,
    ) -> Self {
        let answer = move |result: Result<Row, StoreError>| {
            // Whoever asked may have gone away.
            let _ = reply.send(result.and_then(|row| read(&row)));
        };
        Self { change, values, lane: lane.cloned(), answer: Box::new(answer) }
    }

    /// The lane that it changes.
    pub(super) fn lane(&self) -> Option<&Lane> {
        self.lane.as_ref()
    }

    /// Asks for it; it is sent when this is first polled.
    pub(super) async fn ask(&self, session: &Session) -> Result<Row, Error> {
        let values: Vec<&(dyn ToSql + Sync)> = self.values.iter().map(|value| &**value as _).collect();
        session.change(self.change, &values).await
    }

    /// Tells what became of it.
    pub(super) fn answer(self, result: Result<Row, StoreError>) {
        (self.answer)(result);
    }

    /// Nobody knows whether it was made: its lane is given up, and with it whatever was decided under its lease.
    pub(super) fn lost(self, why: &str) {
        let error = match self.change {
            Change::Admit | Change::Read | Change::Keep | Change::Count => failed(why),
            _ => StoreError::Fenced,
        };
        self.answer(Err(error));
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").field("change", &self.change).field("lane", &self.lane).finish_non_exhaustive()
    }
}

macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(Box::new($value) as Value),*] };
}

pub(super) fn admit(inbound: Inbound, me: i64, reply: oneshot::Sender<Result<Admitted, StoreError>>) -> Work {
    let state = if inbound.answering { EventState::Answering } else { EventState::Ready };
    let now = micros(inbound.received);
    let remembered = i64::try_from(REMEMBERED.as_micros()).unwrap_or(i64::MAX);
    let lane = inbound.lane.clone();
    let values = values![
        inbound.key.bytes().to_vec(),
        inbound.message.map(|key| key.bytes().to_vec()),
        inbound.observed,
        lane.0.to_string(),
        inbound.person.as_ref().map(|person| person.as_str().to_owned()),
        text(&state),
        now,
        now.saturating_sub(remembered),
        inbound.body.to_vec(),
        me,
    ];
    Work::new(Change::Admit, Some(&inbound.lane), values, reply, move |row| {
        let Some(sequence) = read::<Option<i64>>(row, 0)? else { return Ok(Admitted::Duplicate) };
        let lease = read::<Option<i64>>(row, 1)?.map(|token| Lease { lane, token: token.cast_unsigned() });
        Ok(Admitted::New { sequence: Sequence(sequence.cast_unsigned()), lease, dispatch: read(row, 2)? })
    })
}

/// Whether the row of an answer says that an event came in which nobody here is told of otherwise.
pub(super) fn is_news(work: &Work, row: &Row) -> bool {
    work.change == Change::Admit && row.get::<_, Option<i64>>(0).is_some() && row.get::<_, Option<i64>>(1).is_none()
}

/// The token of the lease that comes with an answer.
pub(super) fn token(work: &Work, row: &Row) -> Option<u64> {
    let token = (work.change == Change::Admit).then(|| row.get::<_, Option<i64>>(1)).flatten();
    token.map(i64::cast_unsigned)
}

pub(super) fn acknowledge(lease: &Lease, event: Sequence, reply: oneshot::Sender<Result<(), StoreError>>) -> Work {
    let [lane, token] = of(lease);
    let values = vec![lane, token, Box::new(number(event)), Box::new(text(&EventState::Ready))];
    Work::new(Change::Acknowledge, Some(&lease.lane), values, reply, held)
}

pub(super) fn record(lease: &Lease, effects: &[Effect], reply: oneshot::Sender<Result<(), StoreError>>) -> Work {
    let [lane, token] = of(lease);
    let event = effects.first().map_or(0, |effect| number(effect.key.event));
    let mut values = vec![lane, token, Box::new(event)];
    values.extend(columns(effects));
    Work::new(Change::Record, Some(&lease.lane), values, reply, held)
}

pub(super) fn settle(lease: &Lease, settlement: &Settlement, reply: oneshot::Sender<Result<(), StoreError>>) -> Work {
    let Settlement { event, state, effects, changes } = settlement;
    let (goes_on, why) = match state {
        EventState::Done => (None, None),
        EventState::Dead { reason } => (None, Some(reason.clone())),
        state => (Some(text(state)), None),
    };
    let again = matches!(state, EventState::Retry { .. });
    let [lane, token] = of(lease);
    let mut values = vec![lane, token];
    values.extend(values![number(*event), goes_on, again, why]);
    values.extend(columns(effects));
    values.extend(kept_columns(changes));
    Work::new(Change::Settle, Some(&lease.lane), values, reply, all_found(changes))
}

pub(super) fn mark(
    lease: &Lease,
    effect: &EffectKey,
    state: &EffectState,
    reply: oneshot::Sender<Result<(), StoreError>>,
) -> Work {
    let why = match state {
        EffectState::Dead { reason } => Some(reason.clone()),
        _ => None,
    };
    let [lane, token] = of(lease);
    let mut values = vec![lane, token];
    values.extend(values![
        number(effect.event),
        effect.handler.to_string(),
        count(effect.ordinal),
        count(effect.part),
        text(state),
        state.is_ended(),
        why,
    ]);
    Work::new(Change::Mark, Some(&lease.lane), values, reply, held)
}

pub(super) fn read_kept(
    place: &Place,
    now: Timestamp,
    reply: oneshot::Sender<Result<Option<Kept>, StoreError>>,
) -> Work {
    let values = values![place.scope.0.to_string(), place.key.to_string(), micros(now)];
    Work::new(Change::Read, None, values, reply, |row| Ok(read::<Option<&str>>(row, 0)?.map(Kept::from)))
}

pub(super) fn keep(changes: &[store::Change], reply: oneshot::Sender<Result<(), StoreError>>) -> Work {
    Work::new(Change::Keep, None, kept_columns(changes), reply, all_found(changes))
}

pub(super) fn counts(reply: oneshot::Sender<Result<Counts, StoreError>>) -> Work {
    Work::new(Change::Count, None, Vec::new(), reply, |row| {
        let many = |column| read::<i64>(row, column).map(|count| usize::try_from(count).unwrap_or_default());
        Ok(Counts { open: many(0)?, dead: many(1)?, unsent: many(2)? })
    })
}

fn of(lease: &Lease) -> [Value; 2] {
    [Box::new(lease.lane.0.to_string()), Box::new(lease.token.cast_signed())]
}

fn held(row: &Row) -> Result<(), StoreError> {
    if read(row, 0)? { Ok(()) } else { Err(StoreError::Fenced) }
}

/// What the number in an answer says: that a lease is void, or which change did not find what it expects.
fn all_found(changes: &[store::Change]) -> impl FnOnce(&Row) -> Result<(), StoreError> + Send + Sync + 'static {
    let places: Vec<Place> = changes.iter().map(|change| change.place.clone()).collect();
    move |row| match read::<i32>(row, 0)? {
        0 => Ok(()),
        number => {
            let place = usize::try_from(number - 1).ok().and_then(|index| places.into_iter().nth(index));
            Err(place.map_or(StoreError::Fenced, |place| StoreError::Conflict(Box::new(place))))
        }
    }
}

/// Changes of values, column by column: scopes, keys, which are checked, what they expect, what they set, when that
/// expires, and when they were decided.
fn kept_columns(changes: &[store::Change]) -> Vec<Value> {
    fn column<T>(changes: &[store::Change], value: impl Fn(&store::Change) -> T) -> Vec<T> {
        changes.iter().map(value).collect()
    }
    let expected = |change: &store::Change| match &change.expected {
        Expected::Exactly(Some(value)) => Some(value.to_string()),
        Expected::Exactly(None) | Expected::Anything => None,
    };
    values![
        column(changes, |change| change.place.scope.0.to_string()),
        column(changes, |change| change.place.key.to_string()),
        column(changes, |change| change.expected != Expected::Anything),
        column(changes, expected),
        column(changes, |change| change.value.as_deref().map(str::to_owned)),
        column(changes, |change| change.expires.map(micros)),
        column(changes, |change| micros(change.at)),
    ]
}

/// Effects, column by column: handlers, ordinals, parts, states, which are at their end, what is sent, and its bodies.
fn columns(effects: &[Effect]) -> Vec<Value> {
    fn column<T>(effects: &[Effect], value: impl Fn(&Effect) -> T) -> Vec<T> {
        effects.iter().map(value).collect()
    }
    values![
        column(effects, |effect| effect.key.handler.to_string()),
        column(effects, |effect| count(effect.key.ordinal)),
        column(effects, |effect| count(effect.key.part)),
        column(effects, |effect| text(&effect.state)),
        column(effects, |effect| effect.state.is_ended()),
        column(effects, |effect| without_body(&effect.outgoing)),
        column(effects, |effect| effect.outgoing.body.to_vec()),
    ]
}
