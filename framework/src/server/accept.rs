//! Accepting connections, and letting them end.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinHandle,
};
use tower_service::Service;

use super::timed::{Phase, Timed, Times};

/// What answers the requests of a server.
pub(crate) trait Answer: Send + Sync + 'static {
    /// The response to one request.
    fn answer(self: Arc<Self>, request: Request<Incoming>) -> impl Future<Output = Response> + Send;
}

impl Answer for Router {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response {
        let response: Result<Response, Infallible> = Self::clone(&self).call(request.map(Body::new)).await;
        response.unwrap_or_else(|never| match never {})
    }
}

/// What a server lets its clients take.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Connections that are open at once; more wait to be accepted.
    connections: usize,
    times: Times,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 1_024, times: Times::default() }
    }
}

/// Headers of one request, in number and in bytes.
const MOST_HEADERS: usize = 64;
const LONGEST_HEAD: usize = 16 * 1_024;

/// A server that runs until it is stopped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
    connections: Arc<Semaphore>,
    limits: Limits,
}

/// Takes an address to listen on.
pub(crate) async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}

impl Server {
    /// Serves what comes in on `listener`.
    pub(crate) fn start(listener: TcpListener, answer: impl Answer) -> io::Result<Self> {
        Self::start_within(listener, answer, Limits::default())
    }

    fn start_within(listener: TcpListener, answer: impl Answer, limits: Limits) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(false);
        let connections = Arc::new(Semaphore::new(limits.connections));
        let accepting = tokio::spawn(accept(listener, Arc::new(answer), limits.times, stopped, connections.clone()));
        Ok(Self { address, stop, accepting, connections, limits })
    }

    /// The address that it listens on.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts nothing more, at once.
    pub(crate) fn abort(&self) {
        self.accepting.abort();
        let _ = self.stop.send(true);
    }

    /// Accepts nothing more, and waits until every request that came in has its response, but no longer than `limit`.
    pub(crate) async fn stop(self, limit: Duration) {
        // Nobody listens when the loop has ended already.
        let _ = self.stop.send(true);
        let all = u32::try_from(self.limits.connections).unwrap_or(u32::MAX);
        let ended = async {
            let _ = self.accepting.await;
            let _ = self.connections.acquire_many(all).await;
        };
        let _ = tokio::time::timeout(limit, ended).await;
    }
}

async fn accept(
    listener: TcpListener,
    answer: Arc<impl Answer>,
    times: Times,
    mut stopped: watch::Receiver<bool>,
    connections: Arc<Semaphore>,
) {
    loop {
        let permit = tokio::select! {
            permit = connections.clone().acquire_owned() => permit,
            _ = stopped.changed() => return,
        };
        let Ok(permit) = permit else { return };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => return,
        };
        match accepted {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, answer.clone(), times, stopped.clone(), permit));
            }
            Err(error) => {
                // Out of file handles, most likely: they come back as connections end.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve(
    stream: TcpStream,
    answer: Arc<impl Answer>,
    times: Times,
    mut stopped: watch::Receiver<bool>,
    _permit: OwnedSemaphorePermit,
) {
    // Answers are small and are waited for.
    let _ = stream.set_nodelay(true);
    let phase = Arc::new(Phase::default());
    let io = TokioIo::new(Timed::new(stream, phase.clone(), times));
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        phase.serving();
        let (answering, phase) = (answer.clone().answer(request), phase.clone());
        async move {
            let response = answering.await;
            phase.idle();
            Ok::<_, Infallible>(response)
        }
    });
    // Who asks may close their half of the connection. Otherwise every request would be looked behind while it is
    // answered, with a buffer made for what nobody sends.
    let connection = http1::Builder::new()
        .half_close(true)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(io, service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}

#[cfg(test)]
mod tests;
