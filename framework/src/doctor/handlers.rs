//! Whether the handlers go together.

use super::{
    check::{Check, Fault},
    said,
};
use crate::{handler::Handler, route::Problems};

/// What the check of the handlers came to.
pub(super) fn handlers(checked: Result<&[&'static Handler], &Problems>) -> Check {
    match checked {
        Ok(handlers) => {
            let count = handlers.len();
            Check::passed(
                "handlers",
                said(
                    format!("{count} handlers, each of which can be reached."),
                    format!("{count} fonctions, toutes joignables."),
                ),
            )
        }
        Err(problems) => Check::failed(
            "handlers",
            Fault::new(
                said(problems.to_string(), problems.to_string()),
                said("The bot does not start like this.", "Le bot ne démarre pas ainsi."),
            ),
        ),
    }
}
