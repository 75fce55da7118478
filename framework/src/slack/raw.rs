//! Raw calls from handlers.

use std::sync::Arc;

use super::client::Client;
use crate::{
    error::{Error, Result},
    handler::Context,
};

impl Context {
    /// The client of the platform's Web API, for what the framework has no word for. Its calls are raw: they are
    /// neither stored nor sent once.
    ///
    /// # Errors
    /// When the handler was called by hand, without a platform.
    pub fn client(&self) -> Result<Arc<Client>> {
        self.state().ok_or_else(|| Error::new("there is no platform to call"))
    }
}
