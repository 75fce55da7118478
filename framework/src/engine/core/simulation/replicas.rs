//! Three processes on one store, a platform that delivers again and loses things, and everything that can go wrong, in
//! one thread and from one seed: the same seed is the same run, to the microsecond.
//!
//! `BAVARD_SEED=7 cargo test -p bavard --lib replicas::one_seed -- --nocapture` plays one seed and tells what happened.
//! `BAVARD_SIMULATE=180` plays seeds for so many seconds, and 2,000 at the least; without it, 200 are played.

mod changes;
mod judge;
mod leases;
mod mistake;
mod platform;
mod replica;
mod shell;
mod world;

use std::{env, time::Duration};

use self::{mistake::Mistake, world::World};

/// How many seeds are played where nothing else is said, and the least where it is said for how long.
const FEW: u64 = 200;
const MANY: u64 = 2_000;

/// The most seeds that it takes to catch a mistake.
const TO_CATCH: u64 = 400;

#[test]
fn every_seed_ends_right() {
    let spell = env::var("BAVARD_SIMULATE").ok().and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    let started = std::time::Instant::now();
    let mut seed = 0;
    while seed < FEW || spell.is_some_and(|spell| seed < MANY || started.elapsed() < spell) {
        let wrong = World::new(seed, None).play().judge();
        assert!(wrong.is_empty(), "BAVARD_SEED={seed} plays this again:\n{}", wrong.join("\n"));
        seed += 1;
    }
    println!("{seed} seeds ended right");
}

#[test]
fn one_seed() {
    let Some(seed) = env::var("BAVARD_SEED").ok().and_then(|seed| seed.parse().ok()) else { return };
    let mistake = env::var("BAVARD_MISTAKE").ok().map(|name| Mistake::named(&name));
    let world = World::new(seed, mistake).telling().play();
    let wrong = world.judge();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_seed_is_the_same_run_every_time() {
    let first = World::new(5, None).play().history;
    assert!(first.len() > 100);
    assert_eq!(first, World::new(5, None).play().history);
}

#[test]
fn what_is_meant_to_go_wrong_goes_wrong() {
    let mut all = world::Happened::default();
    for seed in 0..100 {
        all.add(World::new(seed, None).play().happened);
    }
    let world::Happened { crashes, pauses, lost_leases, fenced, unknown_commits, in_doubt, redelivered, taken_over } =
        all;
    for (what, count) in [
        ("crashes", crashes),
        ("pauses", pauses),
        ("leases that ran out", lost_leases),
        ("changes that were fenced", fenced),
        ("commits of which nobody knows", unknown_commits),
        ("messages in doubt", in_doubt),
        ("redeliveries", redelivered),
        ("events taken over", taken_over),
    ] {
        assert!(count >= 10, "{count} {what}");
    }
}

/// The judge is worth something: each of the mistakes that others make is caught.
#[test]
fn every_mistake_is_caught() {
    for mistake in Mistake::ALL {
        let caught = (0..TO_CATCH).find(|seed| !World::new(*seed, Some(mistake)).play().judge().is_empty());
        println!("{mistake:?}: caught by seed {caught:?}");
        assert!(caught.is_some(), "{mistake:?} is not caught by {TO_CATCH} seeds");
    }
}
