//! What is found when an app is looked at without being started.

use std::fmt;

use super::Providers;
use crate::{
    conversation::Conversations,
    dispatch::{Dispatcher, needs},
    handler::{Handler, Need},
    route::Problem,
    slack::client::Client,
};

/// What an app that is in order holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many handlers it has.
    pub handlers: usize,
    /// How many attributes they have.
    pub attributes: usize,
}

impl Report {
    pub(super) fn of(dispatcher: &Dispatcher) -> Self {
        let handlers = dispatcher.handlers();
        Self { handlers: handlers.len(), attributes: handlers.iter().map(|handler| handler.triggers.len()).sum() }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} handlers with {} attributes are in order", self.handlers, self.attributes)
    }
}

/// What is wrong with the values that handlers take.
pub(super) fn states(handlers: &[&'static Handler], providers: &Providers) -> Vec<Problem> {
    let twice = providers.twice().map(|need| Problem::StateTwice { ty: need.name });
    missing(handlers, providers).into_iter().chain(twice).collect()
}

/// The values that handlers take and nobody provides.
fn missing(handlers: &[&'static Handler], providers: &Providers) -> Vec<Problem> {
    // The client of the platform is always there, and what reads conversations is where it is taken.
    let always = [Need::of::<Client>(), Need::of::<Conversations>()];
    let unmet = needs(handlers).filter(|(_, need)| !always.contains(need) && !providers.provide(*need));
    unmet
        .map(|(handler, need)| Problem::MissingState {
            handler: format!("`{}` at {}", handler.name, handler.origin()),
            ty: need.name,
        })
        .collect()
}
