//! The settings of a bot: read from the environment and from files, checked before anything starts.

mod admin;
mod environment;
mod own;
mod problem;
mod slack;
mod store;
mod unknown;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use secrecy::SecretString;
use url::Url;

pub(crate) use self::{
    admin::{Admin, read as admin},
    own::OwnSettings,
    slack::{BotUser, Given, Secret},
    store::{StoreKind, read as store},
    unknown::unknown,
};
pub use self::{environment::Environment, problem::SettingProblem};
use crate::{id::UserId, language::Language, slack::client::Token};

/// What an app prefers where no setting says otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Preferences {
    pub(crate) name: String,
    pub(crate) listen: SocketAddr,
    pub(crate) admin_listen: SocketAddr,
    pub(crate) events_path: String,
    pub(crate) own: OwnSettings,
}

/// The port of a bot that names none.
const PORT: u16 = 8300;
/// The port for operators of a bot that names none.
const ADMIN_PORT: u16 = 9300;

impl Preferences {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            listen: (Ipv4Addr::UNSPECIFIED, PORT).into(),
            admin_listen: (Ipv4Addr::LOCALHOST, ADMIN_PORT).into(),
            events_path: "/slack/events".to_owned(),
            own: OwnSettings::default(),
        }
    }
}

/// The settings of a bot that runs, complete and checked.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) token: Token,
    pub(crate) signing_secrets: Vec<SecretString>,
    pub(crate) bot_user: Option<UserId>,
    pub(crate) api: Url,
    pub(crate) general: General,
}

/// The settings that need no platform.
#[derive(Clone, Debug)]
pub(crate) struct General {
    /// The name of the bot, by which what it keeps is told from what another one keeps.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "it stands in files alone"))]
    pub(crate) bot: String,
    pub(crate) listen: SocketAddr,
    /// The listener for operators, unless it is off.
    pub(crate) admin: Option<Admin>,
    pub(crate) events_path: String,
    pub(crate) data_dir: PathBuf,
    pub(crate) store: StoreKind,
    pub(crate) language: Language,
    pub(crate) paced: Option<bool>,
    /// Whether a message that was looked for in vain is sent once more.
    pub(crate) resend: bool,
}

/// The settings without which no bot can serve the platform over HTTP.
const NEEDED: [&str; 2] = ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"];

impl Settings {
    /// Whether any setting of the platform is there, even one of a wrong name, so that a bare start means to serve it.
    #[cfg(feature = "playground")]
    pub(crate) fn are_meant(environment: &Environment) -> bool {
        environment.names().iter().any(|name| name.starts_with("SLACK_"))
    }

    /// Reads and checks everything.
    pub(crate) fn read(environment: &Environment, preferences: &Preferences) -> Result<Self, SettingProblem> {
        let mut problems = Problems::default();
        let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !environment.is_set(name)).collect();
        if !missing.is_empty() {
            problems.add(SettingProblem::missing(&missing, environment));
        }
        let given = Given::read(environment);
        let token = given.token.and_then(|token| problems.take(token));
        let signing_secrets = given.signing_secrets.and_then(|secrets| problems.take(secrets));
        let (bot_user, api) = (problems.take(given.bot_user), problems.take(given.api));
        let general = problems.take(General::read(environment, preferences));
        let own = problems.take(preferences.own.check(environment));
        match (token, signing_secrets, bot_user, api, general, own) {
            (Some(token), Some(signing_secrets), Some(bot_user), Some(api), Some(general), Some(())) => {
                Ok(Self { token, signing_secrets, bot_user: bot_user.user(), api, general })
            }
            _ => Err(problems.together()),
        }
    }
}

impl General {
    pub(crate) fn read(environment: &Environment, preferences: &Preferences) -> Result<Self, SettingProblem> {
        let mut problems = Problems::default();
        let listen = problems.take(listen(environment, preferences));
        let admin = problems.take(admin(environment, preferences));
        let events_path = problems.take(events_path(environment, preferences));
        let data_dir = problems.take(data_dir(environment, preferences));
        let paced = problems.take(paced(environment));
        let language = problems.take(language(environment));
        let store = problems.take(store(environment, &preferences.name));
        let resend = problems.take(resend(environment));
        match (listen, admin, events_path, data_dir, paced, language, store, resend) {
            (
                Some(listen),
                Some(admin),
                Some(events_path),
                Some(data_dir),
                Some(paced),
                Some(language),
                Some(store),
                Some(resend),
            ) => {
                let bot = preferences.name.clone();
                Ok(Self { bot, store, listen, admin, events_path, data_dir, language, paced, resend })
            }
            _ => Err(problems.together()),
        }
    }
}

/// What is wrong with settings, gathered so that all of it is told at once.
#[derive(Default)]
struct Problems(Vec<SettingProblem>);

impl Problems {
    fn add(&mut self, problem: SettingProblem) {
        self.0.push(problem);
    }

    fn take<T>(&mut self, read: Result<T, SettingProblem>) -> Option<T> {
        read.map_err(|problem| self.add(problem)).ok()
    }

    fn together(self) -> SettingProblem {
        SettingProblem::together(&self.0)
    }
}

/// The address that events come to.
pub(crate) fn listen(environment: &Environment, preferences: &Preferences) -> Result<SocketAddr, SettingProblem> {
    match environment.text("BAVARD_LISTEN")? {
        None => Ok(preferences.listen),
        Some(text) => parse(
            "BAVARD_LISTEN",
            &text,
            ("an address and a port, as 0.0.0.0:8301", "une adresse et un port, comme 0.0.0.0:8301"),
        ),
    }
}

/// Where a bot that listens on an address is reached from this machine.
pub(crate) fn from_here(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

/// The path on which events come in.
pub(crate) fn events_path(environment: &Environment, preferences: &Preferences) -> Result<String, SettingProblem> {
    let path = environment.text("BAVARD_EVENTS_PATH")?.unwrap_or_else(|| preferences.events_path.clone());
    let expected = (
        "a path that begins with / and is not one of the bot's own, as /slack/events",
        "un chemin qui commence par / et n'est pas l'un de ceux du bot, comme /slack/events",
    );
    if is_events_path(&path) { Ok(path) } else { Err(SettingProblem::malformed("BAVARD_EVENTS_PATH", expected)) }
}

fn data_dir(environment: &Environment, preferences: &Preferences) -> Result<PathBuf, SettingProblem> {
    let given = environment.text("BAVARD_DATA_DIR")?.map(PathBuf::from);
    Ok(given.unwrap_or_else(|| PathBuf::from(".bavard").join(&preferences.name)))
}

fn paced(environment: &Environment) -> Result<Option<bool>, SettingProblem> {
    match environment.text("BAVARD_PACE")?.as_deref() {
        None => Ok(None),
        Some("slack") => Ok(Some(true)),
        Some("off") => Ok(Some(false)),
        Some(_) => Err(SettingProblem::malformed("BAVARD_PACE", ("slack or off", "slack ou off"))),
    }
}

/// `BAVARD_LANG`, else the language of the machine.
pub(crate) fn language(environment: &Environment) -> Result<Language, SettingProblem> {
    if let Some(text) = environment.text("BAVARD_LANG")? {
        return parse("BAVARD_LANG", &text, ("fr or en", "fr ou en"));
    }
    Ok(language_of_machine(environment))
}

/// The language of the machine, for who cannot be told in that of the settings.
pub(crate) fn language_of_machine(environment: &Environment) -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| environment.text(name).ok().flatten());
    locale.and_then(|locale| locale.parse().ok()).unwrap_or_default()
}

/// `BAVARD_AMBIGUOUS`: what becomes of a message that may have arrived, and is not there when it is looked for.
pub(crate) fn resend(environment: &Environment) -> Result<bool, SettingProblem> {
    match environment.text("BAVARD_AMBIGUOUS")?.as_deref() {
        None | Some("resend") => Ok(true),
        Some("hold") => Ok(false),
        Some(_) => Err(SettingProblem::malformed("BAVARD_AMBIGUOUS", ("resend or hold", "resend ou hold"))),
    }
}

/// The router gives a meaning of its own to some characters, and each path one handler.
fn is_events_path(path: &str) -> bool {
    let plain = path.starts_with('/') && !path.contains(['{', '}', '*', '?', '#', ' ']) && !path.contains("/:");
    plain && !crate::server::OWN_PATHS.contains(&path)
}

fn parse<T: FromStr>(name: &'static str, text: &str, expected: (&str, &str)) -> Result<T, SettingProblem> {
    text.parse().map_err(|_| SettingProblem::malformed(name, expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        let environment = Environment::of(pairs.iter().copied());
        Settings::read(&environment, &Preferences::new("codedoc")).map_err(|problem| problem.to_string())
    }

    const TOKEN: (&str, &str) = ("SLACK_BOT_TOKEN", "xoxb-1234567890-canary");
    const SECRET: (&str, &str) = ("SLACK_SIGNING_SECRET", "8f742231b10e8888abcd99yyyzzz85a5");

    #[test]
    fn two_settings_are_enough() {
        let settings = read(&[TOKEN, SECRET]).unwrap();
        assert_eq!(settings.general.listen.port(), 8300);
        assert_eq!(settings.general.data_dir, PathBuf::from(".bavard/codedoc"));
        assert_eq!(settings.api.as_str(), "https://slack.com/api/");
        let shown = format!("{settings:?}");
        assert!(!shown.contains("canary") && !shown.contains("8f742231"), "{shown}");
    }

    #[test]
    fn the_missing_one_is_named() {
        assert!(read(&[TOKEN]).unwrap_err().contains("SLACK_SIGNING_SECRET"));
        assert!(read(&[SECRET]).unwrap_err().contains("SLACK_BOT_TOKEN"));
        assert!(read(&[TOKEN, ("SLACK_SIGNING_SECRET", "  ")]).unwrap_err().contains("SLACK_SIGNING_SECRET"));
    }

    #[test]
    fn what_is_malformed_is_told_with_the_cure_and_without_the_secret() {
        for (name, value, expected) in [
            ("SLACK_BOT_TOKEN", "xapp-1-canary", "app-level token"),
            ("SLACK_BOT_TOKEN", "\"xoxb-1-canary\"", "quote"),
            ("SLACK_SIGNING_SECRET", "xoxb-1-canary", "swapped"),
            ("SLACK_SIGNING_SECRET", "'canary'", "quotes"),
            ("SLACK_SIGNING_SECRET", "canary,", "empty"),
            ("SLACK_BOT_USER_ID", "canary", "begins with U"),
            ("SLACK_API_URL", "canary", "https://slack.com/api/"),
            ("BAVARD_LISTEN", "canary", "0.0.0.0:8301"),
            ("BAVARD_ADMIN_LISTEN", "canary", "127.0.0.1:9301"),
            ("BAVARD_ADMIN_TOKEN", "canary", "sixteen"),
            ("BAVARD_ADMIN_TOKEN", "'canary-canary-canary'", "quotes"),
            ("BAVARD_ADMIN_TOKEN", "canary canary canary", "blank"),
            ("BAVARD_EVENTS_PATH", "canary", "/slack/events"),
            ("BAVARD_PACE", "canary", "slack or off"),
            ("BAVARD_AMBIGUOUS", "canary", "resend or hold"),
            ("BAVARD_LANG", "canary", "fr or en"),
            ("BAVARD_STORE", "canary:", "memory:"),
            ("BAVARD_STORE", "redis://canary", "BAVARD_STORE"),
        ] {
            let others = [TOKEN, SECRET].into_iter().filter(|(other, _)| *other != name);
            let pairs: Vec<_> = others.chain([(name, value)]).collect();
            let told = read(&pairs).unwrap_err();
            assert!(told.contains(name) && told.contains(expected), "{told}");
            assert!(!told.contains("canary"), "{told}");
            let french =
                Settings::read(&Environment::of(pairs.iter().copied()), &Preferences::new("codedoc")).unwrap_err();
            let is_english = |word: &str| ["as", "or", "the", "which", "an", "and"].contains(&word);
            assert!(!french.in_french().split_whitespace().any(is_english), "{}", french.in_french());
        }
    }

    #[test]
    #[cfg(feature = "playground")]
    fn a_setting_of_the_platform_of_any_name_means_to_serve_it() {
        assert!(Settings::are_meant(&Environment::of([("SLACK_TOKEN", "xoxb-1-2")])));
        assert!(!Settings::are_meant(&Environment::of([("SLACK_BOT_TOKEN", " "), ("BAVARD_LANG", "fr")])));
    }

    #[test]
    fn everything_that_is_wrong_is_told_together() {
        let told = read(&[("BAVARD_LISTEN", "8301"), ("BAVARD_PACE", "fast"), ("SLACK_API_URL", "slack")]).unwrap_err();
        let names = [
            "SLACK_BOT_TOKEN is missing",
            "SLACK_SIGNING_SECRET is missing",
            "SLACK_API_URL",
            "BAVARD_LISTEN",
            "BAVARD_PACE",
        ];
        assert!(names.iter().all(|name| told.contains(name)), "{told}");
        assert_eq!(told.lines().count(), 6, "{told}");
        assert_eq!(told.matches("without Slack").count(), 1, "{told}");
        let problem = Settings::read(&Environment::of([SECRET, ("BAVARD_LANG", "de")]), &Preferences::new("codedoc"))
            .unwrap_err();
        assert!(
            problem.in_french().starts_with("SLACK_BOT_TOKEN manque") && problem.in_french().contains("BAVARD_LANG")
        );
    }

    #[test]
    fn what_may_have_arrived_is_sent_once_more_unless_it_is_held() {
        assert!(read(&[TOKEN, SECRET]).unwrap().general.resend);
        assert!(!read(&[TOKEN, SECRET, ("BAVARD_AMBIGUOUS", "hold")]).unwrap().general.resend);
    }

    #[test]
    fn several_signing_secrets_stand_while_one_is_rotated() {
        let settings = read(&[TOKEN, ("SLACK_SIGNING_SECRET", "new, old")]).unwrap();
        assert_eq!(settings.signing_secrets.len(), 2);
    }

    #[test]
    fn the_id_of_an_app_is_not_used_as_that_of_a_user() {
        assert_eq!(read(&[TOKEN, SECRET, ("SLACK_BOT_USER_ID", "A0123")]).unwrap().bot_user, None);
        let user = read(&[TOKEN, SECRET, ("SLACK_BOT_USER_ID", "U0123")]).unwrap().bot_user;
        assert_eq!(user, Some(UserId::new("U0123")));
    }

    #[test]
    fn a_bot_that_listens_everywhere_is_reached_on_loopback() {
        for (listens, reached) in [
            ("0.0.0.0:8301", "127.0.0.1:8301"),
            ("[::]:8301", "[::1]:8301"),
            ("192.0.2.1:8301", "192.0.2.1:8301"),
            ("127.0.0.1:9301", "127.0.0.1:9301"),
        ] {
            assert_eq!(from_here(listens.parse().unwrap()), reached.parse().unwrap(), "{listens}");
        }
    }
}
