//! What operators have a running bot do to what it keeps.

use std::sync::Arc;

use axum::{Router, extract::State, http::StatusCode, routing::post};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Clock,
    engine::Engine,
    id::UserId,
    store::{By, Changed, Erased, Intervention, Operate, Resolution, StoreError},
};

/// Where orders are posted to.
pub(crate) const PATH: &str = "/operations";

/// An order, and whose it is.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ordered {
    pub(crate) who: String,
    /// The process that holds the store which is meant: another bot may listen here.
    pub(crate) process: Option<u32>,
    pub(crate) order: Order,
}

/// What is to be done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Order {
    Intervention(Intervention),
    Erase(UserId),
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Outcome {
    Changed(Changed),
    Erased(Erased),
}

/// Carries orders out.
#[derive(Clone, Debug)]
pub(crate) struct Operations {
    operate: Arc<dyn Operate>,
    /// The engine that runs on the store, if one does.
    engine: Option<Engine>,
    clock: Arc<dyn Clock>,
}

impl Operations {
    /// On a store that an engine runs on.
    pub(crate) fn new(operate: Arc<dyn Operate>, engine: Engine, clock: Arc<dyn Clock>) -> Self {
        Self { operate, engine: Some(engine), clock }
    }

    /// On a store that nobody runs on.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn alone(operate: Arc<dyn Operate>, clock: Arc<dyn Clock>) -> Self {
        Self { operate, engine: None, clock }
    }

    /// The route by which operators reach it.
    pub(crate) fn router(self) -> Router {
        Router::new().route(PATH, post(ordered)).with_state(self)
    }

    /// Carries an order out.
    pub(crate) async fn carry_out(&self, order: &Order, who: String) -> Result<Outcome, StoreError> {
        let by = By { who, at: self.clock.now() };
        match order {
            Order::Intervention(change) => self.change(change, by).await.map(Outcome::Changed),
            Order::Erase(person) => self.operate.erase(person.clone(), by).await.map(Outcome::Erased),
        }
    }

    async fn change(&self, change: &Intervention, by: By) -> Result<Changed, StoreError> {
        let changed = self.operate.intervene(change.clone(), by.clone()).await?;
        let Some(engine) = &self.engine else { return Ok(changed) };
        match (changed, change) {
            (Changed::Replayed(_), _) | (Changed::Done, Intervention::Resolve(_, Resolution::Resend)) => {
                // The engine asks for what came back.
                engine.take_over().await?;
            }
            (Changed::Held, _) => return self.intervene(engine, change, by).await,
            _ => {}
        }
        Ok(changed)
    }

    /// The line of the audit comes first: nothing is changed without one.
    async fn intervene(&self, engine: &Engine, change: &Intervention, by: By) -> Result<Changed, StoreError> {
        let note = |what: String| Intervention::Note { action: change.action().to_owned(), what };
        self.operate.intervene(note(change.subject()), by.clone()).await?;
        if engine.intervene(change).await {
            return Ok(Changed::Done);
        }
        self.operate.intervene(note(format!("{}: refused, for it was under way", change.subject())), by).await?;
        Ok(Changed::Held)
    }
}

async fn ordered(State(operations): State<Operations>, body: Bytes) -> Result<String, (StatusCode, String)> {
    let ordered = serde_json::from_slice(&body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    let Ordered { who, process, order } = ordered;
    if process.is_some_and(|process| process != std::process::id()) {
        let why = "another bot listens here than the one that holds the store";
        return Err((StatusCode::CONFLICT, why.to_owned()));
    }
    let failed = |why: String| (StatusCode::SERVICE_UNAVAILABLE, why);
    let outcome = operations.carry_out(&order, who).await.map_err(|error| failed(error.to_string()))?;
    serde_json::to_string(&outcome).map_err(|error| failed(error.to_string()))
}
