//! What may go wrong with the Web API, on demand.

use std::time::Duration;

/// Something that goes wrong with calls of the Web API: with the next one, unless told otherwise.
///
/// Given to [`Workspace::fail`](super::Workspace::fail). Faults of one method happen in the order they were given.
/// The method `response_url` stands for posts to any `response_url`.
#[derive(Clone, Debug)]
pub struct Fault {
    method: Option<String>,
    times: Option<u32>,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    RateLimited(Option<String>),
    Status(u16),
    Html,
    Slow(Duration),
    LostAnswer,
    NoAnswer,
    Error(String),
    EmptyPage,
    Lagging,
}

impl Fault {
    /// 429 with `Retry-After: seconds`. The call is not carried out.
    #[must_use]
    pub fn rate_limited(seconds: u64) -> Self {
        Self::new(Kind::RateLimited(Some(seconds.to_string())))
    }

    /// 429 with any text as `Retry-After`, or without that header. The call is not carried out.
    #[must_use]
    pub fn rate_limited_saying(retry_after: Option<&str>) -> Self {
        Self::new(Kind::RateLimited(retry_after.map(String::from)))
    }

    /// A status such as 500, with a page as body. The call is not carried out.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(Kind::Status(status))
    }

    /// 200 with a web page instead of JSON, as a proxy in between would give. The call is not carried out.
    #[must_use]
    pub fn html() -> Self {
        Self::new(Kind::Html)
    }

    /// The right answer, late.
    #[must_use]
    pub fn slow(by: Duration) -> Self {
        Self::new(Kind::Slow(by))
    }

    /// The call is carried out, and the connection closed without an answer: a message posted so is there.
    #[must_use]
    pub fn lost_answer() -> Self {
        Self::new(Kind::LostAnswer)
    }

    /// The call is not carried out and never answered; the connection stays open.
    #[must_use]
    pub fn no_answer() -> Self {
        Self::new(Kind::NoAnswer)
    }

    /// `"ok": false` with this error. The call is not carried out.
    #[must_use]
    pub fn error(error: &str) -> Self {
        Self::new(Kind::Error(error.into()))
    }

    /// A page without anything in it and with a cursor to go on, of a method that gives pages.
    #[must_use]
    pub fn empty_page() -> Self {
        Self::new(Kind::EmptyPage)
    }

    /// An answer of `conversations.history` or `.replies` that does not show yet what the bot said last.
    #[must_use]
    pub fn lagging() -> Self {
        Self::new(Kind::Lagging)
    }

    /// Only calls of this method.
    #[must_use]
    pub fn on(mut self, method: &str) -> Self {
        self.method = Some(method.into());
        self
    }

    /// The next `calls` calls.
    #[must_use]
    pub fn times(mut self, calls: u32) -> Self {
        self.times = Some(calls);
        self
    }

    /// Every call, until the faults are cleared.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    fn new(kind: Kind) -> Self {
        Self { method: None, times: Some(1), kind }
    }
}

/// The fault that befalls this call, which is spent by it.
pub(super) fn take(faults: &mut Vec<Fault>, method: &str) -> Option<Kind> {
    faults.retain(|fault| fault.times != Some(0));
    let fits = |fault: &&mut Fault| fault.method.as_deref().is_none_or(|named| named == method);
    let fault = faults.iter_mut().find(fits)?;
    fault.times = fault.times.map(|left| left - 1);
    Some(fault.kind.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_spent_in_order() {
        let mut faults = vec![Fault::html().on("a").times(2), Fault::status(500), Fault::error("x").on("a").always()];
        let mut next = |method| take(&mut faults, method).map(|kind| format!("{kind:?}"));
        assert_eq!(next("b").as_deref(), Some("Status(500)"));
        assert_eq!(next("b"), None);
        assert_eq!(next("a").as_deref(), Some("Html"));
        assert_eq!(next("a").as_deref(), Some("Html"));
        assert_eq!(next("a").as_deref(), Some("Error(\"x\")"));
        assert_eq!(next("a").as_deref(), Some("Error(\"x\")"));
    }
}
