//! Whether a request comes from the platform: its signature, over the raw bytes, before anything is parsed.
//!
//! The rule is the platform's "v0" scheme: `v0:{timestamp}:{body}` under HMAC-SHA256 with the signing secret as it is
//! written. The MAC that would have been right is never kept, compared as text or printed.

mod instance;
mod postmortem;

use std::fmt;

use axum::http::{HeaderMap, HeaderName};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

pub(crate) use self::{
    instance::{ASKED, Instance, Proof},
    postmortem::{Ours, Refused, postmortem},
};
use crate::clock::Timestamp;

/// How far a request's own time may be from ours, in either direction.
const WINDOW_SECONDS: u64 = 300;

/// Checks signatures with one signing secret, or with several while one is rotated.
#[derive(Clone)]
pub(crate) struct Verifier {
    keys: Vec<Hmac<Sha256>>,
    /// Other values at hand, by their names, that somebody may have mixed up with the secret.
    others: Vec<(String, Hmac<Sha256>)>,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Refusal {
    /// A header is missing.
    HeaderMissing,
    /// A header is there more than once.
    HeaderDuplicate,
    /// The timestamp is not a plain number of seconds.
    TimestampMalformed,
    /// The timestamp is more than five minutes away, in either direction.
    TimestampFarAway,
    /// The signature is not `v0=` and 64 hexadecimal digits.
    SignatureMalformed,
    /// No secret at hand makes this signature.
    SignatureWrong,
}

impl Verifier {
    /// Takes the signing secrets, the current one first; `None` when there is none, for nothing is accepted unsigned.
    pub(crate) fn new(secrets: &[SecretString]) -> Option<Self> {
        let keys: Vec<Hmac<Sha256>> = secrets
            .iter()
            .map(|secret| secret.expose_secret().as_bytes())
            .filter(|secret| !secret.is_empty())
            .filter_map(|secret| Hmac::new_from_slice(secret).ok())
            .collect();
        (!keys.is_empty()).then_some(Self { keys, others: Vec::new() })
    }

    /// The same, which can tell by which other value at hand a request is signed that it refuses.
    #[must_use]
    pub(crate) fn beside(mut self, others: impl IntoIterator<Item = (String, SecretString)>) -> Self {
        let bare =
            |text: &str| text.trim_matches(|sign: char| sign.is_whitespace() || QUOTES.contains(&sign)).to_owned();
        let key = |secret: &SecretString| Hmac::new_from_slice(bare(secret.expose_secret()).as_bytes()).ok();
        self.others.extend(others.into_iter().filter_map(|(name, secret)| Some((name, key(&secret)?))));
        self
    }

    /// The name of the other value at hand that makes the signature of a request.
    pub(crate) fn signed_with(&self, headers: &HeaderMap, body: &[u8]) -> Option<&str> {
        let timestamp = single(headers, &TIMESTAMP).ok()?;
        let mac = decode(single(headers, &SIGNATURE).ok()?)?;
        let signs = |(_, key): &&(String, Hmac<Sha256>)| signs(key, timestamp, body, &mac);
        self.others.iter().find(signs).map(|(name, _)| name.as_str())
    }

    /// Whether a signing secret makes the signature of a request, whatever its time.
    pub(crate) fn is_signed(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        let parts = single(headers, &TIMESTAMP).ok().zip(single(headers, &SIGNATURE).ok().and_then(decode));
        parts.is_some_and(|(timestamp, mac)| self.keys.iter().any(|key| signs(key, timestamp, body, &mac)))
    }

    /// The signature of a body at a time, by the first secret.
    pub(crate) fn signature(&self, timestamp: u64, body: &[u8]) -> String {
        self.mac(&[b"v0:", timestamp.to_string().as_bytes(), b":", body])
    }

    /// A MAC over what is not a request, by the first secret, written as signatures are.
    fn mac(&self, parts: &[&[u8]]) -> String {
        let Some(mut key) = self.keys.first().cloned() else { return String::new() };
        parts.iter().for_each(|part| key.update(part));
        let digits =
            key.finalize().into_bytes().iter().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
        format!("v0={digits}")
    }

    /// Whether any secret makes such a MAC, compared in constant time.
    fn makes(&self, parts: &[&[u8]], mac: &str) -> bool {
        let Some(mac) = decode(mac.as_bytes()) else { return false };
        self.keys.iter().any(|key| {
            let mut key = key.clone();
            parts.iter().for_each(|part| key.update(part));
            key.verify_slice(&mac).is_ok()
        })
    }

    /// Accepts a body whose signature is right and whose time is near.
    pub(crate) fn verify(&self, headers: &axum::http::HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Refusal> {
        let timestamp = single(headers, &TIMESTAMP)?;
        let signature = single(headers, &SIGNATURE)?;
        near(timestamp, now)?;
        let mac = decode(signature).ok_or(Refusal::SignatureMalformed)?;
        let right = self.keys.iter().any(|key| signs(key, timestamp, body, &mac));
        if right { Ok(()) } else { Err(Refusal::SignatureWrong) }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({} secrets)", self.keys.len())
    }
}

impl Refusal {
    pub(crate) const ALL: [Self; 6] = [
        Self::HeaderMissing,
        Self::HeaderDuplicate,
        Self::TimestampMalformed,
        Self::TimestampFarAway,
        Self::SignatureMalformed,
        Self::SignatureWrong,
    ];

    /// A word for metrics and logs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::HeaderMissing => "header_missing",
            Self::HeaderDuplicate => "header_duplicate",
            Self::TimestampMalformed => "timestamp_malformed",
            Self::TimestampFarAway => "timestamp_far_away",
            Self::SignatureMalformed => "signature_malformed",
            Self::SignatureWrong => "signature_wrong",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HeaderMissing => {
                "the request is not signed: it does not come from the platform, or a proxy drops the headers \
                 X-Slack-Signature and X-Slack-Request-Timestamp"
            }
            Self::HeaderDuplicate => "a signature header is there more than once: a proxy adds its own",
            Self::TimestampMalformed => "X-Slack-Request-Timestamp is not a number of seconds",
            Self::TimestampFarAway => {
                "the request's time is more than five minutes from this machine's: it is a replay, or the clock is \
                 wrong. Check `timedatectl`"
            }
            Self::SignatureMalformed => "X-Slack-Signature is not `v0=` and 64 hexadecimal digits",
            Self::SignatureWrong => {
                "the signature does not match SLACK_SIGNING_SECRET. Copy *Signing Secret* (not Client Secret) from \
                 Basic Information of this very app"
            }
        })
    }
}

/// What people and programs put around a value, and what does not belong to it.
pub(crate) const QUOTES: [char; 9] = ['"', '\'', '`', '«', '»', '“', '”', '‘', '’'];

static TIMESTAMP: HeaderName = HeaderName::from_static("x-slack-request-timestamp");
static SIGNATURE: HeaderName = HeaderName::from_static("x-slack-signature");

/// Whether a key makes this MAC, compared in constant time.
fn signs(key: &Hmac<Sha256>, timestamp: &[u8], body: &[u8], mac: &[u8]) -> bool {
    let mut expected = key.clone();
    for part in [b"v0:", timestamp, b":", body] {
        expected.update(part);
    }
    expected.verify_slice(mac).is_ok()
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a [u8], Refusal> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(Refusal::HeaderMissing)?;
    if values.next().is_some() {
        return Err(Refusal::HeaderDuplicate);
    }
    Ok(value.as_bytes())
}

fn near(timestamp: &[u8], now: Timestamp) -> Result<(), Refusal> {
    if timestamp.is_empty() || !timestamp.iter().all(u8::is_ascii_digit) {
        return Err(Refusal::TimestampMalformed);
    }
    let text = std::str::from_utf8(timestamp).map_err(|_| Refusal::TimestampMalformed)?;
    let seconds: u64 = text.parse().map_err(|_| Refusal::TimestampFarAway)?;
    if seconds.abs_diff(now.seconds()) > WINDOW_SECONDS { Err(Refusal::TimestampFarAway) } else { Ok(()) }
}

/// When a request says that it was made.
fn seconds(headers: &HeaderMap) -> Option<u64> {
    std::str::from_utf8(single(headers, &TIMESTAMP).ok()?).ok()?.parse().ok()
}

/// The 32 bytes of `v0=` and 64 hexadecimal digits, of either case.
fn decode(signature: &[u8]) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = signature.strip_prefix(b"v0=")?.try_into().ok()?;
    let mut mac = [0; 32];
    for (byte, pair) in mac.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const NOW: u64 = 1_531_420_618;

    fn verifier(secrets: &[&str]) -> Verifier {
        let secrets: Vec<SecretString> = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
        Verifier::new(&secrets).unwrap()
    }

    fn headers(timestamp: &str, signature: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("X-Slack-Request-Timestamp", HeaderValue::from_str(timestamp).unwrap());
        headers.insert("X-Slack-Signature", HeaderValue::from_str(signature).unwrap());
        headers
    }

    fn check(body: &[u8], signature: &str) -> Result<(), Refusal> {
        verifier(&[SECRET]).verify(&headers(&NOW.to_string(), signature), body, Timestamp::from_seconds(NOW))
    }

    const EMPTY: &str = "v0=55f41ec73231010289b54e669149ea021fccab11b5524355523533ce930cb739";

    #[test]
    fn tells_which_other_value_signs_what_is_refused() {
        let others = [("SLACK_CLIENT_SECRET", "8f742231b10e8888abcd99yyyzzz85a5\n"), ("SLACK_BOT_TOKEN", "xoxb-1")];
        let others = others.map(|(name, value)| (name.to_owned(), SecretString::from(value)));
        let verifier = verifier(&["another secret"]).beside(others);
        let signed = headers(&NOW.to_string(), EMPTY);
        assert_eq!(verifier.verify(&signed, b"", Timestamp::from_seconds(NOW)), Err(Refusal::SignatureWrong));
        assert_eq!(verifier.signed_with(&signed, b""), Some("SLACK_CLIENT_SECRET"));
        assert_eq!(verifier.signed_with(&signed, b"else"), None);
        assert_eq!(verifier.signed_with(&HeaderMap::new(), b""), None);
    }

    #[test]
    fn accepts_the_published_vectors() {
        let command = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
            channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
            response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&\
            trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        let vectors: [(&[u8], &str); 4] = [
            (command.as_bytes(), "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
            (b"", EMPTY),
            ("{\"text\":\"café ☃\"}".as_bytes(), "v0=7e04850fa1a947ddd80ab0361496632f66a8069943073e2ff9469b1d6022cb0e"),
            (b"\xff\xfe\x00\x61", "v0=d26d200a35b4bfb1cdbbd6704658fef9355a1ef69f161c0886ad2021c2fe9d58"),
        ];
        for (body, signature) in vectors {
            assert_eq!(check(body, signature), Ok(()));
            assert_eq!(check(body, &signature.to_uppercase().replace("V0", "v0")), Ok(()));
        }
    }

    #[test]
    fn one_bit_decides() {
        assert_eq!(check(b"\x01", EMPTY), Err(Refusal::SignatureWrong));
        assert_eq!(check(b"", &EMPTY.replace("55f4", "55f5")), Err(Refusal::SignatureWrong));
        let elsewhen = headers(&(NOW + 1).to_string(), EMPTY);
        let refused = verifier(&[SECRET]).verify(&elsewhen, b"", Timestamp::from_seconds(NOW));
        assert_eq!(refused, Err(Refusal::SignatureWrong));
    }

    #[test]
    fn the_window_closes_in_both_directions() {
        for (now, near) in [(NOW + 300, true), (NOW - 300, true), (NOW + 301, false), (NOW - 301, false)] {
            let answer =
                verifier(&[SECRET]).verify(&headers(&NOW.to_string(), EMPTY), b"", Timestamp::from_seconds(now));
            assert_eq!(answer.is_ok(), near, "{now}");
        }
    }

    #[test]
    fn a_timestamp_is_digits_alone() {
        for (text, refusal) in [
            ("1e9", Refusal::TimestampMalformed),
            ("+1", Refusal::TimestampMalformed),
            ("-1", Refusal::TimestampMalformed),
            ("", Refusal::TimestampMalformed),
            ("NaN", Refusal::TimestampMalformed),
            ("9223372036854775807", Refusal::TimestampFarAway),
            ("99999999999999999999999", Refusal::TimestampFarAway),
        ] {
            let answer = verifier(&[SECRET]).verify(&headers(text, EMPTY), b"", Timestamp::from_seconds(NOW));
            assert_eq!(answer, Err(refusal), "{text}");
        }
    }

    #[test]
    fn headers_stand_there_once() {
        let mut twice = headers(&NOW.to_string(), EMPTY);
        twice.append("X-Slack-Signature", HeaderValue::from_static(EMPTY));
        let now = Timestamp::from_seconds(NOW);
        assert_eq!(verifier(&[SECRET]).verify(&twice, b"", now), Err(Refusal::HeaderDuplicate));
        assert_eq!(verifier(&[SECRET]).verify(&HeaderMap::new(), b"", now), Err(Refusal::HeaderMissing));
    }

    #[test]
    fn every_secret_of_a_rotation_is_tried() {
        let now = Timestamp::from_seconds(NOW);
        let signed = headers(&NOW.to_string(), EMPTY);
        assert_eq!(verifier(&["new", SECRET]).verify(&signed, b"", now), Ok(()));
        assert_eq!(verifier(&["new"]).verify(&signed, b"", now), Err(Refusal::SignatureWrong));
    }

    #[test]
    fn fails_closed_without_a_secret() {
        assert!(Verifier::new(&[]).is_none());
        assert!(Verifier::new(&[SecretString::from("")]).is_none());
    }

    #[test]
    fn no_refusal_prints_a_signature() {
        assert!(!Refusal::SignatureWrong.to_string().contains("55f4"));
        assert_eq!(format!("{:?}", verifier(&[SECRET])), "Verifier(1 secrets)");
    }

    proptest! {
        #[test]
        fn only_the_right_form_is_read(signature in "\\PC{0,70}") {
            if let Some(mac) = decode(signature.as_bytes()) {
                prop_assert_eq!(mac.len(), 32);
                prop_assert!(signature.starts_with("v0="));
            }
        }
    }
}
