//! `apps.connections.open`.

use std::fmt;

use serde::Deserialize;

use super::{CallError, Client};

/// Where a socket may be opened, once and soon: the address is as good as a key, and `Debug` does not show it.
#[derive(Clone, Deserialize)]
pub struct Socket {
    /// The address, with its ticket.
    pub url: String,
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Socket(…)")
    }
}

impl Client {
    /// `apps.connections.open`: an address for a socket. Takes a client with the app's own token (`xapp-`).
    pub async fn open_socket(&self) -> Result<Socket, CallError> {
        self.typed("apps.connections.open", ()).await
    }
}
