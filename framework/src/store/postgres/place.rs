//! Which database, and which part of it.

use std::{error::Error as _, fmt, time::Duration};

use tokio_postgres::{
    Config,
    config::{Host, SslMode, TargetSessionAttrs},
};

use crate::{error::Error, sentence::Sentence};

/// How long a connection may take to stand.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// After so long without a sign of life, a connection is given up.
const SILENT_FOR: Duration = Duration::from_secs(20);

/// A database, and the schema in it that belongs to one bot.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PostgresPlace {
    pub(super) config: Config,
    pub(super) schema: String,
}

impl PostgresPlace {
    /// Reads an address as `postgres://user:password@host/database?sslmode=require`, for the bot of this name, whose
    /// events stand in a schema of its own. `None` when it is no such address.
    pub(crate) fn parse(address: &str, bot: &str) -> Option<Self> {
        // Certificates are always verified in full.
        let address = address.replace("sslmode=verify-full", "sslmode=require");
        let address = address.replace("sslmode=verify-ca", "sslmode=require");
        let mut config: Config = address.parse().ok()?;
        if config.get_hosts().is_empty() {
            return None;
        }
        config
            .application_name(format!("bavard {bot}"))
            .connect_timeout(CONNECT_WITHIN)
            .keepalives_idle(SILENT_FOR / 2)
            .keepalives_interval(SILENT_FOR / 10)
            .tcp_user_timeout(SILENT_FOR)
            // Where several are named, the one that can be written to.
            .target_session_attrs(TargetSessionAttrs::ReadWrite);
        Some(Self { config, schema: schema(bot) })
    }

    /// Whether the connection may be secure.
    pub(super) fn may_be_secure(&self) -> bool {
        self.config.get_ssl_mode() != SslMode::Disable
    }

    pub(super) fn cannot(&self, error: &tokio_postgres::Error) -> Error {
        let why = why(error);
        self.told(
            format!("cannot be used: {why}. Check BAVARD_STORE, and that the database runs"),
            format!("est inutilisable : {why}. Vérifiez BAVARD_STORE, et que la base fonctionne"),
        )
    }

    pub(super) fn newer(&self, version: usize, known: usize) -> Error {
        let known = known + 1;
        self.told(
            format!(
                "was brought up to date by a newer version of this program (its schema is {version}; this program \
                 works with up to {known}). Start the newer version"
            ),
            format!(
                "a été mise à jour par une version plus récente de ce programme (son schéma est {version} ; ce \
                 programme connaît jusqu’à {known}). Lancez la version plus récente"
            ),
        )
    }

    fn told(&self, english: String, french: String) -> Error {
        Error::new(Sentence::new(
            format!("the database {self:?} {english}."),
            format!("la base de données {self:?} {french}."),
        ))
    }
}

/// What went wrong, to the bottom of it. A message of the server never holds the password.
pub(super) fn why(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

/// A name that needs no quotes to be typed, of at most 63 characters, which is as long as names may be.
fn schema(bot: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let mut name = format!("bavard_{}", bot.chars().map(plain).collect::<String>());
    name.truncate(63);
    name
}

impl fmt::Debug for PostgresPlace {
    /// Without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.clone(),
            #[cfg(unix)]
            Some(Host::Unix(path)) => path.display().to_string(),
            None => String::new(),
        };
        let database = self.config.get_dbname().or(self.config.get_user()).unwrap_or("postgres");
        write!(f, "{database} on {host}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_never_shown_whole() {
        let place = PostgresPlace::parse("postgres://ada:canary@db.example.com/bots?sslmode=verify-full", "code-doc");
        let place = place.unwrap();
        assert_eq!(format!("{place:?}"), "bots on db.example.com");
        assert_eq!((place.schema.as_str(), place.config.get_ssl_mode()), ("bavard_code_doc", SslMode::Require));
        assert!(!place.newer(3, 1).to_string().contains("canary"));
    }

    #[test]
    fn what_is_no_address_of_a_database_is_refused() {
        for address in ["postgres://", "postgres:", "mysql://host/db", "postgres://host/db?sslmode=maybe"] {
            assert!(PostgresPlace::parse(address, "bot").is_none(), "{address}");
        }
    }

    #[test]
    fn a_schema_is_named_in_plain_letters() {
        assert_eq!(schema("École n°1"), "bavard__cole_n_1");
        assert_eq!(schema(&"x".repeat(99)).len(), 63);
    }
}
