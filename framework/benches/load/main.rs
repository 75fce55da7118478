//! The way of an event under load, beside a server written by hand that does the same.
//!
//! `cargo bench -p bavard --bench load [-- rounds=5 events=30000 starts=11 store=memory:]`
//!
//! Two programs of their own are measured in turn: the example `echo`, and the rival in `rival.rs`. Each takes signed
//! mentions on 32 connections and posts an answer to each; the fake Web API here checks that every answer arrives, once
//! and as it should. What is told is processor time per event (user and system, of the server alone), for it hardly
//! depends on what else the machine does; on a shared machine quote the ratio. `echo` takes its memory from mimalloc, as
//! its manifest says, and the rival takes it from the system.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark stops at whatever goes wrong, and prints")]

mod figures;
mod generator;
mod mention;
mod program;
mod rival;
mod signer;
mod web_api;

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use self::{
    figures::{Round, Spread},
    generator::Generator,
    program::{Kind, Program},
    web_api::WebApi,
};

const CONNECTIONS: usize = 32;

fn main() {
    if std::env::args().nth(1).is_some_and(|first| first == "rival") {
        return rival::serve();
    }
    // `cargo test --all-targets` runs this too, and means no measurement.
    if std::env::args().any(|argument| argument == "--bench") {
        let number = |name| argument(name).and_then(|number| number.parse().ok());
        let (rounds, events) = (number("rounds").unwrap_or(5), number("events").unwrap_or(30_000));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(bench(rounds, events, number("starts").unwrap_or(11)));
    }
}

async fn bench(rounds: usize, events: usize, starts_each: usize) {
    program::build_echo();
    let api = WebApi::start().await;
    starts(starts_each, &api).await;
    let programs = [start(Kind::Echo, &api).await, start(Kind::Rival, &api).await];
    for program in &programs {
        round(program, &api, events / 10).await;
    }
    let mut measured = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        for (program, measured) in programs.iter().zip(&mut measured) {
            measured.push(round(program, &api, events).await);
        }
    }
    println!("\n{events} events a round, {rounds} rounds each in turn, {CONNECTIONS} connections");
    println!("every answer arrived, once and as it should\n");
    figures::print(&measured);
    for program in &programs {
        println!("{:>6}: {:.1} MB resident after the load", program.kind.name(), program.resident_megabytes());
    }
}

/// Starts each program several times, for its first acknowledgement and its memory when nothing happens.
async fn starts(each: usize, api: &Arc<WebApi>) {
    if each == 0 {
        return;
    }
    let mut taken = [Vec::new(), Vec::new()];
    let mut resident = [Vec::new(), Vec::new()];
    for _ in 0..each {
        for (index, kind) in [Kind::Echo, Kind::Rival].into_iter().enumerate() {
            let program = start(kind, api).await;
            taken[index].push(program.acknowledged_after.as_secs_f64() * 1e3);
            tokio::time::sleep(Duration::from_millis(300)).await;
            resident[index].push(program.resident_megabytes());
        }
    }
    for (index, kind) in [Kind::Echo, Kind::Rival].into_iter().enumerate() {
        println!("{:>6}: start to first acknowledgement, ms  {}", kind.name(), Spread::of(&taken[index]));
        println!("{:>6}: resident when idle, MB              {}", kind.name(), Spread::of(&resident[index]));
    }
}

async fn start(kind: Kind, api: &Arc<WebApi>) -> Program {
    api.expect(1);
    let program = Program::start(kind, api.address()).await;
    api.all_arrived().await;
    program
}

async fn round(program: &Program, api: &Arc<WebApi>, events: usize) -> Round {
    api.expect(events);
    let before = program.processor_time();
    let started = Instant::now();
    let mut acknowledged = Generator::new(program.address()).run(CONNECTIONS, events).await;
    api.all_arrived().await;
    let elapsed = started.elapsed();
    let spent = program.processor_time() - before;
    acknowledged.sort_unstable();
    Round {
        micros_per_event: spent.as_secs_f64() * 1e6 / events as f64,
        events_per_second: events as f64 / elapsed.as_secs_f64(),
        acknowledged_p50: figures::quantile(&acknowledged, 0.5),
        acknowledged_p99: figures::quantile(&acknowledged, 0.99),
    }
}

/// What the command line says as `name=value`.
fn argument(name: &str) -> Option<String> {
    std::env::args().find_map(|argument| Some(argument.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

/// An address of loopback that nobody listens on.
fn free_address() -> SocketAddr {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap()
}
