//! Which app it is, and that it is one and not two.

use super::{
    GENERAL,
    check::{Check, Fault},
    page, said,
};
use crate::{
    id::AppId,
    platform::Identity,
    settings::{BotUser, Given},
};

/// What is known of the app, by where it is known from. None of it takes a scope beyond those of the guide.
#[derive(Clone, Debug, Default)]
pub(super) struct Apps {
    /// Whose the bot's token is, if the platform told.
    pub(super) of_token: Option<AppId>,
    /// Whose `SLACK_APP_TOKEN` is, which names it.
    pub(super) of_app_token: Option<AppId>,
    /// What stands in `SLACK_BOT_USER_ID` in the place of a user.
    pub(super) of_user: Option<AppId>,
}

impl Apps {
    pub(super) fn of(given: &Given, identity: Option<&Identity>) -> Self {
        let app_token = given.app_token.as_ref().and_then(|token| token.as_ref().ok());
        let of_user = match &given.bot_user {
            Ok(BotUser::App(app)) => Some(app.clone()),
            _ => None,
        };
        Self {
            of_token: identity.and_then(|identity| identity.app.clone()),
            of_app_token: app_token.and_then(|token| token.app()),
            of_user,
        }
    }

    /// The app, by what is surest.
    pub(super) fn best(&self) -> Option<&AppId> {
        self.of_token.as_ref().or(self.of_app_token.as_ref()).or(self.of_user.as_ref())
    }

    /// Whether all that is known is of one app.
    pub(super) fn check(&self) -> Check {
        match (self, self.best()) {
            (Self { of_token: Some(bot), of_app_token: Some(other), .. }, _) if bot != other => two(bot, other),
            (_, Some(app)) => {
                Check::passed("app", said(format!("The app is {app}."), format!("L’application est {app}.")))
            }
            (_, None) => Check::skipped(
                "app",
                said(
                    "Which app it is is not known: Slack tells that only to a token with users:read, which is not \
                     needed. Links lead to the list of apps.",
                    "On ne sait pas quelle application c’est : Slack ne le dit qu’à un jeton qui a users:read, dont le \
                     bot n’a pas besoin. Les liens mènent à la liste des applications.",
                ),
            ),
        }
    }
}

fn two(bot: &AppId, other: &AppId) -> Check {
    Check::failed(
        "app",
        Fault::new(
            said(
                format!("SLACK_APP_TOKEN belongs to the app {other}, and SLACK_BOT_TOKEN to {bot}."),
                format!("SLACK_APP_TOKEN est de l’application {other}, et SLACK_BOT_TOKEN de {bot}."),
            ),
            said(
                "What comes for one app cannot be answered by the other.",
                "Une application ne peut pas répondre à ce qui arrive pour une autre.",
            ),
        )
        .fix(said("Take both from the same app.", "Prenez les deux dans la même application."))
        .page(page(Some(bot), GENERAL)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language::Language, settings::Environment};

    fn apps(pairs: &[(&str, &str)], of_token: Option<&str>) -> Apps {
        let identity = Identity { app: of_token.map(AppId::from), ..Identity::of("U0BOT") };
        Apps::of(&Given::read(&Environment::of(pairs.iter().copied())), Some(&identity))
    }

    #[test]
    fn the_app_is_known_from_what_is_surest() {
        let both = [("SLACK_APP_TOKEN", "xapp-1-A0APP-2-x"), ("SLACK_BOT_USER_ID", "A0USER")];
        assert_eq!(apps(&both, Some("A0BOT")).best(), Some(&"A0BOT".into()));
        assert_eq!(apps(&both, None).best(), Some(&"A0APP".into()));
        assert_eq!(apps(&both[1..], None).best(), Some(&"A0USER".into()));
        assert!(apps(&[], None).check().text(Language::English).starts_with("skipped"));
        assert!(!apps(&both, None).check().is_failed());
    }

    #[test]
    fn tokens_of_two_apps_are_told() {
        let told = apps(&[("SLACK_APP_TOKEN", "xapp-1-A0APP-2-x")], Some("A0BOT")).check().text(Language::English);
        assert!(told.contains("A0APP, and SLACK_BOT_TOKEN to A0BOT") && told.contains("/A0BOT/general"), "{told}");
    }
}
