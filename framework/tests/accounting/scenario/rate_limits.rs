//! A storm of 429.

use crate::{
    check::Extent,
    ledger::{Micros, now},
    message::{Message, Place, Twin},
    options::Options,
    random::Random,
    report::Report,
    web_api::Faults,
    words::Kind,
    world::World,
};

/// What is tried so soon after it was asked to wait was under way. On a machine that does much else, that takes long.
const GRACE: Micros = 1_000_000;

pub(super) async fn run(options: Options, mut random: Random) -> Report {
    let mut world = World::new(&options, &mut random).await;
    let waits = if options.long { vec!["0", "1", "2", "3", "5", "10"] } else { vec!["2", "3"] };
    world.api.fail(Faults { limited: 30, waits, ..Faults::default() });
    for replica in 0..world.replicas() {
        world.start(replica).await;
    }
    // Few in each channel, for a channel that is limited holds up all that is said there.
    let events = options.events(60, 200);
    for number in 0..events {
        let message = Message {
            number: world.generator.number(),
            kind: Kind::Note,
            place: Place::Direct(number % (events / 4).max(1)),
            team: 0,
            at: now(),
            twin: Twin::Alone,
        };
        world.generator.say(message);
    }
    let api = world.api.clone();
    let mut report = Report::of(world.judge(Extent { patience: Some(GRACE), ..Extent::default() }).await);
    let limited = api.happened("limited");
    report.count("posts answered with 429", limited);
    if limited == 0 {
        report.complain("no post was answered with 429");
    }
    report
}
