//! How far something long is, for whoever started the bot.

use std::{
    io::IsTerminal,
    sync::Mutex,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// How often a line is written where no bar can be drawn.
const EVERY: Duration = Duration::from_secs(10);

/// Shows how far something long is: a bar in a terminal, a line now and again elsewhere.
#[derive(Debug)]
pub struct Reporter {
    /// What is done.
    doing: &'static str,
    bar: Option<ProgressBar>,
    written: Mutex<Instant>,
}

impl Reporter {
    /// A reporter at the beginning of `doing`, as "crawling", which counts `things`, as "pages". One that is not `shown`
    /// draws no bar.
    pub fn new(doing: &'static str, things: &str, shown: bool) -> Self {
        let bar = (shown && std::io::stderr().is_terminal()).then(|| {
            let template = format!("{{spinner}} {doing} {{bar:30}} {{pos}}/{{len}} {things} ({{eta}})");
            let style = ProgressStyle::with_template(&template);
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { doing, bar, written: Mutex::new(Instant::now()) }
    }

    /// So many things are done, of so many that are known.
    pub fn at(&self, done: usize, total: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            return;
        }
        let Ok(mut written) = self.written.lock() else { return };
        if written.elapsed() >= EVERY {
            *written = Instant::now();
            tracing::info!(done, total, "{}", self.doing);
        }
    }

    /// It is over.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
