//! Whatever is posted as a form: no panic, and a command that was stored comes back the same.
#![no_main]

mod checks;

use bavard::__fuzz::{form, restored};
use bytes::Bytes;
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};

const NAMES: [&str; 10] = [
    "text",
    "command",
    "user_id",
    "channel_id",
    "channel_name",
    "team_id",
    "trigger_id",
    "response_url",
    "ssl_check",
    "payload",
];

#[derive(Arbitrary, Debug)]
enum Body<'a> {
    Any(&'a [u8]),
    Command { text: &'a str, fields: Vec<(u8, &'a str)> },
}

fuzz_target!(|body: Body<'_>| {
    let body = match body {
        Body::Any(bytes) => Bytes::copy_from_slice(bytes),
        Body::Command { text, fields } => Bytes::from(written(text, &fields)),
    };
    let Some(event) = form(&body) else { return };
    checks::event(&event);
    let again = restored(event.raw.bytes()).expect("what was an event is one when it comes back");
    // An interaction without an identifier is known by its bytes, a form by those of the form.
    if !event.id.as_str().starts_with("sha256-") {
        checks::same(&event, &again);
    }
});

fn written(text: &str, fields: &[(u8, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("command", "/deploy").append_pair("user_id", "U1").append_pair("channel_id", "C1");
    form.append_pair("text", text);
    for (name, value) in fields {
        form.append_pair(NAMES[usize::from(*name) % NAMES.len()], value);
    }
    form.finish()
}
