//! What stands in the settings of the app alone, which no token of a bot may read.

use super::check::Check;
use super::{page, said};
use crate::{handler::Handler, id::AppId, manifest::declared};

/// How the rest can be compared.
pub(super) fn declared_in_app(handlers: &[&'static Handler], app: Option<&AppId>) -> Check {
    let names = declared(handlers).join(", ");
    let page = page(app, super::EVENTS);
    Check::skipped(
        "manifest",
        said(
            format!(
                "Whether the app has {names}, and was reinstalled since, Slack does not tell a bot. Copy the JSON of \
                 its page App Manifest into a file, and run `manifest --url https://… --compare FILE`: {page}"
            ),
            format!(
                "Slack ne dit pas à un bot si l’application a {names}, et si elle a été réinstallée depuis. Copiez le \
                 JSON de sa page App Manifest dans un fichier, et lancez `manifest --url https://… --compare FICHIER` : \
                 {page}"
            ),
        ),
    )
}
