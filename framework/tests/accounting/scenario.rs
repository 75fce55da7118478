//! What is done to the bot.

mod boundaries;
mod corrupted;
mod crowded;
mod disk_full;
mod killed;
mod lost_responses;
mod paused;
mod rate_limits;
mod retries;
mod terminated;

use std::{future::Future, pin::Pin};

use crate::{options::Options, random::Random, report::Report};

/// Something that is done to the bot, and judged.
#[derive(Clone, Copy)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) run: fn(Options, Random) -> Running,
    /// How many replicas it is done to on a database, where it makes sense there.
    pub(crate) replicas: Option<usize>,
}

type Running = Pin<Box<dyn Future<Output = Report> + Send>>;

/// All of them.
pub(crate) const ALL: &[Scenario] = &[
    Scenario { name: "killed", run: |options, random| Box::pin(killed::run(options, random)), replicas: Some(2) },
    Scenario { name: "boundaries", run: |options, random| Box::pin(boundaries::run(options, random)), replicas: None },
    Scenario { name: "retries", run: |options, random| Box::pin(retries::run(options, random)), replicas: Some(3) },
    Scenario {
        name: "rate-limits",
        run: |options, random| Box::pin(rate_limits::run(options, random)),
        replicas: Some(2),
    },
    Scenario {
        name: "lost-responses",
        run: |options, random| Box::pin(lost_responses::run(options, random)),
        replicas: Some(2),
    },
    Scenario { name: "paused", run: |options, random| Box::pin(paused::run(options, random)), replicas: Some(2) },
    Scenario {
        name: "terminated",
        run: |options, random| Box::pin(terminated::run(options, random)),
        replicas: Some(2),
    },
    Scenario { name: "crowded", run: |options, random| Box::pin(crowded::run(options, random)), replicas: None },
    Scenario { name: "disk-full", run: |options, random| Box::pin(disk_full::run(options, random)), replicas: None },
    Scenario { name: "corrupted", run: |options, random| Box::pin(corrupted::run(options, random)), replicas: None },
];
