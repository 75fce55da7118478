//! Handlers: what an author writes, and how its parameters and its answer are understood.

mod argument;
mod call;
mod choice;
mod context;
mod conversation;
mod extract;
mod failure;
mod help;
mod into_reply;
mod once;
mod record;
mod state;

pub use self::{
    argument::{FromArg, Label},
    call::{Call, FromCall, Need, Triggers},
    choice::Choice,
    context::Context,
    conversation::Conversation,
    extract::{Channel, State, Thread, User},
    failure::Failure,
    help::Help,
    into_reply::IntoReply,
    record::{Check, Handler, Matching, On, Parameter, ParameterKind, Recorded, Registration, Run, Trigger},
    state::States,
};
pub(crate) use self::{
    argument::{argument, many, optional, rest},
    context::{Kept, Outlet, Speech, Surroundings},
    help::{HelpBook, description, shown},
    once::Onces,
};
