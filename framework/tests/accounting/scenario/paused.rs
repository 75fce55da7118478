//! A replica that stands still under load, and goes on.

use std::time::Duration;

use tokio::time;

use crate::{check::Extent, options::Options, random::Random, report::Report, world::World};

/// Longer than the platform waits for an answer.
const PAUSE: std::ops::Range<u64> = 3_200..4_500;

pub(super) async fn run(options: Options, mut random: Random) -> Report {
    let mut world = World::new(&options, &mut random).await;
    for replica in 0..world.replicas() {
        world.start(replica).await;
    }
    let load = world.generator.run(options.rate(30, 300), random.fork());
    let cycles = options.cycles(1, 10);
    for _ in 0..cycles {
        let replica = usize::try_from(random.below(world.replicas() as u64)).unwrap();
        time::sleep(Duration::from_millis(random.within(100..1_500))).await;
        world.pause(replica, Duration::from_millis(random.within(PAUSE))).await;
    }
    world.generator.stop();
    load.await.unwrap();
    let mut report = Report::of(world.judge(Extent::default()).await);
    report.count("pauses", usize::try_from(cycles).unwrap());
    report
}
