//! The fields of an envelope and of the event inside that somebody reads.

use serde::{Deserialize, Deserializer, de::IgnoredAny};

use super::loose::Loose;
use crate::id::UserId;

#[derive(Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) challenge: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) api_app_id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) team_id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) context_team_id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) team: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) enterprise_id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) event_id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) trigger_id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) authorizations: Option<Vec<Option<Authorization<'a>>>>,
    #[serde(borrow, default)]
    pub(super) authed_users: Option<Vec<Loose<'a>>>,
    #[serde(borrow, default)]
    pub(super) event: Option<Inner<'a>>,
}

impl Envelope<'_> {
    /// The workspace through which the app sees the event.
    pub(super) fn team(&self) -> &str {
        let known = [&self.context_team_id, &self.team_id, &self.team, &self.enterprise_id];
        known.into_iter().find(|team| !team.is_empty()).map_or("", Loose::as_str)
    }

    /// The bot's own user. An authorization that is no bot's is of a person who installed the app.
    pub(super) fn bot(&self) -> Option<UserId> {
        let mut authorizations = self.authorizations.iter().flatten().flatten();
        let bot = authorizations
            .find(|authorization| authorization.is_bot != Some(false) && !authorization.user_id.is_empty());
        bot.map(|authorization| UserId::new(authorization.user_id.as_str()))
    }

    /// What older deliveries told instead: a bot's user, or a person's.
    pub(super) fn legacy_bot(&self) -> Option<UserId> {
        let user = self.authed_users.iter().flatten().next().filter(|user| !user.is_empty());
        user.map(|user| UserId::new(user.as_str()))
    }
}

#[derive(Deserialize)]
pub(super) struct Authorization<'a> {
    #[serde(borrow, default)]
    pub(super) user_id: Loose<'a>,
    #[serde(default, deserialize_with = "flag")]
    pub(super) is_bot: Option<bool>,
}

/// A flag; nothing for anything else.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(|value| value.as_bool())
}

/// The inner event. Every field is loose: what one event calls a string, another calls an object.
#[derive(Deserialize)]
pub(super) struct Inner<'a> {
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) subtype: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) user: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) text: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) ts: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) thread_ts: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) channel: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) channel_type: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) bot_id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) app_id: Loose<'a>,
    #[serde(default)]
    pub(super) edited: Option<IgnoredAny>,
    #[serde(borrow, default)]
    pub(super) reaction: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) item: Option<Item<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Item<'a> {
    #[serde(borrow, default)]
    pub(super) channel: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) ts: Loose<'a>,
}
