//! The tables, and how those of an older version are brought up to date.

use super::{PostgresPlace, session};
use crate::error::Result;

/// The steps of the schema: the first makes it, each other one makes the next version of it. Steps are never changed
/// once they were published, only added.
///
/// Processes of two adjacent versions work side by side while one takes the place of the other. So a step leaves
/// everything in place that the version before it calls: it adds columns with defaults, tables, and functions of other
/// names, and drops what the version before the last used.
pub(super) const STEPS: &[&str] = &[include_str!("first.sql")];

/// Whoever changes the schema of any bot in the database waits for whoever does already.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7095765)";

/// A step may take long, and so may whoever is before this one.
const PATIENCE: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '2min'";

/// Makes the schema, or brings an older one up to date, in one transaction.
pub(super) async fn bring_up_to_date(place: &PostgresPlace, steps: &[&str]) -> Result<()> {
    let told = |error: tokio_postgres::Error| place.cannot(&error);
    let mut client = session::connect(place, || {}).await.map_err(told)?;
    let schema = &place.schema;
    let transaction = client.transaction().await.map_err(told)?;
    transaction.batch_execute(PATIENCE).await.map_err(told)?;
    transaction.execute(LOCK, &[]).await.map_err(told)?;
    let there = transaction.query_one("SELECT to_regnamespace($1) IS NOT NULL", &[schema]).await.map_err(told)?;
    if !there.get::<_, bool>(0) {
        transaction.batch_execute(&format!("CREATE SCHEMA {schema}")).await.map_err(told)?;
    }
    transaction.batch_execute(&format!("SET LOCAL search_path TO {schema}")).await.map_err(told)?;
    let made = transaction.query_one("SELECT to_regclass('meta') IS NOT NULL", &[]).await.map_err(told)?;
    let version = match made.get::<_, bool>(0) {
        true => {
            let row =
                transaction.query_one("SELECT value FROM meta WHERE name = 'version'", &[]).await.map_err(told)?;
            usize::try_from(row.get::<_, i64>(0)).unwrap_or(usize::MAX)
        }
        false => 0,
    };
    if version > steps.len() + 1 {
        return Err(place.newer(version, steps.len()));
    }
    for step in steps.iter().skip(version) {
        transaction.batch_execute(step).await.map_err(told)?;
    }
    if version < steps.len() {
        let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
        let put = "INSERT INTO meta (name, value) VALUES ('version', $1) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        transaction.execute(put, &[&known]).await.map_err(told)?;
        tracing::info!(from = version, to = steps.len(), schema, "the database is brought up to date");
    }
    transaction.commit().await.map_err(told)
}
