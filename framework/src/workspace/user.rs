//! People and the bot's own user.

use serde_json::{Value, json};

use super::identity::Identity;
use crate::UserId;

/// A person, or the bot's own user.
#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) id: UserId,
    pub(super) name: String,
    pub(super) is_bot: bool,
    pub(super) locale: String,
}

impl User {
    pub(super) fn person(id: UserId, name: &str) -> Self {
        Self { id, name: name.into(), is_bot: false, locale: "en-US".into() }
    }

    pub(super) fn bot(identity: &Identity) -> Self {
        Self { id: identity.user.clone(), name: identity.name.clone(), is_bot: true, locale: "en-US".into() }
    }

    /// The user as the Web API gives it; the locale only when asked for.
    pub(super) fn json(&self, identity: &Identity, locale: bool) -> Value {
        let mut user = json!({
            "id": self.id,
            "team_id": identity.team,
            "name": self.name,
            "real_name": self.name,
            "deleted": false,
            "tz": "Europe/Paris",
            "tz_label": "Central European Time",
            "tz_offset": 3600,
            "profile": {
                "real_name": self.name,
                "real_name_normalized": self.name,
                "display_name": self.name,
                "display_name_normalized": self.name,
                "team": identity.team,
            },
            "is_admin": false,
            "is_owner": false,
            "is_primary_owner": false,
            "is_restricted": false,
            "is_ultra_restricted": false,
            "is_bot": self.is_bot,
            "is_app_user": false,
            "updated": 0,
        });
        if locale {
            user["locale"] = json!(self.locale);
        }
        if self.is_bot {
            user["profile"]["api_app_id"] = json!(identity.app);
            user["profile"]["bot_id"] = json!(identity.bot);
        }
        user
    }
}
