//! What `benches/hot_path.rs` measures, reached from outside. No part of the interface.
#![allow(missing_docs, reason = "seen by the benchmarks of this crate alone")]

use axum::http::HeaderMap;
use bytes::Bytes;
use secrecy::SecretString;

use crate::{
    clock::Timestamp,
    conversation,
    event::{Event, Retry},
    id::ChannelId,
    platform::Occasion,
    reply::Reply,
    route::{Matcher, Pattern, Rule, Said, Scope, Table},
    slack::{
        decode::{Callback, Decoded, envelope, overheard},
        render::render,
        verify,
    },
};

#[derive(Debug)]
pub struct Verifier(verify::Verifier);

impl Verifier {
    pub fn new(secret: &str) -> Option<Self> {
        verify::Verifier::new(&[SecretString::from(secret)]).map(Self)
    }

    pub fn accepts(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> bool {
        self.0.verify(headers, body, now).is_ok()
    }
}

pub fn decode(body: &Bytes) -> Option<Box<Event>> {
    let callback = Callback { received: Timestamp::default(), retry: Retry::default(), bot: None };
    match envelope(body, callback) {
        Decoded::Event(event) => Some(event),
        _ => None,
    }
}

/// Conversations that are kept: one thread.
#[derive(Debug)]
pub struct Kept(conversation::Kept);

impl Kept {
    pub fn of_one(channel: &str) -> Self {
        Self(conversation::Kept::of_one(channel, "1600000000.000100"))
    }

    /// Decodes a body, and tells them what it says of them.
    pub fn overhear(&self, body: &Bytes) -> Option<Box<Event>> {
        let callback = Callback { received: Timestamp::default(), retry: Retry::default(), bot: None };
        match overheard(body, callback, Some(&self.0)) {
            Decoded::Event(event) => Some(event),
            _ => None,
        }
    }
}

/// The key that a handler's answer carries.
pub fn key(event: &Event) -> String {
    crate::engine::key(event, 0, "deploys::deploy", 0)
}

/// How many calls say the reply, with its key.
pub fn rendered(reply: &Reply, event: &Event) -> usize {
    let key = key(event);
    render(reply, &Occasion { event, key: &key, replaces: None, before: 0 }).len()
}

#[derive(Debug)]
pub struct Routes(Table);

impl Routes {
    /// The handlers of so many words: `command-0`, `command-1`, …
    pub fn of(handlers: usize) -> Option<Self> {
        let rule = |number: usize| {
            Some(Rule {
                scope: Scope::Mention,
                only: None,
                priority: 0,
                matcher: Matcher::Words(Pattern::parse(&format!("command-{number}")).ok()?),
                source: String::new(),
                name: "handler",
                origin: String::new(),
            })
        };
        let rules: Option<Vec<Rule>> = (0..handlers).map(rule).collect();
        Table::build(rules?).ok().map(Self)
    }

    /// The number of the handler that takes a mention in a channel.
    pub fn find(&self, text: &str, channel: &ChannelId) -> Option<usize> {
        let said = Said { text, channel, direct: false, addressed: true };
        self.0.message(said, None).map(|found| found.rule.0)
    }
}
