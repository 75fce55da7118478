//! One connection, ready for work.

use std::{future::poll_fn, sync::Arc};

use hyper_rustls::ConfigBuilderExt as _;
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::{AsyncMessage, Client, Connection, Error, Row, Statement, types::ToSql};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{PostgresPlace, Shared, work::Change};

/// What holds for every connection, whatever the server prefers: a commit is on disk before it is answered, nobody
/// waits for a lock for ever, and a transaction of a process that hangs does not hold its locks for ever.
const SETTINGS: &str = "
SET default_transaction_isolation = 'read committed';
SET lock_timeout = '5s';
SET statement_timeout = '15s';
SET idle_in_transaction_session_timeout = '15s';
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') IN ('off', 'local');
";

/// A connection on which the statements of changes are prepared.
pub(super) struct Session {
    pub(super) client: Client,
    changes: Vec<Statement>,
}

impl Session {
    /// Connects; what the server tells wakes whoever looks for lanes.
    pub(super) async fn connect(place: &PostgresPlace, shared: &Arc<Shared>) -> Result<Self, Error> {
        let shared = shared.clone();
        let client = connect_to(place, move || shared.woken.notify_one()).await?;
        let mut changes = Vec::with_capacity(Change::ALL.len());
        for change in Change::ALL {
            changes.push(client.prepare(change.sql()).await?);
        }
        Ok(Self { client, changes })
    }

    /// Asks for one change, which answers with one row. It is sent when this is first polled.
    pub(super) async fn change(&self, change: Change, values: &[&(dyn ToSql + Sync)]) -> Result<Row, Error> {
        self.client.query_one(&self.changes[change as usize], values).await
    }
}

/// Connects to the schema of a bot.
pub(super) async fn connect_to(place: &PostgresPlace, told: impl Fn() + Send + 'static) -> Result<Client, Error> {
    let client = connect(place, told).await?;
    client.batch_execute(&format!("SET search_path TO {}", place.schema)).await?;
    Ok(client)
}

/// Connects, with what holds for every connection.
pub(super) async fn connect(place: &PostgresPlace, told: impl Fn() + Send + 'static) -> Result<Client, Error> {
    let (client, connection) = place.config.connect(MakeRustlsConnect::new(tls(place))).await?;
    tokio::spawn(drive(connection, told));
    client.batch_execute(SETTINGS).await?;
    Ok(client)
}

/// Carries what goes over a connection, until it ends.
async fn drive<S, T>(mut connection: Connection<S, T>, told: impl Fn())
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        match message {
            Ok(AsyncMessage::Notification(_)) => told(),
            Ok(AsyncMessage::Notice(notice)) => tracing::debug!(%notice, "the database tells"),
            Ok(_) => {}
            // Whoever waits on it is told by the client.
            Err(error) => return tracing::warn!(%error, "a connection to the database was lost"),
        }
    }
}

/// Certificates are the system's own. None is read where the connection is not to be secure.
fn tls(place: &PostgresPlace) -> ClientConfig {
    let builder =
        || ClientConfig::builder_with_provider(ring::default_provider().into()).with_safe_default_protocol_versions();
    let verified = || Some(builder().ok()?.try_with_platform_verifier().ok()?.with_no_client_auth());
    let secure = place.may_be_secure().then(verified).flatten();
    secure.unwrap_or_else(|| {
        // Without roots, every certificate is refused.
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider);
        #[allow(clippy::expect_used, reason = "the provider knows the versions that are in this build")]
        let builder = builder.with_safe_default_protocol_versions().expect("TLS 1.2 and 1.3 are built in");
        builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
    })
}
