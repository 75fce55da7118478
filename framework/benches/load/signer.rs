//! Signatures as the platform makes them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub(crate) const SECRET: &str = "8f742231b10e8888abcd99fffeee85a5";

/// The signature of a body, and the way it is made.
pub(crate) struct Signer(Hmac<Sha256>);

impl Signer {
    pub(crate) fn new() -> Self {
        Self(Hmac::new_from_slice(SECRET.as_bytes()).unwrap())
    }

    pub(crate) fn mac(&self, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        for part in [b"v0:", timestamp.as_bytes(), b":", body] {
            mac.update(part);
        }
        mac
    }

    /// `v0=` and hexadecimal digits.
    pub(crate) fn signature(&self, timestamp: &str, body: &[u8]) -> String {
        use std::fmt::Write;
        let mut signature = String::from("v0=");
        for byte in self.mac(timestamp, body).finalize().into_bytes() {
            write!(signature, "{byte:02x}").unwrap();
        }
        signature
    }
}
