//! The challenge by which a bot is found: what Slack sends to verify an address, and who answers asked beside.

use bytes::Bytes;
use serde_json::json;

use crate::{
    clock::Timestamp,
    nonce::nonce,
    slack::verify::{Instance, Proof, Verifier},
};

/// A challenge that was made up, and signed with the signing secret.
#[derive(Debug)]
pub(super) struct Challenge {
    text: String,
    pub(super) body: Bytes,
    pub(super) timestamp: u64,
    pub(super) signature: String,
    verifier: Verifier,
}

/// What an answer says to a challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// It is given back by a process that holds the secret, and says which it is.
    By(Instance),
    /// It is given back as Slack wants it, and by nobody knows whom.
    Bare,
    /// It is not given back.
    Not,
}

impl Challenge {
    pub(super) fn new(verifier: Verifier, now: Timestamp) -> Self {
        let (text, timestamp) = (nonce(), now.seconds());
        let body = json!({ "type": "url_verification", "token": "", "challenge": text }).to_string();
        let signature = verifier.signature(timestamp, body.as_bytes());
        Self { text, body: body.into(), timestamp, signature, verifier }
    }

    /// Who gives it back. What repeats all that it is sent does not.
    pub(super) fn given(&self, body: &[u8]) -> Given {
        if let Ok(proof) = serde_json::from_slice::<Proof>(body) {
            return proof.of(&self.verifier, &self.text).map_or(Given::Not, Given::By);
        }
        let is_back = body.trim_ascii() == self.text.as_bytes() || body.trim_ascii() == self.as_json().as_bytes();
        if is_back { Given::Bare } else { Given::Not }
    }

    fn as_json(&self) -> String {
        json!({ "challenge": self.text }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gives_it_back_is_known_by_the_secret() {
        let verifier = |secret: &str| Verifier::new(&[secret.into()]).unwrap();
        let challenge = Challenge::new(verifier("ours"), Timestamp::from_seconds(1));
        let instance = Instance::new();
        let proof = |secret| Proof::new(&verifier(secret), &instance, &challenge.text).json();
        assert_eq!(challenge.given(proof("ours").as_bytes()), Given::By(instance.clone()));
        assert_eq!(challenge.given(proof("another").as_bytes()), Given::Not);
        assert_eq!(challenge.given(challenge.text.as_bytes()), Given::Bare);
        assert_eq!(challenge.given(format!("{{\"challenge\":\"{}\"}}", challenge.text).as_bytes()), Given::Bare);
        for body in [&challenge.body[..], b"", b"{}", b"<html>"] {
            assert_eq!(challenge.given(body), Given::Not, "an echo, or nothing");
        }
    }
}
