//! Sending a challenge to an address, as Slack would.

use std::{error::Error, io, time::Duration};

use axum::http::header::{CONTENT_TYPE, LOCATION};
use bytes::{Bytes, BytesMut};
use reqwest::{Client, ClientBuilder, Response, redirect::Policy};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::time::Instant;
use url::Url;

use super::challenge::Challenge;
use crate::slack::verify::ASKED;

/// How long an address has. Slack waits for less; a slow one is told as that.
const WITHIN: Duration = Duration::from_secs(10);

/// More is no answer to a challenge.
const LONGEST: usize = 64 << 10;

/// What came of it.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// Nobody answered; the cause, in the system's words.
    Nobody(String),
    /// The certificate there is not one to trust.
    Untrusted(String),
    Said(Said),
}

/// An answer as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) status: u16,
    /// Where it leads, without what may be a secret there.
    pub(super) location: Option<String>,
    /// What ngrok says is wrong, as `ERR_NGROK_3200`.
    pub(super) ngrok: Option<String>,
    pub(super) is_page: bool,
    pub(super) body: Bytes,
    pub(super) took: Duration,
}

/// Asks, by the proxy that the environment names for what is secure. What is not is a program of this machine.
pub(super) async fn ask(address: &Url, challenge: &Challenge) -> Answer {
    let built = if address.scheme() == "https" { secure() } else { here() };
    match built {
        Ok(client) => asked(&client, address, challenge).await,
        Err(why) => Answer::Nobody(why),
    }
}

fn secure() -> Result<Client, String> {
    // Already installed is as good.
    let _ = ring::default_provider().install_default();
    built(Client::builder().timeout(WITHIN))
}

/// No certificate is trusted, so none is read.
fn here() -> Result<Client, String> {
    let config = ClientConfig::builder_with_provider(ring::default_provider().into());
    let config = config.with_safe_default_protocol_versions().map_err(|error| error.to_string())?;
    let config = config.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
    built(Client::builder().timeout(WITHIN).no_proxy().tls_backend_preconfigured(config))
}

fn built(builder: ClientBuilder) -> Result<Client, String> {
    let builder = builder.redirect(Policy::none()).retry(reqwest::retry::never()).referer(false);
    builder.build().map_err(|error| cause(&error))
}

async fn asked(client: &Client, address: &Url, challenge: &Challenge) -> Answer {
    let request = client
        .post(address.clone())
        .header(CONTENT_TYPE, "application/json")
        .header("x-slack-request-timestamp", challenge.timestamp)
        .header("x-slack-signature", &challenge.signature)
        .header(&ASKED, "1")
        .body(challenge.body.clone());
    let asked = Instant::now();
    match request.send().await {
        Ok(response) => said(response, address, asked).await,
        Err(error) if is_untrusted(&error) => Answer::Untrusted(cause(&error)),
        Err(error) => Answer::Nobody(cause(&error)),
    }
}

async fn said(mut response: Response, address: &Url, asked: Instant) -> Answer {
    let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let location = text(LOCATION.as_str()).and_then(|location| address.join(&location).ok()).map(bare);
    let is_page = text(CONTENT_TYPE.as_str()).is_some_and(|kind| kind.starts_with("text/html"));
    let (status, told) = (response.status().as_u16(), text("ngrok-error-code"));
    let mut body = BytesMut::new();
    while let Ok(Some(more)) = response.chunk().await {
        if body.len() + more.len() > LONGEST {
            break;
        }
        body.extend_from_slice(&more);
    }
    let ngrok = told.or_else(|| ngrok(&body));
    Answer::Said(Said { status, location, ngrok, is_page, body: body.freeze(), took: asked.elapsed() })
}

/// The code of ngrok that stands in a page of its own.
fn ngrok(body: &[u8]) -> Option<String> {
    const BEGIN: &str = "ERR_NGROK_";
    let text = String::from_utf8_lossy(body);
    let (_, rest) = text.split_once(BEGIN)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).take(6).collect();
    (!digits.is_empty()).then(|| format!("{BEGIN}{digits}"))
}

/// A query, a name or a password may be as good as a key.
fn bare(mut address: Url) -> String {
    address.set_query(None);
    address.set_fragment(None);
    let _ = address.set_username("").and_then(|()| address.set_password(None));
    address.into()
}

/// What is behind all that is said about it.
fn cause(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(before) = last.source() {
        last = before;
    }
    // Of an error of reqwest itself, the words hold the address.
    if std::ptr::addr_eq(last, error) { "no answer".to_owned() } else { last.to_string() }
}

/// Whether the secure channel failed, and not the way there.
fn is_untrusted(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<rustls::Error>() {
            return true;
        }
        // What an error of the system wraps is not its source.
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = inside.map(|inside| inside as &(dyn Error + 'static)).or_else(|| error.source());
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_key_in_an_address_is_not_shown() {
        let address = Url::parse("https://a:canary@example.com/login?next=canary#canary").unwrap();
        assert_eq!(bare(address), "https://example.com/login");
    }

    #[test]
    fn the_code_of_ngrok_is_found_in_its_page() {
        assert_eq!(ngrok(b"<html>ERR_NGROK_3200 the endpoint"), Some("ERR_NGROK_3200".to_owned()));
        assert_eq!(ngrok(b"ERR_NGROK_x"), None);
    }
}
