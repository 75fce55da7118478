//! Who connects and says nothing, or too little, takes nothing from the others.

use axum::routing::get;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::*;

/// Longer than anything here takes; reached only by a test that fails.
const SOON: Duration = Duration::from_secs(20);

/// Longer than any test.
const LONG: Duration = Duration::from_secs(3_600);

const SHORT: Duration = Duration::from_millis(150);

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: bot\r\n\r\n";

async fn server(connections: usize, times: Times) -> Server {
    let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let router = Router::new().route("/", get(|| async { "good" }));
    Server::start_within(listener, router, Limits { connections, times }).unwrap()
}

async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.address()).await.unwrap()
}

/// One response, on a connection that may have had others.
async fn answer(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    while !heard.ends_with(b"good") {
        assert_ne!(stream.read_buf(&mut heard).await.unwrap(), 0, "the server ended a good connection");
    }
    String::from_utf8(heard).unwrap()
}

async fn is_served(stream: &mut TcpStream) -> bool {
    stream.write_all(REQUEST).await.unwrap();
    timeout(SOON, answer(stream)).await.unwrap().starts_with("HTTP/1.1 200")
}

/// Waits until the server has ended a connection, in whatever way.
async fn ended(stream: &mut TcpStream) {
    let mut buffer = [0; 1_024];
    let ended = async { while stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {} };
    timeout(SOON, ended).await.expect("the server ends the connection");
}

#[test]
fn so_many_connections_are_open_at_once() {
    assert_eq!(Limits::default().connections, 1_024);
}

#[tokio::test]
async fn one_connection_too_many_waits_and_is_served_when_another_ends() {
    let server = server(2, Times { idle: LONG, head: LONG, write: LONG }).await;
    let mut served = connect(&server).await;
    assert!(is_served(&mut served).await);
    let silent = connect(&server).await;
    let mut waiting = connect(&server).await;
    waiting.write_all(REQUEST).await.unwrap();
    assert!(timeout(SHORT, answer(&mut waiting)).await.is_err(), "there are two connections already");
    assert!(is_served(&mut served).await, "who is served goes on being served");
    drop(silent);
    assert!(timeout(SOON, answer(&mut waiting)).await.unwrap().starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn connections_that_say_nothing_give_their_places_back() {
    let server = server(4, Times { idle: LONG, head: SHORT, write: LONG }).await;
    let mut silent = Vec::new();
    for _ in 0..12 {
        silent.push(connect(&server).await);
    }
    let mut good = connect(&server).await;
    assert!(is_served(&mut good).await);
    for stream in &mut silent {
        ended(stream).await;
    }
}

#[tokio::test]
async fn a_connection_that_was_served_is_ended_when_it_stays_silent() {
    let server = server(1, Times { idle: SHORT, head: LONG, write: LONG }).await;
    let mut first = connect(&server).await;
    assert!(is_served(&mut first).await);
    let mut second = connect(&server).await;
    assert!(is_served(&mut second).await, "the only place is free again");
    ended(&mut first).await;
}

#[tokio::test]
async fn heads_that_drip_are_ended_and_good_traffic_goes_on_meanwhile() {
    let server = server(8, Times { idle: LONG, head: SHORT, write: LONG }).await;
    let mut good = connect(&server).await;
    let mut dripping = Vec::new();
    for _ in 0..7 {
        let mut stream = connect(&server).await;
        dripping.push(tokio::spawn(async move {
            let (mut reading, mut writing) = stream.split();
            let drip = async {
                for byte in REQUEST.iter().cycle().filter(|byte| !byte.is_ascii_whitespace()) {
                    if writing.write_all(&[*byte]).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            let mut buffer = [0; 1_024];
            tokio::select! {
                () = drip => {}
                () = async { while reading.read(&mut buffer).await.is_ok_and(|length| length > 0) {} } => {}
            }
        }));
    }
    while !dripping.iter().all(JoinHandle::is_finished) {
        assert!(is_served(&mut good).await);
        tokio::task::yield_now().await;
    }
    for task in dripping {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_stops_does_not_wait_for_the_silent() {
    let server = server(2, Times { idle: LONG, head: LONG, write: LONG }).await;
    let mut served = connect(&server).await;
    assert!(is_served(&mut served).await);
    timeout(SOON, server.stop(LONG)).await.expect("it stops at once");
    ended(&mut served).await;
}
