//! The road through the proxy that the environment names.

use axum::http::Request;
use bytes::{Bytes, BytesMut};
use reqwest::{Client, Response};

use super::{Answer, LONGEST_ANSWER, NoAnswer, Timeouts, told};

/// Connections through a proxy.
#[derive(Debug)]
pub(super) struct Proxied(Client);

impl Proxied {
    pub(super) fn new(timeouts: Timeouts) -> Result<Self, String> {
        // Already installed is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .https_only(true);
        builder.build().map(Self).map_err(without_address)
    }

    /// Posts once, and waits for all of the answer.
    pub(super) async fn post(&self, request: Request<Bytes>) -> Result<Answer, NoAnswer> {
        let request = reqwest::Request::try_from(request.map(reqwest::Body::from)).map_err(no_answer)?;
        let mut response = self.0.execute(request).await.map_err(no_answer)?;
        let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
        Ok(Answer::new(status, &headers, read(response).await?))
    }
}

async fn read(mut response: Response) -> Result<Bytes, NoAnswer> {
    let mut whole = BytesMut::new();
    // Once an answer has begun, the request was written, whatever comes.
    while let Some(more) = response.chunk().await.map_err(|error| NoAnswer::Lost(without_address(error)))? {
        if whole.len() + more.len() > LONGEST_ANSWER {
            return Err(NoAnswer::Lost(format!("the answer is longer than {LONGEST_ANSWER} bytes")));
        }
        whole.extend_from_slice(&more);
    }
    Ok(whole.freeze())
}

fn no_answer(error: reqwest::Error) -> NoAnswer {
    let nothing_written = error.is_connect() || error.is_builder();
    let why = without_address(error);
    if nothing_written { NoAnswer::NothingWritten(why) } else { NoAnswer::Lost(why) }
}

fn without_address(error: reqwest::Error) -> String {
    told(&error.without_url())
}
