//! What is behind an address, by what it answers to a challenge.

use std::time::Duration;

use serde::Deserialize;

use super::{
    ask::{Answer, Said},
    challenge::{Challenge, Given},
};
use crate::slack::verify::Instance;

/// What is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    /// A bot with the same signing secret, and how long it took to answer.
    Bot(Instance, Duration),
    /// A bot that does not take the signature, and its word for why.
    Refusing(String),
    /// A program that gives any challenge back, and is no such bot.
    Stranger,
    /// A program that does not know what a challenge is.
    Speechless(u16),
    /// Nothing at this path.
    Missing(u16),
    /// Somebody who wants to be shown a right to enter.
    Closed(u16),
    /// Another address, to which it leads.
    Moved(String),
    /// A page, as of a tunnel or a proxy that says what is wrong.
    Page(u16),
    /// A tunnel that is not there.
    NoTunnel(String),
    /// A tunnel or a proxy that finds nobody behind itself.
    NobodyBehind(String),
    /// A certificate that is not one to trust.
    Untrusted(String),
    Nobody(String),
}

/// How a bot refuses.
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Reached {
    pub(super) fn by(answer: &Answer, challenge: &Challenge) -> Self {
        match answer {
            Answer::Nobody(why) => Self::Nobody(why.clone()),
            Answer::Untrusted(why) => Self::Untrusted(why.clone()),
            Answer::Said(said) => Self::said(said, challenge),
        }
    }

    fn said(said: &Said, challenge: &Challenge) -> Self {
        let status = said.status;
        if let Some(code) = &said.ngrok {
            return if code == "ERR_NGROK_8012" {
                Self::NobodyBehind(code.clone())
            } else {
                Self::NoTunnel(code.clone())
            };
        }
        match (status, &said.location) {
            (200..=299, _) => match challenge.given(&said.body) {
                Given::By(instance) => Self::Bot(instance, said.took),
                Given::Bare => Self::Stranger,
                Given::Not if said.is_page => Self::Page(status),
                Given::Not => Self::Speechless(status),
            },
            (300..=399, Some(location)) => Self::Moved(location.clone()),
            (401, _) if let Some(word) = refusal(&said.body) => Self::Refusing(word),
            (401 | 403 | 407, _) => Self::Closed(status),
            (404 | 405 | 410, _) => Self::Missing(status),
            (502..=504, _) => Self::NobodyBehind(status.to_string()),
            _ if said.is_page => Self::Page(status),
            _ => Self::Speechless(status),
        }
    }
}

/// The word by which a bot says why it does not take a signature.
fn refusal(body: &[u8]) -> Option<String> {
    let Refusal { error } = serde_json::from_slice(body).ok()?;
    crate::slack::verify::Refusal::ALL.iter().any(|known| known.word() == error).then_some(error)
}
