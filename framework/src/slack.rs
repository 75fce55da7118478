//! The plug for Slack: verification, decoding, rendering and the Web API.

pub(crate) mod client;
pub(crate) mod decode;
pub(crate) mod methods;
mod plug;
pub(crate) mod render;
pub(crate) mod verify;

pub(crate) use self::plug::Slack;
