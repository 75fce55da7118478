//! All retries of all events at once, on all replicas.

use crate::{
    check::Extent, ledger::now, message::Message, options::Options, random::Random, report::Report, world::World,
};

/// As many as are under way at a time while the events are delivered first.
const AT_ONCE: u64 = 500;

pub(super) async fn run(options: Options, mut random: Random) -> Report {
    let mut world = World::new(&options, &mut random).await;
    for replica in 0..world.replicas() {
        world.start(replica).await;
    }
    let mut messages = Vec::new();
    for count in 1..=options.events(300, 10_000) {
        let message = Message::any(world.generator.number(), now(), &mut random);
        world.generator.say(message);
        messages.push(message);
        if count % AT_ONCE == 0 {
            world.generator.quiet().await;
        }
    }
    world.generator.quiet().await;
    let delivered = now();
    messages.iter().for_each(|message| world.generator.say_again(message));
    world.generator.quiet().await;
    let again = world.generator.answers(delivered);
    let mut report = Report::of(world.judge(Extent::default()).await);
    let taken = again.get(&200).copied().unwrap_or_default();
    report.count("retries at once", again.values().sum());
    report.count("retries answered with 200", taken);
    if taken == 0 {
        report.complain("no retry was answered with 200");
    }
    report
}
