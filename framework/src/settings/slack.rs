//! The settings of the platform, each read by itself.

use secrecy::SecretString;
use url::Url;

use super::{Environment, SettingProblem, parse};
use crate::{
    id::{AppId, UserId},
    slack::{
        client::{Token, TokenKind},
        verify::QUOTES,
    },
};

/// The base of the platform's Web API.
const API: &str = "https://slack.com/api/";

/// What the settings of the platform hold; nothing where one is not there.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) token: Option<Result<Token, SettingProblem>>,
    pub(crate) signing_secrets: Option<Result<Vec<SecretString>, SettingProblem>>,
    pub(crate) bot_user: Result<BotUser, SettingProblem>,
    pub(crate) api: Result<Url, SettingProblem>,
    pub(crate) app_token: Option<Result<Token, SettingProblem>>,
    pub(crate) client_id: Option<Result<String, SettingProblem>>,
    pub(crate) client_secret: Option<Result<SecretString, SettingProblem>>,
}

/// What `SLACK_BOT_USER_ID` holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BotUser {
    /// It is not there.
    Unset,
    User(UserId),
    /// The id of an app, as older guides give: it is no user, and not used.
    App(AppId),
}

/// What a value that has to be a signing secret looks like. Nobody promises that they go on looking so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secret {
    /// A signing secret, or a client secret: nothing tells them apart.
    Likely,
    /// The verification token of an app.
    VerificationToken,
    Unlikely,
}

impl Given {
    pub(crate) fn read(environment: &Environment) -> Self {
        let there = |name: &str| environment.is_set(name);
        Self {
            token: there("SLACK_BOT_TOKEN").then(|| token(environment, TokenKind::Bot, "SLACK_BOT_TOKEN")),
            signing_secrets: there("SLACK_SIGNING_SECRET").then(|| signing_secrets(environment)),
            bot_user: bot_user(environment),
            api: api(environment),
            app_token: there("SLACK_APP_TOKEN").then(|| token(environment, TokenKind::App, "SLACK_APP_TOKEN")),
            client_id: there("SLACK_CLIENT_ID").then(|| client_id(environment)),
            client_secret: there("SLACK_CLIENT_SECRET").then(|| client_secret(environment)),
        }
    }
}

impl BotUser {
    /// The user, if it is one.
    pub(crate) fn user(self) -> Option<UserId> {
        match self {
            Self::User(user) => Some(user),
            Self::Unset | Self::App(_) => None,
        }
    }
}

impl Secret {
    pub(crate) fn of(text: &str) -> Self {
        match text.len() {
            32 if text.bytes().all(|byte| byte.is_ascii_hexdigit()) => Self::Likely,
            24 if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Self::VerificationToken,
            _ => Self::Unlikely,
        }
    }
}

fn token(environment: &Environment, kind: TokenKind, name: &'static str) -> Result<Token, SettingProblem> {
    let text = environment.secret(name)?.unwrap_or_default();
    Token::parse_as(kind, name, &text).map_err(SettingProblem::said)
}

/// The signing secrets, the current one first. The platform writes them as 32 hexadecimal digits, but promises nothing.
fn signing_secrets(environment: &Environment) -> Result<Vec<SecretString>, SettingProblem> {
    let text = environment.secret("SLACK_SIGNING_SECRET")?.unwrap_or_default();
    text.split(',').map(|secret| signing_secret(secret.trim()).map(SecretString::from)).collect()
}

fn signing_secret(secret: &str) -> Result<&str, SettingProblem> {
    let fault = |english: &str, french: &str| Err(SettingProblem::malformed("SLACK_SIGNING_SECRET", (english, french)));
    if secret.is_empty() {
        return fault(
            "the Signing Secret from Basic Information; it is empty",
            "le Signing Secret de Basic Information ; il est vide",
        );
    }
    if secret.starts_with(QUOTES) || secret.ends_with(QUOTES) {
        return fault(
            "the Signing Secret without quotes: `docker --env-file` keeps them, so remove them",
            "le Signing Secret sans guillemets : `docker --env-file` les garde, retirez-les",
        );
    }
    if secret.starts_with("xox") || secret.starts_with("xapp-") {
        return fault(
            "the Signing Secret from Basic Information; it holds a token, so the two were swapped",
            "le Signing Secret de Basic Information ; il contient un jeton : le jeton et le secret ont été échangés",
        );
    }
    if secret.contains(char::is_whitespace) {
        return fault(
            "the Signing Secret from Basic Information; it holds a blank",
            "le Signing Secret de Basic Information ; il contient un espace",
        );
    }
    Ok(secret)
}

/// The bot's user, where the setting names one.
fn bot_user(environment: &Environment) -> Result<BotUser, SettingProblem> {
    let Some(text) = environment.text("SLACK_BOT_USER_ID")? else { return Ok(BotUser::Unset) };
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match text.chars().next() {
        Some('A') if plain => Ok(BotUser::App(AppId::from(text))),
        Some('U' | 'W') if plain => Ok(BotUser::User(UserId::from(text))),
        _ => {
            let expected = (
                "the id of the bot's user, which begins with U; it may be left out",
                "l'identifiant de l'utilisateur du bot, qui commence par U ; il peut être omis",
            );
            Err(SettingProblem::malformed("SLACK_BOT_USER_ID", expected))
        }
    }
}

fn api(environment: &Environment) -> Result<Url, SettingProblem> {
    let text = environment.text("SLACK_API_URL")?.unwrap_or_else(|| API.to_owned());
    parse(
        "SLACK_API_URL",
        &text,
        ("an address, as https://slack.com/api/", "une adresse, comme https://slack.com/api/"),
    )
}

/// The client id is no secret, and stands in addresses.
fn client_id(environment: &Environment) -> Result<String, SettingProblem> {
    let text = environment.text("SLACK_CLIENT_ID")?.unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if text.split_once('.').is_some_and(|(one, other)| is_number(one) && is_number(other)) {
        return Ok(text);
    }
    let expected = (
        "the Client ID from Basic Information: two numbers with a dot between them",
        "le Client ID de Basic Information : deux nombres séparés par un point",
    );
    Err(SettingProblem::malformed("SLACK_CLIENT_ID", expected))
}

fn client_secret(environment: &Environment) -> Result<SecretString, SettingProblem> {
    let text = environment.secret("SLACK_CLIENT_SECRET")?.unwrap_or_default();
    Ok(text.trim().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&str, &str)]) -> Given {
        Given::read(&Environment::of(pairs.iter().copied()))
    }

    #[test]
    fn what_is_not_there_is_told_apart_from_what_is_wrong() {
        let given = given(&[("SLACK_BOT_TOKEN", "xapp-1-A1-2"), ("SLACK_CLIENT_ID", "A0123")]);
        assert!(matches!(given.token, Some(Err(_))) && given.signing_secrets.is_none() && given.app_token.is_none());
        assert!(matches!(given.client_id, Some(Err(problem)) if problem.to_string().contains("SLACK_CLIENT_ID")));
        assert_eq!(given.bot_user.unwrap(), BotUser::Unset);
    }

    #[test]
    fn what_looks_like_a_signing_secret_is_told_from_what_does_not() {
        for (text, secret) in [
            ("8f742231b10e8888abcd99aaaaaa85a5", Secret::Likely),
            ("8f742231b10e8888abcd99yyyzzz85a5", Secret::Unlikely),
            ("xyzz0WbapA4vBCDEFasx0q6G", Secret::VerificationToken),
            ("canary", Secret::Unlikely),
        ] {
            assert_eq!(Secret::of(text), secret, "{text}");
        }
    }

    #[test]
    fn quotes_of_every_kind_are_told() {
        for text in ["\"canary\"", "'canary'", "“canary”", "«canary»", "canary’"] {
            let told = given(&[("SLACK_SIGNING_SECRET", text)]).signing_secrets.unwrap().unwrap_err();
            assert!(told.to_string().contains("without quotes") && !told.to_string().contains("canary"), "{told}");
        }
    }
}
