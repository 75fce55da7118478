//! The accounting harness: a bot that is killed, flooded and broken from outside, and books that are balanced after.
//!
//! ```text
//! cargo test -p bavard --test accounting                                  # the short form, in about a minute
//! cargo test --release -p bavard --test accounting -- --long              # the long form
//! cargo test -p bavard --test accounting -- killed seed=7 cycles=30       # one scenario, as it was
//! ```
//!
//! The program runs itself once more as the bot: a real process on a real store, which keeps a ledger of its runs. The
//! generator keeps one of deliveries and their answers, the fake workspace one of what was posted. At the end all
//! three, and what is left in the store, are checked against the invariants in `check.rs`.
//!
//! It is a program of its own, not a test among others, because it has a command line, is its own bot, and prints what
//! it counted also when all is well.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test, which stops at what goes wrong, and prints")]

mod bot;
mod check;
mod delivery;
mod generator;
mod ledger;
mod message;
mod options;
mod process;
mod random;
mod report;
mod scenario;
#[path = "../../benches/load/signer.rs"]
mod signer;
mod store;
mod web_api;
mod words;
mod world;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use self::{
    options::Options,
    random::Random,
    report::Report,
    scenario::{ALL, Scenario},
};

fn main() -> ExitCode {
    let arguments = || std::env::args().skip(1);
    if arguments().next().as_deref() == Some("serve") {
        return bot::program();
    }
    if arguments().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let options = match Options::read(arguments()) {
        Ok(options) => options,
        Err(problem) => {
            println!("error: {problem}");
            return ExitCode::FAILURE;
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let hold = runtime.block_on(run(&options));
    runtime.shutdown_background();
    if hold { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs what is asked for; says whether all of it holds.
async fn run(options: &Options) -> bool {
    let asked = asked(options);
    if asked.is_empty() {
        return true;
    }
    println!("accounting: seed={} form={}", options.seed, if options.long { "long" } else { "short" });
    println!("the checker finds every violation it is shown ({} cases)", check::proof::prove());
    let mut hold = true;
    if options.long {
        for (scenario, options) in asked {
            hold &= tell(scenario, &options, one(scenario, &options).await);
        }
        return hold;
    }
    let (shared, own): (Vec<_>, Vec<_>) = asked.into_iter().partition(|(_, options)| options.replicas > 1);
    let (alone, shared): (Vec<_>, Vec<_>) = shared.into_iter().partition(|(scenario, _)| scenario.alone);
    for asked in [own, shared, alone] {
        // Most of the time is waiting, which is done at once.
        let running: Vec<_> = asked.iter().map(|(scenario, options)| tokio::spawn(one(scenario, options))).collect();
        for ((scenario, options), running) in asked.iter().zip(running) {
            hold &= tell(scenario, options, running.await.unwrap());
        }
    }
    hold
}

/// The scenarios, on the store that is named; where there is a database, on that too.
fn asked(options: &Options) -> Vec<(&'static Scenario, Options)> {
    let mut asked = Vec::new();
    for scenario in ALL.iter().filter(|scenario| options.names(scenario.name)) {
        // What is done to a database is done to no file.
        if !scenario.alone || !options.store.starts_with("sqlite:") {
            asked.push((scenario, options.clone()));
        }
        let database = options.database.as_deref().zip(scenario.replicas);
        asked.extend(database.map(|(database, replicas)| (scenario, options.on(database, replicas))));
    }
    asked
}

fn one(scenario: &Scenario, options: &Options) -> impl Future<Output = (Report, Duration)> + Send + 'static {
    // What is left to chance in one does not depend on which others are run.
    let index = ALL.iter().position(|other| other.name == scenario.name).unwrap_or_default() as u64;
    let running = (scenario.run)(options.clone(), Random::new(options.seed.wrapping_add(index << 32)));
    async move {
        let started = Instant::now();
        (running.await, started.elapsed())
    }
}

fn tell(scenario: &Scenario, options: &Options, (report, taken): (Report, Duration)) -> bool {
    // The rest of an address may be a password.
    let store = options.store.split(':').next().unwrap_or_default();
    let replicas = if options.replicas > 1 { format!(" × {}", options.replicas) } else { String::new() };
    report.print(&format!("{} on {store}{replicas}", scenario.name), taken);
    report.holds()
}
