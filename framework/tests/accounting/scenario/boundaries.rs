//! A crash at every commit boundary: right before a commit, and right after it, before anybody is told.

use std::time::{Duration, Instant};

use tokio::{task::JoinSet, time};

use crate::{
    check::Extent,
    ledger::now,
    message::{Message, Place, Twin},
    options::Options,
    random::Random,
    report::Report,
    words::Kind,
    world::{Judged, World},
};

/// What is said, one after the other: every kind of commit by itself. The rest is said at once.
const ONE_BY_ONE: &[(Kind, Place, Twin)] = &[
    (Kind::Note, Place::Direct(1), Twin::Alone),
    (Kind::Talk, Place::Direct(1), Twin::Alone),
    (Kind::Note, Place::Thread { channel: 1, thread: 1 }, Twin::MessageFirst),
    (Kind::Talk, Place::Root { channel: 1 }, Twin::MentionFirst),
    (Kind::Fact, Place::Thread { channel: 1, thread: 1 }, Twin::Alone),
];
const AT_ONCE: u64 = 6;

/// Longer than an answer takes.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);

/// The least that is worth the name.
const LEAST: usize = 30;

pub(super) async fn run(options: Options, mut random: Random) -> Report {
    let Some(options) = options.of_one_file() else { return Report::skipped("the store is no file") };
    let mut points = JoinSet::new();
    for commit in 0..options.cycles(24, 60) {
        for when in ["before", "after"] {
            let (options, random) = (options.clone(), random.fork());
            points.spawn(async move { crashed(&options, random, &format!("{when}:{commit}")).await });
        }
    }
    let (mut report, mut crashes) = (Report::default(), 0);
    for (judged, crashed) in points.join_all().await {
        report.add(judged);
        crashes += usize::from(crashed);
    }
    report.count("boundaries at which it crashed", crashes);
    if crashes < LEAST && options.cycles(24, 60) >= 24 {
        report.complain(format!("it crashed at {crashes} boundaries only"));
    }
    report
}

/// Whether it crashed, and what came of it.
async fn crashed(options: &Options, mut random: Random, point: &str) -> (Judged, bool) {
    let mut world = World::new(options, &mut random).await;
    world.set("BAVARD_CRASH", point);
    let mut crashed = !world.start(0).await;
    world.unset("BAVARD_CRASH");
    if crashed {
        world.start(0).await;
    }
    for (kind, place, twin) in ONE_BY_ONE.iter().copied() {
        let number = world.generator.number();
        world.generator.say(Message { number, kind, place, team: 0, at: now(), twin });
        crashed |= answered(&mut world).await;
    }
    for _ in 0..AT_ONCE {
        world.generator.say(Message::any(world.generator.number(), now(), &mut random));
    }
    crashed |= answered(&mut world).await;
    // The last commit of all is that of a bot that stops.
    if !crashed {
        crashed = world.terminate(0).await.is_none_or(|status| !status.success());
    }
    (world.judge(Extent::default()).await, crashed)
}

/// Waits until all that was said is answered, or until the bot crashes, and then starts it again.
async fn answered(world: &mut World) -> bool {
    let started = Instant::now();
    while started.elapsed() < ANSWERED_WITHIN {
        if !world.runs(0) {
            world.start_again(0).await;
            return true;
        }
        let expected: u32 = world.generator.said().values().map(|said| said.kind.answers()).sum();
        if world.api.posts().len() >= expected as usize {
            return false;
        }
        time::sleep(Duration::from_millis(10)).await;
    }
    false
}
