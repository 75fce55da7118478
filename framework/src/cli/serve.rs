//! `serve`: the bot on its platform.

use std::pin::pin;

use super::{FAILED, OK, asked_to_stop, logging, talk};
use crate::{
    app::{App, StartError},
    language::Language,
    settings::Environment,
};

/// Serves until the program is asked to stop, and then lets everything that was begun come to its end. Gives the status
/// of the program.
pub(super) async fn serve(app: App, environment: &Environment, language: Language) -> Result<u8, StartError> {
    logging::start(environment, "info")?;
    let name = app.preferences().name.clone();
    let report = app.check()?;
    let mut asked = pin!(asked_to_stop()?);
    let mut bot = tokio::select! {
        bot = app.start_in(environment) => bot?,
        // Nothing is acknowledged yet.
        asked = &mut asked => return asked.map(|()| OK),
    };
    let admin = bot.admin_address().map(tracing::field::display);
    tracing::info!(name, address = %bot.address(), admin, events_path = bot.events_path(), handlers = report.handlers, "listening");
    asked.await?;
    talk(language.pick(
        "Stopping: what was begun comes to its end. A second signal stops at once.",
        "Arrêt : ce qui est commencé se termine. Un deuxième signal arrête tout de suite.",
    ));
    tokio::select! {
        complete = bot.drain() => {
            if !complete {
                talk(language.pick(
                    "Some handlers, or something they said, did not come to their end in time.",
                    "Des commandes, ou ce qu’elles disaient, ne se sont pas terminées à temps.",
                ));
            }
            Ok(OK)
        }
        asked = asked_to_stop()? => {
            asked?;
            bot.stop_at_once().await;
            talk(language.pick(
                "Stopped at once, on a second signal. What was begun is taken up at the next start.",
                "Arrêté tout de suite, au deuxième signal. Ce qui est commencé sera repris au prochain démarrage.",
            ));
            Ok(FAILED)
        }
    }
}
