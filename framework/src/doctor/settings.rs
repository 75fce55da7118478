//! Whether the settings are there, and of the right kind. None of them is ever shown: it may be a secret.

use secrecy::{ExposeSecret, SecretString};

use super::{
    GENERAL, OAUTH,
    app::Apps,
    check::{Check, Fault},
    page, said,
};
use crate::{
    id::AppId,
    sentence::Sentence,
    settings::{BotUser, Environment, General, Given, Preferences, Secret, SettingProblem, unknown},
};

/// The settings without which a bot does not start.
pub(crate) const NEEDED: &str = "settings";

/// Everything that a start reads, each by itself.
pub(super) fn settings(
    given: &Given,
    environment: &Environment,
    preferences: &Preferences,
    app: Option<&AppId>,
) -> Vec<Check> {
    let token = needed("SLACK_BOT_TOKEN", given.token.as_ref(), environment, page(app, OAUTH));
    let secret = needed("SLACK_SIGNING_SECRET", given.signing_secrets.as_ref(), environment, page(app, GENERAL));
    let mut checks = vec![
        token.unwrap_or_else(|| {
            passed("SLACK_BOT_TOKEN is the token of a bot.", "SLACK_BOT_TOKEN est un jeton de bot.")
        }),
        secret.unwrap_or_else(|| passed("SLACK_SIGNING_SECRET is there.", "SLACK_SIGNING_SECRET est là.")),
    ];
    checks.extend(given.bot_user.as_ref().err().map(malformed));
    checks.extend(given.api.as_ref().err().map(malformed));
    match General::read(environment, preferences) {
        Ok(_) => checks.push(passed("The settings BAVARD_… are understood.", "Les réglages BAVARD_… sont compris.")),
        Err(problem) => checks.extend(each(&problem)),
    }
    checks.extend(own(environment, preferences));
    checks
}

/// The settings of the bot's own: what is wrong with them, else which are there.
fn own(environment: &Environment, preferences: &Preferences) -> Vec<Check> {
    if let Err(problem) = preferences.own.check(environment) {
        return each(&problem).collect();
    }
    let (set, not): (Vec<&str>, Vec<&str>) =
        preferences.own.names().partition(|name| environment.value(name).is_some());
    let (mut english, mut french) = (Vec::new(), Vec::new());
    if !set.is_empty() {
        let names = set.join(", ");
        english.push(format!("The settings of the bot's own are understood: {names}."));
        french.push(format!("Les réglages propres au bot sont compris : {names}."));
    }
    if !not.is_empty() {
        let names = not.join(", ");
        english.push(format!("Of its own settings these are not set: {names}."));
        french.push(format!("De ses propres réglages, ceux-ci ne sont pas définis : {names}."));
    }
    if english.is_empty() { Vec::new() } else { vec![passed(&english.join(" "), &french.join(" "))] }
}

/// What does not keep a bot from starting, and is worth saying all the same.
pub(crate) fn remarks(environment: &Environment, preferences: &Preferences) -> Vec<Check> {
    let given = Given::read(environment);
    let mut checks: Vec<Check> = signing_secrets(&given).into_iter().collect();
    if let Ok(BotUser::App(app)) = &given.bot_user {
        checks.push(an_app(app));
    }
    let unused = |problem: &SettingProblem, subject| {
        let why = said(
            "A bot starts without it; what it is set for does not work.",
            "Un bot démarre sans lui ; ce pour quoi il est défini ne fonctionne pas.",
        );
        Check::failed(subject, Fault::told(&one(problem), why))
    };
    checks.extend(given.app_token.and_then(Result::err).map(|problem| unused(&problem, "app_token")));
    checks.extend(given.client_id.and_then(Result::err).map(|problem| unused(&problem, "client_id")));
    checks.extend(given.client_secret.and_then(Result::err).map(|problem| unused(&problem, "client_secret")));
    checks.extend(unknown(environment, &preferences.own).into_iter().map(|(name, meant)| stray(name, meant)));
    checks
}

/// What is wrong with a setting that has to be there.
fn needed<T>(
    name: &str,
    given: Option<&Result<T, SettingProblem>>,
    environment: &Environment,
    page: String,
) -> Option<Check> {
    let problem = match given {
        Some(Ok(_)) => return None,
        Some(Err(problem)) => one(problem),
        None => one(&SettingProblem::missing_one(name, environment)),
    };
    Some(Check::failed(NEEDED, unusable(&problem).page(page)))
}

fn malformed(problem: &SettingProblem) -> Check {
    unusable(&one(problem)).into_check()
}

/// Each of several problems by itself.
fn each(problem: &SettingProblem) -> impl Iterator<Item = Check> {
    problem.each().iter().map(|told| unusable(told).into_check())
}

fn unusable(told: &Sentence) -> Fault {
    Fault::told(told, said("The bot does not start like this.", "Le bot ne démarre pas ainsi."))
}

impl Fault {
    fn into_check(self) -> Check {
        Check::failed(NEEDED, self)
    }
}

fn one(problem: &SettingProblem) -> Sentence {
    said(problem.to_string(), problem.in_french())
}

fn passed(english: &str, french: &str) -> Check {
    Check::passed(NEEDED, said(english, french))
}

/// A signing secret that can be told to be none, without asking anybody.
fn signing_secrets(given: &Given) -> Option<Check> {
    let secrets = given.signing_secrets.as_ref()?.as_ref().ok()?;
    let client_secret = given.client_secret.as_ref().and_then(|secret| secret.as_ref().ok());
    let is_client_secret = |secret: &SecretString| {
        client_secret.is_some_and(|client_secret| client_secret.expose_secret() == secret.expose_secret())
    };
    if secrets.iter().any(is_client_secret) {
        return Some(Check::failed(
            "signing_secret",
            Fault::new(
                said(
                    "SLACK_SIGNING_SECRET and SLACK_CLIENT_SECRET are the same value.",
                    "SLACK_SIGNING_SECRET et SLACK_CLIENT_SECRET ont la même valeur.",
                ),
                refuses_all(),
            )
            .fix(copy_it())
            .page(page(Apps::of(given, None).best(), GENERAL)),
        ));
    }
    let kinds = secrets.iter().map(|secret| Secret::of(secret.expose_secret()));
    let told = match kinds.max_by_key(|kind| *kind as u8)? {
        Secret::Likely => return None,
        Secret::VerificationToken => said(
            "SLACK_SIGNING_SECRET looks like a Verification Token, which is of no use. If requests are refused, copy \
             *Signing Secret* from Basic Information.",
            "SLACK_SIGNING_SECRET ressemble à un Verification Token, qui ne sert à rien. Si les requêtes sont refusées, \
             copiez *Signing Secret* depuis Basic Information.",
        ),
        Secret::Unlikely => said(
            "SLACK_SIGNING_SECRET does not look like a Signing Secret, which is 32 hexadecimal digits. If requests are \
             refused, copy it from Basic Information.",
            "SLACK_SIGNING_SECRET ne ressemble pas à un Signing Secret, qui a 32 chiffres hexadécimaux. Si les requêtes \
             sont refusées, copiez-le depuis Basic Information.",
        ),
    };
    Some(Check::noted("signing_secret", told))
}

/// Why a wrong signing secret matters.
pub(super) fn refuses_all() -> Sentence {
    said(
        "With a wrong Signing Secret every request of Slack is refused, and the address is never verified.",
        "Avec un mauvais Signing Secret, chaque requête de Slack est refusée, et l’adresse n’est jamais vérifiée.",
    )
}

/// Where the right one stands.
pub(super) fn copy_it() -> Sentence {
    said(
        "Copy Signing Secret, and not Client Secret, from Basic Information › App Credentials into \
         SLACK_SIGNING_SECRET:",
        "Copiez Signing Secret, et non Client Secret, depuis Basic Information › App Credentials dans \
         SLACK_SIGNING_SECRET :",
    )
}

fn an_app(app: &AppId) -> Check {
    Check::failed(
        "bot_user",
        Fault::new(
            said(
                format!("SLACK_BOT_USER_ID is {app}, the id of an app and not of a user."),
                format!("SLACK_BOT_USER_ID vaut {app}, l’identifiant d’une application et non d’un utilisateur."),
            ),
            said(
                "It stands in the address of the app's pages; the bot's user begins with U. It is not used, and Slack \
                 is asked instead.",
                "Il figure dans l’adresse des pages de l’application ; l’utilisateur du bot commence par U. Il n’est \
                 pas utilisé, et Slack est interrogé à la place.",
            ),
        )
        .fix(said("Remove the setting: it is not needed.", "Retirez ce réglage : il n’est pas nécessaire.")),
    )
}

fn stray(name: &str, meant: Option<&str>) -> Check {
    Check::noted(
        "unknown_setting",
        match meant {
            Some(meant) => said(
                format!("{name} is set, and nothing reads it. Did you mean {meant}?"),
                format!("{name} est défini, et rien ne le lit. Est-ce {meant} ?"),
            ),
            None => said(
                format!("{name} is set, and nothing of the framework reads it."),
                format!("{name} est défini, et rien du framework ne le lit."),
            ),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    const TOKEN: (&str, &str) = ("SLACK_BOT_TOKEN", "xoxb-1234567890-canary");
    const SECRET: (&str, &str) = ("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef");

    fn preferences() -> Preferences {
        let mut preferences = Preferences::new("notes");
        preferences.own.add("NOTES_MOST", |value| {
            value.parse::<u8>().map_err(|_| SettingProblem::malformed("NOTES_MOST", ("a number", "un nombre")))
        });
        preferences
    }

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        Environment::of(pairs.iter().copied())
    }

    /// What is told of these settings, in both languages; never the canary.
    fn told(pairs: &[(&str, &str)]) -> Vec<String> {
        let environment = environment(pairs);
        let given = Given::read(&environment);
        let mut checks = settings(&given, &environment, &preferences(), None);
        checks.extend(remarks(&environment, &preferences()));
        let told = |language| checks.iter().map(move |check| check.text(language));
        let told: Vec<_> = told(Language::English).chain(told(Language::French)).collect();
        assert!(!told.concat().contains("canary"), "{told:#?}");
        told
    }

    #[track_caller]
    fn tells(pairs: &[(&str, &str)], english: &str, french: &str) {
        let told = told(pairs);
        for expected in [english, french] {
            assert!(told.iter().any(|line| line.contains(expected)), "{expected}: {told:#?}");
        }
    }

    #[test]
    fn nothing_is_wrong_with_two_settings() {
        let told = told(&[TOKEN, SECRET]);
        assert!(told.iter().all(|line| line.starts_with("ok")), "{told:#?}");
    }

    #[test]
    fn each_setting_is_told_by_itself_with_its_page() {
        tells(&[SECRET], "failed   SLACK_BOT_TOKEN is missing", "échec    SLACK_BOT_TOKEN manque");
        tells(&[TOKEN], "failed   SLACK_SIGNING_SECRET is missing", "échec    SLACK_SIGNING_SECRET manque");
        tells(&[], "https://api.slack.com/apps", "Le bot ne démarre pas ainsi.");
        tells(&[TOKEN, SECRET, ("BAVARD_PACE", "canary")], "failed   BAVARD_PACE", "échec    BAVARD_PACE");
        tells(&[("BAVARD_PACE", "canary"), ("BAVARD_LANG", "canary")], "failed   BAVARD_LANG", "échec    BAVARD_PACE");
    }

    #[test]
    fn tokens_that_were_swapped_and_quotes_are_told() {
        let swapped = [("SLACK_BOT_TOKEN", "xapp-1-A1-canary"), ("SLACK_APP_TOKEN", "xoxb-1-canary")];
        tells(&swapped, "SLACK_BOT_TOKEN holds an app-level token", "SLACK_APP_TOKEN contient un jeton de bot");
        tells(
            &[("SLACK_SIGNING_SECRET", "xoxb-canary")],
            "the two were swapped",
            "le jeton et le secret ont été échangés",
        );
        tells(&[("SLACK_BOT_TOKEN", "\"xoxb-canary\"")], "contains quotes", "contient des guillemets");
        tells(&[("SLACK_BOT_TOKEN", "xoxb-canary\r")], "a line break", "un retour à la ligne");
        tells(&[("SLACK_CLIENT_ID", "canary")], "SLACK_CLIENT_ID is not understood", "SLACK_CLIENT_ID n’est pas");
    }

    #[test]
    fn a_signing_secret_that_cannot_be_one_is_told() {
        let same = [SECRET, ("SLACK_CLIENT_SECRET", SECRET.1)];
        tells(&same, "are the same value", "ont la même valeur");
        tells(&[("SLACK_SIGNING_SECRET", "xyzz0WbapA4vBCDEFasx0q6G")], "a Verification Token", "Verification Token");
        tells(&[("SLACK_SIGNING_SECRET", "canary")], "does not look like", "ne ressemble pas");
        let rotated = format!("{},canary", SECRET.1);
        tells(&[("SLACK_SIGNING_SECRET", &rotated)], "does not look like", "ne ressemble pas");
    }

    #[test]
    fn the_id_of_an_app_is_no_user() {
        tells(&[("SLACK_BOT_USER_ID", "A0123")], "is A0123, the id of an app", "vaut A0123, l’identifiant");
        tells(&[("SLACK_BOT_USER_ID", "canary")], "begins with U", "commence par U");
    }

    #[test]
    fn what_nothing_reads_is_told() {
        tells(&[("SLACK_TOKEN", "canary")], "Did you mean SLACK_BOT_TOKEN?", "Est-ce SLACK_BOT_TOKEN ?");
        tells(&[("BAVARD_WEATHER", "canary")], "nothing of the framework reads it", "rien du framework");
        tells(&[("NOTES_MOTS", "canary")], "Did you mean NOTES_MOST?", "Est-ce NOTES_MOST ?");
    }

    #[test]
    fn settings_of_the_bots_own_are_read_too() {
        tells(&[("NOTES_MOST", "7")], "own are understood: NOTES_MOST.", "propres au bot sont compris : NOTES_MOST.");
        tells(&[("NOTES_MOST", "canary")], "NOTES_MOST is not understood.", "NOTES_MOST n’est pas");
        tells(&[], "these are not set: NOTES_MOST.", "ne sont pas définis : NOTES_MOST.");
    }
}
