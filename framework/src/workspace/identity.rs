//! Who the bot is in a workspace, and what it was granted.

use std::fmt;

use crate::{AppId, Error, Result, TeamId, UserId, nonce::nonce};

/// The bot's app as the workspace installed it: identifiers, secrets, scopes and subscriptions.
///
/// `Debug` shows neither the token nor the secrets.
#[derive(Clone)]
pub struct Identity {
    /// The app (`A…`).
    pub app: AppId,
    /// The workspace (`T…`).
    pub team: TeamId,
    /// Name of the workspace.
    pub team_name: String,
    /// The bot's own user (`U…`).
    pub user: UserId,
    /// The bot as an author of messages (`B…`).
    pub bot: String,
    /// The name people see and mention.
    pub name: String,
    /// What the bot sends as `Authorization: Bearer`.
    pub token: String,
    /// What every delivery is signed with.
    pub signing_secret: String,
    /// What the app is called where it asks for tokens (`123.456`).
    pub client_id: String,
    /// What it proves itself with there. It looks like the signing secret and is another.
    pub client_secret: String,
    /// The scopes of the token.
    pub scopes: Vec<String>,
    /// The events delivered, by subscription name (`message.im`, not `message`).
    pub events: Vec<String>,
    /// The slash commands of the app, with their slash; `None`: whatever is typed is delivered.
    pub commands: Option<Vec<String>>,
    /// Whether the app is distributed outside of the platform's marketplace: what was said is read once a minute and
    /// method, fifteen messages at a time.
    pub is_distributed: bool,
}

impl Identity {
    pub(super) fn new(name: &str) -> Self {
        Self {
            app: AppId::new("A0BAVARD001"),
            team: TeamId::new("T0BAVARD001"),
            team_name: "Workspace".into(),
            user: UserId::new("U0BAVARD0BT"),
            bot: "B0BAVARD0BT".into(),
            name: name.into(),
            token: format!("xoxb-workspace-{}", nonce()),
            signing_secret: nonce(),
            client_id: "1234567890.1234567890123".into(),
            client_secret: nonce(),
            scopes: GUIDE.map(String::from).to_vec(),
            events: Vec::new(),
            commands: None,
            is_distributed: false,
        }
    }

    /// Whether the token has `scope`.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }

    pub(super) fn is_subscribed(&self, event: &str) -> bool {
        self.events.iter().any(|subscribed| subscribed == event)
    }

    /// The events the scopes allow, of those a workspace can produce.
    pub(super) fn allowed_events(&self) -> Vec<String> {
        let allowed = EVENTS.iter().filter(|(_, scope)| self.has_scope(scope));
        allowed.map(|(event, _)| String::from(*event)).collect()
    }

    /// Refuses a subscription whose scope is missing, as the platform does when an app is configured.
    pub(super) fn check(&self) -> Result<()> {
        for event in &self.events {
            let known = EVENTS.iter().find(|(name, _)| name == event);
            if let Some((_, scope)) = known.filter(|(_, scope)| !self.has_scope(scope)) {
                return Err(Error::new(format!(
                    "the event {event} needs the scope {scope}, which is not granted: grant it, or do not subscribe"
                )));
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("app", &self.app)
            .field("team", &self.team)
            .field("user", &self.user)
            .field("name", &self.name)
            .field("scopes", &self.scopes)
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

/// The scopes of the set-up guide.
const GUIDE: [&str; 5] = ["app_mentions:read", "chat:write", "channels:history", "commands", "im:history"];

/// The events a workspace produces, with the scope each needs.
const EVENTS: [(&str, &str); 6] = [
    ("app_mention", "app_mentions:read"),
    ("message.channels", "channels:history"),
    ("message.groups", "groups:history"),
    ("message.im", "im:history"),
    ("reaction_added", "reactions:read"),
    ("reaction_removed", "reactions:read"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_not_shown() {
        let (one, two) = (Identity::new("bot"), Identity::new("bot"));
        assert_ne!(one.signing_secret, two.signing_secret);
        let shown = format!("{one:?}");
        assert!(!shown.contains(&one.token) && !shown.contains(&one.signing_secret));
    }

    #[test]
    fn the_scopes_decide_the_events() {
        let mut identity = Identity::new("bot");
        assert_eq!(identity.allowed_events(), ["app_mention", "message.channels", "message.im"]);
        identity.events = vec!["reaction_added".into()];
        let refusal = identity.check().unwrap_err().to_string();
        assert!(refusal.contains("reactions:read"), "{refusal}");
    }
}
