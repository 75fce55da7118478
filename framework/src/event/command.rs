//! A command that a person typed.

use super::{Place, Text};
use crate::id::UserId;

/// Somebody typed a command such as `/deploy api`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Command {
    /// Its name, with the slash.
    pub name: String,
    /// What was typed behind the name.
    pub text: Text,
    /// Who typed it.
    pub user: UserId,
    /// Where it was typed. The bot need not be a member there.
    pub place: Place,
    /// Where an answer may be sent after the response: an address that is as good as a key.
    pub response_url: Option<ResponseUrl>,
}

/// The address at which late answers to one command are taken. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseUrl(pub(crate) url::Url);

impl ResponseUrl {
    /// The address itself.
    #[must_use]
    pub fn reveal(&self) -> &url::Url {
        &self.0
    }
}

impl std::fmt::Debug for ResponseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ResponseUrl(…)")
    }
}
