//! Any settings are taken or refused in words, and neither shows a secret.
#![no_main]

use bavard::__fuzz::settings;
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};

const NAMES: [&str; 14] = [
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_BOT_USER_ID",
    "SLACK_API_URL",
    "SLACK_APP_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "BAVARD_LISTEN",
    "BAVARD_ADMIN_LISTEN",
    "BAVARD_ADMIN_TOKEN",
    "BAVARD_EVENTS_PATH",
    "BAVARD_PACE",
    "BAVARD_LANG",
    "BAVARD_STORE",
];

/// What is in no sentence of ours.
const CANARY: &str = "c4n4ry";

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    token: (&'a str, &'a str),
    secret: (&'a str, &'a str),
    plain: bool,
    others: Vec<(u8, &'a str)>,
}

fuzz_target!(|input: Input<'_>| {
    let around = |(before, behind): (&str, &str)| format!("{before}{CANARY}{behind}");
    let (token, secret) = match input.plain {
        true => (format!("xoxb-1234567890-{CANARY}"), CANARY.to_owned()),
        false => (around(input.token), around(input.secret)),
    };
    let mut pairs = vec![("SLACK_BOT_TOKEN", token.as_str()), ("SLACK_SIGNING_SECRET", secret.as_str())];
    pairs.extend(input.others.iter().map(|(name, value)| (NAMES[2 + usize::from(*name) % (NAMES.len() - 2)], *value)));
    let hidden = pairs[2..].iter().all(|(_, value)| !value.contains(CANARY));
    let told = settings(&pairs).unwrap_or_else(|told| told);
    assert!(!hidden || !told.contains(CANARY), "{told}");
});
