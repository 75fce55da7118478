//! Windows and home pages: `views.*`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CallError, Client};
use crate::id::UserId;

/// A window or a home page as the platform keeps it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    /// What it is known by.
    pub id: Option<String>,
    /// Changes with it; given back, it keeps an update from overwriting a newer one.
    pub hash: Option<String>,
    /// The window at the bottom of the pile.
    pub root_view_id: Option<String>,
    /// What the app calls it.
    pub external_id: Option<String>,
    /// What is kept in it: the values of its inputs.
    pub state: Option<Value>,
}

/// The arguments of `views.open` and `views.push`.
#[derive(Clone, Debug, Serialize)]
pub struct OpenView {
    /// From the event that asked for it; good for three seconds, once.
    pub trigger_id: String,
    /// The window.
    pub view: Value,
}

/// The arguments of `views.update`.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateView {
    /// The window to change.
    pub view_id: String,
    /// What the window is to be as of; refused if it has changed since.
    pub hash: Option<String>,
    /// The window.
    pub view: Value,
}

/// The arguments of `views.publish`.
#[derive(Clone, Debug, Serialize)]
pub struct PublishView {
    /// Whose home page it is.
    pub user_id: UserId,
    /// What the page is to be as of; refused if it has changed since.
    pub hash: Option<String>,
    /// The page.
    pub view: Value,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OneView {
    view: Option<View>,
}

impl Client {
    /// `views.open`: opens a window for the person who asked for it.
    pub async fn open_view(&self, open: &OpenView) -> Result<View, CallError> {
        self.view("views.open", open).await
    }

    /// `views.push`: puts a window onto the open one.
    pub async fn push_view(&self, open: &OpenView) -> Result<View, CallError> {
        self.view("views.push", open).await
    }

    /// `views.update`: changes an open window.
    pub async fn update_view(&self, update: &UpdateView) -> Result<View, CallError> {
        self.view("views.update", update).await
    }

    /// `views.publish`: sets a person's home page.
    pub async fn publish_view(&self, publish: &PublishView) -> Result<View, CallError> {
        self.view("views.publish", publish).await
    }

    async fn view(&self, method: &str, arguments: impl Serialize) -> Result<View, CallError> {
        let answer: OneView = self.typed(method, arguments).await?;
        Ok(answer.view.unwrap_or_default())
    }
}
