//! What is done to the bot.

mod boundaries;
mod corrupted;
mod crowded;
mod disk_full;
mod killed;
mod lost_responses;
mod paused;
mod rate_limits;
mod restarted;
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
    /// Whether it is done to the database itself, and so to all that use it: it goes alone.
    pub(crate) alone: bool,
}

impl Scenario {
    const fn new(name: &'static str, run: fn(Options, Random) -> Running, replicas: Option<usize>) -> Self {
        Self { name, run, replicas, alone: false }
    }
}

type Running = Pin<Box<dyn Future<Output = Report> + Send>>;

/// All of them.
pub(crate) const ALL: &[Scenario] = &[
    Scenario::new("killed", |options, random| Box::pin(killed::run(options, random)), Some(2)),
    Scenario::new("boundaries", |options, random| Box::pin(boundaries::run(options, random)), None),
    Scenario::new("retries", |options, random| Box::pin(retries::run(options, random)), Some(3)),
    Scenario::new("rate-limits", |options, random| Box::pin(rate_limits::run(options, random)), Some(2)),
    Scenario::new("lost-responses", |options, random| Box::pin(lost_responses::run(options, random)), Some(2)),
    Scenario::new("paused", |options, random| Box::pin(paused::run(options, random)), Some(2)),
    Scenario::new("terminated", |options, random| Box::pin(terminated::run(options, random)), Some(2)),
    Scenario::new("crowded", |options, random| Box::pin(crowded::run(options, random)), None),
    Scenario::new("disk-full", |options, random| Box::pin(disk_full::run(options, random)), None),
    Scenario::new("corrupted", |options, random| Box::pin(corrupted::run(options, random)), None),
    Scenario {
        alone: true,
        ..Scenario::new("restarted", |options, random| Box::pin(restarted::run(options, random)), Some(2))
    },
];
