//! The plug for Slack: verification, decoding, rendering and the Web API.

pub(crate) mod client;
pub(crate) mod decode;
pub(crate) mod methods;
mod render;
pub(crate) mod verify;
