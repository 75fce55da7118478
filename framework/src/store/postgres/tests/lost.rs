//! Connections that are lost right after a commit, before its answer.

use std::sync::atomic::AtomicBool;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_postgres::{Config, config::Host};

use super::*;
use crate::store::{
    Lane,
    conformance::{NOW, admit, inbound},
};

/// What stands between a store and its database.
struct Wire {
    /// Whether the answer to the next commit is lost, with its connection.
    cut: Arc<AtomicBool>,
}

impl Wire {
    /// The same place, behind a wire.
    async fn to(place: &PostgresPlace) -> (Self, PostgresPlace) {
        let config = &place.config;
        let server = match config.get_hosts().first() {
            Some(Host::Tcp(host)) => (host.clone(), config.get_ports().first().copied().unwrap_or(5432)),
            other => panic!("{other:?} is no host of a network"),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut behind = Config::new();
        behind.host("127.0.0.1").port(port).ssl_mode(tokio_postgres::config::SslMode::Disable);
        behind.user(config.get_user().unwrap_or("postgres")).dbname(config.get_dbname().unwrap_or("postgres"));
        if let Some(password) = config.get_password() {
            behind.password(password);
        }
        let cut = Arc::new(AtomicBool::new(false));
        let wire = Self { cut: cut.clone() };
        tokio::spawn(async move {
            while let Ok((store, _)) = listener.accept().await {
                let server = TcpStream::connect((server.0.as_str(), server.1)).await.unwrap();
                tokio::spawn(carry(store, server, cut.clone()));
            }
        });
        (wire, PostgresPlace { config: behind, ..place.clone() })
    }

    fn cut_after_commit(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }
}

async fn carry(mut store: TcpStream, mut server: TcpStream, cut: Arc<AtomicBool>) {
    let (mut asks, mut asked) = ([0; 16_384], [0; 16_384]);
    let mut is_last = false;
    loop {
        tokio::select! {
            Ok(length @ 1..) = store.read(&mut asks) => {
                let asks = &asks[..length];
                let commits = memchr::memmem::find(asks, b"COMMIT").is_some();
                is_last |= commits && cut.swap(false, Ordering::SeqCst);
                server.write_all(asks).await.unwrap();
            }
            Ok(length @ 1..) = server.read(&mut asked) => {
                let said = &asked[..length];
                match is_last {
                    false => store.write_all(said).await.unwrap(),
                    // It is made.
                    true if memchr::memmem::find(said, b"COMMIT").is_some() => return,
                    true => {}
                }
            }
            else => return,
        }
    }
}

#[tokio::test]
async fn lanes_are_not_forgotten_when_nobody_knows_whether_they_were_taken() {
    let Some(place) = place() else { return };
    let _removed = Removed(place.clone());
    let one = PostgresStore::open(&place, Arc::default()).await.unwrap();
    let (event, old) = admit(&one, inbound("a", "l")).await;
    one.close().await.unwrap();
    let (wire, behind) = Wire::to(&place).await;
    let other = PostgresStore::open(&behind, Arc::default()).await.unwrap();
    wire.cut_after_commit();
    assert!(other.lease(10, NOW).await.is_err());
    let leased = other.lease(10, NOW).await.unwrap();
    assert_eq!((leased.len(), leased[0].events[0].sequence), (1, event));
    assert!(leased[0].lease.token > old.token);
    other.settle(&leased[0].lease, conformance::done(event, vec![])).await.unwrap();
}

#[tokio::test]
async fn whoever_holds_a_lane_is_told_when_nobody_knows_what_came_into_it() {
    let Some(place) = place() else { return };
    let _removed = Removed(place.clone());
    let (wire, behind) = Wire::to(&place).await;
    let store = PostgresStore::open(&behind, Arc::default()).await.unwrap();
    let (first, lease) = admit(&store, inbound("a", "l")).await;
    wire.cut_after_commit();
    assert!(matches!(store.admit(inbound("b", "l")).await, Err(StoreError::Failed { .. })));
    let void = store.shared.voided().await;
    assert_eq!(void, [Lease { lane: Lane("l".into()), token: lease.token }]);
    assert_eq!(store.admit(inbound("b", "l")).await, Ok(Admitted::Duplicate), "it was taken in");
    let leased = store.lease(10, NOW).await.unwrap();
    let sequences: Vec<_> = leased[0].events.iter().map(|event| event.sequence).collect();
    assert!(leased[0].lease.token > lease.token);
    assert_eq!((sequences.len(), sequences[0]), (2, first));
    assert_eq!(store.settle(&lease, conformance::done(first, vec![])).await, Err(StoreError::Fenced));
}
