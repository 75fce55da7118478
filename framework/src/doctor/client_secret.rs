//! Whether the Client Secret was pasted as the Signing Secret. Both are 32 hexadecimal digits, and stand side by side.
//!
//! Slack tells them apart where an app proves itself: to a code that nobody was given it says `invalid_code` when the
//! secret is the app's Client Secret, and `bad_client_secret` when it is not. Nothing is installed or changed by it.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{
    GENERAL,
    check::{Check, Fault},
    page, said,
    settings::{copy_it, refuses_all},
};
use crate::{id::AppId, nonce::nonce, slack::client::Client};

/// What Slack says of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Proved {
    /// It is the Client Secret.
    ClientSecret,
    /// It is not.
    Other,
    /// There is no app of this Client ID.
    NoSuchApp,
    /// Slack does not say; its code, or why it was not reached.
    Unclear(String),
}

impl Proved {
    /// Asks without a token, by the client id of the app.
    pub(super) async fn of(client: &Client, id: &str, secrets: &[SecretString]) -> Self {
        let mut proved = Self::Other;
        for secret in secrets {
            proved = Self::asked(client, id, secret.expose_secret()).await;
            if proved != Self::Other {
                break;
            }
        }
        // Where anything is taken for the secret, nothing is told by that.
        match proved {
            Self::ClientSecret if Self::asked(client, id, &nonce()).await != Self::Other => {
                Self::Unclear("invalid_code".to_owned())
            }
            proved => proved,
        }
    }

    async fn asked(client: &Client, id: &str, secret: &str) -> Self {
        let code = nonce();
        let arguments = json!({ "client_id": id, "client_secret": secret, "code": code });
        let Err(error) = client.call("oauth.v2.access", arguments).await else {
            return Self::Unclear("ok".to_owned());
        };
        match error.code() {
            Some("invalid_code") => Self::ClientSecret,
            Some("bad_client_secret") => Self::Other,
            Some("invalid_client_id") => Self::NoSuchApp,
            code => Self::Unclear(code.map_or_else(|| format!("{:?}", error.kind()), str::to_owned)),
        }
    }
}

/// What was found of the signing secrets; nothing where no client id is there to ask by.
pub(super) fn signing_secret(proved: Option<&Proved>, app: Option<&AppId>) -> Check {
    let subject = "signing_secret";
    match proved {
        Some(Proved::Other) => Check::passed(
            subject,
            said("SLACK_SIGNING_SECRET is not the Client Secret.", "SLACK_SIGNING_SECRET n’est pas le Client Secret."),
        ),
        Some(Proved::ClientSecret) => Check::failed(
            subject,
            Fault::new(
                said(
                    "SLACK_SIGNING_SECRET holds the Client Secret of the app.",
                    "SLACK_SIGNING_SECRET contient le Client Secret de l’application.",
                ),
                refuses_all(),
            )
            .fix(copy_it())
            .page(page(app, GENERAL)),
        ),
        Some(Proved::NoSuchApp) => Check::failed(
            subject,
            Fault::new(
                said(
                    "Slack knows no app by SLACK_CLIENT_ID.",
                    "Slack ne connaît pas d’application par SLACK_CLIENT_ID.",
                ),
                said(
                    "Whether SLACK_SIGNING_SECRET is the Client Secret cannot be found out so.",
                    "On ne peut pas savoir ainsi si SLACK_SIGNING_SECRET est le Client Secret.",
                ),
            )
            .fix(said(
                "Copy Client ID from Basic Information › App Credentials, or remove the setting:",
                "Copiez Client ID depuis Basic Information › App Credentials, ou retirez ce réglage :",
            ))
            .page(page(app, GENERAL)),
        ),
        Some(Proved::Unclear(code)) => Check::skipped(
            subject,
            said(
                format!("Slack does not say whether SLACK_SIGNING_SECRET is the Client Secret ({code})."),
                format!("Slack ne dit pas si SLACK_SIGNING_SECRET est le Client Secret ({code})."),
            ),
        ),
        None => Check::skipped(
            subject,
            said(
                "Whether SLACK_SIGNING_SECRET is the Client Secret is not checked. Set SLACK_CLIENT_ID, which stands \
                 beside them and is no secret, to have it checked.",
                "On ne vérifie pas si SLACK_SIGNING_SECRET est le Client Secret. Définissez SLACK_CLIENT_ID, qui est à \
                 côté d’eux et n’est pas secret, pour que ce soit vérifié.",
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::Language,
        slack::client::ClientSettings,
        workspace::{Fault as Broken, Workspace},
    };

    async fn proved(workspace: &Workspace, id: &str, secrets: &[&str]) -> Proved {
        let client = Client::new(ClientSettings::new(workspace.api_url().parse().unwrap(), None)).unwrap();
        let secrets: Vec<SecretString> = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
        Proved::of(&client, id, &secrets).await
    }

    #[tokio::test]
    async fn slack_tells_the_two_secrets_apart() {
        let workspace = Workspace::start().await.unwrap();
        let identity = workspace.identity();
        let (id, signing, client) = (&*identity.client_id, &*identity.signing_secret, &*identity.client_secret);
        assert_eq!(proved(&workspace, id, &[signing]).await, Proved::Other);
        assert_eq!(proved(&workspace, id, &[client]).await, Proved::ClientSecret);
        assert_eq!(proved(&workspace, id, &[signing, client]).await, Proved::ClientSecret);
        assert_eq!(proved(&workspace, "1.2", &[client]).await, Proved::NoSuchApp);
        assert!(workspace.calls().iter().all(|call| !call.args.to_string().contains(client)));
    }

    #[tokio::test]
    async fn what_is_taken_for_any_secret_proves_nothing() {
        let workspace = Workspace::start().await.unwrap();
        workspace.fail(Broken::error("invalid_code").on("oauth.v2.access").always());
        let unclear = proved(&workspace, &workspace.identity().client_id, &["anything"]).await;
        assert_eq!(unclear, Proved::Unclear("invalid_code".to_owned()));
        workspace.clear_faults();
        workspace.fail(Broken::error("ratelimited_by_somebody").on("oauth.v2.access").always());
        let unclear = proved(&workspace, &workspace.identity().client_id, &["anything"]).await;
        assert_eq!(unclear, Proved::Unclear("ratelimited_by_somebody".to_owned()));
    }

    #[test]
    fn each_is_told() {
        let app = AppId::from("A0OURS");
        for (proved, expected) in [
            (Some(Proved::Other), "ok"),
            (Some(Proved::ClientSecret), "holds the Client Secret of the app"),
            (Some(Proved::ClientSecret), "https://api.slack.com/apps/A0OURS/general"),
            (Some(Proved::NoSuchApp), "no app by SLACK_CLIENT_ID"),
            (Some(Proved::Unclear("x".to_owned())), "skipped"),
            (None, "Set SLACK_CLIENT_ID"),
        ] {
            let told = signing_secret(proved.as_ref(), Some(&app)).text(Language::English);
            assert!(told.contains(expected), "{told}");
        }
    }
}
