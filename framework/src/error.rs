//! The one error of the framework: what happened, and what may be shown to whom.

use std::{any::Any, fmt, time::Duration};

/// A result whose error is [`Error`] unless told otherwise.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a handler, or the framework itself, could not do its work.
///
/// Any [`std::error::Error`] becomes one by `?`; its text is for the log alone. What a person may read is said with
/// [`Error::tell`].
pub struct Error {
    told: Option<String>,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    misuse: bool,
}

impl Error {
    /// An error that is shown, word for word, to the person whose message the handler was answering.
    #[must_use]
    pub fn tell(sentence: impl Into<String>) -> Self {
        Self { told: Some(sentence.into()), retry_after: None, cause: None, misuse: false }
    }

    /// An error for the log only.
    #[must_use]
    pub fn new(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { told: None, retry_after: None, cause: Some(cause.into()), misuse: false }
    }

    /// Asks for the handler to be run again, from the top, once `wait` has passed.
    #[must_use]
    pub fn retry_after(wait: Duration) -> Self {
        Self { told: None, retry_after: Some(wait), cause: None, misuse: false }
    }

    /// Adds the cause that goes to the log beside the sentence that a person reads.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Keeps an error of this type as it is, and takes the text of any other.
    pub(crate) fn keep<E: fmt::Display + Send + 'static>(error: E) -> Self {
        let mut slot = Some(error);
        let any: &mut dyn Any = &mut slot;
        if let Some(own) = any.downcast_mut::<Option<Self>>().and_then(Option::take) {
            return own;
        }
        Self::new(slot.map(|error| error.to_string()).unwrap_or_default())
    }

    /// The person asked in a way that the handler does not take: they are told, and nothing failed.
    pub(crate) fn misuse(sentence: impl Into<String>) -> Self {
        Self { misuse: true, ..Self::tell(sentence) }
    }

    /// The same error, when it is the person who asked for what they may not have.
    pub(crate) fn into_misuse(self) -> Self {
        Self { misuse: self.told.is_some(), ..self }
    }

    /// Whether the person asked in a way that the handler does not take.
    pub(crate) fn is_misuse(&self) -> bool {
        self.misuse
    }

    /// The sentence a person may read, if there is one.
    #[must_use]
    pub fn told(&self) -> Option<&str> {
        self.told.as_deref()
    }

    /// The sentence in French for whoever runs the bot, where there is one.
    pub(crate) fn in_french(&self) -> Option<&str> {
        self.cause_as::<crate::sentence::Sentence>().map(|sentence| sentence.french.as_str())
    }

    /// The cause, where it is one of this kind.
    pub(crate) fn cause_as<E: std::error::Error + 'static>(&self) -> Option<&E> {
        self.cause.as_deref()?.downcast_ref()
    }

    /// The chain of causes, for the log.
    pub(crate) fn cause(&self) -> Option<String> {
        let mut cause: Option<&dyn std::error::Error> = Some(self.cause.as_deref()?);
        let mut chain: Vec<String> = Vec::new();
        while let Some(error) = cause {
            chain.push(error.to_string());
            cause = error.source();
        }
        Some(chain.join(": "))
    }

    /// How long to wait before the handler is run again, if the error asks for it.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(cause: E) -> Self {
        Self::new(cause)
    }
}

impl From<Error> for Box<dyn std::error::Error + Send + Sync> {
    /// For a `main` of one's own, where `?` is to take this error too.
    fn from(error: Error) -> Self {
        error.to_string().into()
    }
}

impl From<Error> for Box<dyn std::error::Error> {
    fn from(error: Error) -> Self {
        error.to_string().into()
    }
}

impl fmt::Display for Error {
    /// The sentence, then the chain of causes, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(told) = &self.told {
            f.write_str(told)?;
            separator = ": ";
        }
        if let Some(wait) = self.retry_after {
            write!(f, "{separator}to be tried again after {wait:?}")?;
            separator = ": ";
        }
        match self.cause() {
            Some(cause) => write!(f, "{separator}{cause}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_error_becomes_one_and_is_not_shown_to_people() {
        fn parse() -> Result<u8> {
            Ok("x".parse::<u8>()?)
        }
        let error = parse().unwrap_err();
        assert_eq!(error.told(), None);
        assert_eq!(error.to_string(), "invalid digit found in string");
    }

    #[test]
    fn what_is_told_stands_before_its_cause() {
        let error = Error::tell("The build is down.").because("connection refused");
        assert_eq!(error.told(), Some("The build is down."));
        assert_eq!(error.to_string(), "The build is down.: connection refused");
    }

    #[test]
    fn asks_to_be_tried_again() {
        let error = Error::retry_after(Duration::from_secs(5));
        assert_eq!(error.wait(), Some(Duration::from_secs(5)));
    }
}
