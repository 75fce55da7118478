//! # bavard

mod clock;
mod error;
mod event;
mod id;
mod reply;
#[cfg(feature = "workspace")]
pub mod workspace;

pub use crate::{
    clock::{Clock, ManualClock, SystemClock, Timestamp},
    error::{Error, Result},
    event::{
        Command, Entity, Event, Kind, Message, Place, PlaceKind, Raw, Reaction, Reference, ResponseUrl, Retry, Text,
    },
    id::{AppId, ChannelId, EventId, MessageId, TeamId, UserId},
};
