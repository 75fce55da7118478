//! One delivery: a signed request on a connection that is kept.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Semaphore,
};

use crate::signer::Signer;

/// How many deliveries are under way to one address at a time; a bot holds a thousand connections.
const MOST_AT_ONCE: usize = 512;

/// The way to one address, with the connections that nothing is delivered on just now.
#[derive(Debug)]
pub(crate) struct Door {
    address: SocketAddr,
    idle: Mutex<Vec<TcpStream>>,
    pub(crate) turns: Semaphore,
}

impl Door {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, idle: Mutex::default(), turns: Semaphore::new(MOST_AT_ONCE) }
    }

    /// Forgets its connections: whoever was behind them is gone.
    pub(crate) fn forget(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Delivers a body, signed now; gives the status of the answer.
    pub(crate) async fn deliver(&self, body: &str, retry: u32) -> io::Result<u16> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut stream = match idle {
            Some(stream) => stream,
            None => TcpStream::connect(self.address).await?,
        };
        stream.set_nodelay(true)?;
        stream.write_all(request(body, retry).as_bytes()).await?;
        let (status, goes_on) = answer(&mut stream).await?;
        if goes_on {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
        }
        Ok(status)
    }
}

fn request(body: &str, retry: u32) -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().to_string();
    let signature = Signer::new().signature(&seconds, body.as_bytes());
    let retry = match retry {
        0 => String::new(),
        number => format!("X-Slack-Retry-Num: {number}\r\nX-Slack-Retry-Reason: http_error\r\n"),
    };
    format!(
        "POST /slack/events HTTP/1.1\r\nHost: bot.example.com\r\nX-Slack-Signature: {signature}\r\n\
         X-Slack-Request-Timestamp: {seconds}\r\n{retry}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Reads one response; gives its status, and whether the connection goes on.
async fn answer(stream: &mut TcpStream) -> io::Result<(u16, bool)> {
    let mut bytes = Vec::with_capacity(256);
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    };
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(header, _)| *header == name).map(|(_, value)| value.trim())
    };
    let length: usize = header("content-length").and_then(|length| length.parse().ok()).unwrap_or_default();
    while bytes.len() < head.len() + 4 + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(ErrorKind::InvalidData)?;
    Ok((status, header("connection") != Some("close")))
}
