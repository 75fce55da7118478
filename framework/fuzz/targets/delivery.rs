//! Any answer of the platform: only a clear yes is a yes, a wait is sane, and no token is told on.
#![no_main]

use bavard::{__fuzz::judged, web_api::Delivery};
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};

const TOKEN: &str = "xoxb-123456789012-abcdefghijkl";

#[derive(Arbitrary, Debug)]
struct Answer<'a> {
    status: u16,
    retry_after: Option<&'a str>,
    body: Body<'a>,
}

#[derive(Arbitrary, Debug)]
enum Body<'a> {
    Any(&'a [u8]),
    Yes(&'a str),
    No { code: &'a str, token_at: u8 },
}

fuzz_target!(|answer: Answer<'_>| {
    let status = 200 + answer.status % 400;
    let (body, may_be_yes) = match answer.body {
        Body::Any(bytes) => (bytes.to_vec(), true),
        Body::Yes(extra) => (serde_json::json!({ "ok": true, "extra": extra }).to_string().into_bytes(), true),
        Body::No { code, token_at } => {
            let (before, behind) = code.split_at(code.floor_char_boundary(token_at.into()));
            let code = format!("{before} {TOKEN} {behind}");
            (serde_json::json!({ "ok": false, "error": code, "needed": code }).to_string().into_bytes(), false)
        }
    };
    for delivery in judged(status, answer.retry_after, &body) {
        let told = format!("{delivery:?}");
        match &delivery {
            Delivery::Sent(_) => assert!(may_be_yes && (200..300).contains(&status)),
            Delivery::RateLimited { retry_after } => assert!((1..=3600).contains(&retry_after.as_secs())),
            _ => assert!(!told.contains(TOKEN), "{told}"),
        }
        if status >= 500 {
            assert!(matches!(delivery, Delivery::Ambiguous { .. }), "{told}");
        }
        if status == 429 {
            assert!(matches!(delivery, Delivery::RateLimited { .. }), "{told}");
        }
    }
});
