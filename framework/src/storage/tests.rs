use std::{collections::BTreeMap, time::Duration};

use super::*;
use crate::clock::{ManualClock, Timestamp};

fn storage() -> (Storage, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
    (Storage::new(Arc::new(MemoryStore::new()), clock.clone()), clock)
}

fn of_run(storage: &Storage) -> Storage {
    storage.of_run(Some(Scope::conversation(&"C1".into(), None)), Vec::new())
}

/// Commits what a run changed, as the engine does.
async fn commit(storage: &Storage, run: &Storage) -> Result<(), StoreError> {
    storage.0.store.change(run.take()).await
}

#[tokio::test]
async fn values_of_any_shape_are_kept_for_their_owners_alone() {
    let (storage, _) = storage();
    let (ada, bob) = (storage.of_person(&"U1".into()), storage.of_person(&"U2".into()));
    ada.set("name", "Ada").await.unwrap();
    storage.of_bot().set("name", &("bot", 1)).await.unwrap();
    storage.of_channel(&"C1".into()).set("name", &BTreeMap::from([("a", 1)])).await.unwrap();
    assert_eq!(ada.get::<String>("name").await.unwrap().as_deref(), Some("Ada"));
    assert_eq!(bob.get::<String>("name").await.unwrap(), None);
    assert_eq!(storage.of_bot().get::<(String, u8)>("name").await.unwrap(), Some(("bot".to_owned(), 1)));
    let of_channel: Option<BTreeMap<String, u8>> = storage.of_channel(&"C1".into()).get("name").await.unwrap();
    assert_eq!(of_channel, Some(BTreeMap::from([("a".to_owned(), 1)])));
    ada.remove("name").await.unwrap();
    assert_eq!(ada.get::<String>("name").await.unwrap(), None);
}

#[tokio::test]
async fn what_is_set_for_a_time_is_gone_after_it() {
    let (storage, clock) = storage();
    let bot = storage.of_bot();
    bot.set_for("token", &7, Duration::from_secs(60)).await.unwrap();
    clock.advance(Duration::from_secs(59));
    assert_eq!(bot.get::<u8>("token").await.unwrap(), Some(7));
    clock.advance(Duration::from_secs(1));
    assert_eq!(bot.get::<u8>("token").await.unwrap(), None);
    assert!(bot.compare_and_set("token", None, &8).await.unwrap());
    clock.advance(Duration::from_secs(3_600));
    assert_eq!(bot.get::<u8>("token").await.unwrap(), Some(8), "it stays from now on");
}

#[tokio::test]
async fn comparing_goes_by_value_and_not_by_text() {
    let (storage, _) = storage();
    let bot = storage.of_bot();
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    bot.set("a", &json(r#"{"x":1,"y":2}"#)).await.unwrap();
    assert!(!bot.compare_and_set("a", None, &json("1")).await.unwrap());
    assert!(!bot.compare_and_set("a", Some(&json(r#"{"x":1}"#)), &json("1")).await.unwrap());
    assert!(bot.compare_and_set("a", Some(&json(r#"{"y":2,"x":1}"#)), &json("1")).await.unwrap());
    assert!(!bot.compare_and_set("b", Some(&json("1")), &json("2")).await.unwrap());
    assert_eq!(bot.get::<u8>("b").await.unwrap(), None);
}

#[tokio::test]
async fn what_is_too_long_is_refused() {
    let (storage, _) = storage();
    let bot = storage.of_bot();
    let longest = "x".repeat(64 * 1024 - 2);
    bot.set(&"k".repeat(256), &longest).await.unwrap();
    let refused = [
        bot.set("", &1).await,
        bot.set(&"k".repeat(257), &1).await,
        bot.set("a", &format!("{longest}x")).await,
        bot.get::<u8>("").await.map(drop),
    ];
    let [no_key, long_key, long_value, no_key_read] = refused.map(|refused| refused.unwrap_err().to_string());
    assert_eq!((&*no_key, &*no_key_read), ("a key has 1 to 256 bytes, and this one has 0", &*no_key));
    assert_eq!(long_key, "a key has 1 to 256 bytes, and this one has 257");
    assert_eq!(long_value, "a value has at most 65536 bytes, and that of `a` has 65537");
}

#[tokio::test]
async fn a_value_of_another_shape_is_an_error_that_names_it() {
    let (storage, _) = storage();
    storage.of_bot().set("count", "many").await.unwrap();
    let error = storage.of_bot().get::<u32>("count").await.unwrap_err().to_string();
    assert!(error.starts_with("the value of `count` is not what was asked for: invalid type: string"), "{error}");
    let error = storage.of_bot().update("count", |count: Option<u32>| count.unwrap_or(0) + 1).await.unwrap_err();
    assert!(error.to_string().contains("`count`"), "{error}");
}

#[tokio::test]
async fn what_a_run_changes_is_seen_by_itself_alone_until_it_is_committed() {
    let (storage, _) = storage();
    storage.of_bot().set("a", &1).await.unwrap();
    let run = of_run(&storage);
    run.of_bot().set("a", &2).await.unwrap();
    run.of_bot().remove("b").await.unwrap();
    run.of_conversation().unwrap().set("c", &3).await.unwrap();
    assert_eq!(run.of_bot().get::<u8>("a").await.unwrap(), Some(2));
    assert_eq!(run.of_bot().update("a", |a: Option<u8>| a.unwrap() + 1).await.unwrap(), 3);
    assert!(run.of_bot().compare_and_set("a", Some(&3), &4).await.unwrap());
    assert_eq!(storage.of_bot().get::<u8>("a").await.unwrap(), Some(1));
    commit(&storage, &run).await.unwrap();
    assert_eq!(storage.of_bot().get::<u8>("a").await.unwrap(), Some(4));
    assert_eq!(of_run(&storage).of_conversation().unwrap().get::<u8>("c").await.unwrap(), Some(3));
    let late = run.of_bot().set("a", &5).await.unwrap_err().to_string();
    assert_eq!(late, "its handler has returned: what is changed later is changed with `Bot::storage`");
}

#[tokio::test]
async fn an_update_is_not_committed_over_that_of_another() {
    let (storage, _) = storage();
    let (one, other) = (of_run(&storage), of_run(&storage));
    let count = |count: Option<u32>| count.unwrap_or(0) + 1;
    one.of_bot().update("count", count).await.unwrap();
    other.of_bot().update("count", count).await.unwrap();
    other.of_bot().set("count", &9).await.unwrap();
    commit(&storage, &one).await.unwrap();
    assert!(matches!(commit(&storage, &other).await, Err(StoreError::Conflict(_))), "what it saw first counts");
    assert_eq!(storage.of_bot().get::<u32>("count").await.unwrap(), Some(1));
    let blind = of_run(&storage);
    blind.of_bot().set("count", &7).await.unwrap();
    storage.of_bot().set("count", &8).await.unwrap();
    commit(&storage, &blind).await.unwrap();
    assert_eq!(storage.of_bot().get::<u32>("count").await.unwrap(), Some(7), "`set` does not look");
}

#[tokio::test]
async fn an_update_outside_of_handlers_is_made_again_until_nobody_came_between() {
    let (storage, _) = storage();
    let between = storage.of_bot();
    let mut seen = Vec::new();
    let bot = storage.of_bot();
    let last = bot.update("count", |count: Option<u32>| {
        seen.push(count);
        if seen.len() < 3 {
            // The store in memory has nothing to wait for.
            futures_util::FutureExt::now_or_never(between.set("count", &(10 * seen.len()))).unwrap().unwrap();
        }
        count.unwrap_or(0) + 1
    });
    assert_eq!(last.await.unwrap(), 21);
    assert_eq!(seen, [None, Some(10), Some(20)]);
}

#[tokio::test]
async fn outside_of_a_call_there_is_no_conversation() {
    let (storage, _) = storage();
    let error = storage.of_conversation().unwrap_err().to_string();
    assert!(error.contains("use `of_channel` or `of_person`"), "{error}");
}
