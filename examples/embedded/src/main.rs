//! A bot inside a program of one's own: no command line, no log, no signal handlers, and a runtime that is yours.
//!
//! `cargo run -p embedded` runs it beside a fake workspace and prints what people there see. With `SLACK_BOT_TOKEN` and
//! `SLACK_SIGNING_SECRET` set, it serves Slack until Ctrl-C.

use std::io::Write;

use bavard::{Bot, Environment, StartError, prelude::*, workspace::Workspace};
use tokio::runtime::Runtime;

/// Tells how the build is.
#[help(fr = "Dit où en est la compilation.")]
#[on_mention("build")]
async fn build() -> &'static str {
    "The build is green."
}

fn app() -> App {
    App::empty().named("embedded").handlers(handlers![build])
}

fn main() -> Result<()> {
    let runtime = Runtime::new()?;
    if std::env::var_os("SLACK_BOT_TOKEN").is_some() {
        runtime.block_on(on_slack())
    } else {
        for line in runtime.block_on(beside_a_fake_workspace())? {
            writeln!(std::io::stdout(), "{line}")?;
        }
        Ok(())
    }
}

// ANCHOR: slack
/// Serves with the settings of the process until Ctrl-C.
async fn on_slack() -> Result<()> {
    let bot = app().start().await?;
    tokio::signal::ctrl_c().await?;
    bot.stop().await;
    Ok(())
}
// ANCHOR_END: slack

// ANCHOR: fake
/// Starts the bot in a workspace of this process, speaks first, answers once, and stops. Gives what was said.
async fn beside_a_fake_workspace() -> Result<Vec<String>> {
    let workspace = Workspace::start().await?;
    let bot = start_in(&workspace).await?;
    workspace.deliver_to(&format!("http://{}/slack/events", bot.address()).parse()?);
    let general = workspace.channel("general");
    bot.say(general.id(), "A build has begun.").await?;
    bot.idle().await;
    workspace.person("alice").say(&general, "@bot build");
    workspace.quiet().await;
    if !bot.stop().await {
        return Err(Error::new("the bot stopped before everything that it said had arrived"));
    }
    Ok(general.messages().iter().map(|message| message.shown().to_owned()).collect())
}

/// Settings that come from elsewhere than the process.
async fn start_in(workspace: &Workspace) -> Result<Bot, StartError> {
    let (identity, api) = (workspace.identity(), workspace.api_url());
    let environment = Environment::of([
        ("SLACK_BOT_TOKEN", identity.token.as_str()),
        ("SLACK_SIGNING_SECRET", identity.signing_secret.as_str()),
        ("SLACK_API_URL", api.as_str()),
        ("BAVARD_LISTEN", "127.0.0.1:0"),
        ("BAVARD_ADMIN_LISTEN", ""),
        ("BAVARD_STORE", "memory:"),
    ]);
    app().start_in(&environment).await
}
// ANCHOR_END: fake

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handlers_are_in_order() {
        app().check().unwrap();
    }

    #[test]
    fn speaks_first_then_answers_and_loses_nothing_when_it_stops() {
        let said = Runtime::new().unwrap().block_on(beside_a_fake_workspace()).unwrap();
        assert_eq!(said, ["A build has begun.", "@bot build", "The build is green."]);
    }
}
