//! Nobody waits in a circle: locks are taken in one order.

use tokio_postgres::Client;

use super::*;
use crate::store::conformance::{NOW, admit, inbound};

/// A connection of whoever stands in the way.
async fn connect(place: &PostgresPlace) -> Client {
    let client = session::connect_to(place, || {}).await.unwrap();
    client.batch_execute("SET lock_timeout = '1s'; BEGIN").await.unwrap();
    client
}

/// Waits until somebody waits for this connection.
async fn is_waited_for(by: &Client, place: &PostgresPlace) {
    let client = session::connect_to(place, || {}).await.unwrap();
    let process: i32 = by.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid)))";
    for _ in 0..100_000 {
        if client.query_one(waits, &[&process]).await.unwrap().get::<_, bool>(0) {
            return;
        }
    }
    panic!("nobody waits");
}

async fn lock(client: &Client, lane: &str) {
    let lock = "SELECT FROM lanes WHERE lane = $1 FOR UPDATE";
    assert_eq!(client.query(lock, &[&lane]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn lanes_are_looked_through_in_the_order_of_their_names() {
    let Some(place) = place() else { return };
    let _removed = Removed(place.clone());
    let one = PostgresStore::open(&place, Arc::default()).await.unwrap();
    let other = PostgresStore::open(&place, Arc::default()).await.unwrap();
    for lane in ["b", "a"] {
        admit(&one, inbound(&format!("1{lane}"), lane)).await;
        other.admit(inbound(&format!("2{lane}"), lane)).await.unwrap();
    }
    let stands_there = connect(&place).await;
    lock(&stands_there, "a").await;
    let look = one.lease(10, NOW);
    is_waited_for(&stands_there, &place).await;
    lock(&stands_there, "b").await;
    stands_there.batch_execute("COMMIT").await.unwrap();
    assert_eq!(look.await.unwrap().len(), 2);
}

#[tokio::test]
async fn lanes_are_given_up_in_the_order_of_their_names() {
    let Some(place) = place() else { return };
    let _removed = Removed(place.clone());
    let store = PostgresStore::open(&place, Arc::default()).await.unwrap();
    for lane in ["b", "a"] {
        admit(&store, inbound(lane, lane)).await;
    }
    let stands_there = connect(&place).await;
    lock(&stands_there, "a").await;
    let given_up = GivenUp::new(store.shared.clone());
    given_up.add(["a", "b"].map(|lane| crate::store::Lane(lane.into())).iter()).await;
    let client = session::connect_to(&place, || {}).await.unwrap();
    let give_up = async {
        assert!(given_up.give_up(&client, &store.me).await.unwrap());
    };
    let stand_there = async {
        is_waited_for(&stands_there, &place).await;
        lock(&stands_there, "b").await;
        stands_there.batch_execute("COMMIT").await.unwrap();
    };
    tokio::join!(give_up, stand_there);
    assert_eq!(store.lease(10, NOW).await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_same_events_are_taken_in_in_any_order() {
    let Some(place) = place() else { return };
    let _removed = Removed(place.clone());
    let store = PostgresStore::open(&place, Arc::default()).await.unwrap();
    admit(&store, inbound("x", "l")).await;
    let (one, other) = (connect(&place).await, connect(&place).await);
    let me = store.me();
    let admit = |key: &'static [u8]| {
        move |client: Client| async move {
            let admit = r#"SELECT number FROM admit($1, NULL, false, 'l', NULL, '"Ready"', 2, 1, '', $2)"#;
            let number: Option<i64> = client.query_one(admit, &[&key, &me]).await.unwrap().get(0);
            (client, number.is_some())
        }
    };
    let (one, first) = admit(b"1")(one).await;
    let (behind, ()) = tokio::join!(admit(b"2")(other), async {
        is_waited_for(&one, &place).await;
        let (one, second) = admit(b"2")(one).await;
        assert!(first && second);
        one.batch_execute("COMMIT").await.unwrap();
    });
    let (other, taken_in) = behind;
    other.batch_execute("COMMIT").await.unwrap();
    assert!(!taken_in, "the one that was there before takes it in");
    assert_eq!(store.counts().await.unwrap().open, 3);
}
