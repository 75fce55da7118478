//! What the bot's store holds, read from outside.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio_postgres::{Client, Error, NoTls};

use crate::ledger::Left;

/// The store of the bot under test. Both kinds have tables of the same names.
pub(crate) enum Store {
    Sqlite(PathBuf),
    /// A schema of its own. Its server may be started again meanwhile.
    Postgres {
        address: String,
        client: Box<Mutex<Client>>,
        schema: String,
    },
}

/// The bodies of events, each with what stands beside it.
type Events = Vec<(Vec<u8>, String)>;

const OPEN: &str = "SELECT body, state FROM events";
const DEAD: &str = "SELECT body, reason FROM dead";
const COUNT: &str = "SELECT CAST('' AS BLOB), (SELECT count(*) FROM events) || ' ' || \
                     (SELECT count(*) FROM effects WHERE NOT ended)";
const UNSENT: &str = "SELECT CAST(state AS BLOB), 'unsent' FROM effects WHERE NOT ended";

impl Store {
    /// The store that `address` names, of the bot of this name; a file stands in `directory`.
    pub(crate) async fn at(address: &str, bot: &str, directory: &Path) -> Self {
        if address.starts_with("sqlite:") {
            return Self::Sqlite(directory.join("bavard.db"));
        }
        let client = Box::new(Mutex::new(connect(address).await.unwrap()));
        Self::Postgres { address: address.to_owned(), client, schema: format!("bavard_{}", bot.replace(' ', "_")) }
    }

    /// How many events and effects are not at their end; `None` when that cannot be told just now.
    pub(crate) async fn open(&self) -> Option<(usize, usize)> {
        let counted = self.events(COUNT).await.ok()?;
        let mut numbers = counted.first()?.1.split(' ').map(|number| number.parse().ok());
        Some((numbers.next()??, numbers.next()??))
    }

    /// Whether anything is being sent, or is in doubt.
    pub(crate) async fn is_sending(&self) -> bool {
        self.events(UNSENT).await.is_ok_and(|effects| effects.iter().any(|(state, _)| state != b"\"Pending\""))
    }

    /// What it holds.
    pub(crate) async fn left(&self) -> Result<Left, String> {
        let messages = |events: Events| {
            let number = |(body, beside): (Vec<u8>, String)| (number(&body).unwrap_or(u64::MAX), beside);
            events.into_iter().map(number)
        };
        Ok(Left {
            open: messages(self.events(OPEN).await?).map(|(number, _)| number).collect(),
            unsent: self.events(UNSENT).await?.len(),
            dead: messages(self.events(DEAD).await?).collect(),
            given_up: 0,
        })
    }

    /// Leaves nothing of it behind.
    pub(crate) async fn forget(&self) {
        if let Self::Postgres { client, schema, .. } = self {
            client.lock().await.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await.unwrap();
        }
    }

    async fn events(&self, query: &str) -> Result<Events, String> {
        match self {
            Self::Sqlite(file) => {
                let opened = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY);
                let read = |connection: Connection| {
                    let mut statement = connection.prepare(query)?;
                    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                    rows.collect()
                };
                opened.and_then(read).map_err(|error| error.to_string())
            }
            Self::Postgres { address, client, schema } => {
                let mut client = client.lock().await;
                if client.is_closed() {
                    *client = connect(address).await.map_err(|error| error.to_string())?;
                }
                let query = query.replace("FROM ", &format!("FROM {schema}."));
                let query = query.replace("CAST(state AS BLOB)", "convert_to(state, 'UTF8')");
                let query = query.replace("CAST('' AS BLOB)", "''::bytea");
                let rows = client.query(&query, &[]).await.map_err(|error| error.to_string())?;
                Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
            }
        }
    }
}

async fn connect(address: &str) -> Result<Client, Error> {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// The number of the message that an event brings.
fn number(body: &[u8]) -> Option<u64> {
    let envelope: Value = serde_json::from_slice(body).ok()?;
    let text = envelope["event"]["text"].as_str()?;
    let said = text.rsplit_once('>').map_or(text, |(_, said)| said);
    said.trim_start().split(' ').nth(1)?.parse().ok()
}
