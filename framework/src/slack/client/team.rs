//! `team.info` and `bots.info`.

use serde::Deserialize;
use serde_json::json;

use super::{CallError, Client};
use crate::id::{AppId, TeamId, UserId};

/// A workspace.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Team {
    /// What it is known by.
    pub id: Option<TeamId>,
    /// Its name.
    pub name: Option<String>,
    /// The first part of its address.
    pub domain: Option<String>,
    /// The organisation it belongs to.
    pub enterprise_id: Option<TeamId>,
    /// The name of that organisation.
    pub enterprise_name: Option<String>,
}

/// What a bot shows of itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BotProfile {
    /// What it is known by (`B…`).
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Whether it was removed.
    pub deleted: Option<bool>,
    /// The app it belongs to.
    pub app_id: Option<AppId>,
    /// The user it writes as.
    pub user_id: Option<UserId>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OneTeam {
    team: Option<Team>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OneBot {
    bot: Option<BotProfile>,
}

impl Client {
    /// `team.info`: the workspace of the token.
    pub async fn team(&self) -> Result<Team, CallError> {
        let answer: OneTeam = self.typed("team.info", ()).await?;
        Ok(answer.team.unwrap_or_default())
    }

    /// `bots.info`: what is known of a bot (`B…`).
    pub async fn bot(&self, bot: &str) -> Result<BotProfile, CallError> {
        let answer: OneBot = self.typed("bots.info", json!({ "bot": bot })).await?;
        Ok(answer.bot.unwrap_or_default())
    }
}
