//! Deliveries as the platform writes them.

use serde_json::{Value, json};

use crate::{
    ledger::Micros,
    random::Random,
    words::{self, Kind},
};

pub(crate) const BOT: &str = "U0BOT00001";

/// Where something is said. What is said in one conversation is handled one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A direct message, which is one conversation with all that is said in it.
    Direct(u64),
    /// A thread of a channel.
    Thread { channel: u64, thread: u64 },
    /// A channel, where each message begins a conversation of its own.
    Root { channel: u64 },
}

/// Something a person says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message {
    pub(crate) number: u64,
    pub(crate) kind: Kind,
    pub(crate) place: Place,
    pub(crate) team: u64,
    pub(crate) at: Micros,
    /// Which events bring it.
    pub(crate) twin: Twin,
}

/// A mention in a channel comes as `app_mention`, and as `message` too where the app hears those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Twin {
    Alone,
    MentionFirst,
    MessageFirst,
}

/// How many people write to the bot, and in how many threads of how many channels.
const DIRECT: u64 = 60;
const THREADS: u64 = 60;
const CHANNELS: u64 = 20;

impl Message {
    /// A message of any kind, anywhere.
    pub(crate) fn any(number: u64, at: Micros, random: &mut Random) -> Self {
        let place = match random.below(10) {
            0..4 => Place::Direct(random.below(DIRECT)),
            4..8 => {
                let thread = random.below(THREADS);
                Place::Thread { channel: thread % CHANNELS, thread }
            }
            _ => Place::Root { channel: random.below(CHANNELS) },
        };
        let kind = match (place, random.below(10)) {
            (_, 0..2) => Kind::Talk,
            (Place::Thread { .. } | Place::Root { .. }, 2..4) => Kind::Fact,
            _ => Kind::Note,
        };
        let twin = match (place, kind, random.below(4)) {
            (Place::Direct(_), ..) | (_, Kind::Fact, _) | (_, _, 0..2) => Twin::Alone,
            (_, _, 2) => Twin::MentionFirst,
            _ => Twin::MessageFirst,
        };
        Self { number, kind, place, team: 0, at, twin }
    }

    /// The number of its conversation.
    pub(crate) fn conversation(&self) -> u64 {
        match self.place {
            Place::Direct(person) => person,
            Place::Thread { thread, .. } => 1_000_000 + thread,
            Place::Root { .. } => 2_000_000 + self.number,
        }
    }

    /// The bodies of its events, in the order of their delivery; each is the same at every delivery.
    pub(crate) fn bodies(&self) -> Vec<String> {
        let heard = |name| self.body(name);
        match (self.place, self.kind, self.twin) {
            (Place::Direct(_), ..) | (_, Kind::Fact, _) => vec![heard("message")],
            (_, _, Twin::Alone) => vec![heard("app_mention")],
            (_, _, Twin::MentionFirst) => vec![heard("app_mention"), heard("message")],
            (_, _, Twin::MessageFirst) => vec![heard("message"), heard("app_mention")],
        }
    }

    fn body(&self, name: &str) -> String {
        let (team, number) = (format!("T{:09}", self.team), self.number);
        let event_id = format!("Ev{}{number:09}", if name == "message" { "0M" } else { "0A" });
        json!({
            "token": "ZZZZZZWSxiZZZ2yIvs3peJ",
            "team_id": team,
            "api_app_id": "A123ABC456",
            "event": self.inner(name, &team),
            "type": "event_callback",
            "event_id": event_id,
            "event_time": self.at / 1_000_000,
            "authorizations": [{
                "enterprise_id": null, "team_id": team, "user_id": BOT, "is_bot": true, "is_enterprise_install": false
            }],
            "is_ext_shared_channel": false,
        })
        .to_string()
    }

    fn inner(&self, name: &str, team: &str) -> Value {
        let said = words::asked(self.kind, self.number);
        let mention = !matches!(self.place, Place::Direct(_)) && self.kind != Kind::Fact;
        let stamp = |micros: u64| format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        let mut inner = json!({
            "type": name,
            "user": "U0ASKER001",
            "text": if mention { format!("<@{BOT}> {said}") } else { said },
            // Two messages of a channel never have the same time stamp.
            "ts": stamp(self.at / 1_000_000 * 1_000_000 + self.number % 1_000_000),
            "client_msg_id": format!("0f1c3f3d-9b0c-4e5c-8d7e-{:012}", self.number),
            "team": team,
        });
        let (channel, kind) = match self.place {
            Place::Direct(person) => (format!("D{person:09}"), "im"),
            Place::Thread { channel, .. } | Place::Root { channel } => (format!("C{channel:09}"), "channel"),
        };
        if let Place::Thread { thread, .. } = self.place {
            inner["thread_ts"] = stamp(1_700_000_000_000_000 + thread).into();
        }
        if name == "message" {
            inner["channel_type"] = kind.into();
        }
        inner["channel"] = channel.into();
        inner
    }
}
