//! A connection that does not wait for ever.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// How long a connection is waited for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// How long it may be open without a request.
    pub(super) idle: Duration,
    /// How long the head of a request may take from its first byte.
    pub(super) head: Duration,
    /// How long a response may wait to be taken.
    pub(super) write: Duration,
}

impl Default for Times {
    fn default() -> Self {
        let [idle, head, write] = [30, 5, 10].map(Duration::from_secs);
        Self { idle, head, write }
    }
}

/// What a connection is waiting for. Who connects has something to say: the first head is waited for at once.
#[derive(Debug, Default)]
pub(super) struct Phase(AtomicU8);

const READS_HEAD: u8 = 0;
const WAITS: u8 = 1;
const SERVES: u8 = 2;

impl Phase {
    /// The head of a request is read: its body has limits of its own.
    pub(super) fn serving(&self) {
        self.0.store(SERVES, Ordering::Relaxed);
    }

    /// The request has its response.
    pub(super) fn idle(&self) {
        self.0.store(WAITS, Ordering::Relaxed);
    }
}

/// A stream with limits on the wait for a request, for its head, and for its response to be taken.
#[derive(Debug)]
pub(super) struct Timed<S> {
    stream: S,
    phase: Arc<Phase>,
    times: Times,
    /// The phase that is waited in, and until when.
    waiting: Option<(u8, Instant)>,
    /// Wakes at that time or earlier. It is kept from request to request, for most limits never come to pass.
    reading: Option<Pin<Box<Sleep>>>,
    writing: Option<Pin<Box<Sleep>>>,
}

impl<S> Timed<S> {
    pub(super) fn new(stream: S, phase: Arc<Phase>, times: Times) -> Self {
        Self { stream, phase, times, waiting: None, reading: None, writing: None }
    }

    /// Fails when the limit of the phase has passed.
    fn poll_limit(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let phase = self.phase.0.load(Ordering::Relaxed);
        let limit = match phase {
            WAITS => self.times.idle,
            READS_HEAD => self.times.head,
            _ => {
                self.waiting = None;
                return Poll::Pending;
            }
        };
        let until = match self.waiting {
            Some((of, until)) if of == phase => until,
            _ => self.waiting.insert((phase, Instant::now() + limit)).1,
        };
        let sleeping = self.reading.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if until < sleeping.deadline() {
            sleeping.as_mut().reset(until);
        }
        while sleeping.as_mut().poll(context).is_ready() {
            if sleeping.deadline() >= until {
                return Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, "the request did not come in time"));
            }
            sleeping.as_mut().reset(until);
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(result) => {
                if buffer.filled().len() > before {
                    let begins = self.phase.0.compare_exchange(WAITS, READS_HEAD, Ordering::Relaxed, Ordering::Relaxed);
                    if begins.is_ok() {
                        self.waiting = None;
                    }
                }
                Poll::Ready(result)
            }
            Poll::Pending => self.poll_limit(context).map(Err),
        }
    }
}

impl<S: AsyncWrite + Unpin> Timed<S> {
    /// Lets a write wait, but not for ever.
    fn limit<T>(&mut self, context: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.writing = None;
            return polled;
        }
        let limit = self.times.write;
        let sleeping = self.writing.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + limit)));
        ready!(sleeping.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the response was not taken in time")))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timed<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.limit(context, polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(context);
        // The wait for the next request begins with the end of this one: nobody reads before something comes, and a
        // limit that nobody waits for would never come to pass. Whoever reads next is told.
        if self.phase.0.load(Ordering::Relaxed) == WAITS {
            let _ = self.poll_limit(context);
        }
        self.limit(context, polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_shutdown(context);
        self.limit(context, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.limit(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    // No socket is read here, so the paused time of tokio stands in for waiting.
    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_request_ends_and_one_that_had_a_request_stays_longer() {
        let times = Times::default();
        for (had_a_request, limit) in [(false, times.head), (true, times.idle)] {
            let (near, _far) = duplex(64);
            let phase = Arc::new(Phase::default());
            let mut timed = Timed::new(near, phase.clone(), times);
            if had_a_request {
                phase.serving();
                phase.idle();
            }
            let started = Instant::now();
            let error = timed.read_u8().await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            assert_eq!(started.elapsed().as_secs(), limit.as_secs());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_drips_ends_however_it_drips() {
        let (near, mut far) = duplex(64);
        let mut timed = Timed::new(near, Arc::new(Phase::default()), Times::default());
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(1)).await;
                if far.write_all(b"x").await.is_err() {
                    return;
                }
            }
        });
        let started = Instant::now();
        let error = loop {
            if let Err(error) = timed.read_u8().await {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(started.elapsed() <= Times::default().head + Duration::from_secs(2), "{:?}", started.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_served_has_all_the_time_its_body_is_given() {
        let (near, mut far) = duplex(64);
        let phase = Arc::new(Phase::default());
        let mut timed = Timed::new(near, phase.clone(), Times::default());
        far.write_all(b"x").await.unwrap();
        timed.read_u8().await.unwrap();
        phase.serving();
        let waited = tokio::time::timeout(Duration::from_secs(3_600), timed.read_u8()).await;
        assert!(waited.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_response_that_nobody_takes_ends() {
        let (near, _far) = duplex(4);
        let mut timed = Timed::new(near, Arc::new(Phase::default()), Times::default());
        let error = timed.write_all(b"more than four").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
