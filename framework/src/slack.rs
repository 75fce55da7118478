//! The plug for the Slack protocol.

pub(crate) mod client;
pub(crate) mod methods;
