//! Reading the body of a request, within its limits.

use std::{
    pin::pin,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Body;

use crate::within::within;

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

    fn words(self) -> &'static str {
        match self {
            Self::TooLong => "its body is longer than one mebibyte, which no event of the platform is",
            Self::TooSlow => "its body did not come within five seconds",
            Self::Broken => "the connection ended within its body",
        }
    }
}

/// How many bodies were not read, by why.
#[derive(Debug, Default)]
pub(crate) struct Unread([AtomicU64; 3]);

impl Unread {
    /// Counts one more. Anybody can make such requests: the log tells the 1st, 2nd, 4th, 8th, … of each kind.
    pub(super) fn note(&self, why: NoBody) {
        let so_far = self.0[why as usize].fetch_add(1, Ordering::Relaxed) + 1;
        if so_far.is_power_of_two() {
            tracing::warn!(status = why.status(), so_far, "a request was refused: {}", why.words());
        }
    }
}

/// The body of a request, as it comes in.
pub(super) trait Carried: Body<Data = Bytes, Error: Send> + Send {}

impl<B: Body<Data = Bytes, Error: Send> + Send> Carried for B {}

/// Reads a body of at most one mebibyte within five seconds.
pub(super) async fn read(headers: &HeaderMap, body: impl Carried) -> Result<Bytes, NoBody> {
    let told = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if told.is_some_and(|length| length > LONGEST) {
        return Err(NoBody::TooLong);
    }
    within(WITHIN, pin!(collect(body))).await.unwrap_or(Err(NoBody::TooSlow))
}

/// Nearly every body comes in one piece, which is then all there is to do.
async fn collect(body: impl Carried) -> Result<Bytes, NoBody> {
    let mut body = pin!(body);
    let (mut first, mut rest) = (Bytes::new(), BytesMut::new());
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| NoBody::Broken)?.into_data() else { continue };
        if first.len() + rest.len() + data.len() > LONGEST {
            return Err(NoBody::TooLong);
        }
        if first.is_empty() {
            first = data;
        } else {
            rest.extend_from_slice(&data);
        }
    }
    Ok(if rest.is_empty() { first } else { [first, rest.freeze()].concat().into() })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body;
    use futures_util::stream::{self, StreamExt};
    use http_body_util::StreamBody;
    use hyper::body::Frame;

    use super::*;

    fn body(chunks: impl futures_util::Stream<Item = Bytes> + Send + 'static) -> body::Body {
        body::Body::new(StreamBody::new(chunks.map(|chunk| Ok::<_, Infallible>(Frame::data(chunk)))))
    }

    // No socket is read here, so the paused time of tokio stands in for waiting.
    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_ends_however_it_drips() {
        let drip = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Bytes::from_static(b"x"), ()))
        });
        let started = tokio::time::Instant::now();
        assert_eq!(read(&HeaderMap::new(), body(drip)).await, Err(NoBody::TooSlow));
        assert_eq!(started.elapsed(), WITHIN);
        assert_eq!(read(&HeaderMap::new(), body(stream::pending())).await, Err(NoBody::TooSlow));
    }

    #[tokio::test]
    async fn the_longest_body_is_read_and_no_longer_one() {
        let of = |length: usize| body(stream::iter([vec![b'x'; length - 1].into(), Bytes::from_static(b"x")]));
        assert_eq!(read(&HeaderMap::new(), of(LONGEST)).await.unwrap().len(), LONGEST);
        assert_eq!(read(&HeaderMap::new(), of(LONGEST + 1)).await, Err(NoBody::TooLong));
    }

    #[tokio::test]
    async fn a_body_that_is_told_to_be_too_long_is_not_read() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, (LONGEST + 1).into());
        let unread = body(stream::poll_fn(|_| panic!("it is read")));
        assert!(!unread.is_end_stream());
        assert_eq!(read(&headers, unread).await, Err(NoBody::TooLong));
    }
}
