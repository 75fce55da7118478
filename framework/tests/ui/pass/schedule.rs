//! A handler that runs by itself, and one that may be asked too.
#![no_implicit_prelude]
#![deny(warnings)]
#![forbid(unsafe_code)]

use ::bavard::{Result, Scheduled, State, Storage, on_mention, on_schedule};

#[on_schedule("*/5 8-18 * * MON-FRI", "@weekly", timezone = "Europe/Paris", catch_up = "2d", retry = 1)]
async fn clean(scheduled: Scheduled, storage: Storage, _state: State<u8>) -> Result<()> {
    storage.of_bot().set("cleaned", &scheduled.due).await
}

#[on_mention("news")]
#[on_schedule("0 9 * * *", channel = "C0123ABCD")]
#[on_schedule("0 9 * * *", timezone = "Asia/Tokyo", channel = "C0123ABCD")]
fn news() -> &'static str {
    "none"
}

fn main() {
    ::std::assert_eq!(::bavard::handlers![clean, news].len(), 2);
}
