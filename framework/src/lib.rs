//! # bavard

// The attributes name this crate as `::bavard`, in its own tests too.
extern crate self as bavard;

mod clock;
mod dispatch;
mod engine;
mod error;
mod event;
mod handler;
mod id;
mod language;
mod platform;
mod reply;
mod route;
mod slack;
mod store;

#[doc(hidden)]
pub mod __private;
#[cfg(feature = "workspace")]
pub mod workspace;

pub use crate::{
    clock::{Clock, ManualClock, SystemClock, Timestamp},
    error::{Error, Result},
    event::{
        Command, Entity, Event, Kind, Message, Place, PlaceKind, Raw, Reaction, Reference, ResponseUrl, Retry, Text,
    },
    handler::{
        Call, Channel, Choice, Context, Failure, FromArg, FromCall, Handler, Help, IntoReply, Label, Need, Posted,
        State, States, Thread, Triggers, User,
    },
    id::{AppId, ChannelId, EventId, MessageId, TeamId, UserId},
    language::{Language, UnknownLanguage},
    reply::{Body, Placement, Reply},
};

/// Names handlers for [`App::handlers`], as `handlers![hello, ops::restart]`.
#[macro_export]
macro_rules! handlers {
    ($($handler:path),* $(,)?) => {
        &[$(<$handler as $crate::__private::Recorded>::HANDLER),*] as &[&'static $crate::Handler]
    };
}
