//! Reading the body of a request, within its limits.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// The longest body.
pub(crate) const LONGEST: usize = 1_024 * 1_024;

/// How long a body may take.
const WITHIN: Duration = Duration::from_secs(5);

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoBody {
    TooLong,
    TooSlow,
    Broken,
}

impl NoBody {
    pub(super) fn status(self) -> u16 {
        match self {
            Self::TooLong => 413,
            Self::TooSlow => 408,
            Self::Broken => 400,
        }
    }
}

/// Reads a body of at most one mebibyte within five seconds.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, NoBody> {
    let told = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if told.is_some_and(|length| length > LONGEST) {
        return Err(NoBody::TooLong);
    }
    let collected = tokio::time::timeout(WITHIN, Limited::new(body, LONGEST).collect()).await;
    match collected.map_err(|_| NoBody::TooSlow)? {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(NoBody::TooLong),
        Err(_) => Err(NoBody::Broken),
    }
}
