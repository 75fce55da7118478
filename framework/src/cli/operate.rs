//! What operators do beside a bot that runs, and while it does not.
//!
//! They read the store as it is, whoever writes it meanwhile. What they change goes through the bot that runs, by its
//! admin listener; where none runs, the command takes the store itself.

mod audit;
mod copy;
mod dead;
mod inbox;
mod kept;
mod outbox;
mod privacy;
mod rows;
mod time;

use clap::Subcommand;

use super::{print, talk};
use crate::{
    app::{App, StartError},
    error::Error,
    sentence::Sentence,
    settings::{Environment, General},
};

#[derive(Debug, Subcommand)]
pub(super) enum Operate {
    /// Events that are not at their end: list, show, drop.
    #[command(subcommand)]
    Inbox(inbox::Inbox),
    /// Events that were given up: list, show, replay, drop.
    #[command(subcommand)]
    Dead(dead::Dead),
    /// Messages that are not sent, or were given up: list, show, resolve, drop.
    #[command(subcommand)]
    Outbox(outbox::Outbox),
    /// What operators did, the oldest first.
    Audit(audit::Audit),
    /// Copy all that is kept into one file, while the bot runs.
    Backup(copy::Backup),
    /// Put a copy back. The bot must not run; what it has now is kept aside.
    Restore(copy::Restore),
    /// What is kept of a person: show, export, erase.
    #[command(subcommand)]
    Privacy(privacy::Privacy),
}

impl Operate {
    pub(super) async fn run(self, app: &App, environment: &Environment) -> Result<(), StartError> {
        let general = General::read(environment, app.preferences())?;
        let done = match self {
            Self::Inbox(inbox) => inbox.run(&general).await,
            Self::Dead(dead) => dead.run(&general).await,
            Self::Outbox(outbox) => outbox.run(&general).await,
            Self::Audit(audit) => audit.run(&general).await,
            Self::Backup(backup) => backup.run(&general).await,
            Self::Restore(restore) => restore.run(&general).await,
            Self::Privacy(privacy) => privacy.run(&general).await,
        };
        done.map_err(StartError::Store)
    }
}

/// Something that a command was asked for and could not do, in English and in French.
fn failed(english: impl Into<String>, french: impl Into<String>) -> Error {
    Error::new(Sentence::new(english, french))
}
