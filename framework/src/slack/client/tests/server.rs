//! A server on loopback that does what it is told, one step a connection.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// What becomes of a connection.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A request is read and answered with these bytes.
    Bytes(String),
    /// The connection is closed before anything is read.
    DropAtOnce,
    /// A request is read and the connection closed.
    DropAfterRequest,
    /// A request is read, and nothing comes until the client gives up.
    Silence,
    /// These bytes begin an answer, and nothing follows until the client gives up.
    Stall(String),
}

impl Step {
    /// An answer with a JSON body.
    pub(super) fn json(status: u16, body: &str) -> Self {
        Self::answer(status, "content-type: application/json; charset=utf-8", body)
    }

    /// An answer with one more header.
    pub(super) fn answer(status: u16, header: &str, body: &str) -> Self {
        let length = body.len();
        Self::Bytes(format!(
            "HTTP/1.1 {status} Status\r\n{header}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        ))
    }
}

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    /// The first line.
    pub(super) line: String,
    /// The other lines of its head.
    pub(super) head: Vec<String>,
    /// Its body.
    pub(super) body: String,
}

impl Request {
    /// The header of this name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let of_name = |line: &&String| line.to_ascii_lowercase().starts_with(&format!("{name}:"));
        let line = self.head.iter().find(of_name)?;
        line.split_once(':').map(|(_, value)| value.trim())
    }
}

/// The server; it ends after its last step.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub(super) fn start(steps: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let steps: Vec<_> = steps.into_iter().collect();
        let seen = requests.clone();
        std::thread::spawn(move || {
            for step in steps {
                let (stream, _) = listener.accept().unwrap();
                serve(stream, step, &seen);
            }
        });
        Self { address, requests }
    }

    /// An address at which nothing listens.
    pub(super) fn nowhere() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/api/", listener.local_addr().unwrap())
    }

    /// The base of its Web API.
    pub(super) fn base(&self) -> String {
        format!("http://{}/api/", self.address)
    }

    /// What arrived so far.
    pub(super) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, step: Step, seen: &Mutex<Vec<Request>>) {
    if matches!(step, Step::DropAtOnce) {
        return;
    }
    let Some(request) = read(&stream) else { return };
    seen.lock().unwrap().push(request);
    match step {
        Step::Bytes(bytes) => stream.write_all(bytes.as_bytes()).unwrap(),
        Step::Silence => until_closed(&mut stream),
        Step::Stall(bytes) => {
            stream.write_all(bytes.as_bytes()).unwrap();
            until_closed(&mut stream);
        }
        Step::DropAtOnce | Step::DropAfterRequest => {}
    }
}

fn until_closed(stream: &mut TcpStream) {
    let _ = stream.read(&mut [0]);
}

/// `None` for what is not HTTP.
fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut request = Request::default();
    reader.read_line(&mut request.line).ok()?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        request.head.push(line.to_owned());
    }
    let length: usize = request.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8(body).ok()?;
    Some(request)
}
