//! People: `users.*`.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{CallError, Client, Pages};
use crate::id::{TeamId, UserId};

/// The account of a person or of a bot.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Account {
    /// What it is known by.
    pub id: Option<UserId>,
    /// The workspace it belongs to.
    pub team_id: Option<TeamId>,
    /// Its short name; not for showing.
    pub name: Option<String>,
    /// The name in full.
    pub real_name: Option<String>,
    /// Whether it was deactivated.
    pub deleted: Option<bool>,
    /// Whether it is a bot's.
    pub is_bot: Option<bool>,
    /// Whether it administers the workspace.
    pub is_admin: Option<bool>,
    /// Whether it owns the workspace.
    pub is_owner: Option<bool>,
    /// Whether it is a guest's.
    pub is_restricted: Option<bool>,
    /// Whether it is a guest's in one channel.
    pub is_ultra_restricted: Option<bool>,
    /// Its language, as `fr-FR`, if that was asked for.
    pub locale: Option<String>,
    /// Its time zone, as `Europe/Paris`.
    pub tz: Option<String>,
    /// Its offset from UTC in seconds.
    pub tz_offset: Option<i64>,
    /// What it shows of itself.
    pub profile: Option<Profile>,
}

/// What an account shows of itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The name to show; empty if none was chosen.
    pub display_name: Option<String>,
    /// The name in full.
    pub real_name: Option<String>,
    /// The address of mail, if the token has the scope for it.
    pub email: Option<String>,
}

/// A page of accounts asked for: the arguments of `users.list`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListUsers {
    /// Whether each comes with its language.
    pub include_locale: Option<bool>,
    /// The workspace, when the token is an organisation's.
    pub team_id: Option<TeamId>,
    /// How many a page.
    pub limit: Option<u32>,
}

/// A page of accounts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Accounts {
    /// The accounts.
    pub members: Option<Vec<Account>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OneAccount {
    user: Option<Account>,
}

impl Client {
    /// `users.info`: what is known of an account, its language included.
    pub async fn user(&self, user: &UserId) -> Result<Account, CallError> {
        let answer: OneAccount = self.typed("users.info", json!({ "user": user, "include_locale": true })).await?;
        Ok(answer.user.unwrap_or_default())
    }

    /// `users.list`: the accounts of the workspace, as pages of [`Accounts`].
    pub fn users(&self, list: &ListUsers) -> Pages {
        self.pages("users.list", list)
    }
}
