//! Deliveries, one behind the other on each of several connections.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{mention, signer::Signer};

/// Numbers are never used twice, so that no two events of a run are the same.
static NEXT: AtomicUsize = AtomicUsize::new(1);

/// Delivers events to one program.
pub(crate) struct Generator {
    address: SocketAddr,
}

impl Generator {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address }
    }

    /// Delivers so many events; gives how long each acknowledgement took.
    pub(crate) async fn run(self, connections: usize, events: usize) -> Vec<Duration> {
        let left = Arc::new(AtomicUsize::new(events));
        let loops: Vec<_> = (0..connections).map(|_| tokio::spawn(deliver(self.address, left.clone()))).collect();
        let mut acknowledged = Vec::with_capacity(events);
        for deliveries in loops {
            acknowledged.extend(deliveries.await.unwrap());
        }
        acknowledged
    }
}

async fn deliver(address: SocketAddr, left: Arc<AtomicUsize>) -> Vec<Duration> {
    let mut connection = Connection::over(TcpStream::connect(address).await.unwrap());
    let mut acknowledged = Vec::new();
    while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        acknowledged.push(connection.deliver(number).await);
    }
    acknowledged
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    signer: Signer,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) fn over(stream: TcpStream) -> Self {
        stream.set_nodelay(true).unwrap();
        Self { stream, signer: Signer::new(), buffer: Vec::new() }
    }

    /// Delivers the event of a number that was not used before.
    pub(crate) async fn deliver_one(&mut self) {
        self.deliver(NEXT.fetch_add(1, Ordering::Relaxed)).await;
    }

    /// Delivers one event; gives how long its acknowledgement took.
    async fn deliver(&mut self, number: usize) -> Duration {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let (timestamp, body) = (seconds.to_string(), mention::body(number, seconds));
        let signature = self.signer.signature(&timestamp, body.as_bytes());
        let request = format!(
            "POST /slack/events HTTP/1.1\r\nHost: bot.example.com\r\nUser-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n\
             Accept-Encoding: gzip,deflate\r\nAccept: */*\r\nX-Slack-Signature: {signature}\r\n\
             X-Slack-Request-Timestamp: {timestamp}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let sent = Instant::now();
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.acknowledged().await;
        sent.elapsed()
    }

    /// Reads one response, which must be an empty 200.
    async fn acknowledged(&mut self) {
        self.buffer.clear();
        while !self.buffer.ends_with(b"\r\n\r\n") {
            let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
            assert!(read > 0, "the connection ended: {}", String::from_utf8_lossy(&self.buffer));
        }
        let head = String::from_utf8_lossy(&self.buffer).to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 200") && head.contains("content-length: 0\r\n"), "{head}");
    }
}
