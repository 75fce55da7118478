//! Turns that processes take together.

use bytes::Bytes;

use super::*;
use crate::{
    id::ChannelId,
    platform::{Limits, Recourse},
};

/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(3_600);

/// Turns that are not now are not booked.
const NOTHING: Duration = Duration::ZERO;

fn post(channel: &str, limits: Limits) -> Outgoing {
    Outgoing {
        method: "chat.postMessage".to_owned(),
        body: Bytes::new(),
        channel: Some(ChannelId::new(channel)),
        address: None,
        deadline: None,
        limits,
        recourse: Recourse::Look,
    }
}

#[tokio::test]
async fn what_one_has_sent_counts_for_the_other() {
    let Some(Several { one, other, rest: _rest, .. }) = pair().await else { return };
    let slow = Limits { per_minute: 0, in_channel: LONG };
    for store in [&one, &other, &one] {
        assert_eq!(store.turn(&post("C1", slow), NOTHING).await, Ok(Duration::ZERO));
    }
    for store in [&one, &other] {
        let wait = store.turn(&post("C1", slow), NOTHING).await.unwrap();
        assert!(wait > Duration::ZERO && wait <= LONG, "{wait:?}");
    }
    assert_eq!(other.turn(&post("C2", slow), NOTHING).await, Ok(Duration::ZERO));
    let method = Limits { per_minute: 1, in_channel: Duration::ZERO };
    for (store, channel) in [(&one, "C3"), (&other, "C4"), (&one, "C5")] {
        assert_eq!(store.turn(&post(channel, method), NOTHING).await, Ok(Duration::ZERO));
    }
    assert!(other.turn(&post("C6", method), NOTHING).await.unwrap() > Duration::ZERO);
}

#[tokio::test]
async fn turns_that_are_taken_at_once_are_no_more_than_there_are() {
    let Some(Several { one, other, rest: _rest, .. }) = pair().await else { return };
    let slow = Limits { per_minute: 1, in_channel: LONG };
    let outgoing = [post("C1", slow), post("C2", slow)];
    let asked = (0..40).map(|number| [&one, &other][number % 2].turn(&outgoing[number / 2 % 2], NOTHING));
    let waits = futures_util::future::join_all(asked).await;
    let taken = waits.into_iter().filter(|wait| *wait == Ok(Duration::ZERO)).count();
    assert_eq!(taken, Limits::BURST as usize);
}

#[tokio::test]
async fn what_the_platform_asked_one_to_wait_for_the_other_waits_for_too() {
    let Some(Several { one, other, rest: _rest, .. }) = pair().await else { return };
    // So fast that no turn is ever waited for.
    let fast = Limits { per_minute: 60_000_000, in_channel: Duration::ZERO };
    one.hold(&post("C1", fast), LONG);
    while other.turn(&post("C1", fast), NOTHING).await.unwrap() < LONG / 2 {}
    assert!(other.turn(&post("C2", fast), NOTHING).await.unwrap() < LONG / 2);
}

#[tokio::test]
async fn an_address_of_its_own_has_no_turn() {
    let Some(Several { one, rest: _rest, .. }) = pair().await else { return };
    let slow = Limits { per_minute: 1, in_channel: LONG };
    let address = crate::platform::Address("https://hooks.slack.com/commands/1".parse().unwrap());
    let outgoing = Outgoing { address: Some(address), ..post("C1", slow) };
    for _ in 0..5 {
        assert_eq!(one.turn(&outgoing, NOTHING).await, Ok(Duration::ZERO));
    }
}

#[tokio::test]
async fn turns_that_are_near_are_booked_one_behind_the_other() {
    let Some(Several { one, other, rest: _rest, .. }) = pair().await else { return };
    let slow = Limits { per_minute: 0, in_channel: LONG };
    for store in [&one, &other, &one] {
        assert_eq!(store.turn(&post("C1", slow), LONG).await, Ok(Duration::ZERO));
    }
    let mut before = Duration::ZERO;
    for (store, hours) in [(&other, 1), (&one, 2), (&other, 3)] {
        let wait = store.turn(&post("C1", slow), LONG * 4).await.unwrap();
        assert!(wait > before + LONG / 2 && wait <= LONG * hours, "{wait:?}");
        before = wait;
    }
}
