//! `privacy`: what is kept of a person.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde_json::json;

use super::{
    audit, failed,
    kept::{self, Operator},
    print, rows, talk,
    time::stamp,
};
#[cfg(feature = "postgres")]
use crate::settings::StoreKind;
use crate::{
    clock::{Clock, SystemClock},
    error::{Error, Result},
    id::UserId,
    server::{Order, Outcome},
    settings::General,
    store::{EffectRecord, EventRecord, Records, ValueRecord},
};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Privacy {
    /// Tell how much is kept of a person, and where else something may be.
    Show(Person),
    /// Print all that is kept of a person, one JSON object a line.
    Export(Person),
    /// Forget all that is kept of a person, from the file and its log too.
    Erase(Person),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Person {
    /// The person, as U0123ABCD.
    #[arg(long, value_name = "ID", value_parser = person)]
    user: UserId,
}

fn person(text: &str) -> std::result::Result<UserId, String> {
    let id = text.trim_start_matches("<@").trim_end_matches('>');
    // A name finds nothing, and would be told as nothing kept.
    let is_id = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let plausible = id.len() > 1 && id.starts_with(['U', 'W', 'B']) && id.bytes().all(is_id);
    if plausible { Ok(UserId::new(id)) } else { Err("write the id of a person, as U0123ABCD".to_owned()) }
}

/// All that the store keeps of a person.
struct Found {
    open: Vec<EventRecord>,
    dead: Vec<EventRecord>,
    unsent: Vec<EffectRecord>,
    given_up: Vec<EffectRecord>,
    values: Vec<ValueRecord>,
}

impl Found {
    async fn of(records: &dyn Records, person: &UserId) -> Result<Self> {
        Ok(Self {
            open: kept::events(records, false, Some(person)).await?,
            dead: kept::events(records, true, Some(person)).await?,
            unsent: kept::effects(records, false, Some(person)).await?,
            given_up: kept::effects(records, true, Some(person)).await?,
            values: records.values_of(person.clone()).await.map_err(Error::new)?,
        })
    }
}

impl Privacy {
    pub(super) async fn run(self, general: &General) -> Result<()> {
        match self {
            Self::Show(Person { user }) => show(general, &user).await,
            Self::Export(Person { user }) => export(general, &user).await,
            Self::Erase(Person { user }) => erase(general, user).await,
        }
    }
}

async fn show(general: &General, person: &UserId) -> Result<()> {
    let records = kept::read(general).await?;
    let found = Found::of(&*records, person).await?;
    let counts = [
        ("open events", found.open.len(), "until they are done"),
        ("dead events", found.dead.len(), "30 days"),
        ("unsent messages", found.unsent.len(), "until they are sent"),
        ("messages given up", found.given_up.len(), "30 days"),
        ("values", found.values.len(), "as long as the bot's handlers say"),
    ];
    let lines: Vec<_> = counts.iter().map(|(what, count, long)| format!("{count:>6}  {what}, kept {long}")).collect();
    let (named, file) = match &general.store {
        #[cfg(feature = "postgres")]
        StoreKind::Postgres(place) => (format!("{place:?}"), None),
        _ => {
            let file = kept::place(general)?.file().to_owned();
            (file.display().to_string(), Some(file))
        }
    };
    print(&format!("{named}, of {person} or naming them:\n{}", lines.join("\n")));
    let elsewhere = elsewhere(general, &*records, file.as_deref()).await?;
    if !elsewhere.is_empty() {
        print(&format!("\nWhat this does not look into, and does not erase:\n{}", elsewhere.join("\n")));
    }
    Ok(())
}

/// Files and copies that may hold something, with what is to be done about each.
async fn elsewhere(general: &General, records: &dyn Records, file: Option<&Path>) -> Result<Vec<String>> {
    let mut told = match file {
        Some(file) => beside(general, file),
        None => vec!["  copies and logs of the database, which are its own tools' business".to_owned()],
    };
    for line in audit::all(records).await?.iter().filter(|line| line.action == "backup") {
        let at = stamp(line.by.at);
        told.push(format!("  {}: a backup of {at}; delete it when you need it no more", line.what));
    }
    told.push("  the log: it names people where a handler of the bot writes them there".to_owned());
    Ok(told)
}

/// What stands beside the file of the store.
fn beside(general: &General, file: &Path) -> Vec<String> {
    let mut told = Vec::new();
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let own = name(file);
    let mut files = in_directory(file.parent());
    if file.parent() != Some(general.data_dir.as_path()) {
        files.extend(in_directory(Some(&general.data_dir)));
    }
    for path in files {
        let file_name = name(&path);
        match file_name.strip_prefix(own.as_str()) {
            Some("" | "-wal" | "-shm" | ".lock") => {}
            Some(_) => told.push(format!("  {}: a copy; delete it when you need it no more", path.display())),
            None if file_name == "lock" => {}
            None => told.push(format!("  {}: the bot's own; its documentation says what is in it", path.display())),
        }
    }
    told
}

fn in_directory(directory: Option<&Path>) -> Vec<PathBuf> {
    let directory = directory.map(|path| if path.as_os_str().is_empty() { Path::new(".") } else { path });
    let entries = directory.and_then(|path| fs::read_dir(path).ok()).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}

async fn export(general: &General, person: &UserId) -> Result<()> {
    let Found { open, dead, unsent, given_up, values } = Found::of(&*kept::read(general).await?, person).await?;
    let now = SystemClock.now();
    for event in open.iter().chain(&dead) {
        print(&rows::whole(rows::event(event, now), &event.body, true));
    }
    for found in unsent.iter().chain(&given_up) {
        print(&rows::whole(rows::effect(found, now), &found.effect.outgoing.body, true));
    }
    for ValueRecord { place, value, .. } in &values {
        let value = serde_json::from_str::<serde_json::Value>(value).unwrap_or_default();
        print(&json!({ "scope": &*place.scope.0, "key": &*place.key, "value": value }).to_string());
    }
    Ok(())
}

async fn erase(general: &General, person: UserId) -> Result<()> {
    let operator = Operator::of(general).await?;
    let Outcome::Erased(erased) = operator.order(Order::Erase(person)).await? else {
        return Err(failed("the bot answered something else than it was asked"));
    };
    let done = json!({ "events": erased.events, "messages": erased.effects, "values": erased.values, "under_way": erased.held });
    print(&done.to_string());
    if erased.held > 0 {
        return Err(failed(format!(
            "{} more are under way, and are forgotten when they end. Do it again in a moment; see `inbox list` and \
             `outbox list`.",
            erased.held
        )));
    }
    talk("Copies and logs are not touched: `privacy show` names them.");
    Ok(())
}
