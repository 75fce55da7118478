//! The way out over a secure channel: which certificates are trusted, and by which proxy it goes.
//!
//! Both are told by the environment of a process, so that each is tried in one of its own: this very program, which runs
//! one test alone.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::Command,
    sync::{Arc, mpsc},
    thread,
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};

use super::{NOBODY, Set};

/// Where the process that is started finds what it examines.
const BASE: &str = "BAVARD_TEST_BASE";

/// A server whose certificate is of an authority that nobody knows.
struct Secure {
    address: SocketAddr,
    /// The authority, as a file may hold it.
    authority: String,
}

impl Secure {
    fn start() -> Self {
        let (authority, chain, key) = certificates();
        let config = ServerConfig::builder_with_provider(ring::default_provider().into());
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let config = Arc::new(config.with_single_cert(chain, key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = ServerConnection::new(config.clone()).unwrap();
                let stream = StreamOwned::new(connection, stream.unwrap());
                thread::spawn(move || answer(stream));
            }
        });
        Self { address, authority }
    }

    fn base(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }
}

fn certificates() -> (String, Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let issuer_key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&issuer_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let server = server.signed_by(&key, &Issuer::new(params, issuer_key)).unwrap();
    (authority, vec![server.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

/// Says whose the token is to whoever asks anything. A handshake that fails is the end of it.
fn answer(mut stream: StreamOwned<ServerConnection, TcpStream>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    stream.read_exact(&mut vec![0; length?.parse().ok()?]).ok()?;
    let body = r#"{"ok":true,"user":"bot","user_id":"U0SECURE","team":"Acme"}"#;
    let length = body.len();
    write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}").ok()?;
    stream.flush().ok()
}

/// A proxy that makes every tunnel it is asked for, and tells for where.
fn proxy() -> (SocketAddr, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, (told, asked)) = (listener.local_addr().unwrap(), mpsc::channel());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let told = told.clone();
            thread::spawn(move || tunnel(stream.unwrap(), &told));
        }
    });
    (address, asked)
}

fn tunnel(mut client: TcpStream, told: &mpsc::Sender<String>) {
    let mut reader = BufReader::new(client.try_clone().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap() > 2 {
        line.clear();
    }
    let port = first.split([':', ' ']).nth(2).unwrap();
    let mut server = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    told.send(first).unwrap();
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    let mut back = server.try_clone().unwrap();
    thread::spawn(move || std::io::copy(&mut back, &mut client));
    // What was read ahead stands in the reader.
    let _ = std::io::copy(&mut reader, &mut server);
}

/// What is told in a process with these variables, and nothing else of this environment.
fn examined(base: &str, variables: &[(&str, &str)]) -> String {
    let mut program = Command::new(env::current_exe().unwrap());
    program.args(["--exact", "doctor::tests::secure::in_a_process_of_its_own", "--nocapture"]);
    let output = program.env_clear().envs(variables.iter().copied()).env(BASE, base).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
    told
}

/// Examines a bot whose platform and whose public address are both behind a secure channel.
#[tokio::test]
async fn in_a_process_of_its_own() {
    let Ok(base) = env::var(BASE) else { return };
    let set = [
        ("SLACK_BOT_TOKEN", "xoxb-1-canary"),
        ("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef"),
        ("SLACK_API_URL", &format!("{base}/api/")),
        ("BAVARD_LISTEN", NOBODY),
    ];
    let set = Set(set.into_iter().map(|(name, value)| (name, value.to_owned())).collect());
    let [told, _] = set.told(Some(&base)).await;
    println!("{}", told.join("\n"));
}

/// The file that names an authority.
fn in_file(directory: &Path, authority: &str) -> String {
    let file = directory.join("authority.pem");
    std::fs::write(&file, authority).unwrap();
    file.to_str().unwrap().to_owned()
}

const TRUSTED: [&str; 2] = ["The token works: it is that of @bot (U0SECURE)", "leads to another program than this bot"];

#[test]
fn an_authority_is_trusted_where_the_environment_names_its_file_and_not_otherwise() {
    let (secure, directory) = (Secure::start(), tempfile::tempdir().unwrap());
    let file = in_file(directory.path(), &secure.authority);
    let told = examined(&secure.base(), &[("SSL_CERT_FILE", &file)]);
    assert!(TRUSTED.iter().all(|expected| told.contains(expected)), "{told}");
    let other = in_file(directory.path(), &Secure::start().authority);
    let told = examined(&secure.base(), &[("SSL_CERT_FILE", &other)]);
    for expected in ["auth.test: the platform was not reached", "is not one to trust", "SSL_CERT_FILE"] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    assert!(!TRUSTED.iter().any(|expected| told.contains(expected)), "{told}");
}

#[test]
fn calls_go_through_the_proxy_that_the_environment_names() {
    let (secure, directory, (proxy, asked)) = (Secure::start(), tempfile::tempdir().unwrap(), proxy());
    let file = in_file(directory.path(), &secure.authority);
    let variables = [("SSL_CERT_FILE", &*file), ("HTTPS_PROXY", &format!("http://{proxy}"))];
    let told = examined(&secure.base(), &variables);
    assert!(TRUSTED.iter().all(|expected| told.contains(expected)), "{told}");
    let expected = format!("CONNECT localhost:{} HTTP/1.1\r\n", secure.address.port());
    let asked: Vec<String> = asked.try_iter().collect();
    assert_eq!(asked, [&*expected; 3], "with the token, without it, and to the public address");
}
