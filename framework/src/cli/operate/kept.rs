//! What a bot keeps, to be read, and to be changed by whoever may.

use std::{sync::Arc, time::Duration};

use axum::http::{Request, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use secrecy::ExposeSecret;

use super::failed;
#[cfg(feature = "postgres")]
use crate::store::PostgresRecords;
use crate::{
    clock::SystemClock,
    error::{Error, Result},
    id::UserId,
    server::{Operations, Order, Ordered, Outcome, PATH},
    settings::{Admin, General, StoreKind, from_here},
    store::{
        Changed, EffectRecord, EventRecord, Intervention, Records, Selection, Sequence, SqlitePlace, SqliteReader,
        SqliteStore,
    },
};

/// How many rows are read at once.
const PAGE: usize = 200;

/// The longest that a bot is waited for: to erase somebody, it writes its file anew.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);

/// Where a bot keeps things.
pub(super) fn place(general: &General) -> Result<SqlitePlace> {
    match &general.store {
        StoreKind::Sqlite { file } => Ok(SqlitePlace::new(&general.data_dir, file.as_deref()).of(&general.bot)),
        StoreKind::Memory => Err(failed(
            "BAVARD_STORE is memory:, which nobody sees but the bot that runs. Set it to sqlite: to have what the bot \
             keeps in a file.",
            "BAVARD_STORE vaut memory:, que personne ne voit hormis le bot qui tourne. Donnez-lui sqlite: pour que le bot \
             garde dans un fichier.",
        )),
        #[cfg(feature = "postgres")]
        StoreKind::Postgres(_) => Err(failed(
            "BAVARD_STORE names a PostgreSQL database, which is copied and put back by its own tools. Use pg_dump and \
             pg_restore.",
            "BAVARD_STORE désigne une base PostgreSQL, qui se copie et se remet avec ses propres outils. Utilisez pg_dump \
             et pg_restore.",
        )),
    }
}

/// All that a bot keeps, to be read.
pub(super) async fn read(general: &General) -> Result<Arc<dyn Records>> {
    #[cfg(feature = "postgres")]
    if let StoreKind::Postgres(place) = &general.store {
        return Ok(Arc::new(PostgresRecords::new((**place).clone())));
    }
    Ok(Arc::new(read_file(general).await?))
}

/// The same where it stands in a file.
pub(super) async fn read_file(general: &General) -> Result<SqliteReader> {
    let place = place(general)?;
    waiting(move || SqliteReader::open(&place)).await
}

/// Does something that waits for the disk.
pub(super) async fn waiting<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::new)?
}

/// Every event that is selected, read page by page.
pub(super) async fn events(records: &dyn Records, dead: bool, person: Option<&UserId>) -> Result<Vec<EventRecord>> {
    let mut selection = Selection { dead, person: person.cloned(), bodies: person.is_some(), after: None, limit: PAGE };
    let mut events: Vec<EventRecord> = Vec::new();
    loop {
        let page = records.events(selection.clone()).await.map_err(Error::new)?;
        let Some(last) = page.last() else { return Ok(events) };
        selection.after = Some(last.sequence);
        events.extend(page);
    }
}

/// Every effect that is selected, read page by page.
pub(super) async fn effects(records: &dyn Records, dead: bool, person: Option<&UserId>) -> Result<Vec<EffectRecord>> {
    let mut selection = Selection { dead, person: person.cloned(), bodies: person.is_some(), after: None, limit: PAGE };
    let mut effects: Vec<EffectRecord> = Vec::new();
    loop {
        let page = records.effects(selection.clone()).await.map_err(Error::new)?;
        let Some(last) = page.last() else { return Ok(effects) };
        selection.after = Some(last.effect.key.clone());
        effects.extend(page);
    }
}

/// The number that somebody typed.
pub(super) fn event_id(text: &str) -> Result<Sequence> {
    text.parse().map_err(|()| {
        failed(
            format!("{text} is no event. Write its number, as 3.17."),
            format!("{text} n’est pas un événement. Écrivez son numéro, comme 3.17."),
        )
    })
}

/// The effect that somebody typed.
pub(super) async fn effect(records: &dyn Records, text: &str) -> Result<EffectRecord> {
    let malformed = || {
        failed(
            format!("{text} is no message. Write its number, as 3.17-5e0c."),
            format!("{text} n’est pas un message. Écrivez son numéro, comme 3.17-5e0c."),
        )
    };
    let (event, digits) = text.rsplit_once('-').ok_or_else(malformed)?;
    let event: Sequence = event.parse().map_err(|()| malformed())?;
    let of_event = records.effects_of(event).await.map_err(Error::new)?;
    let found = of_event.into_iter().find(|found| found.effect.key.digits() == digits);
    found.ok_or_else(|| {
        failed(
            format!("there is no message {text}. `outbox list` tells which there are."),
            format!("il n’y a pas de message {text}. `outbox list` dit lesquels il y a."),
        )
    })
}

/// Whoever may change what is kept: the bot that runs, or this process while none does.
#[derive(Debug)]
pub(super) enum Operator {
    Here(Operations),
    There { admin: Admin, process: u32 },
}

impl Operator {
    pub(super) async fn of(general: &General) -> Result<Self> {
        // Whoever holds a conversation sees what changes in the database.
        #[cfg(feature = "postgres")]
        if let StoreKind::Postgres(place) = &general.store {
            let operate = Arc::new(PostgresRecords::new((**place).clone()));
            return Ok(Self::Here(Operations::alone(operate, Arc::new(SystemClock))));
        }
        let place = place(general)?;
        let Some(process) = place.holder() else {
            let store = waiting(move || SqliteStore::open(&place, Arc::default())).await?;
            return Ok(Self::Here(Operations::alone(Arc::new(store), Arc::new(SystemClock))));
        };
        match &general.admin {
            Some(admin) => Ok(Self::There { admin: admin.clone(), process }),
            None => Err(failed(
                format!(
                    "process {process} runs the bot, and takes no orders: BAVARD_ADMIN_LISTEN is empty. Set it, as \
                     127.0.0.1:9300, and start the bot again; or stop the bot first."
                ),
                format!(
                    "le processus {process} fait tourner le bot, et ne prend pas d’ordres : BAVARD_ADMIN_LISTEN est vide. \
                     Donnez-lui une adresse, comme 127.0.0.1:9300, et relancez le bot ; ou arrêtez d’abord le bot."
                ),
            )),
        }
    }

    /// Has a change made; says what became of it.
    pub(super) async fn change(&self, change: Intervention) -> Result<Changed> {
        match self.order(Order::Intervention(change)).await? {
            Outcome::Changed(changed) => Ok(changed),
            Outcome::Erased(_) => Err(answered_something_else()),
        }
    }

    /// Has an order carried out.
    pub(super) async fn order(&self, order: Order) -> Result<Outcome> {
        let who = who();
        match self {
            Self::Here(operations) => operations.carry_out(&order, who).await.map_err(Error::new),
            Self::There { admin, process } => {
                let process = Some(*process).filter(|process| *process > 0);
                post(admin, &Ordered { who, process, order }).await
            }
        }
    }
}

pub(super) fn answered_something_else() -> Error {
    failed(
        "the bot answered something else than it was asked. Run the command with the program that the bot runs with.",
        "le bot a répondu à autre chose qu’à la question. Lancez la commande avec le programme qui fait tourner le bot.",
    )
}

/// Who is at the terminal.
pub(super) fn who() -> String {
    let name = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "somebody".to_owned())
}

async fn post(admin: &Admin, ordered: &Ordered) -> Result<Outcome> {
    let address = from_here(admin.listen);
    let mut request = Request::post(format!("http://{address}{PATH}"));
    if let Some(token) = &admin.token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.expose_secret()));
    }
    let body = serde_json::to_vec(ordered).map_err(Error::new)?;
    let request = request.body(Full::new(Bytes::from(body))).map_err(Error::new)?;
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let answered = async {
        let response = client.request(request).await.map_err(|error| error.to_string())?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|error| error.to_string())?.to_bytes();
        Ok::<_, String>((status, body))
    };
    let unreached = |why: String, in_french: String| {
        failed(
            format!(
                "the bot runs, and its admin listener at {address} did not answer: {why}. Set BAVARD_ADMIN_LISTEN here as \
                 it is set there, or stop the bot first."
            ),
            format!(
                "le bot tourne, et son adresse d’administration {address} n’a pas répondu : {in_french}. Donnez ici à \
                 BAVARD_ADMIN_LISTEN la même valeur que là-bas, ou arrêtez d’abord le bot."
            ),
        )
    };
    let seconds = ANSWER_WITHIN.as_secs();
    let late = || unreached(format!("nothing came within {seconds} s"), format!("rien n’est venu en {seconds} s"));
    let answered = tokio::time::timeout(ANSWER_WITHIN, answered).await.map_err(|_| late())?;
    let (status, body) = answered.map_err(|why| unreached(why.clone(), why))?;
    if !status.is_success() {
        let why = String::from_utf8_lossy(&body);
        return Err(failed(
            format!("the bot at {address} refused: {}", why.trim()),
            format!("le bot à l’adresse {address} a refusé : {}", why.trim()),
        ));
    }
    serde_json::from_slice(&body).map_err(|_| {
        failed(
            format!(
                "{address} is not the admin listener of this bot. Set BAVARD_ADMIN_LISTEN here as it is set there."
            ),
            format!(
                "{address} n’est pas l’adresse d’administration de ce bot. Donnez ici à BAVARD_ADMIN_LISTEN la même \
                 valeur que là-bas."
            ),
        )
    })
}
