//! A bare start without settings: the bot beside a fake workspace.

use super::{asked_to_stop, logging, talk};
use crate::{
    app::{App, Bot, Launch, StartError},
    error::Error,
    language::Language,
    settings::{Environment, General, Settings, StoreKind},
    slack::client::{Token, TokenKind},
    workspace::Workspace,
};

/// A bot beside a fake workspace, both over TCP, with true signatures.
pub(super) struct Playground {
    pub(super) workspace: Workspace,
    pub(super) bot: Bot,
}

/// Starts a fake workspace, and the bot on it.
pub(super) async fn start(app: App, environment: &Environment, any_port: bool) -> Result<Playground, StartError> {
    let mut general = General::read(environment, app.preferences())?;
    app.preferences().own.check(environment)?;
    // A fake workspace ends with the process, and what was said there too.
    general.store = StoreKind::Memory;
    // It is for this machine alone.
    general.listen.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    general.admin.iter_mut().for_each(|admin| admin.listen.set_ip(std::net::Ipv4Addr::LOCALHOST.into()));
    if any_port {
        general.listen.set_port(0);
        general.admin = None;
    }
    let events_path = general.events_path.clone();
    let name = app.preferences().name.clone();
    let commands = commands(&app)?;
    let workspace = Workspace::builder().bot_name(&name).commands(commands).start().await;
    let workspace = workspace.map_err(StartError::State)?;
    let bot = crate::app::launch(app, Launch::new(settings(&workspace, general)?, environment.clone())).await?;
    let address = format!("http://{}{events_path}", bot.address());
    let address = address.parse().map_err(|error| StartError::State(Error::new(error)))?;
    workspace.deliver_to(&address);
    Ok(Playground { workspace, bot })
}

fn settings(workspace: &Workspace, general: General) -> Result<Settings, StartError> {
    let identity = workspace.identity();
    let token = Token::parse_as(TokenKind::Bot, "the token of the workspace", &identity.token);
    let token = token.map_err(|said| StartError::State(Error::new(said)))?;
    let api = workspace.api_url().parse().map_err(|error| StartError::State(Error::new(error)))?;
    Ok(Settings { token, signing_secrets: vec![identity.signing_secret.clone().into()], bot_user: None, api, general })
}

/// The commands that the app has handlers for.
fn commands(app: &App) -> Result<Vec<String>, StartError> {
    let dispatcher = app.dispatcher()?;
    Ok(dispatcher.commands())
}

/// Serves the fake workspace until the program is asked to stop.
pub(super) async fn serve(app: App, environment: &Environment, language: Language) -> Result<(), StartError> {
    logging::start(environment, "warn")?;
    let name = app.preferences().name.clone();
    let abilities = app.dispatcher()?.help().abilities(language);
    let Playground { workspace, bot } = start(app, environment, false).await?;
    talk(&screen(&name, &abilities, &workspace, &bot, language));
    asked_to_stop()?.await?;
    bot.stop().await;
    Ok(())
}

fn screen(name: &str, abilities: &[String], workspace: &Workspace, bot: &Bot, language: Language) -> String {
    let program = program(name);
    let abilities: String = abilities.iter().map(|ability| format!("  {ability}\n")).collect();
    let (bot, api) = (bot.address(), workspace.api_url());
    language.pick(
        format!(
            "{name} runs beside a fake workspace: no SLACK_* setting is there, so nothing leaves this machine.\n\n\
             It can:\n{abilities}\n  bot        http://{bot}\n  workspace  {api}  (the Web API, for programs)\n\n\
             Next step, in another terminal:\n  {program} chat         a \
             conversation with it here, in a workspace of its own\n  {program} chat \"help\"  one question\n  {program} routes       see its handlers\n\n\
             To serve Slack, set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET (in the environment or in .env) and start \
             again. Ctrl-C stops."
        ),
        format!(
            "{name} tourne à côté d’un faux espace de travail : aucun réglage SLACK_* n’est là, rien ne quitte cette \
             machine.\n\nIl sait :\n{abilities}\n  bot     http://{bot}\n  espace  {api}  (la Web API, pour des programmes)\n\n\
             Étape suivante, dans un autre terminal :\n  {program} chat         \
             une conversation avec lui ici, dans un espace à part\n  {program} chat \"aide\"  une seule question\n  {program} routes       voir ses commandes\n\n\
             Pour servir Slack, définissez SLACK_BOT_TOKEN et SLACK_SIGNING_SECRET (dans l’environnement ou dans .env) \
             et relancez. Ctrl-C arrête."
        ),
    )
}

/// How to call this program again: through cargo, if that is how it was called.
fn program(name: &str) -> String {
    if let (Ok(_), Ok(package)) = (std::env::var("CARGO"), std::env::var("CARGO_PKG_NAME")) {
        return format!("cargo run -p {package} --");
    }
    let program = std::env::args().next().unwrap_or_else(|| name.to_owned());
    program.rsplit(['/', '\\']).next().unwrap_or(name).to_owned()
}
