//! The command line that every bot has.

#[cfg(feature = "playground")]
mod chat;
mod doctor;
mod health;
mod logging;
mod manifest;
#[cfg(feature = "sqlite")]
mod operate;
#[cfg(feature = "playground")]
mod playground;
mod routes;
mod serve;

use std::{future::Future, path::PathBuf, process::ExitCode};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

#[cfg(feature = "playground")]
use crate::settings::Settings;
use crate::{
    app::{App, StartError},
    error::Error,
    language::Language,
    settings::{Environment, SettingProblem, language, language_of_machine},
};

/// Nothing went wrong.
const OK: u8 = 0;
/// A problem was found, or the command failed.
const FAILED: u8 = 1;
/// A setting is missing or malformed.
const CONFIGURATION: u8 = 3;

#[cfg(not(feature = "playground"))]
const NO_CHAT: &str = "`chat` comes with the feature `playground` of bavard, which this program is built without. Turn it \
                       on, as `cargo run -F bavard/playground -- chat`.";
#[cfg(not(feature = "playground"))]
const NO_CHAT_IN_FRENCH: &str = "`chat` vient avec la fonctionnalité `playground` de bavard, sans laquelle ce programme \
                                 est construit. Activez-la, comme `cargo run -F bavard/playground -- chat`.";

#[derive(Debug, Parser)]
#[command(disable_help_subcommand = true)]
struct Arguments {
    /// Read settings from this file too, behind the environment.
    #[arg(long, global = true, value_name = "FILE")]
    env_file: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the chat platform; needs its settings.
    Serve,
    /// Talk to the bot in the terminal, without a chat platform.
    #[cfg(feature = "playground")]
    Chat(chat::Chat),
    #[cfg(not(feature = "playground"))]
    #[command(hide = true, disable_help_flag = true)]
    Chat {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        _any: Vec<String>,
    },
    /// Check the settings, the token, its scopes, the clock, and whether Slack reaches the bot.
    Doctor(doctor::Doctor),
    /// Ask the bot that runs on this machine whether it is ready; ends with 0 if it is, else with 1.
    Health,
    /// Print the handlers in the order of dispatch, or explain one message.
    Routes(routes::Routes),
    /// Print what the chat platform has to know of the app, or compare it.
    Manifest(manifest::Print),
    #[cfg(feature = "sqlite")]
    #[command(flatten)]
    Operate(operate::Operate),
}

/// Runs the program of a bot.
pub(crate) fn main(build: impl FnOnce() -> futures_util::future::BoxFuture<'static, crate::Result<App>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(FAILED, &format!("the runtime did not start: {error}")),
    };
    let code = runtime.block_on(run(build()));
    // What still runs, such as a blocking task, does not hold the program up.
    runtime.shutdown_background();
    code
}

async fn run(building: impl Future<Output = crate::Result<App>>) -> ExitCode {
    let app = match building.await {
        Ok(app) => app,
        Err(error) => return fail(FAILED, &error.to_string()),
    };
    let name = app.preferences().name.clone();
    let parser = Arguments::command().name(name.clone()).version(concat!("with bavard ", env!("CARGO_PKG_VERSION")));
    let arguments = match parser.try_get_matches().and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    let environment = match Environment::of_process(&name, arguments.env_file.as_deref()) {
        Ok(environment) => environment,
        Err(problem) => {
            let variables = Environment::of_variables();
            let language = language(&variables).unwrap_or_else(|_| language_of_machine(&variables));
            return setting(&problem, language);
        }
    };
    let language = match language(&environment) {
        Ok(language) => language,
        // It tells what is wrong with the setting beside everything else.
        Err(_) if matches!(arguments.command, Some(Command::Doctor(_))) => language_of_machine(&environment),
        Err(problem) => return setting(&problem, language_of_machine(&environment)),
    };
    let result = match arguments.command {
        Some(Command::Serve) => serve::serve(app, &environment, language).await,
        Some(Command::Doctor(doctor)) => doctor.run(&app, &environment, language).await,
        Some(Command::Health) => health::health(&app, &environment, language).await,
        Some(Command::Routes(routes)) => return routes.run(&app),
        Some(Command::Manifest(print)) => print.run(&app, &environment, language),
        #[cfg(feature = "sqlite")]
        Some(Command::Operate(operate)) => operate.run(&app, &environment).await.map(|()| OK),
        #[cfg(feature = "playground")]
        Some(Command::Chat(chat)) => chat.run(app, &environment, language).await.map(|()| OK),
        #[cfg(not(feature = "playground"))]
        Some(Command::Chat { .. }) => return fail(FAILED, language.pick(NO_CHAT, NO_CHAT_IN_FRENCH)),
        #[cfg(feature = "playground")]
        None if !Settings::are_meant(&environment) => playground::serve(app, &environment, language).await.map(|()| OK),
        None => serve::serve(app, &environment, language).await,
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(StartError::Setting(problem)) => setting(&problem, language),
        Err(error) => fail(FAILED, &language.pick(error.to_string(), error.in_french())),
    }
}

fn setting(problem: &SettingProblem, language: Language) -> ExitCode {
    fail(CONFIGURATION, &language.pick(problem.to_string(), problem.in_french()))
}

fn fail(code: u8, message: &str) -> ExitCode {
    talk(&format!("error: {message}"));
    ExitCode::from(code)
}

/// Says something to whoever runs the program.
fn talk(message: &str) {
    use std::io::Write;
    // Nobody may be there to read.
    let _ = writeln!(std::io::stderr(), "{message}");
}

/// Prints what the command was run for.
fn print(data: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    // A pipe that was closed has read all it wanted.
    let _ = writeln!(out, "{data}").and_then(|()| out.flush());
}

/// Waits until the program is asked to stop. It listens from this call on, waited for or not: a program that is asked
/// while it starts stops in good order too.
fn asked_to_stop() -> Result<impl Future<Output = Result<(), StartError>>, StartError> {
    let cannot = |error: std::io::Error| StartError::State(Error::new(error));
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => Ok(()),
                _ = terminate.recv() => Ok(()),
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async move { tokio::signal::ctrl_c().await.map_err(cannot) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a line of the Dockerfile runs, without the program.
    fn run_by(dockerfile: &str, instruction: &str) -> Vec<String> {
        let line = dockerfile.lines().find(|line| line.starts_with(instruction)).unwrap();
        let words: Vec<String> = serde_json::from_str(&line[line.find('[').unwrap()..]).unwrap();
        words.into_iter().filter(|word| !word.starts_with('/')).collect()
    }

    #[test]
    fn what_the_image_runs_are_commands() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../bots/Dockerfile");
        let dockerfile = std::fs::read_to_string(path).unwrap();
        for (instruction, expected) in [("CMD", "serve"), ("HEALTHCHECK", "health")] {
            let words = run_by(&dockerfile, instruction);
            assert_eq!(words, [expected]);
            Arguments::try_parse_from(std::iter::once("bot".to_owned()).chain(words)).unwrap();
        }
    }
}
