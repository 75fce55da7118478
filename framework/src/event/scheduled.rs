//! The time of a schedule has come.

use std::sync::Arc;

use crate::{clock::Timestamp, id::ChannelId};

/// The time of an `on_schedule` that has come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scheduled {
    /// The time that it is for, which may lie a little back, or further when the bot did not run then.
    pub due: Timestamp,
    /// Where what the handler says is said, if the attribute names a channel.
    pub channel: Option<ChannelId>,
    /// Which schedule it is a time of.
    pub(crate) schedule: Arc<str>,
}
