//! From an event that arrives to a reply that is delivered.

mod core;
mod drive;

pub(crate) use self::{
    core::{Acknowledgement, CoreLimits, Shed},
    drive::{Engine, Parts},
};
