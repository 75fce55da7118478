//! One workspace that has much to say, before others say a little.

use std::fs;

use crate::{
    bot,
    check::Extent,
    ledger::now,
    message::{Message, Place, Twin},
    options::Options,
    random::Random,
    report::Report,
    words::Kind,
    world::World,
};

/// Workspaces beside the first, and how much more that one says than each of them.
const OTHERS: u64 = 3;
const TIMES_MORE: u64 = 5;

/// Nothing ends before everything is said, so that whatever a workspace is served after that it is served in the
/// presence of all others.
pub(super) async fn run(options: Options, mut random: Random) -> Report {
    let mut world = World::new(&options, &mut random).await;
    let hold = world.directory().join("hold");
    fs::write(&hold, "").unwrap();
    world.set(bot::HOLD, &hold.display().to_string());
    for replica in 0..world.replicas() {
        world.start(replica).await;
    }
    let each = options.events(120, 500);
    say(&world, 0, each * TIMES_MORE).await;
    for team in 1..=OTHERS {
        say(&world, team, each).await;
    }
    fs::remove_file(&hold).unwrap();
    Report::of(world.judge(Extent { fairness: true, ..Extent::default() }).await)
}

/// Each message begins a conversation of its own, so that only workers are scarce.
async fn say(world: &World, team: u64, many: u64) {
    for _ in 0..many {
        world.generator.say(Message {
            number: world.generator.number(),
            kind: Kind::Note,
            place: Place::Root { channel: team },
            team,
            at: now(),
            twin: Twin::Alone,
        });
    }
    world.generator.quiet().await;
}
