//! The three ledgers: what was delivered, what was run, what was said; and what the store still holds.
//!
//! All times are of one machine's clock, in microseconds since 1970, for they come from several processes.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::words::Kind;

/// Microseconds since 1970.
pub(crate) type Micros = u64;

pub(crate) fn now() -> Micros {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// Everything that is known at the end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledgers {
    /// The generator's, by the number of the message.
    pub(crate) said: BTreeMap<u64, Said>,
    /// The handlers', in the order in which runs began.
    pub(crate) runs: Vec<Run>,
    /// The fake workspace's, in the order in which it took them.
    pub(crate) posts: Vec<Post>,
    /// Its calls for patience.
    pub(crate) waits: Vec<Wait>,
    /// Every post that was tried, taken or not.
    pub(crate) tried: Vec<Tried>,
    /// The processes.
    pub(crate) lives: Vec<Life>,
    /// The store's, after the last process ended.
    pub(crate) left: Left,
}

/// Something a person said, and how its deliveries went.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) kind: Kind,
    /// Messages of one conversation are handled one at a time.
    pub(crate) conversation: u64,
    pub(crate) team: u64,
    pub(crate) attempts: Vec<Attempt>,
}

impl Said {
    /// When it was first acknowledged.
    pub(crate) fn acknowledged(&self) -> Option<Micros> {
        self.attempts.iter().filter(|attempt| attempt.status == Some(200)).map(|attempt| attempt.ended).min()
    }

    /// When it was first delivered, in vain or not.
    pub(crate) fn first_sent(&self) -> Option<Micros> {
        self.attempts.iter().map(|attempt| attempt.sent).min()
    }
}

/// One delivery of one event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    /// 0 for the first, as in `x-slack-retry-num`.
    pub(crate) retry: u32,
    pub(crate) sent: Micros,
    pub(crate) ended: Micros,
    /// `None` when no answer came.
    pub(crate) status: Option<u16>,
}

/// A run of a handler.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) number: u64,
    pub(crate) kind: Kind,
    pub(crate) life: u64,
    pub(crate) begun: Micros,
    /// When it came to its end.
    pub(crate) ended: Option<Micros>,
    /// When it was given up in its midst; neither when it was cut short with its process.
    pub(crate) left: Option<Micros>,
}

/// A post that the workspace took.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) at: Micros,
    /// The key in its metadata.
    pub(crate) key: String,
    pub(crate) text: String,
}

/// The workspace asked to wait with posts in a channel.
#[derive(Clone, Debug)]
pub(crate) struct Wait {
    pub(crate) channel: String,
    pub(crate) from: Micros,
    pub(crate) until: Micros,
}

/// A post that was tried.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    pub(crate) channel: String,
    pub(crate) at: Micros,
}

/// A process of the bot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Life {
    pub(crate) number: u64,
    /// When it was made to stand still, or ended.
    pub(crate) halts: Vec<Micros>,
}

impl Life {
    /// When it first stood still after a time: then somebody else may take its work over.
    pub(crate) fn halted(&self, after: Micros) -> Option<Micros> {
        self.halts.iter().copied().find(|halt| *halt >= after)
    }
}

/// What stands in the store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Left {
    /// Messages whose event is not at its end.
    pub(crate) open: Vec<u64>,
    /// Effects that are not at their end.
    pub(crate) unsent: usize,
    /// Messages whose event was given up, and why.
    pub(crate) dead: BTreeMap<u64, String>,
    /// How many messages the log lists as given up.
    pub(crate) given_up: usize,
}
