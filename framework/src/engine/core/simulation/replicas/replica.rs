//! One process: a core, its handle on the store, and its handlers.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use super::super::super::{Core, CoreLimits, End, Input, Job, Ticket, Waiter};
use crate::{
    clock::Timestamp,
    dispatch::Plan,
    event::{Event, Kind, Raw, Retry},
    store::{Effect, EffectState, EventState, Lease, MemoryStore, Sequence, conformance::effect},
};

pub(super) struct Replica {
    pub(super) core: Core,
    pub(super) store: Arc<MemoryStore>,
    /// Grows whenever it is started: what was under way before is gone.
    pub(super) epoch: u32,
    pub(super) is_up: bool,
    pub(super) paused_until: Timestamp,
    /// Until when it believes that its leases hold.
    pub(super) holds_until: Timestamp,
    /// What the store told last reached it then: answers come in the order of the commits.
    pub(super) told: Timestamp,
    /// Handlers that wait for what they said.
    pub(super) waiting: BTreeMap<Waiter, Speaking>,
    pub(super) waiters: u64,
}

/// A handler that said something and waits for what becomes of it.
#[derive(Clone, Debug)]
pub(super) struct Speaking {
    pub(super) lease: Lease,
    pub(super) sequence: Sequence,
    pub(super) job: Arc<Job>,
    pub(super) attempts: u32,
    pub(super) said: Effect,
}

impl Replica {
    pub(super) fn new(store: MemoryStore) -> Self {
        Self {
            core: Core::new(CoreLimits::default()),
            store: Arc::new(store),
            epoch: 0,
            is_up: true,
            paused_until: Timestamp::default(),
            holds_until: Timestamp::default(),
            told: Timestamp::default(),
            waiting: BTreeMap::new(),
            waiters: 0,
        }
    }
}

/// What a handler does; the same whenever the same message is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handler {
    /// It answers nothing.
    Silent,
    /// It answers.
    Answers,
    /// It says something, waits for it, and answers.
    Speaks,
    /// It asks to be run again the first time, and answers then.
    Retries,
    /// It says something, and asks to be run again; then it answers.
    SpeaksAndRetries,
}

impl Handler {
    pub(super) fn of(message: usize) -> Self {
        match message % 8 {
            0 => Self::Silent,
            1..=3 => Self::Answers,
            4 | 5 => Self::Speaks,
            6 => Self::Retries,
            _ => Self::SpeaksAndRetries,
        }
    }

    /// The numbers of what it says.
    pub(super) fn says(self) -> &'static [u32] {
        match self {
            Self::Silent => &[],
            Self::Answers | Self::Retries => &[0],
            Self::Speaks | Self::SpeaksAndRetries => &[0, 1],
        }
    }

    pub(super) fn speaks_first(self) -> bool {
        matches!(self, Self::Speaks | Self::SpeaksAndRetries)
    }

    /// How a run ends in which everything was said that is to be said before.
    pub(super) fn end(self, sequence: Sequence, attempts: u32, now: Timestamp, number: impl Fn(u32) -> u32) -> End {
        let again = matches!(self, Self::Retries | Self::SpeaksAndRetries) && attempts == 0;
        let state = match again {
            true => EventState::Retry { at: now + std::time::Duration::from_secs(5) },
            false => EventState::Done,
        };
        let last = self.says().last().filter(|_| !again);
        End {
            state,
            effects: last.map(|ordinal| effect(sequence, number(*ordinal))).into_iter().collect(),
            answer: None,
        }
    }
}

/// Whether a run before this one has brought what it says first to its end.
pub(super) fn has_said(job: &Job, first: &Effect) -> bool {
    let recorded = job.recorded.lock().unwrap();
    recorded.iter().any(|known| {
        known.key == first.key && matches!(known.state, EffectState::Sent { .. } | EffectState::Dead { .. })
    })
}

pub(super) fn job(message: usize, received: Timestamp, recorded: Vec<Effect>) -> Arc<Job> {
    let event = Event {
        id: message.to_string().as_str().into(),
        app: "A1".into(),
        team: "T1".into(),
        bot: None,
        name: "message".into(),
        kind: Kind::Other,
        received,
        retry: Retry::default(),
        raw: Raw::new(bytes::Bytes::new()),
    };
    Arc::new(Job {
        event: Arc::new(event),
        plan: Plan::default(),
        request: false,
        replays: 0,
        recorded: Mutex::new(recorded),
        span: tracing::Span::none(),
    })
}

pub(super) fn message_of(job: &Job) -> usize {
    job.event.id.as_str().parse().unwrap()
}

/// An event that arrives.
pub(super) fn arrival(ticket: u64, message: usize, inbound: crate::store::Inbound) -> Input {
    Input::Arrived { ticket: Ticket(ticket), job: job(message, inbound.received, Vec::new()), inbound }
}
