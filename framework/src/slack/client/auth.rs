//! `api.test` and `auth.test`.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{CallError, Client};
use crate::id::{AppId, TeamId, UserId};

/// Whose token it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// The address of the workspace.
    pub url: Option<String>,
    /// The name of the workspace.
    pub team: Option<String>,
    /// The workspace.
    pub team_id: Option<TeamId>,
    /// The name of the bot's user.
    pub user: Option<String>,
    /// The bot's user.
    pub user_id: Option<UserId>,
    /// The bot (`B…`), if the token is a bot's.
    pub bot_id: Option<String>,
    /// The app.
    pub app_id: Option<AppId>,
    /// The organisation the workspace belongs to.
    pub enterprise_id: Option<TeamId>,
    /// Whether the app is installed for the whole organisation.
    pub is_enterprise_install: Option<bool>,
}

/// What `api.test` was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ApiTest {
    /// The arguments as they arrived.
    pub args: Option<Map<String, Value>>,
}

impl Client {
    /// `auth.test`: whose token this is.
    pub async fn auth_test(&self) -> Result<Identity, CallError> {
        self.typed("auth.test", ()).await
    }

    /// `api.test`: whether the platform is there. Takes a code that it is to fail with.
    pub async fn api_test(&self, error: Option<&str>) -> Result<ApiTest, CallError> {
        self.typed("api.test", json!({ "error": error })).await
    }
}
