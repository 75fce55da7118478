//! The log: on the error stream, by `RUST_LOG` and `BAVARD_LOG`.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::settings::{Environment, SettingProblem};

/// Starts the log. `RUST_LOG` filters, else `default`; `BAVARD_LOG` is `pretty`, `compact` or `json`, else what suits
/// the terminal.
pub(super) fn start(environment: &Environment, default: &str) -> Result<(), SettingProblem> {
    let filter = environment.text("RUST_LOG")?.unwrap_or_else(|| default.to_owned());
    let filter = EnvFilter::try_new(&filter).map_err(|_| {
        SettingProblem::new(
            "RUST_LOG is not understood. Write a filter, as info or bavard=debug.",
            "RUST_LOG n’est pas compris. Écrivez un filtre, comme info ou bavard=debug.",
        )
    })?;
    let terminal = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(terminal);
    let form = environment.text("BAVARD_LOG")?;
    // A log that somebody else has started stays.
    let _ = match form.as_deref() {
        None if terminal => builder.compact().try_init(),
        Some("compact") => builder.compact().try_init(),
        Some("pretty") => builder.pretty().try_init(),
        None | Some("json") => builder.json().flatten_event(true).try_init(),
        Some(_) => {
            return Err(SettingProblem::new(
                "BAVARD_LOG is not understood. Write pretty, compact or json.",
                "BAVARD_LOG n’est pas compris. Écrivez pretty, compact ou json.",
            ));
        }
    };
    Ok(())
}
