//! Which process answers: told to whoever shows that they hold the signing secret, and proved by it in turn.
//!
//! A challenge that is signed, and asks with the header [`ASKED`], is answered with the name of the process and a MAC
//! over the challenge and that name. What is signed so never begins as the base of a request's signature does, so that
//! no answer can be used to sign a request. The name is made at random when the process starts, and says nothing else.

use axum::http::HeaderName;
use serde::{Deserialize, Serialize};

use super::Verifier;
use crate::nonce::nonce;

/// The header by which a challenge asks who answers it. The platform's own challenges do not have it.
pub(crate) static ASKED: HeaderName = HeaderName::from_static("x-bavard-instance");

/// A process, by a name that no other has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Instance(String);

impl Instance {
    /// A name that nobody has yet.
    pub(crate) fn new() -> Self {
        Self(nonce())
    }
}

/// The answer to a challenge that asks who answers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Proof {
    /// Given back as the platform wants it.
    challenge: String,
    instance: Instance,
    proof: String,
}

impl Proof {
    /// What an instance answers to a challenge.
    pub(crate) fn new(verifier: &Verifier, instance: &Instance, challenge: &str) -> Self {
        let proof = verifier.mac(&parts(challenge, instance));
        Self { challenge: challenge.to_owned(), instance: instance.clone(), proof }
    }

    /// The instance that answered, if the answer is to this challenge and by a holder of the secret.
    pub(crate) fn of(self, verifier: &Verifier, challenge: &str) -> Option<Instance> {
        let is_right = self.challenge == challenge && verifier.makes(&parts(challenge, &self.instance), &self.proof);
        is_right.then_some(self.instance)
    }

    /// As it is sent.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What is signed. Between its parts stands what no challenge of ours and no instance holds.
fn parts<'a>(challenge: &'a str, Instance(instance): &'a Instance) -> [&'a [u8]; 4] {
    [b"bavard-instance\n", challenge.as_bytes(), b"\n", instance.as_bytes()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verifier(secret: &str) -> Verifier {
        Verifier::new(&[secret.into()]).unwrap()
    }

    #[test]
    fn an_instance_is_believed_by_the_secret_and_the_challenge() {
        let (verifier, instance) = (verifier("one secret"), Instance::new());
        let sent = Proof::new(&verifier, &instance, "asked").json();
        let of = |text: &str, by: &Verifier, challenge| {
            serde_json::from_str::<Proof>(text).ok().and_then(|proof| proof.of(by, challenge))
        };
        assert_eq!(of(&sent, &verifier, "asked"), Some(instance.clone()));
        assert_eq!(of(&sent, &verifier, "asked else"), None);
        assert_eq!(of(&sent, &self::verifier("another"), "asked"), None);
        let Instance(name) = &instance;
        assert_eq!(of(&sent.replace(name, &nonce()), &verifier, "asked"), None);
        assert_eq!(of(r#"{"challenge":"asked","instance":"x","proof":"v0=00"}"#, &verifier, "asked"), None);
        assert_ne!(Instance::new(), Instance::new());
    }

    #[test]
    fn no_answer_is_the_signature_of_a_request() {
        let verifier = verifier("one secret");
        // A challenge that looks like the base of a signature, so that the answer would be one.
        let Proof { proof, .. } = Proof::new(&verifier, &Instance::new(), "v0:1:{}");
        assert!(!verifier.makes(&[b"v0:", b"1", b":", b"{}"], &proof));
    }
}
