//! Calls that wait and repeat.

use std::time::Duration;

use serde_json::Value;

use super::{
    CallError, Client, Delivery, Response,
    arguments::{Arguments, encode},
    blocked::Key,
};
use crate::slack::methods::{self, Effect, Method};

/// Before the first repetition of what went wrong without the platform saying when to come back; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(500);

impl Client {
    /// Calls a method: waits while it is blocked, and repeats what may be repeated without harm.
    pub(super) async fn call_with(&self, method: &str, arguments: &Arguments) -> Result<Response, CallError> {
        let Some(_) = self.address(method) else {
            return Err(CallError::arguments(method, "the name of a method is made of letters, digits and dots"));
        };
        let known = methods::find(method);
        let encoded = encode(known, arguments);
        let key = key(method, known, arguments);
        let mut budget = self.0.patience.longest;
        let mut attempt = 0;
        loop {
            while let Some(wait) = self.0.blocked.remaining(&key, self.0.clock.now()) {
                if !self.wait(wait, &mut budget).await {
                    return CallError::check(method, Delivery::RateLimited { retry_after: wait });
                }
            }
            let delivery = self.deliver(method, encoded.encoding, encoded.body.clone()).await;
            let wait = match &delivery {
                Delivery::RateLimited { retry_after } => {
                    self.0.blocked.block(&key, self.0.clock.now(), *retry_after);
                    Duration::ZERO
                }
                Delivery::NotSent { .. } => FIRST_WAIT * 2_u32.saturating_pow(attempt),
                Delivery::Ambiguous { .. } if methods::only_reads(method) => FIRST_WAIT * 2_u32.saturating_pow(attempt),
                _ => return CallError::check(method, delivery),
            };
            if attempt >= self.0.patience.repeats || !self.wait(wait, &mut budget).await {
                return CallError::check(method, delivery);
            }
            attempt += 1;
        }
    }

    /// Waits, unless that is longer than what is left to wait.
    async fn wait(&self, wait: Duration, budget: &mut Duration) -> bool {
        let Some(left) = budget.checked_sub(wait) else { return false };
        *budget = left;
        if !wait.is_zero() {
            (self.0.patience.pause)(wait).await;
        }
        true
    }
}

/// What a 429 blocks: the method, and of one that posts only the conversation.
fn key(method: &str, known: Option<&Method>, arguments: &Arguments) -> Key {
    let posts = known.is_some_and(|method| method.effect == Effect::Post);
    let channel = arguments.get("channel").and_then(Value::as_str).filter(|_| posts);
    (method.to_owned(), channel.map(str::to_owned))
}
