//! From the platform's bodies to events. Whatever is unknown stays an event by its own name, never an error.

mod command;
mod envelope;
mod fields;
mod loose;
mod message;
mod text;
mod utterance;

pub(crate) use self::{
    command::command,
    envelope::{Callback, envelope, overheard},
    text::text,
    utterance::{Listener, Stored},
};

/// Decodes a body that was stored: an envelope, or the fields of a command as JSON.
pub(crate) fn restore(stored: &bytes::Bytes, callback: Callback) -> Decoded {
    match command::fields(stored) {
        Some(fields) => command::from_fields(&fields, stored, callback),
        None => envelope(stored, callback),
    }
}

/// What an authentic body is.
#[derive(Debug)]
pub(crate) enum Decoded {
    /// Something that happened.
    Event(Box<crate::event::Event>),
    /// The platform asks whether this address is ours: it wants this text back.
    Challenge(String),
    /// The platform tells that it dropped events because there were too many.
    RateLimited,
    /// Nothing for a handler, and why.
    Ignored(Ignored),
}

/// Why an authentic body is nothing for a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ignored {
    /// The bot's own doing.
    Own,
    /// Another bot's message.
    OtherBot,
    /// Not an envelope that is known.
    Unknown,
    /// Not JSON at all.
    Unparsable,
    /// The platform checks the certificate.
    CertificateCheck,
}

impl Ignored {
    /// A word for metrics and logs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::OtherBot => "other_bot",
            Self::Unknown => "unknown",
            Self::Unparsable => "unparsable",
            Self::CertificateCheck => "certificate_check",
        }
    }
}
