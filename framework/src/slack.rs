//! The plug for Slack: verification, decoding, rendering and the Web API.

pub(crate) mod client;
pub(crate) mod decode;
mod find;
mod mark;
pub mod methods;
mod plug;
mod raw;
pub(crate) mod render;
pub(crate) mod verify;

pub(crate) use self::plug::Slack;
