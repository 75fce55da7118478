//! `dead`: events that were given up.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::{
    failed,
    inbox::{self, Show},
    kept::{self, Operator},
    print,
    rows::{self, Listing},
    talk, time,
};
use crate::{
    clock::{Clock, SystemClock, Timestamp},
    error::Result,
    settings::General,
    store::{Changed, EventRecord, EventState, Intervention, Sequence},
};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Dead {
    /// List events, the oldest first.
    List {
        #[command(flatten)]
        filter: Filter,
        #[command(flatten)]
        listing: Listing,
    },
    /// Show one event, with what was said.
    Show(Show),
    /// Have events run again, the oldest first. Everything they say is said anew, whatever they said before.
    Replay(Replay),
    /// Forget events at once, instead of after thirty days.
    Drop {
        /// Their numbers, as 3.17.
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
}

/// Which events.
#[derive(Debug, Args)]
pub(in crate::cli) struct Filter {
    /// Those whose reason begins like this, as failed.
    #[arg(long, value_name = "REASON")]
    reason: Option<String>,
    /// Those that came in since, as 2h or 7d.
    #[arg(long, value_name = "DURATION", value_parser = time::span)]
    since: Option<Duration>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Replay {
    /// Their numbers, as 3.17.
    #[arg(value_name = "ID", conflicts_with_all = ["reason", "since", "all"])]
    ids: Vec<String>,
    #[command(flatten)]
    filter: Filter,
    /// All of them.
    #[arg(long)]
    all: bool,
    /// No faster than this, as 5/s.
    #[arg(long, value_name = "RATE", value_parser = time::rate, default_value = "5/s")]
    rate: Duration,
    /// Only tell which they are.
    #[arg(long)]
    dry_run: bool,
}

impl Dead {
    pub(super) async fn run(self, general: &General) -> Result<()> {
        match self {
            Self::List { filter, listing } => {
                let now = SystemClock.now();
                let rows: Vec<_> =
                    filter.events(general, now).await?.iter().map(|event| rows::event(event, now)).collect();
                let language = general.language;
                listing.print(&rows, language, language.pick("Nothing was given up.", "Rien n’a été abandonné."));
                Ok(())
            }
            Self::Show(show) => inbox::show(general, &show, true).await,
            Self::Replay(replay) => replay.run(general).await,
            Self::Drop { ids } => inbox::drop(general, &ids, true).await,
        }
    }
}

impl Filter {
    async fn events(&self, general: &General, now: Timestamp) -> Result<Vec<EventRecord>> {
        let events = kept::events(&*kept::read(general).await?, true, None).await?;
        Ok(events.into_iter().filter(|event| self.takes(event, now)).collect())
    }

    fn takes(&self, event: &EventRecord, now: Timestamp) -> bool {
        let recent = self.since.is_none_or(|since| now.since(event.received) <= since);
        let EventState::Dead { reason } = &event.state else { return false };
        recent && self.reason.as_ref().is_none_or(|start| reason.starts_with(start.as_str()))
    }
}

impl Replay {
    async fn run(self, general: &General) -> Result<()> {
        let events = self.events(general).await?;
        if self.dry_run {
            events.iter().for_each(|event| print(&event.to_string()));
            let count = events.len();
            talk(&general.language.pick(format!("{count} would be run again."), format!("À relancer : {count}.")));
            return Ok(());
        }
        if events.is_empty() {
            talk(general.language.pick("Nothing was given up.", "Rien n’a été abandonné."));
            return Ok(());
        }
        let operator = Operator::of(general).await?;
        for (index, event) in events.iter().enumerate() {
            if index > 0 {
                tokio::time::sleep(self.rate).await;
            }
            match operator.change(Intervention::Replay(*event)).await? {
                Changed::Replayed(again) => {
                    print(
                        &general.language.pick(format!("{event} is {again} now"), format!("{event} devient {again}")),
                    );
                }
                // Somebody else was faster.
                Changed::Missing => talk(&general.language.pick(
                    format!("{event} is not dead any more."),
                    format!("{event} n’est plus parmi les abandonnés."),
                )),
                Changed::Done | Changed::Held => return Err(inbox::under_way(&event.to_string())),
            }
        }
        if matches!(operator, Operator::Here(_)) {
            talk(general.language.pick(
                "The bot does not run: they are run when it is started.",
                "Le bot ne tourne pas : ils seront relancés à son démarrage.",
            ));
        }
        Ok(())
    }

    async fn events(&self, general: &General) -> Result<Vec<Sequence>> {
        if !self.ids.is_empty() {
            return self.ids.iter().map(|id| kept::event_id(id)).collect();
        }
        if !self.all && self.filter.reason.is_none() && self.filter.since.is_none() {
            return Err(failed(
                "which events? Write their numbers, or --reason, --since or --all.",
                "quels événements ? Écrivez leurs numéros, ou --reason, --since ou --all.",
            ));
        }
        let events = self.filter.events(general, SystemClock.now()).await?;
        Ok(events.into_iter().map(|event| event.sequence).collect())
    }
}
