//! Who the bot is: `api.test`, `auth.test`, `oauth.v2.access`, `bots.info`, `team.info`.

use serde_json::json;

use super::{Answer, Args, Refusal, fields};
use crate::workspace::state::State;

pub(super) fn api_test(_: &mut State, args: &Args) -> Answer {
    let Some(error) = args.text("error") else { return fields(json!({ "args": args.values() })) };
    let echo = [("args".into(), args.to_value())];
    Err(Refusal { error: error.into(), fields: echo.into_iter().collect() })
}

pub(super) fn auth_test(state: &mut State, _: &Args) -> Answer {
    let identity = &state.identity;
    fields(json!({
        "url": state.base,
        "team": identity.team_name,
        "user": identity.name,
        "team_id": identity.team,
        "user_id": identity.user,
        "bot_id": identity.bot,
        "is_enterprise_install": false,
    }))
}

/// Nobody installs the app here, so no code is good; the app has to prove itself before it is told so.
pub(super) fn oauth_access(state: &mut State, args: &Args) -> Answer {
    let identity = &state.identity;
    let refusal = match (args.text("client_id"), args.text("client_secret")) {
        (Some(id), _) if id != identity.client_id => "invalid_client_id",
        (None, _) => "invalid_client_id",
        (_, Some(secret)) if secret == identity.client_secret => "invalid_code",
        _ => "bad_client_secret",
    };
    Err(refusal.into())
}

pub(super) fn bots_info(state: &mut State, args: &Args) -> Answer {
    let identity = &state.identity;
    if args.text("bot").is_some_and(|bot| bot != identity.bot) {
        return Err("bot_not_found".into());
    }
    fields(json!({ "bot": {
        "id": identity.bot,
        "deleted": false,
        "name": identity.name,
        "updated": 0,
        "app_id": identity.app,
        "user_id": identity.user,
        "icons": {},
    } }))
}

pub(super) fn team_info(state: &mut State, _: &Args) -> Answer {
    let identity = &state.identity;
    fields(json!({ "team": {
        "id": identity.team,
        "name": identity.team_name,
        "domain": identity.team_name.to_lowercase(),
        "email_domain": "",
        "icon": { "image_default": true },
    } }))
}
