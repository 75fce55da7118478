//! What the function under `#[bavard::main]` may return.

use std::fmt::Display;

use super::App;
use crate::error::{Error, Result};

/// What the function under `#[bavard::main]` may return: an [`App`], or a `Result` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an app",
    label = "`#[bavard::main]` needs `App`, or `Result<App, E>`",
    note = "write `fn bot() -> App {{ App::new(\"my-bot\") }}`"
)]
pub trait IntoApp {
    /// Gives the app.
    ///
    /// # Errors
    /// When the function failed.
    fn into_app(self) -> Result<App>;
}

impl IntoApp for App {
    fn into_app(self) -> Result<App> {
        Ok(self)
    }
}

impl<E: Display + Send + 'static> IntoApp for Result<App, E> {
    fn into_app(self) -> Result<App> {
        self.map_err(Error::keep)
    }
}
