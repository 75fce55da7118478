//! From an event that arrives to a reply that is delivered.

mod core;
mod drive;

#[cfg(feature = "bench")]
pub(crate) use self::drive::key;
pub(crate) use self::{
    core::{Acknowledgement, CoreLimits, Shed},
    drive::{Engine, Parts},
};
