//! Responses that are lost, or say that something went wrong when nothing did; and a history that lags.

use crate::{
    check::Extent, ledger::now, message::Message, options::Options, random::Random, report::Report, web_api::Faults,
    world::World,
};

pub(super) async fn run(options: Options, mut random: Random) -> Report {
    let mut world = World::new(&options, &mut random).await;
    // A thousandth in real life; so often that many happen at a time here.
    world.api.fail(Faults { lost: 4, broken: 2, refused: 2, lagging: 30, ..Faults::default() });
    for replica in 0..world.replicas() {
        world.start(replica).await;
    }
    for _ in 0..options.events(60, 3_000) {
        world.generator.say(Message::any(world.generator.number(), now(), &mut random));
        if random.percent(5) {
            world.generator.quiet().await;
        }
    }
    let api = world.api.clone();
    let mut report = Report::of(world.judge(Extent::default()).await);
    let lost = api.happened("lost") + api.happened("broken");
    report.count("posts taken, and their response lost", lost);
    report.count("posts not taken, and their response unclear", api.happened("refused"));
    if lost == 0 {
        report.complain("no response was lost");
    }
    report
}
