//! What `on_failure` is told.

use std::sync::Arc;

use super::{Call, FromCall, Triggers};
use crate::error::{Error, Result};

/// A handler that failed, for `on_failure`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// A short reference, the same in the log and in what the person reads.
    pub reference: String,
    /// The name of the handler that failed.
    pub handler: &'static str,
    /// Why, for the log and not for people.
    pub cause: String,
}

impl FromCall for Failure {
    const TRIGGERS: Triggers = Triggers::FAILURE;
    const ELSEWHERE: &'static str = "`Failure` exists for `on_failure` alone";

    fn from_call(call: &Call) -> Result<Self> {
        let failure = call.context().failure().map(Arc::as_ref).cloned();
        failure.ok_or_else(|| Error::new("nothing failed"))
    }
}
