//! Which handler an event is for. Pure: it knows rules and their numbers, never a handler.

mod fold;
mod reading;

pub(crate) use self::{fold::fold, reading::words};
