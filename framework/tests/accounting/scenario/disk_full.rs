//! A disk that is full for a while: what cannot be kept is not acknowledged, and all is well once there is room.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use tokio::time;

use crate::{
    check::Extent,
    ledger::{Micros, now},
    options::Options,
    random::Random,
    report::Report,
    world::World,
};

/// What a file may grow to at first: less than the log of the store does.
const KILOBYTES: u64 = 600;

/// How long the disk stays full, and how long it may take to fill.
const FULL: Duration = Duration::from_millis(1_500);
const FILLS_WITHIN: Duration = Duration::from_secs(30);

pub(super) async fn run(options: Options, mut random: Random) -> Report {
    let Some(options) = options.of_one_file() else { return Report::skipped("the store is no file") };
    if !has_prlimit() {
        return Report::skipped("prlimit, which gives the room back, is not installed");
    }
    let mut report = limited(&options, &mut random).await;
    if options.long {
        match mounted(&options, &mut random).await {
            Some(mounted) => report.merge(mounted),
            None => report.count("file systems that may not be mounted", 1),
        }
    }
    report
}

fn has_prlimit() -> bool {
    Command::new("prlimit").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Files cannot grow beyond a limit, which is lifted later.
async fn limited(options: &Options, random: &mut Random) -> Report {
    let mut world = World::new(options, random).await;
    if !world.start_limited(0, KILOBYTES).await {
        world.complaints.push("the bot did not start".to_owned());
        return Report::of(world.judge(Extent::default()).await);
    }
    let load = world.generator.run(options.rate(60, 300), random.fork());
    let full = full(&mut world, now()).await;
    let id = world.process(0).id().to_string();
    let lifted = Command::new("prlimit").args(["--pid", &id, "--fsize=unlimited"]).status();
    if !lifted.is_ok_and(|status| status.success()) {
        world.complaints.push("prlimit failed".to_owned());
    }
    emptied(world, load, full).await
}

/// A file system of 8 MB that something else fills; `None` where it may not be mounted.
async fn mounted(options: &Options, random: &mut Random) -> Option<Report> {
    let mut world = World::new(options, random).await;
    let mounted = Mounted::at(world.data(0))?;
    world.start(0).await;
    let load = world.generator.run(options.rate(60, 300), random.fork());
    time::sleep(Duration::from_millis(500)).await;
    let since = now();
    let filler = mounted.0.join("filler");
    fill(&filler);
    let full = full(&mut world, since).await;
    fs::remove_file(filler).unwrap();
    Some(emptied(world, load, full).await)
}

/// Waits until deliveries are refused, and a while longer; gives how many are refused then.
async fn full(world: &mut World, since: Micros) -> usize {
    let started = Instant::now();
    let refused = |world: &World| world.generator.answers(since).get(&503).copied().unwrap_or_default();
    while refused(world) == 0 && world.runs(0) && started.elapsed() < FILLS_WITHIN {
        time::sleep(Duration::from_millis(100)).await;
    }
    time::sleep(FULL).await;
    if !world.runs(0) {
        world.complaints.push("the bot ended when the disk was full".to_owned());
    }
    refused(world)
}

/// There is room again: deliveries are taken, by the same process.
async fn emptied(mut world: World, load: tokio::task::JoinHandle<()>, refused: usize) -> Report {
    let since = now();
    time::sleep(FULL).await;
    world.generator.stop();
    load.await.unwrap();
    let (taken, runs) = (world.generator.answers(since).get(&200).copied().unwrap_or_default(), world.runs(0));
    let mut report = Report::of(world.judge(Extent::default()).await);
    report.count("refused with 503 while the disk was full", refused);
    report.count("taken by the same process afterwards", taken);
    if refused == 0 || taken == 0 || !runs {
        report.complain("it was to refuse while the disk was full, and to go on afterwards");
    }
    report
}

/// Fills a file system to the last byte.
fn fill(filler: &Path) {
    let mut file = File::create(filler).unwrap();
    for size in [64 * 1_024, 512] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

/// A file system in memory, which is gone when it is dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn at(place: PathBuf) -> Option<Self> {
        fs::create_dir_all(&place).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs"]).arg(&place);
        mount.output().is_ok_and(|output| output.status.success()).then_some(Self(place))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
