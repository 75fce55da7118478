//! `serve`: the bot on its platform.

use std::pin::pin;

use super::{asked_to_stop, logging, talk};
use crate::{
    app::{App, StartError},
    error::Error,
    settings::Environment,
};

/// Serves until the program is asked to stop, and then lets everything that was begun come to its end.
pub(super) async fn serve(app: App, environment: &Environment) -> Result<(), StartError> {
    logging::start(environment, "info")?;
    let name = app.preferences().name.clone();
    let report = app.check()?;
    let mut asked = pin!(asked_to_stop()?);
    let bot = tokio::select! {
        bot = app.start_in(environment) => bot?,
        // Nothing is acknowledged yet.
        asked = &mut asked => return asked,
    };
    let admin = bot.admin_address().map(tracing::field::display);
    tracing::info!(name, address = %bot.address(), admin, handlers = report.handlers, "listening");
    asked.await?;
    talk("Stopping: what was begun comes to its end. A second signal stops at once.");
    tokio::select! {
        complete = bot.stop() => {
            if !complete {
                talk("Some handlers, or something they said, did not come to their end in time.");
            }
        }
        asked = asked_to_stop()? => {
            asked?;
            return Err(StartError::State(Error::new("it was stopped at once, before everything came to its end")));
        }
    }
    Ok(())
}
