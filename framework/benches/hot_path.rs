//! What every event passes through, step by step.
//!
//! `cargo bench -p bavard --features bench --bench hot_path`
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark stops at whatever goes wrong")]

#[path = "load/mention.rs"]
mod mention;
#[path = "load/signer.rs"]
mod signer;

use std::hint::black_box;

use axum::http::HeaderMap;
use bavard::{
    __bench::{Kept, Routes, Verifier, decode, key, rendered},
    ChannelId, Reply, Timestamp,
};
use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const SECONDS: u64 = 1_700_000_000;

fn verification(criterion: &mut Criterion) {
    let body = mention::body(1, SECONDS);
    let mut headers = HeaderMap::new();
    let signature = signer::Signer::new().signature(&SECONDS.to_string(), body.as_bytes());
    headers.insert("x-slack-request-timestamp", SECONDS.into());
    headers.insert("x-slack-signature", signature.parse().unwrap());
    let verifier = Verifier::new(signer::SECRET).unwrap();
    let now = Timestamp::from_seconds(SECONDS);
    assert!(verifier.accepts(&headers, body.as_bytes(), now));
    let mut group = criterion.benchmark_group("verification");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("a mention", |bencher| {
        bencher.iter(|| verifier.accepts(black_box(&headers), black_box(body.as_bytes()), now));
    });
}

fn decoding(criterion: &mut Criterion) {
    let body = Bytes::from(mention::body(1, SECONDS));
    let mut group = criterion.benchmark_group("decoding");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("a mention", |bencher| bencher.iter(|| decode(black_box(&body)).unwrap()));
    for (name, channel) in [("another channel", "C1"), ("another thread", "C123ABC456")] {
        let kept = Kept::of_one(channel);
        let name = format!("a mention, beside {name} that is kept");
        group.bench_function(name, |bencher| bencher.iter(|| kept.overhear(black_box(&body)).unwrap()));
    }
}

fn routing(criterion: &mut Criterion) {
    let channel = ChannelId::new("C123ABC456");
    // People use few words at a time; with all of them in turn, the memory that they take counts too.
    for (name, most) in [("routing ten words", 10), ("routing every word", usize::MAX)] {
        let mut group = criterion.benchmark_group(name);
        for handlers in [10, 1_000, 10_000] {
            let routes = Routes::of(handlers).unwrap();
            let word = |at: usize| format!("command-{}", at * 7_919 % handlers);
            let texts: Vec<String> = (0..handlers.min(most)).map(word).collect();
            let mut texts = texts.iter().cycle();
            group.bench_function(BenchmarkId::from_parameter(handlers), |bencher| {
                bencher.iter(|| routes.find(black_box(texts.next().unwrap()), &channel).unwrap());
            });
        }
    }
}

fn rendering(criterion: &mut Criterion) {
    let event = decode(&Bytes::from(mention::body(1, SECONDS))).unwrap();
    let plain = Reply::markdown("Deployed, all tests are green.");
    let marked =
        Reply::markdown("**api** is deployed to `production`:\n\n- 12 tests, *all* green\n- [log](https://a.b)");
    let verbatim = Reply::verbatim(event.text().unwrap().clone());
    let mut group = criterion.benchmark_group("rendering");
    group.bench_function("a key", |bencher| bencher.iter(|| key(black_box(&event))));
    for (name, reply) in [("plain words", plain), ("Markdown", marked), ("what was said", verbatim)] {
        group.bench_function(name, |bencher| bencher.iter(|| rendered(black_box(&reply), black_box(&event))));
    }
}

criterion_group!(hot_path, verification, decoding, routing, rendering);
criterion_main!(hot_path);
