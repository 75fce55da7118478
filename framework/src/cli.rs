//! The command line that every bot has.

#[cfg(feature = "playground")]
mod chat;
mod logging;
#[cfg(feature = "sqlite")]
mod operate;
#[cfg(feature = "playground")]
mod playground;
mod routes;
mod serve;

use std::{future::Future, path::PathBuf, process::ExitCode};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::{
    app::{App, StartError},
    error::Error,
    language::Language,
    settings::{Environment, SettingProblem, Settings, language},
};

/// Nothing went wrong.
const OK: u8 = 0;
/// A problem was found, or the command failed.
const FAILED: u8 = 1;
/// A setting is missing or malformed.
const CONFIGURATION: u8 = 3;

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
    /// Print the handlers in the order of dispatch, or explain one message.
    Routes(routes::Routes),
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
        Err(problem) => return setting(&problem, Language::default()),
    };
    let language = match language(&environment) {
        Ok(language) => language,
        Err(problem) => return setting(&problem, Language::default()),
    };
    let result = match arguments.command {
        Some(Command::Serve) => serve::serve(app, &environment).await,
        Some(Command::Routes(routes)) => return routes.run(&app),
        #[cfg(feature = "sqlite")]
        Some(Command::Operate(operate)) => operate.run(&app, &environment).await,
        #[cfg(feature = "playground")]
        Some(Command::Chat(chat)) => chat.run(app, &environment, language).await,
        #[cfg(feature = "playground")]
        None if !Settings::are_meant(&environment) => playground::serve(app, &environment, language).await,
        None => serve::serve(app, &environment).await,
    };
    match result {
        Ok(()) => ExitCode::from(OK),
        Err(StartError::Setting(problem)) => setting(&problem, language),
        Err(error) => fail(FAILED, &error.to_string()),
    }
}

fn setting(problem: &SettingProblem, language: Language) -> ExitCode {
    fail(CONFIGURATION, language.pick(&problem.to_string(), problem.in_french()))
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

/// Waits until the program is asked to stop.
async fn asked_to_stop() -> Result<(), StartError> {
    let cannot = |error: std::io::Error| StartError::State(Error::new(error));
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
        tokio::select! {
            asked = tokio::signal::ctrl_c() => asked.map_err(cannot),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(cannot)
}
