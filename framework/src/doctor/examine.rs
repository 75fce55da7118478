//! Gathering what can be found out, and making every check.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::{
    address::{self, Meant},
    app::Apps,
    ask::ask,
    challenge::Challenge,
    check::{Check, Fault},
    client_secret::{self, Proved},
    clock, declared, handlers, process,
    reached::Reached,
    said, scopes, settings, token,
};
use crate::{
    clock::{Clock, Timestamp},
    handler::Handler,
    id::AppId,
    platform::{Identity, IdentityError},
    route::Problems,
    settings::{Environment, Given, Preferences, StoreKind, events_path, from_here, listen, store},
    slack::{
        client::{Client, ClientSettings, Patience, Said, Timeouts, Token},
        identify::identify,
        verify::Verifier,
    },
};

/// The bot that is examined.
#[derive(Debug)]
pub(crate) struct Examined<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) preferences: &'a Preferences,
    pub(crate) handlers: Result<&'a [&'static Handler], &'a Problems>,
    /// The public address under which Slack reaches it.
    pub(crate) url: Option<&'a Url>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// What was gathered.
struct Facts {
    given: Given,
    identity: Option<Result<Identity, IdentityError>>,
    /// The time by the platform's clock, if it told it, and by that of this machine.
    time: Option<(Option<Timestamp>, Timestamp)>,
    /// The Web API cannot be called at all by these settings.
    no_client: Option<Said>,
    proved: Option<Proved>,
    found: Option<Found>,
}

/// What was found where the bot is meant to be.
struct Found {
    meant: SocketAddr,
    events_path: String,
    here: Reached,
    there: Option<(String, Reached)>,
}

/// Makes every check that can be made. None of them holds up another.
pub(crate) async fn examine(examined: &Examined<'_>) -> Vec<Check> {
    let facts = Facts::gather(examined).await;
    let identity = facts.identity.as_ref().and_then(|asked| asked.as_ref().ok());
    let apps = Apps::of(&facts.given, identity);
    let app = apps.best();
    let mut checks = settings::settings(&facts.given, examined.environment, examined.preferences, app);
    checks.extend(facts.no_client.as_ref().map(no_client));
    checks.extend(settings::remarks(examined.environment, examined.preferences));
    checks.push(handlers::handlers(examined.handlers));
    checks.push(match &facts.identity {
        Some(asked) => token::token(asked, app),
        None => Check::skipped("token", said("There is no token to be tried.", "Il n’y a pas de jeton à essayer.")),
    });
    if let Some(identity) = identity {
        let set = facts.given.bot_user.as_ref().ok().cloned().and_then(|user| user.user());
        checks.extend(token::user(identity, set.as_ref()));
    }
    match (identity, examined.handlers) {
        (Some(identity), Ok(handlers)) => checks.extend(scopes::granted(identity.scopes.as_deref(), handlers, app)),
        _ => checks.push(scopes::later()),
    }
    checks.extend(identity.map(|_| apps.check()));
    checks.extend(facts.time.map(|(there, here)| clock::clock(there, here)));
    if facts.given.signing_secrets.as_ref().is_some_and(Result::is_ok) {
        checks.push(client_secret::signing_secret(facts.proved.as_ref(), app));
    }
    if let Ok(handlers) = examined.handlers {
        checks.push(declared::declared_in_app(handlers, app));
    }
    checks.extend(facts.reached(examined, app));
    checks
}

impl Facts {
    /// Asks everybody at once.
    async fn gather(examined: &Examined<'_>) -> Self {
        let given = Given::read(examined.environment);
        let client = |token: Option<Token>| client(&given, token, examined.clock.clone());
        let token = given.token.as_ref().and_then(|token| token.as_ref().ok()).cloned();
        let secrets = given.signing_secrets.as_ref().and_then(|secrets| secrets.as_ref().ok());
        let (with_token, without) = (token.map(|token| client(Some(token))), client(None));
        let no_client = without.as_ref().and_then(|client| client.as_ref().err()).cloned();
        let without = without.and_then(Result::ok);
        let identity = async {
            let client = with_token.flatten()?.ok()?;
            let identity = identify(&client).await;
            Some(with_app(&client, identity).await)
        };
        let time = async {
            let answer = without.as_ref()?.call("api.test", ()).await.ok()?;
            Some((answer.date(), examined.clock.now()))
        };
        let proved = async {
            let id = given.client_id.as_ref()?.as_ref().ok()?;
            Some(Proved::of(without.as_ref()?, id, secrets?).await)
        };
        let (identity, time, proved, found) = tokio::join!(identity, time, proved, find(examined, secrets));
        Self { given, identity, time, no_client, proved, found }
    }

    fn reached(&self, examined: &Examined<'_>, app: Option<&AppId>) -> Vec<Check> {
        let Some(Found { meant, events_path, here, there }) = &self.found else {
            return vec![Check::skipped(
                "address",
                said(
                    "Who answers is asked once the Signing Secret, the address and the path of the bot are right.",
                    "On demandera qui répond une fois que le Signing Secret, l’adresse et le chemin du bot iront bien.",
                ),
            )];
        };
        let meant = Meant { here: *meant, events_path, is_shared: is_shared(examined), app };
        let public = match there {
            Some((url, there)) => address::public(url, there, here, &meant),
            None => Check::skipped(
                "address",
                said(
                    "Whether Slack reaches this bot is not checked: give --url https://…, its public address.",
                    "On ne vérifie pas si Slack joint ce bot : ajoutez --url https://…, son adresse publique.",
                ),
            ),
        };
        vec![process::process(here, &meant), public]
    }
}

/// Somebody waits for the answer, and had rather wait for it than not know.
const TIMEOUTS: Timeouts = Timeouts { connect: Duration::from_secs(10), total: Duration::from_secs(15) };

/// A client that asks once; nothing where the settings do not say whom.
fn client(given: &Given, token: Option<Token>, clock: Arc<dyn Clock>) -> Option<Result<Client, Said>> {
    let base = given.api.as_ref().ok()?.clone();
    let patience = Patience { repeats: 0, ..Patience::default() };
    Some(Client::new(ClientSettings { patience, clock, timeouts: TIMEOUTS, ..ClientSettings::new(base, token) }))
}

/// The app too, where the token may ask for it.
async fn with_app(client: &Client, identity: Result<Identity, IdentityError>) -> Result<Identity, IdentityError> {
    let mut identity = identity?;
    let may_ask = identity.scopes.iter().flatten().any(|scope| scope == "users:read");
    if let (None, true, Some(bot)) = (&identity.app, may_ask, &identity.bot) {
        let response = client.call("bots.info", json!({ "bot": bot })).await;
        let bot: Option<Value> = response.ok().and_then(|response| response.json().ok());
        identity.app = bot.and_then(|bot| Some(bot.pointer("/bot/app_id")?.as_str()?.into()));
    }
    Ok(identity)
}

/// Sends one challenge to the bot of this machine and through the public address.
async fn find(examined: &Examined<'_>, secrets: Option<&Vec<SecretString>>) -> Option<Found> {
    let (environment, preferences) = (examined.environment, examined.preferences);
    let meant = from_here(listen(environment, preferences).ok()?);
    let events_path = events_path(environment, preferences).ok()?;
    let challenge = Challenge::new(Verifier::new(secrets?)?, examined.clock.now());
    let here: Url = format!("http://{meant}{events_path}").parse().ok()?;
    let there = examined.url.map(|url| of_events(url, &events_path));
    let through = async {
        let there = there?;
        let reached = Reached::by(&ask(&there, &challenge).await, &challenge);
        Some((String::from(there), reached))
    };
    let at_home = async { Reached::by(&ask(&here, &challenge).await, &challenge) };
    let (here, there) = tokio::join!(at_home, through);
    Some(Found { meant, events_path, here, there })
}

/// The address of events below a public address, which may hold the path already.
fn of_events(url: &Url, events_path: &str) -> Url {
    let mut url = url.clone();
    let path = url.path().trim_end_matches('/');
    if !path.ends_with(events_path) {
        url.set_path(&format!("{path}{events_path}"));
    }
    url
}

/// Whether other processes may be the bot too.
fn is_shared(examined: &Examined<'_>) -> bool {
    match store(examined.environment, &examined.preferences.name) {
        #[cfg(feature = "postgres")]
        Ok(StoreKind::Postgres(_)) => true,
        #[cfg(feature = "sqlite")]
        Ok(StoreKind::Sqlite { .. }) => false,
        Ok(StoreKind::Memory) | Err(_) => false,
    }
}

fn no_client(told: &Said) -> Check {
    let why = said("The bot does not start like this.", "Le bot ne démarre pas ainsi.");
    Check::failed(settings::NEEDED, Fault::told(&said(told.to_string(), told.in_french()), why))
}
