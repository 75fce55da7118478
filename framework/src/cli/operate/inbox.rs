//! `inbox`: events that are not at their end.

use clap::Subcommand;

use super::{
    failed,
    kept::{self, Operator},
    print,
    rows::{self, Listing},
    talk,
};
use crate::{
    clock::{Clock, SystemClock},
    error::{Error, Result},
    settings::General,
    store::{Changed, EventRecord, EventState, Intervention, Records, Sequence},
};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Inbox {
    /// List events, the oldest first.
    List(Listing),
    /// Show one event, with what was said.
    Show(Show),
    /// Give events up that nobody is running right now; they are among the dead then.
    Drop {
        /// Their numbers, as 3.17.
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
}

/// One event, or one message.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Show {
    /// Its number, as 3.17.
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// Print it as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

impl Inbox {
    pub(super) async fn run(self, general: &General) -> Result<()> {
        match self {
            Self::List(listing) => {
                let events = kept::events(&*kept::read(general).await?, false, None).await?;
                let now = SystemClock.now();
                let rows: Vec<_> = events.iter().map(|event| rows::event(event, now)).collect();
                let language = general.language;
                listing.print(&rows, language, language.pick("Nothing is open.", "Rien n’est en cours."));
                Ok(())
            }
            Self::Show(show) => self::show(general, &show, false).await,
            Self::Drop { ids } => drop(general, &ids, false).await,
        }
    }
}

/// Shows one event that is dead, or one that is not.
pub(super) async fn show(general: &General, show: &Show, dead: bool) -> Result<()> {
    let records = kept::read(general).await?;
    let event = find(&*records, kept::event_id(&show.id)?, dead).await?;
    let row = rows::event(&event, SystemClock.now());
    print(&rows::whole(row, &event.body, show.json));
    Ok(())
}

/// Drops events that are dead, or such that are not; one after the other, up to the first that cannot be.
pub(super) async fn drop(general: &General, ids: &[String], dead: bool) -> Result<()> {
    let records = kept::read(general).await?;
    let mut events = Vec::new();
    for id in ids {
        events.push(find(&*records, kept::event_id(id)?, dead).await?.sequence);
    }
    let operator = Operator::of(general).await?;
    for event in events {
        match operator.change(Intervention::Drop(event)).await? {
            Changed::Done | Changed::Replayed(_) => {
                talk(&general.language.pick(format!("{event} is dropped."), format!("{event} est retiré.")));
            }
            Changed::Missing => return Err(gone(event)),
            Changed::Held => return Err(under_way(&event.to_string())),
        }
    }
    Ok(())
}

async fn find(records: &dyn Records, event: Sequence, dead: bool) -> Result<EventRecord> {
    let found = records.event(event).await.map_err(Error::new)?.ok_or_else(|| gone(event))?;
    match (matches!(found.state, EventState::Dead { .. }), dead) {
        (false, true) => Err(failed(
            format!("{event} is not dead. It is in the inbox: see `inbox show {event}`."),
            format!("{event} n’est pas abandonné. Il est en cours : voyez `inbox show {event}`."),
        )),
        (true, false) => Err(failed(
            format!("{event} is dead. See `dead show {event}`."),
            format!("{event} est abandonné. Voyez `dead show {event}`."),
        )),
        _ => Ok(found),
    }
}

fn gone(event: Sequence) -> Error {
    failed(
        format!("there is no event {event} any more: what is done is not kept."),
        format!("il n’y a plus d’événement {event} : ce qui est terminé n’est pas gardé."),
    )
}

pub(super) fn under_way(what: &str) -> Error {
    failed(
        format!("{what} is under way right now. Wait until it ends, or stop the bot and do it again."),
        format!("{what} est en train de se faire. Attendez qu’il se termine, ou arrêtez le bot et recommencez."),
    )
}
