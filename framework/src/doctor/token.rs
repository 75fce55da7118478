//! Whether the token works, and whose it is.

use super::{
    OAUTH,
    check::{Check, Fault},
    page, said,
};
use crate::{
    id::{AppId, UserId},
    platform::{Identity, IdentityError},
};

/// Whether the platform takes the token.
pub(super) fn token(asked: &Result<Identity, IdentityError>, app: Option<&AppId>) -> Check {
    match asked {
        Ok(Identity { user, name, team, team_name, .. }) => {
            let team = team.as_ref().map(|team| format!(" ({team})")).unwrap_or_default();
            Check::passed(
                "token",
                said(
                    format!("The token works: it is that of @{name} ({user}) in {team_name}{team}."),
                    format!("Le jeton fonctionne : c’est celui de @{name} ({user}) dans {team_name}{team}."),
                ),
            )
        }
        Err(error) if error.passing => Check::failed(
            "token",
            Fault::told(
                &error.why,
                said(
                    "Whether the token works cannot be told, and the bot cannot answer.",
                    "On ne peut pas dire si le jeton fonctionne, et le bot ne peut pas répondre.",
                ),
            )
            .fix(said(
                "From this machine, look whether `curl https://slack.com/api/api.test` answers; behind a proxy set \
                 HTTPS_PROXY, and SSL_CERT_FILE where it has certificates of its own.",
                "Depuis cette machine, regardez si `curl https://slack.com/api/api.test` répond ; derrière un proxy, \
                 définissez HTTPS_PROXY, et SSL_CERT_FILE s’il a ses propres certificats.",
            )),
        ),
        Err(error) => Check::failed(
            "token",
            Fault::told(
                &error.why,
                said("With this token the bot answers nobody.", "Avec ce jeton, le bot ne répond à personne."),
            )
            .page(page(app, OAUTH)),
        ),
    }
}

/// Whether a setting names another user than the token's.
pub(super) fn user(identity: &Identity, set: Option<&UserId>) -> Option<Check> {
    let user = &identity.user;
    let set = set?;
    if set == user {
        return Some(Check::passed(
            "bot_user",
            said(
                format!("SLACK_BOT_USER_ID is the user of the token, {user}."),
                format!("SLACK_BOT_USER_ID est bien l’utilisateur du jeton, {user}."),
            ),
        ));
    }
    Some(Check::failed(
        "bot_user",
        Fault::new(
            said(
                format!("SLACK_BOT_USER_ID is {set}, and the token is that of {user}."),
                format!("SLACK_BOT_USER_ID vaut {set}, et le jeton est celui de {user}."),
            ),
            said(
                "The user of the token is taken once Slack has named it; until then, and without it, mentions may be \
                 taken for words.",
                "L’utilisateur du jeton est pris dès que Slack l’a nommé ; d’ici là, des mentions peuvent passer pour \
                 des mots.",
            ),
        )
        .fix(said("Remove the setting: it is not needed.", "Retirez ce réglage : il n’est pas nécessaire.")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language::Language, sentence::Sentence};

    #[test]
    fn whose_token_it_is_is_told() {
        let identity = Identity {
            name: "codedoc".to_owned(),
            team: Some("T0ACME".into()),
            team_name: "Acme".to_owned(),
            ..Identity::of("U0BOT")
        };
        let told = token(&Ok(identity), None).text(Language::English);
        assert_eq!(told, "ok       The token works: it is that of @codedoc (U0BOT) in Acme (T0ACME).");
    }

    #[test]
    fn a_refused_token_leads_to_the_page_where_it_stands() {
        let why = Sentence::new("auth.test: …", "auth.test : …");
        let told = |passing, app: Option<&AppId>| {
            token(&Err(IdentityError { why: why.clone(), passing }), app).text(Language::English)
        };
        assert!(told(false, Some(&"A0OURS".into())).contains("https://api.slack.com/apps/A0OURS/oauth"));
        assert!(told(false, None).ends_with("https://api.slack.com/apps"));
        assert!(told(true, None).contains("HTTPS_PROXY"));
    }

    #[test]
    fn another_user_than_that_of_the_token_is_named() {
        let identity = Identity::of("U0BOT");
        assert_eq!(user(&identity, None), None);
        assert!(!user(&identity, Some(&"U0BOT".into())).unwrap().is_failed());
        let told = user(&identity, Some(&"U0ELSE".into())).unwrap().text(Language::French);
        assert!(told.contains("vaut U0ELSE") && told.contains("U0BOT") && told.contains("Retirez"), "{told}");
    }
}
