//! How far the crawl is, for whoever started the bot.

use std::{
    io::IsTerminal,
    sync::Mutex,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// How often a line is written where no bar can be drawn.
const EVERY: Duration = Duration::from_secs(10);

/// Shows how far the crawl is: a bar in a terminal, a line now and again elsewhere.
#[derive(Debug)]
pub(crate) struct Reporter {
    bar: Option<ProgressBar>,
    written: Mutex<Instant>,
}

impl Reporter {
    /// A reporter at the beginning.
    pub(crate) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} crawling {bar:30} {pos}/{len} pages");
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar, written: Mutex::new(Instant::now()) }
    }

    /// Some pages are done with.
    pub(crate) fn at(&self, done: usize, total: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            return;
        }
        let Ok(mut written) = self.written.lock() else { return };
        if written.elapsed() >= EVERY {
            *written = Instant::now();
            tracing::info!(done, total, "crawling the website");
        }
    }

    /// It is over.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
