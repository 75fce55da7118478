//! The attributes, by name.

use quote::format_ident;
use syn::{Ident, Path};

/// What starts a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    Mention,
    Dm,
    Message,
    Command,
    Reaction,
    Event,
    Unhandled,
    Failure,
    Schedule,
}

impl On {
    const ALL: [Self; 9] = [
        Self::Mention,
        Self::Dm,
        Self::Message,
        Self::Command,
        Self::Reaction,
        Self::Event,
        Self::Unhandled,
        Self::Failure,
        Self::Schedule,
    ];

    /// The attribute that a path means, whatever stands before its last part.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let name = path.segments.last()?.ident.to_string();
        Self::ALL.into_iter().find(|on| on.attribute() == name)
    }

    /// As it is written: `on_mention`.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Mention => "on_mention",
            Self::Dm => "on_dm",
            Self::Message => "on_message",
            Self::Command => "on_command",
            Self::Reaction => "on_reaction",
            Self::Event => "on_event",
            Self::Unhandled => "on_unhandled",
            Self::Failure => "on_failure",
            Self::Schedule => "on_schedule",
        }
    }

    /// Its name in the framework's enum of the same name.
    pub(crate) fn variant(self) -> Ident {
        format_ident!("{self:?}")
    }
}
