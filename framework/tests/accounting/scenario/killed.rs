//! `kill -9` under load, again and again.

use std::time::Duration;

use tokio::time;

use crate::{check::Extent, options::Options, random::Random, report::Report, world::World};

/// How long a process lives once it listens.
const LIVES: std::ops::Range<u64> = 20..400;

pub(super) async fn run(options: Options, mut random: Random) -> Report {
    let mut world = World::new(&options, &mut random).await;
    for replica in 0..world.replicas() {
        world.start(replica).await;
    }
    let load = world.generator.run(options.rate(60, 500), random.fork());
    let (mut kills, mut early) = (0, 0);
    for _ in 0..options.cycles(8, 100) {
        let replica = usize::try_from(random.below(world.replicas() as u64)).unwrap();
        time::sleep(Duration::from_millis(random.within(LIVES))).await;
        world.kill(replica);
        kills += 1;
        // Some do not even come to listen.
        if random.percent(20) {
            world.begin(replica, None);
            time::sleep(Duration::from_millis(random.below(60))).await;
            world.kill(replica);
            early += 1;
        }
        if !world.start(replica).await {
            world.complaints.push("the bot did not start again".to_owned());
            break;
        }
    }
    world.generator.stop();
    load.await.unwrap();
    let mut report = Report::of(world.judge(Extent::default()).await);
    report.count("kills under load", kills);
    report.count("kills while it started", early);
    report
}
