//! Who the bot is: one call, whose headers tell the scopes and the time beside.

use super::client::{CallError, CallErrorKind, Client};
use crate::{
    platform::{Identity, IdentityError},
    sentence::Sentence,
};

/// Asks whose token the client has.
pub(crate) async fn identify(client: &Client) -> Result<Identity, IdentityError> {
    let response = client.call("auth.test", ()).await.map_err(told)?;
    let scopes = response.scopes().map(|scopes| scopes.into_iter().map(str::to_owned).collect());
    let time = response.date();
    let identity: super::client::Identity = response.json().map_err(told)?;
    let Some(user) = identity.user_id else { return Err(IdentityError { why: no_user(), passing: false }) };
    Ok(Identity {
        user,
        name: identity.user.unwrap_or_default(),
        team: identity.team_id,
        team_name: identity.team.unwrap_or_default(),
        bot: identity.bot_id,
        app: identity.app_id,
        scopes,
        time,
    })
}

fn told(error: CallError) -> IdentityError {
    IdentityError {
        passing: !matches!(error.kind(), CallErrorKind::Authentication | CallErrorKind::Refused),
        why: Sentence::new(error.to_string(), error.in_french()),
    }
}

fn no_user() -> Sentence {
    Sentence::new(
        "auth.test names no user: the token is not a bot's. Copy the Bot User OAuth Token into SLACK_BOT_TOKEN.",
        "auth.test ne nomme aucun utilisateur : le jeton n’est pas celui d’un bot. Copiez le Bot User OAuth Token dans \
         SLACK_BOT_TOKEN.",
    )
}
