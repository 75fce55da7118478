//! What the fuzz targets in `fuzz/` reach from outside. No part of the interface.
#![allow(missing_docs, reason = "seen by the fuzz targets of this crate alone")]

use std::ops::Range;

use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue},
};
use bytes::Bytes;
use secrecy::SecretString;
use url::Url;

pub use crate::slack::client::judged;
use crate::{
    clock::Timestamp,
    doctor,
    event::{Event, Retry},
    id::{AppId, ChannelId, UserId},
    platform::Occasion,
    reply::Reply,
    route::{self, Matcher, Pattern, Rule, Said, Scope, Table, explain},
    settings::{Environment, Preferences, Settings},
    slack::{
        client::parse_response_url,
        decode::{self, Callback, Decoded},
        render::render,
        verify::{Ours, Refused, Verifier, postmortem},
    },
};

/// Whether a request with these headers is believed; `None` where a header cannot be sent at all. What is told of one
/// that is not is a line for the log, whatever its body says.
pub fn verified(secret: &str, headers: &[(&'static str, &[u8])], body: &[u8], now: u64) -> Option<bool> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), HeaderValue::from_bytes(value).ok()?);
    }
    let verifier = Verifier::new(&[SecretString::from(secret)])?;
    let (body, received) = (Bytes::copy_from_slice(body), Timestamp::from_seconds(now));
    let Err(refusal) = verifier.verify(&map, &body, received) else { return Some(true) };
    let (app, user) = (AppId::new("A1"), UserId::new("U1"));
    let ours = Ours { app: Some(&app), user: Some(&user) };
    let told = postmortem(&verifier, &Refused { refusal, headers: &map, body: &body, received }, ours);
    assert!(told.len() < 400 && !told.contains(char::is_control), "{told}");
    Some(false)
}

fn event(decoded: Decoded) -> Option<Box<Event>> {
    match decoded {
        Decoded::Event(event) => Some(event),
        _ => None,
    }
}

fn callback() -> Callback {
    Callback { received: Timestamp::default(), retry: Retry::default(), bot: Some(UserId::new("UBOT")) }
}

pub fn envelope(body: &Bytes) -> Option<Box<Event>> {
    event(decode::envelope(body, callback()))
}

pub fn form(body: &Bytes) -> Option<Box<Event>> {
    event(decode::command(body, callback()))
}

/// What comes back of an event that was stored.
pub fn restored(stored: &Bytes) -> Option<Box<Event>> {
    event(decode::restore(stored, callback()))
}

/// The texts of the calls that say a reply.
pub fn rendered(reply: &Reply, event: &Event) -> Vec<String> {
    let text =
        |body: &Bytes| Some(serde_json::from_slice::<serde_json::Value>(body).ok()?["text"].as_str()?.to_owned());
    let occasion = Occasion { event, key: "fuzz/0", replaces: None, before: 0 };
    render(reply, &occasion).iter().filter_map(|call| text(&call.body)).collect()
}

pub fn believed(address: &str, base: &Url) -> Option<Url> {
    parse_response_url(address, base).ok()
}

/// Reads settings: what they are, or what is wrong, as people see either.
pub fn settings(pairs: &[(&str, &str)]) -> Result<String, String> {
    let preferences = Preferences::new("fuzz");
    let environment = Environment::of(pairs.iter().copied());
    let remarks = format!("{:?}", doctor::remarks(&environment, &preferences));
    let settings = Settings::read(&environment, &preferences).map_err(|problem| format!("{problem} {remarks}"))?;
    // The router panics on a path that it cannot take: a setting must not reach it then.
    let answer = || axum::routing::get(|| async {});
    let paths = crate::server::OWN_PATHS.into_iter().chain([settings.general.events_path.as_str()]);
    let _ = paths.fold(Router::<()>::new(), |router, path| router.route(path, answer()));
    Ok(format!("{settings:?} {remarks}"))
}

/// A sentence that a pattern takes, with whether it does; `None` when it is no pattern.
pub fn sample(pattern: &str) -> Option<(String, bool)> {
    let pattern = Pattern::parse(pattern).ok()?;
    let sample = pattern.sample();
    let taken = pattern.takes(&sample) && pattern.subsumes(&pattern);
    Some((sample, taken))
}

/// The words of a text, in bytes.
pub fn words(text: &str) -> Vec<Range<usize>> {
    route::words(text).collect()
}

/// Handlers for mentions, one for each pattern.
#[derive(Debug)]
pub struct Routes(Table, Vec<Pattern>);

impl Routes {
    /// `None` when a pattern cannot be read, or two take the same sentence.
    pub fn of(sources: &[&str]) -> Option<Self> {
        let patterns: Vec<Pattern> = sources.iter().map(|source| Pattern::parse(source).ok()).collect::<Option<_>>()?;
        let rules = patterns.iter().map(|pattern| Rule {
            scope: Scope::Mention,
            only: None,
            priority: 0,
            matcher: Matcher::Words(pattern.clone()),
            source: String::new(),
            name: "handler",
            origin: String::new(),
        });
        Some(Self(Table::build(rules.collect()).ok()?, patterns))
    }

    /// The handler that takes a text, with the places of its arguments; checked against the explanation, and against
    /// each pattern by itself.
    pub fn find(&self, text: &str) -> Option<(usize, Vec<Range<usize>>)> {
        let channel = ChannelId::new("C1");
        let said = Said { text, channel: &channel, direct: false, addressed: true };
        let found = self.0.message(said, None);
        assert_eq!(explain(&self.0, said).outcome, found, "the explanation tells what happens");
        let first =
            self.1.iter().enumerate().filter(|(_, pattern)| pattern.takes(text)).min_by_key(|(_, pattern)| *pattern);
        if let Some((first, pattern)) = first {
            let found = found.as_ref().map(|found| &self.1[found.rule.0]);
            assert!(found.is_some_and(|found| found <= pattern), "the index misses pattern {first}");
        }
        let found = found?;
        Some((found.rule.0, found.arguments.into_iter().map(|(_, at)| at).collect()))
    }
}
