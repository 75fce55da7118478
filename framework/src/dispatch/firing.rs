//! The time of a schedule has come: an event like any other, stored and handled once.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::Planned;
use crate::{
    clock::Timestamp,
    event::{Event, Kind, Raw, Retry, Scheduled},
    id::ChannelId,
};

/// The name of the event; no platform gives such a name.
const NAME: &str = "bavard.schedule";

/// A time of a schedule, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Firing {
    /// Which schedule.
    #[serde(rename = "bavard.schedule")]
    schedule: Arc<str>,
    due: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelId>,
}

impl Firing {
    pub(crate) fn new(planned: &Planned, due: Timestamp) -> Self {
        let channel = planned.origin.trigger.channel.map(ChannelId::new);
        Self { schedule: planned.id.clone(), due, channel }
    }

    /// What was stored; `None` for any other body.
    pub(crate) fn read(stored: &Bytes) -> Option<Self> {
        serde_json::from_slice(stored).ok()
    }

    /// The event that it is taken in as. All processes, and all runs of them, make the same one.
    pub(crate) fn event(&self, received: Timestamp) -> Event {
        let Self { schedule, due, channel } = self;
        Event {
            id: format!("{schedule} at {}", due.seconds()).into(),
            app: "".into(),
            team: "".into(),
            bot: None,
            name: Arc::from(NAME),
            kind: Kind::Scheduled(Scheduled { due: *due, channel: channel.clone(), schedule: schedule.clone() }),
            received,
            retry: Retry::default(),
            raw: Raw::new(serde_json::to_vec(self).map(Bytes::from).unwrap_or_default()),
        }
    }
}
