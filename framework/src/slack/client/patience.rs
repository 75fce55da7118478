//! How often a call is repeated, and how long it waits.

use std::{fmt, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;

/// How often a call is repeated, and how long it waits in between.
#[derive(Clone)]
pub struct Patience {
    /// How often a call is repeated at most.
    pub repeats: u32,
    /// How long one call waits at most, all its waits together. A longer wait is an error at once.
    pub longest: Duration,
    /// How to wait.
    pub pause: Pause,
}

/// Ends after the time given to it.
pub type Pause = Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>;

impl Default for Patience {
    fn default() -> Self {
        let pause: Pause = Arc::new(|wait| Box::pin(tokio::time::sleep(wait)));
        Self { repeats: 3, longest: Duration::from_secs(30), pause }
    }
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { repeats, longest, .. } = self;
        f.debug_struct("Patience").field("repeats", repeats).field("longest", longest).finish_non_exhaustive()
    }
}
