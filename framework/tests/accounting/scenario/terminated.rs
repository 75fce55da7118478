//! SIGTERM under load: everything that was begun comes to its end, and what comes too late comes again.

use std::time::{Duration, Instant};

use tokio::time;

use crate::{check::Extent, options::Options, random::Random, report::Report, world::World};

pub(super) async fn run(options: Options, mut random: Random) -> Report {
    let mut world = World::new(&options, &mut random).await;
    for replica in 0..world.replicas() {
        world.start(replica).await;
    }
    let load = world.generator.run(options.rate(60, 500), random.fork());
    let (cycles, mut longest) = (options.cycles(4, 100), Duration::ZERO);
    for _ in 0..cycles {
        let replica = usize::try_from(random.below(world.replicas() as u64)).unwrap();
        time::sleep(Duration::from_millis(random.below(400))).await;
        let asked = Instant::now();
        match world.terminate(replica).await {
            Some(status) if status.success() => {}
            Some(status) => world.complaints.push(format!("it stopped with {status}")),
            None => world.complaints.push("it did not stop".to_owned()),
        }
        longest = longest.max(asked.elapsed());
        world.start(replica).await;
    }
    world.generator.stop();
    load.await.unwrap();
    let mut report = Report::of(world.judge(Extent::default()).await);
    report.count("times it was stopped", usize::try_from(cycles).unwrap());
    report.most("seconds it took to stop at most", longest);
    report
}
