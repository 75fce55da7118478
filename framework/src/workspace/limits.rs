//! How fast an app may read that is distributed outside of the platform's marketplace.

use super::{fault::Kind, state::State};

/// What it reads slowly.
const SLOW: [&str; 2] = ["conversations.history", "conversations.replies"];

/// How many seconds lie between two calls of one of them, and how many messages it gives at most.
const EACH: u64 = 60;
const MOST: u64 = 15;

/// What befalls a call that comes too soon after the one before. One that does not is counted.
pub(super) fn too_soon(state: &mut State, method: &str) -> Option<Kind> {
    most(state, method)?;
    let now = state.now();
    let last = state.answered.iter_mut().find(|(known, _)| known == method);
    let Some((_, last)) = last else {
        state.answered.push((method.to_owned(), now));
        return None;
    };
    let left = EACH.saturating_sub(now.since(*last).as_secs());
    if left > 0 {
        return Some(Kind::RateLimited(Some(left.to_string())));
    }
    *last = now;
    None
}

/// How many messages a method gives at most; nothing where it gives as many as it is asked for.
pub(super) fn most(state: &State, method: &str) -> Option<u64> {
    (state.identity.is_distributed && SLOW.contains(&method)).then_some(MOST)
}
