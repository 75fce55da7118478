//! An address for late answers is believed when it is plainly the platform's, and never when `url` finds another host.
#![no_main]

use bavard::__fuzz::believed;
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use url::{Position, Url};

const HOSTS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];

const PARTS: [&str; 20] = [
    "https",
    "http",
    ":",
    "//",
    "/",
    "\\",
    "@",
    "hooks.slack.com",
    "hooks.slack-gov.com",
    ".",
    "evil.example",
    ":443",
    ":8443",
    "127.0.0.1:9100",
    "#",
    "?",
    "%2e",
    "\t",
    "HOOKS",
    "xn--",
];

#[derive(Arbitrary, Debug)]
enum Address<'a> {
    Any(&'a str),
    Parts(Vec<u8>, &'a str),
    Behind(&'a str),
}

fuzz_target!(|address: Address<'_>| {
    let address = match address {
        Address::Any(text) => text.to_owned(),
        Address::Parts(parts, behind) => {
            let parts: String = parts.iter().map(|part| PARTS[usize::from(*part) % PARTS.len()]).collect();
            parts + behind
        }
        Address::Behind(text) => format!("https://hooks.slack.com{text}"),
    };
    for (base, loopback) in [("https://slack.com/api/", None), ("http://127.0.0.1:9100/api/", Some("127.0.0.1:9100"))] {
        let base = Url::parse(base).expect("a base is an address");
        let believed = believed(&address, &base);
        if let Some(url) = &believed {
            let parsed = Url::parse(&address).expect("what is believed is an address");
            assert_eq!(*url, parsed);
            let authority = &parsed[Position::BeforeUsername..Position::BeforePath];
            let hook = parsed.scheme() == "https" && HOSTS.contains(&authority);
            let own = parsed.scheme() == "http" && loopback == Some(authority);
            assert!(hook || own, "{address:?} leads to {authority:?}");
        }
        assert!(believed.is_some() || !is_plain(&address), "{address:?} is the platform's");
    }
});

/// The form in which the platform writes them, read without any parser.
fn is_plain(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("https://") else { return false };
    let Some(path) = HOSTS.iter().find_map(|host| rest.strip_prefix(host)) else { return false };
    path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-'))
}
