//! The plug for Slack: verification, decoding, rendering and the Web API.

pub(crate) mod client;
pub(crate) mod decode;
pub(crate) mod events;
mod find;
pub(crate) mod identify;
mod mark;
pub mod methods;
mod plug;
mod raw;
mod read;
pub(crate) mod render;
pub(crate) mod verify;

pub(crate) use self::plug::Slack;
use crate::metrics::Names;

/// The platform's own words that metrics may be told apart by.
pub(crate) fn names() -> Names {
    let methods = methods::all().iter().map(|method| method.name).chain(["response_url"]);
    let refusals = verify::Refusal::ALL.into_iter().map(verify::Refusal::word);
    Names {
        handlers: Vec::new(),
        methods: methods.collect(),
        refusals: refusals.collect(),
        retries: plug::RETRY_REASONS.to_vec(),
    }
}
