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
    let language = general.language;
    let counts = [
        (found.open.len(), "open events, kept until they are done", "événements en cours, gardés jusqu’à leur fin"),
        (found.dead.len(), "dead events, kept 30 days", "événements abandonnés, gardés 30 jours"),
        (found.unsent.len(), "unsent messages, kept until they are sent", "messages à envoyer, gardés jusqu’à l’envoi"),
        (found.given_up.len(), "messages given up, kept 30 days", "messages abandonnés, gardés 30 jours"),
        (
            found.values.len(),
            "values, kept as long as the bot's handlers say",
            "valeurs, gardées aussi longtemps que le bot le dit",
        ),
    ];
    let line = |(count, english, french): &(usize, _, _)| format!("{count:>6}  {}", language.pick(*english, *french));
    let lines: Vec<String> = counts.iter().map(line).collect();
    let (named, file) = match &general.store {
        #[cfg(feature = "postgres")]
        StoreKind::Postgres(place) => (format!("{place:?}"), None),
        _ => {
            let file = kept::place(general)?.file().to_owned();
            (file.display().to_string(), Some(file))
        }
    };
    let head = language.pick(
        format!("{named}, of {person} or naming them:"),
        format!("{named}, de {person} ou qui nomme cette personne :"),
    );
    print(&format!("{head}\n{}", lines.join("\n")));
    let elsewhere = elsewhere(general, &*records, file.as_deref()).await?;
    if !elsewhere.is_empty() {
        let head = language.pick(
            "What this does not look into, and does not erase:",
            "Ce que cette commande ne regarde pas, et n’efface pas :",
        );
        print(&format!("\n{head}\n{}", elsewhere.join("\n")));
    }
    Ok(())
}

/// Files and copies that may hold something, with what is to be done about each.
async fn elsewhere(general: &General, records: &dyn Records, file: Option<&Path>) -> Result<Vec<String>> {
    let language = general.language;
    let mut told = match file {
        Some(file) => beside(general, file),
        None => vec![
            language
                .pick(
                    "  copies and logs of the database, which are its own tools' business",
                    "  les copies et les journaux de la base, qui sont l’affaire de ses propres outils",
                )
                .to_owned(),
        ],
    };
    for line in audit::all(records).await?.iter().filter(|line| line.action == "backup") {
        let at = stamp(line.by.at);
        let what = &line.what;
        told.push(language.pick(
            format!("  {what}: a backup of {at}; delete it when you need it no more"),
            format!("  {what} : une sauvegarde du {at} ; supprimez-la quand elle ne vous sert plus"),
        ));
    }
    let log = language.pick(
        "  the log: it names people where a handler of the bot writes them there",
        "  le journal : il nomme des personnes là où le code du bot les y écrit",
    );
    told.push(log.to_owned());
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
            Some(_) => told.push(general.language.pick(
                format!("  {}: a copy; delete it when you need it no more", path.display()),
                format!("  {} : une copie ; supprimez-la quand elle ne vous sert plus", path.display()),
            )),
            None if file_name == "lock" => {}
            None => told.push(general.language.pick(
                format!("  {}: the bot's own; its documentation says what is in it", path.display()),
                format!("  {} : propre au bot ; sa documentation dit ce qui s’y trouve", path.display()),
            )),
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
        return Err(kept::answered_something_else());
    };
    let done = json!({ "events": erased.events, "messages": erased.effects, "values": erased.values, "under_way": erased.held });
    print(&done.to_string());
    if erased.held > 0 {
        let held = erased.held;
        return Err(failed(
            format!(
                "{held} more are under way, and are forgotten when they end. Do it again in a moment; see `inbox list` \
                 and `outbox list`."
            ),
            format!(
                "{held} de plus sont en train de se faire, et seront oubliés à leur fin. Recommencez dans un instant ; \
                 voyez `inbox list` et `outbox list`."
            ),
        ));
    }
    talk(general.language.pick(
        "Copies and logs are not touched: `privacy show` names them.",
        "Les copies et les journaux ne sont pas touchés : `privacy show` les nomme.",
    ));
    Ok(())
}
