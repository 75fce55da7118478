//! The values that an app provides, before they are opened.

use std::{fmt, future::Future, path::PathBuf};

use futures_util::future::BoxFuture;

use crate::{
    error::{Error, Result},
    handler::{Need, States},
};

/// The values that an app provides, in the order in which they are opened.
#[derive(Default)]
pub(crate) struct Providers {
    all: Vec<Provider>,
    in_data_dir: bool,
}

struct Provider {
    need: Need,
    open: Box<dyn FnOnce(PathBuf) -> BoxFuture<'static, Result<Insert>> + Send>,
}

/// Puts an opened value among the states.
type Insert = Box<dyn FnOnce(&mut States) + Send>;

impl Providers {
    pub(super) fn ready<T: Send + Sync + 'static>(&mut self, value: T) {
        self.opened(|_| async { Ok::<_, Error>(value) });
    }

    pub(super) fn opened<T, E, Opening>(&mut self, open: impl FnOnce(PathBuf) -> Opening + Send + 'static)
    where
        T: Send + Sync + 'static,
        E: Into<Error>,
        Opening: Future<Output = Result<T, E>> + Send + 'static,
    {
        self.all.push(Provider {
            need: Need::of::<T>(),
            open: Box::new(move |data_dir| {
                Box::pin(async move {
                    let value = open(data_dir).await.map_err(Into::into)?;
                    let insert: Insert = Box::new(move |states| states.insert(value));
                    Ok(insert)
                })
            }),
        });
    }

    pub(super) fn opened_in_data_dir<T, E, Opening>(&mut self, open: impl FnOnce(PathBuf) -> Opening + Send + 'static)
    where
        T: Send + Sync + 'static,
        E: Into<Error>,
        Opening: Future<Output = Result<T, E>> + Send + 'static,
    {
        self.in_data_dir = true;
        self.opened(open);
    }

    /// Whether any of them lives in the data directory.
    pub(super) fn need_data_dir(&self) -> bool {
        self.in_data_dir
    }

    /// Whether a value of the type is among them.
    pub(super) fn provide(&self, need: Need) -> bool {
        self.all.iter().any(|provider| provider.need.id == need.id)
    }

    /// Opens them one after the other.
    pub(super) async fn open(self, data_dir: PathBuf) -> Result<States> {
        let mut states = States::default();
        for provider in self.all {
            (provider.open)(data_dir.clone()).await?(&mut states);
        }
        Ok(states)
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all.iter().map(|provider| provider.need.name)).finish()
    }
}
