//! The server of the database ends as in a crash, under load, and comes back.

use std::{process::Command, time::Duration};

use tokio::{task, time};

use crate::{check::Extent, options::Options, random::Random, report::Report, world::World};

pub(super) async fn run(options: Options, mut random: Random) -> Report {
    let Some(restart) = options.restart.clone() else {
        return Report::skipped("BAVARD_TEST_POSTGRES_RESTART names no command that starts the database again");
    };
    let mut world = World::new(&options, &mut random).await;
    for replica in 0..world.replicas() {
        world.start(replica).await;
    }
    let load = world.generator.run(options.rate(60, 300), random.fork());
    let cycles = options.cycles(2, 10);
    for _ in 0..cycles {
        time::sleep(Duration::from_millis(random.within(300..2_000))).await;
        let mut command = Command::new("sh");
        command.args(["-c", &restart]);
        let started = task::spawn_blocking(move || command.status().is_ok_and(|status| status.success()));
        while !started.is_finished() {
            world.database_is_away();
            time::sleep(Duration::from_millis(5)).await;
        }
        if !started.await.unwrap() {
            world.complaints.push("the database was not started again".to_owned());
            break;
        }
    }
    world.generator.stop();
    load.await.unwrap();
    let mut report = Report::of(world.judge(Extent::default()).await);
    report.count("times the database was started again", usize::try_from(cycles).unwrap());
    report
}
