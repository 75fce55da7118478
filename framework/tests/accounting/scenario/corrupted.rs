//! A file that was damaged while nobody used it: the bot refuses it loudly, or serves what is right.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tempfile::TempDir;
use tokio::{sync::Semaphore, task::JoinSet, time};

use crate::{
    ledger::now,
    message::{Message, Place, Twin},
    options::Options,
    random::Random,
    report::Report,
    web_api::Faults,
    words::{self, Kind},
    world::{World, last_line},
};

/// How many events, and how many answers, are in the file.
const EACH: u64 = 25;

/// How many damaged files are served at a time.
const AT_ONCE: usize = 4;

/// How long it may take until something is answered, and how long after the last answer nothing more is waited for.
const FIRST_ANSWER: Duration = Duration::from_secs(3);
const LAST_ANSWER: Duration = Duration::from_secs(1);

/// What became of a damaged file.
enum Outcome {
    Refused {
        how: String,
    },
    /// All that is said is right; so much of what should be said is not.
    Served {
        missing: usize,
    },
    Wrong {
        what: String,
    },
}

pub(super) async fn run(options: Options, mut random: Random) -> Report {
    let Some(options) = options.of_one_file() else { return Report::skipped("the store is no file") };
    let Some(sound) = sound(&options, &mut random).await else {
        let mut report = Report::default();
        report.complain("there is no file to damage");
        return report;
    };
    let sound = Arc::new(sound);
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut damaged = JoinSet::new();
    for _ in 0..options.cycles(30, 500) {
        let (sound, turns, options, mut random) = (sound.clone(), turns.clone(), options.clone(), random.fork());
        damaged.spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            one(sound.path(), &options, &mut random).await
        });
    }
    let mut report = Report::default();
    for (damage, outcome) in damaged.join_all().await {
        report.count("damaged files", 1);
        match outcome {
            Outcome::Refused { how } => report.count(&format!("refused: {how}"), 1),
            Outcome::Served { missing: 0 } => report.count("served, and nothing was missing", 1),
            Outcome::Served { .. } => report.count(&format!("served without what was lost: {damage}"), 1),
            Outcome::Wrong { what } => report.complain(format!("{damage}: {what}")),
        }
    }
    report
}

/// A directory with events that are not run and answers that are not sent: answers in the file, events in its log.
async fn sound(options: &Options, random: &mut Random) -> Option<TempDir> {
    let mut world = World::new(options, random).await;
    let hold = world.directory().join("hold");
    world.set(crate::bot::HOLD, hold.to_str()?);
    world.api.fail(Faults { limited: 100, waits: vec!["3600"], ..Faults::default() });
    world.start(0).await.then_some(())?;
    say(&world, 0);
    world.generator.quiet().await;
    // What is left are answers, which wait for an hour.
    world.terminate(0).await.filter(std::process::ExitStatus::success)?;
    fs::write(&hold, "").unwrap();
    world.start(0).await.then_some(())?;
    say(&world, EACH);
    world.generator.quiet().await;
    // What is in doubt would be looked for, which takes long.
    while world.is_sending().await {
        time::sleep(Duration::from_millis(50)).await;
    }
    world.kill(0);
    let all_in = world.generator.answers(0).get(&200) == Some(&usize::try_from(2 * EACH).unwrap());
    all_in.then(|| world.into_directory())
}

fn say(world: &World, from: u64) {
    for person in from..from + EACH {
        let (number, at) = (world.generator.number(), now());
        let place = Place::Direct(person);
        world.generator.say(Message { number, kind: Kind::Note, place, team: 0, at, twin: Twin::Alone });
    }
}

/// Damages a copy, and serves it. In half of the cases all is in the file, in the others some of it is in its log.
async fn one(sound: &Path, options: &Options, random: &mut Random) -> (String, Outcome) {
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir(copy.path().join("data-0")).unwrap();
    let data = copy.path().join("data-0");
    for name in ["bavard.db", "bavard.db-wal"] {
        fs::copy(sound.join("data-0").join(name), data.join(name)).unwrap();
    }
    let mut files = vec!["bavard.db", "bavard.db-wal"];
    if random.percent(50) {
        // Whoever closes it last takes the log into the file.
        drop(Connection::open(data.join("bavard.db")).and_then(|file| file.execute_batch("SELECT * FROM meta")));
        assert!(!data.join("bavard.db-wal").exists(), "the log is still there");
        files.pop();
    }
    let name = *random.pick::<&str>(&files);
    let damage = damage(&data, name, random);
    let mut world = World::on(copy, options, random).await;
    if !world.start(0).await {
        return (damage, refused(&world.log()));
    }
    said_all(&mut world).await;
    let outcome = match () {
        () if !world.runs(0) => refused(&world.log()),
        () => served(&world),
    };
    if world.runs(0) && world.terminate(0).await.is_none() {
        return (damage, Outcome::Wrong { what: "it does not stop".to_owned() });
    }
    (damage, outcome)
}

/// Changes one bit, empties one sector or cuts the end off, in the file or in its log; says what, without the place.
fn damage(directory: &Path, name: &str, random: &mut Random) -> String {
    let file = directory.join(name);
    let mut bytes = fs::read(&file).unwrap();
    let place = usize::try_from(random.below(bytes.len() as u64)).unwrap();
    let damage = match random.below(3) {
        0 => {
            bytes.truncate(place);
            "cut off"
        }
        1 => {
            let end = bytes.len().min(place + 512);
            bytes[place..end].fill(0);
            "with an empty sector"
        }
        _ => {
            bytes[place] ^= 1 << random.below(8);
            "with another bit"
        }
    };
    fs::write(file, bytes).unwrap();
    format!("{} {damage}", if name.ends_with("wal") { "log" } else { "file" })
}

/// Waits until all is said, or nothing more is, or the bot has ended.
async fn said_all(world: &mut World) {
    let (mut known, mut since) = (0, Instant::now());
    loop {
        let posts = world.api.posts().len();
        if posts > known {
            (known, since) = (posts, Instant::now());
        }
        let patience = if known == 0 { FIRST_ANSWER } else { LAST_ANSWER };
        if posts as u64 >= 2 * EACH || since.elapsed() > patience || !world.runs(0) {
            return;
        }
        time::sleep(Duration::from_millis(10)).await;
    }
}

/// It ended by itself, and has to say why.
fn refused(log: &str) -> Outcome {
    match log.rsplit_once("error: ") {
        Some((_, why)) if why.contains("is damaged") => Outcome::Refused { how: "is damaged".to_owned() },
        Some((_, why)) => {
            let (_, why) = why.split_once("bavard.db").unwrap_or(("", why));
            Outcome::Refused { how: why.trim().chars().take(80).collect() }
        }
        None => Outcome::Wrong { what: format!("it ended without a word: {}", last_line(log)) },
    }
}

/// Whatever was said must be right, and said once.
fn served(world: &World) -> Outcome {
    let mut seen = BTreeSet::new();
    for post in world.api.posts() {
        let Some((Kind::Note, number @ 1.., 0)) = words::read_answer(&post.text) else {
            return Outcome::Wrong { what: format!("it said {:?}", post.text) };
        };
        if number > 2 * EACH || !seen.insert(number) {
            return Outcome::Wrong { what: format!("it answered {number} again, or out of nothing") };
        }
    }
    Outcome::Served { missing: usize::try_from(2 * EACH).unwrap() - seen.len() }
}
