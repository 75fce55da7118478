//! A request is believed when, and only when, its time is near and its signature is the one that we make ourselves.
#![no_main]

use bavard::__fuzz::verified;
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use sha2::Sha256;

const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const NOW: u64 = 1_531_420_618;

#[derive(Arbitrary, Debug)]
struct Request {
    timestamp: Timestamp,
    signature: Signature,
    body: Vec<u8>,
    twice: bool,
}

#[derive(Arbitrary, Debug)]
enum Timestamp {
    Near(i16),
    Any(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
enum Signature {
    Right,
    UpperCase,
    OneByteOff { at: u8, by: u8 },
    Any(Vec<u8>),
}

fuzz_target!(|request: Request| {
    let timestamp = match request.timestamp {
        Timestamp::Near(offset) => NOW.saturating_add_signed(offset.into()).to_string().into_bytes(),
        Timestamp::Any(bytes) => bytes,
    };
    let right = signature(&timestamp, &request.body);
    let signature = match request.signature {
        Signature::Right => right.clone().into_bytes(),
        Signature::UpperCase => right.to_uppercase().replace("V0", "v0").into_bytes(),
        Signature::OneByteOff { at, by } => {
            let mut bytes = right.clone().into_bytes();
            let at = usize::from(at) % bytes.len();
            bytes[at] = bytes[at].wrapping_add(by);
            bytes
        }
        Signature::Any(bytes) => bytes,
    };
    let mut headers = vec![("x-slack-request-timestamp", &timestamp[..]), ("x-slack-signature", &signature[..])];
    if request.twice {
        headers.push(("x-slack-signature", &signature));
    }
    let Some(verified) = verified(SECRET, &headers, &request.body, NOW) else { return };
    let digits = !timestamp.is_empty() && timestamp.iter().all(u8::is_ascii_digit);
    let seconds = String::from_utf8_lossy(&timestamp).parse::<u64>().ok().filter(|_| digits);
    let near = seconds.is_some_and(|seconds| seconds.abs_diff(NOW) <= 300);
    let same = signature.starts_with(b"v0=") && signature.eq_ignore_ascii_case(right.as_bytes());
    assert_eq!(verified, near && same && !request.twice);
});

fn signature(timestamp: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("HMAC takes a key of any length");
    for part in [b"v0:", timestamp, b":", body] {
        mac.update(part);
    }
    let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v0={digits}")
}
