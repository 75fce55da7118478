//! The bot under test: a program like any other, whose handlers keep a ledger of their own.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::PathBuf,
    str::FromStr as _,
    sync::mpsc,
    time::Duration,
};

use bavard::{Opening, prelude::*};
use tokio::sync::oneshot;

use crate::{
    ledger::{Micros, Run, now},
    words::{self, Kind},
};

/// The settings of the bot's own: its name, its ledger, the number of its process, and a file as long as which runs do not end.
pub(crate) const NAME: &str = "ACCOUNTING_NAME";
pub(crate) const LEDGER: &str = "ACCOUNTING_LEDGER";
pub(crate) const LIFE: &str = "ACCOUNTING_LIFE";
pub(crate) const HOLD: &str = "ACCOUNTING_HOLD";

#[bavard::main]
fn bot() -> App {
    let name = std::env::var(NAME).unwrap_or_default();
    App::empty().named(name).handlers(handlers![note, talk, fact, failed]).state_from(Books::open)
}

/// Runs the program.
pub(crate) fn program() -> std::process::ExitCode {
    main()
}

#[on_mention("note {number} {words..}")]
async fn note(number: u64, words: String, books: State<Books>) -> Result<String> {
    let run = books.begun(Kind::Note, number).await?;
    books.held().await;
    run.ended().await?;
    Ok(words::answer(Kind::Note, number, 0, &words))
}

#[on_mention("talk {number} {words..}")]
async fn talk(ctx: Context, number: u64, words: String, books: State<Books>) -> Result<String> {
    let run = books.begun(Kind::Talk, number).await?;
    books.held().await;
    ctx.say(words::answer(Kind::Talk, number, 0, &words)).await?;
    run.ended().await?;
    Ok(words::answer(Kind::Talk, number, 1, &words))
}

#[on_message("fact {number} {words..}")]
async fn fact(number: u64, words: String, books: State<Books>) -> Result<String> {
    let run = books.begun(Kind::Fact, number).await?;
    books.held().await;
    run.ended().await?;
    Ok(words::answer(Kind::Fact, number, 0, &words))
}

/// Says nothing, so that every post is an answer.
#[on_failure]
async fn failed() {}

/// The ledger of one process: lines that are on disk before the handler goes on.
#[derive(Debug)]
struct Books {
    life: u64,
    hold: Option<PathBuf>,
    lines: mpsc::Sender<Line>,
}

#[derive(Debug)]
struct Line {
    text: String,
    written: oneshot::Sender<()>,
}

impl Books {
    async fn open(opening: Opening) -> Result<Self> {
        let setting = |name| opening.setting(name).ok_or_else(|| Error::new(format!("{name} is missing")));
        let file = OpenOptions::new().append(true).create(true).open(setting(LEDGER)?)?;
        let life = setting(LIFE)?.parse()?;
        let (lines, waiting) = mpsc::channel();
        std::thread::spawn(move || write(file, waiting));
        Ok(Self { life, hold: opening.setting(HOLD).map(PathBuf::from), lines })
    }

    /// A run begins.
    async fn begun(&self, kind: Kind, number: u64) -> Result<Open<'_>> {
        let run = Open { books: self, what: format!("{} {number} {}", kind.word(), self.life), closed: false };
        run.line("begun")?.await?;
        Ok(run)
    }

    /// Waits as long as it is told to.
    async fn held(&self) {
        while self.hold.as_ref().is_some_and(|hold| hold.exists()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A run that has begun.
#[derive(Debug)]
struct Open<'b> {
    books: &'b Books,
    what: String,
    closed: bool,
}

impl Open<'_> {
    /// The handler came to its end.
    async fn ended(mut self) -> Result<()> {
        self.closed = true;
        Ok(self.line("ended")?.await?)
    }

    fn line(&self, word: &str) -> Result<oneshot::Receiver<()>> {
        let (written, told) = oneshot::channel();
        self.books.lines.send(Line { text: format!("{word} {} {}\n", self.what, now()), written })?;
        Ok(told)
    }
}

impl Drop for Open<'_> {
    /// The handler failed, or was given up in its midst.
    fn drop(&mut self) {
        if !self.closed {
            // Nobody waits for it.
            let _ = self.line("left");
        }
    }
}

/// Writes what waits, and syncs it all at once.
fn write(mut file: File, waiting: mpsc::Receiver<Line>) {
    while let Ok(first) = waiting.recv() {
        let lines: Vec<Line> = std::iter::once(first).chain(waiting.try_iter()).collect();
        let text: String = lines.iter().map(|line| line.text.as_str()).collect();
        file.write_all(text.as_bytes()).and_then(|()| file.sync_data()).unwrap();
        for line in lines {
            // The handler may have been given up.
            let _ = line.written.send(());
        }
    }
}

/// Reads the ledger of all processes. A last line that was cut off is nothing.
pub(crate) fn read(ledger: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for line in ledger.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        let (what, run) = read_line(line).unwrap_or_else(|| panic!("{line:?} is no line of the ledger"));
        if what == "begun" {
            runs.push(run);
            continue;
        }
        let same = |other: &&mut Run| (other.number, other.life, other.ended) == (run.number, run.life, None);
        let open = runs.iter_mut().rfind(same).unwrap();
        let end = if what == "ended" { &mut open.ended } else { &mut open.left };
        *end = Some(run.begun);
    }
    runs.sort_by_key(|run| run.begun);
    runs
}

fn read_line(line: &str) -> Option<(&str, Run)> {
    let mut parts = line.split(' ');
    let (what, kind) = (parts.next()?, Kind::from_str(parts.next()?).ok()?);
    let mut number = || parts.next()?.parse::<Micros>().ok();
    Some((what, Run { number: number()?, kind, life: number()?, begun: number()?, ended: None, left: None }))
}
