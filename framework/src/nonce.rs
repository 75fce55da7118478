//! Words that nobody has said before.

use std::hash::{BuildHasher, RandomState};

/// Thirty-two hexadecimal digits that another process cannot guess: the standard library draws the keys of its hashes from
/// the system's randomness, once a thread, and uses none twice.
pub(crate) fn nonce() -> String {
    let half = || RandomState::new().hash_one("nonce");
    format!("{:016x}{:016x}", half(), half())
}
