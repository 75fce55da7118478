//! What this store does beyond all others, on a database that `BAVARD_TEST_POSTGRES` names.

mod locks;
mod lost;
mod turns;

use std::sync::{
    RwLock,
    atomic::{AtomicU32, Ordering},
};

use futures_util::future::BoxFuture;

use super::*;
use crate::store::conformance::{self, Subject, conformance, records::Operated, several, several::Several};

/// A schema of its own for each test, in the database that is there for tests.
fn place() -> Option<PostgresPlace> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Ok(address) = std::env::var("BAVARD_TEST_POSTGRES") else {
        eprintln!("skipped: BAVARD_TEST_POSTGRES names no database");
        return None;
    };
    let name = format!("test {} {}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    Some(PostgresPlace::parse(&address, &name).unwrap())
}

/// Removes a schema once its test is over, whichever way.
struct Removed(PostgresPlace);

impl Drop for Removed {
    fn drop(&mut self) {
        let place = self.0.clone();
        let remove = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let client = session::connect(&place, || {}).await.unwrap();
                client.batch_execute(&format!("DROP SCHEMA IF EXISTS {} CASCADE", place.schema)).await.unwrap();
            });
        };
        let _ = std::thread::spawn(remove).join();
    }
}

/// Lets the leases of a holder run out, without its knowing.
async fn run_out(place: PostgresPlace, holder: i64) {
    let client = session::connect(&place, || {}).await.unwrap();
    let late = format!("UPDATE {}.holders SET until = now() - interval '1 second' WHERE holder = $1", place.schema);
    client.execute(&late, &[&holder]).await.unwrap();
}

/// A store that another process takes over when it crashes.
#[derive(Debug)]
struct Restarted {
    store: RwLock<Arc<PostgresStore>>,
}

impl Restarted {
    fn store(&self) -> Arc<PostgresStore> {
        self.store.read().unwrap().clone()
    }

    async fn restart(&self) {
        let old = self.store();
        run_out(old.place.clone(), old.me()).await;
        let new = PostgresStore::open(&old.place, Arc::default()).await.unwrap();
        *self.store.write().unwrap() = Arc::new(new);
    }
}

impl Store for Restarted {
    fn admit(&self, inbound: Inbound) -> Commit<Admitted> {
        self.store().admit(inbound)
    }

    fn lease(&self, limit: usize, now: Timestamp) -> Commit<Vec<Leased>> {
        self.store().lease(limit, now)
    }

    fn acknowledge(&self, lease: &Lease, event: Sequence) -> Commit<()> {
        self.store().acknowledge(lease, event)
    }

    fn record(&self, lease: &Lease, effects: Vec<Effect>) -> Commit<()> {
        self.store().record(lease, effects)
    }

    fn settle(&self, lease: &Lease, settlement: Settlement) -> Commit<()> {
        self.store().settle(lease, settlement)
    }

    fn mark(&self, lease: &Lease, effect: &EffectKey, state: EffectState) -> Commit<()> {
        self.store().mark(lease, effect, state)
    }

    fn read(&self, place: &Place, now: Timestamp) -> Commit<Option<Value>> {
        self.store().read(place, now)
    }

    fn change(&self, changes: Vec<Change>) -> Commit<()> {
        self.store().change(changes)
    }

    fn counts(&self) -> Commit<Counts> {
        self.store().counts()
    }
}

async fn operated() -> Option<Operated> {
    let place = place()?;
    let store = Arc::new(Restarted {
        store: RwLock::new(Arc::new(PostgresStore::open(&place, Arc::default()).await.unwrap())),
    });
    let crash = {
        let store = store.clone();
        move || {
            let store = store.clone();
            Box::pin(async move { store.restart().await }) as BoxFuture<'static, ()>
        }
    };
    let operate = Arc::new(PostgresRecords::new(place.clone()));
    let subject = Subject { store, crash: Box::new(crash), _rest: Some(Box::new(Removed(place))) };
    Some(Operated { subject, operate })
}

async fn pair() -> Option<Several> {
    let place = place()?;
    let one = Arc::new(PostgresStore::open(&place, Arc::default()).await.unwrap());
    let other = Arc::new(PostgresStore::open(&place, Arc::default()).await.unwrap());
    let one_is_lost = Box::pin(run_out(place.clone(), one.me()));
    Some(Several { one, other, one_is_lost, rest: Some(Box::new(Removed(place))) })
}

conformance!(REMEMBERED, operated().await.map(|operated| operated.subject));
conformance::records::conformance!(operated().await);

mod shared {
    use super::*;

    several!(pair().await);
}
