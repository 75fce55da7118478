//! The platform: what people say, delivered until it is acknowledged, and what the bot says, with a mind of its own.

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;

use crate::{
    clock::Timestamp,
    platform::{Delivery, Found},
    store::{EffectKey, Inbound, Key, Lane},
};

/// When an event is delivered again that was not acknowledged, counted from the attempt before.
pub(super) const AGAIN: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(60), Duration::from_secs(240)];

/// How long an acknowledgement is waited for.
pub(super) const WAITS: Duration = Duration::from_secs(3);

/// An event that is delivered; a message may be two of them.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) message: usize,
    pub(super) inbound: Inbound,
    pub(super) attempts: usize,
    pub(super) acknowledged: bool,
}

impl Said {
    /// One of the events that bring a message.
    pub(super) fn new(message: usize, event: usize, lane: &str) -> Self {
        let inbound = Inbound {
            key: Key::of(0, &[&event.to_string()]),
            message: Some(Key::of(1, &[&message.to_string()])),
            observed: false,
            lane: Lane(lane.into()),
            person: None,
            body: Bytes::from(message.to_string()),
            received: Timestamp::default(),
            answering: false,
        };
        Self { message, inbound, attempts: 0, acknowledged: false }
    }
}

/// What the bot has said, as people see it.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    pub(super) posted: Vec<Posted>,
    limited: BTreeMap<Lane, Timestamp>,
}

#[derive(Clone, Debug)]
pub(super) struct Posted {
    pub(super) lane: Lane,
    pub(super) effect: EffectKey,
    /// From when on it is found: what was just said may not be shown at once.
    shown: Timestamp,
}

/// What becomes of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Arrives,
    LosesAnswer,
    LosesRequest,
    IsLimited,
    IsRefused,
}

impl Conversation {
    pub(super) fn post(
        &mut self,
        lane: &Lane,
        effect: EffectKey,
        fate: Fate,
        now: Timestamp,
        lag: Duration,
    ) -> Delivery {
        let lost = || Delivery::Ambiguous { why: "the answer was lost".to_owned() };
        if self.limited.get(lane).is_some_and(|until| *until > now) || fate == Fate::IsLimited {
            let wait = Duration::from_secs(5);
            self.limited.insert(lane.clone(), now + wait);
            return Delivery::RateLimited { wait };
        }
        match fate {
            Fate::LosesRequest => return lost(),
            Fate::IsRefused => return Delivery::NotSent { why: "nobody listens".to_owned() },
            _ => self.posted.push(Posted { lane: lane.clone(), effect, shown: now + lag }),
        }
        match fate {
            Fate::LosesAnswer => lost(),
            _ => Delivery::Sent { channel: None, message: Some(self.posted.len().to_string().as_str().into()) },
        }
    }

    pub(super) fn find(&self, effect: &EffectKey, now: Timestamp) -> Found {
        match self.posted.iter().any(|posted| posted.effect == *effect && posted.shown <= now) {
            true => Found::Yes { channel: None, message: None },
            false => Found::No,
        }
    }
}
