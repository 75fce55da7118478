//! The values that an app provides, before they are opened.

use std::{fmt, future::Future};

use futures_util::future::BoxFuture;

use super::Opening;
use crate::{
    error::{Error, Result},
    handler::{Need, States},
};

/// The values that an app provides, in the order in which they are opened.
#[derive(Default)]
pub(crate) struct Providers(Vec<Provider>);

struct Provider {
    need: Need,
    open: Box<dyn FnOnce(Opening) -> BoxFuture<'static, Result<Insert>> + Send>,
}

/// Puts an opened value among the states.
type Insert = Box<dyn FnOnce(&mut States) + Send>;

impl Providers {
    pub(super) fn ready<T: Send + Sync + 'static>(&mut self, value: T) {
        self.opened(|_| async { Ok::<_, Error>(value) });
    }

    pub(super) fn opened<T, E, Opened>(&mut self, open: impl FnOnce(Opening) -> Opened + Send + 'static)
    where
        T: Send + Sync + 'static,
        E: Into<Error>,
        Opened: Future<Output = Result<T, E>> + Send + 'static,
    {
        self.0.push(Provider {
            need: Need::of::<T>(),
            open: Box::new(move |opening| {
                Box::pin(async move {
                    let value = open(opening).await.map_err(Into::into)?;
                    let insert: Insert = Box::new(move |states| states.insert(value));
                    Ok(insert)
                })
            }),
        });
    }

    /// Whether a value of the type is among them.
    pub(super) fn provide(&self, need: Need) -> bool {
        self.0.iter().any(|provider| provider.need.id == need.id)
    }

    /// Those of a type that one before them has already.
    pub(super) fn twice(&self) -> impl Iterator<Item = Need> {
        let before = |at: usize, need: Need| self.0[..at].iter().any(|provider| provider.need.id == need.id);
        self.0
            .iter()
            .enumerate()
            .filter(move |(at, provider)| before(*at, provider.need))
            .map(|(_, provider)| provider.need)
    }

    /// Opens them one after the other.
    pub(super) async fn open(self, opening: &Opening) -> Result<States> {
        let mut states = States::default();
        for provider in self.0 {
            (provider.open)(opening.clone()).await?(&mut states);
        }
        Ok(states)
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|provider| provider.need.name)).finish()
    }
}
