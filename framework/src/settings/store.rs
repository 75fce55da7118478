//! Where events are kept.

#[cfg(feature = "sqlite")]
use std::path::PathBuf;

use super::{Environment, SettingProblem};

/// Where events are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreKind {
    /// In memory: they end with the process.
    Memory,
    /// In an SQLite file; in the data directory unless another is named.
    #[cfg(feature = "sqlite")]
    Sqlite { file: Option<PathBuf> },
    /// In a database, beside other processes.
    #[cfg(feature = "postgres")]
    Postgres(Box<crate::store::PostgresPlace>),
}

/// `BAVARD_STORE`, else a file in the data directory where this build has that store. The address of a database may hold
/// a password, so that it may stand in a file of its own as secrets do.
pub(crate) fn read(environment: &Environment, bot: &str) -> Result<StoreKind, SettingProblem> {
    let Some(text) = environment.secret("BAVARD_STORE")? else { return Ok(default()) };
    let text = text.trim();
    match text.split_once(':') {
        Some(("memory", "")) => Ok(StoreKind::Memory),
        Some(("sqlite", file)) => sqlite(file),
        Some(("postgres" | "postgresql", _)) => postgres(text, bot),
        _ => Err(SettingProblem::malformed("BAVARD_STORE", EXPECTED)),
    }
}

#[cfg(feature = "postgres")]
fn postgres(address: &str, bot: &str) -> Result<StoreKind, SettingProblem> {
    let place = crate::store::PostgresPlace::parse(address, bot);
    place.map(|place| StoreKind::Postgres(place.into())).ok_or_else(|| {
        let expected = "postgres://USER:PASSWORD@HOST/DATABASE?sslmode=require";
        SettingProblem::malformed("BAVARD_STORE", (expected, expected))
    })
}

#[cfg(not(feature = "postgres"))]
fn postgres(_address: &str, _bot: &str) -> Result<StoreKind, SettingProblem> {
    Err(SettingProblem::new(
        format!(
            "BAVARD_STORE names a PostgreSQL database, which this build cannot use. Turn the feature `postgres` of \
             bavard on, or write {}.",
            EXPECTED.0
        ),
        format!(
            "BAVARD_STORE désigne une base PostgreSQL, que cette version ne sait pas utiliser. Activez la \
             fonctionnalité `postgres` de bavard, ou écrivez {}.",
            EXPECTED.1
        ),
    ))
}

/// What may stand there, in English and in French.
const EXPECTED: (&str, &str) = match (cfg!(feature = "sqlite"), cfg!(feature = "postgres")) {
    (true, true) => (
        "sqlite: (a file in the data directory), sqlite:PATH, postgres://… or memory:",
        "sqlite: (un fichier dans le dossier de données), sqlite:CHEMIN, postgres://… ou memory:",
    ),
    (true, false) => (
        "sqlite: (a file in the data directory), sqlite:PATH or memory:",
        "sqlite: (un fichier dans le dossier de données), sqlite:CHEMIN ou memory:",
    ),
    (false, true) => ("postgres://… or memory:", "postgres://… ou memory:"),
    (false, false) => ("memory:", "memory:"),
};

#[cfg(feature = "sqlite")]
fn default() -> StoreKind {
    StoreKind::Sqlite { file: None }
}

#[cfg(not(feature = "sqlite"))]
fn default() -> StoreKind {
    StoreKind::Memory
}

#[cfg(feature = "sqlite")]
fn sqlite(file: &str) -> Result<StoreKind, SettingProblem> {
    // Others write `sqlite:///var/lib/bot.db`.
    let file = file.strip_prefix("//").unwrap_or(file);
    if file.starts_with(':') || file.ends_with('/') {
        return Err(SettingProblem::malformed("BAVARD_STORE", EXPECTED));
    }
    Ok(StoreKind::Sqlite { file: (!file.is_empty()).then(|| PathBuf::from(file)) })
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(_file: &str) -> Result<StoreKind, SettingProblem> {
    Err(SettingProblem::new(
        "BAVARD_STORE names an SQLite file, which this build cannot use. Turn the feature `sqlite` of bavard on, or \
         write memory:.",
        "BAVARD_STORE désigne un fichier SQLite, que cette version ne sait pas utiliser. Activez la fonctionnalité \
         `sqlite` de bavard, ou écrivez memory:.",
    ))
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;

    fn kind(text: &str) -> Result<StoreKind, String> {
        read(&Environment::of([("BAVARD_STORE", text)]), "bot").map_err(|problem| problem.to_string())
    }

    fn file(path: &str) -> StoreKind {
        StoreKind::Sqlite { file: Some(PathBuf::from(path)) }
    }

    #[test]
    fn events_are_kept_in_a_file_unless_told_otherwise() {
        assert_eq!(kind(""), Ok(StoreKind::Sqlite { file: None }));
        assert_eq!(kind("sqlite:"), Ok(StoreKind::Sqlite { file: None }));
        assert_eq!(kind("memory:"), Ok(StoreKind::Memory));
    }

    #[test]
    fn another_file_may_be_named() {
        assert_eq!(kind("sqlite:data/bot.db"), Ok(file("data/bot.db")));
        assert_eq!(kind("sqlite:/data/bot.db"), Ok(file("/data/bot.db")));
        assert_eq!(kind("sqlite:///data/bot.db"), Ok(file("/data/bot.db")));
    }

    #[test]
    fn what_is_no_store_is_told_with_the_cure() {
        for text in ["sqlite", "sqlite::memory:", "sqlite:data/", "memory", "memory:x", "redis://canary", "canary"] {
            let told = kind(text).unwrap_err();
            assert!(told.contains("BAVARD_STORE") && told.contains("memory:"), "{told}");
            assert!(!told.contains("canary"), "{told}");
        }
    }

    #[test]
    #[cfg(feature = "postgres")]
    fn a_database_may_be_named_and_is_never_shown_with_its_password() {
        let Ok(StoreKind::Postgres(place)) = kind("postgres://ada:canary@db.example.com/bots") else { panic!() };
        assert_eq!(format!("{place:?}"), "bots on db.example.com");
        let told = kind("postgres://ada:canary@db.example.com/bots?nonsense=1").unwrap_err();
        assert!(told.contains("BAVARD_STORE") && !told.contains("canary"), "{told}");
    }

    #[test]
    #[cfg(not(feature = "postgres"))]
    fn a_database_is_told_to_need_a_feature() {
        for text in ["postgres://user:canary@host/db", "postgresql://canary"] {
            let told = kind(text).unwrap_err();
            assert!(told.contains("feature `postgres`") && !told.contains("canary"), "{told}");
        }
    }
}
