//! The road without a proxy.

use std::{
    fmt,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    BoxError,
    http::{Request, Uri},
};
use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::{
    client::legacy::{Client, Error, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo, TokioTimer},
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::net::TcpStream;
use tower_service::Service;

use super::{Answer, LONGEST_ANSWER, NoAnswer, Timeouts, told};

/// Shorter than servers keep a connection, so that a request seldom meets one that is closing.
const IDLE: Duration = Duration::from_secs(20);

/// Connections that lead straight to where requests go.
pub(super) struct Direct {
    client: Client<Connector, Full<Bytes>>,
    total: Duration,
}

impl Direct {
    /// Connections that are all secure, or all not.
    pub(super) fn new(timeouts: Timeouts, secure: bool) -> Result<Self, String> {
        let connector = Connector { inner: connector(secure).map_err(|error| told(&error))?, within: timeouts.connect };
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self { client, total: timeouts.total })
    }

    /// Posts once, and waits for all of the answer.
    pub(super) fn post(
        &self,
        request: Request<Bytes>,
    ) -> impl Future<Output = Result<Answer, NoAnswer>> + Send + use<> {
        let (sending, total) = (self.client.request(request.map(Full::new)), self.total);
        let answered = sending.then(async |sent| {
            let (head, body) = sent.map_err(|error| no_answer(&error))?.into_parts();
            // Once an answer has begun, the request was written, whatever comes.
            let read = Limited::new(body, LONGEST_ANSWER).collect().await;
            let body = read.map_err(|error| NoAnswer::Lost(told(&*error)))?.to_bytes();
            Ok(Answer::new(head.status.as_u16(), &head.headers, body))
        });
        tokio::time::timeout(total, answered)
            .map(move |ended| ended.unwrap_or_else(|_| Err(NoAnswer::Lost(format!("no answer came within {total:?}")))))
    }
}

impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direct").finish_non_exhaustive()
    }
}

fn no_answer(error: &Error) -> NoAnswer {
    let why = told(error);
    if error.is_connect() { NoAnswer::NothingWritten(why) } else { NoAnswer::Lost(why) }
}

fn connector(secure: bool) -> Result<HttpsConnector<HttpConnector>, rustls::Error> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    // Requests are small, and waited for.
    tcp.set_nodelay(true);
    let config = ClientConfig::builder_with_provider(ring::default_provider().into());
    let config = config.with_safe_default_protocol_versions()?;
    Ok(match secure {
        true => {
            let config = config.try_with_platform_verifier()?.with_no_client_auth();
            HttpsConnectorBuilder::new().with_tls_config(config).https_only().enable_http1().wrap_connector(tcp)
        }
        // No certificate is trusted, so none is read.
        false => {
            let config = config.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
            HttpsConnectorBuilder::new().with_tls_config(config).https_or_http().enable_http1().wrap_connector(tcp)
        }
    })
}

/// Connects within a limit: an address, a connection and its secure channel together.
#[derive(Clone)]
struct Connector {
    inner: HttpsConnector<HttpConnector>,
    within: Duration,
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (connecting, within) = (self.inner.call(uri), self.within);
        Box::pin(async move {
            let connected = tokio::time::timeout(within, connecting).await;
            connected.unwrap_or_else(|_| Err(format!("no connection stood within {within:?}").into()))
        })
    }
}
