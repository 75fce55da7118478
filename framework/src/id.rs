//! Identifiers of what a chat platform knows.
//!
//! Every identifier is opaque text: no length and no alphabet is assumed. Each has a type of its own, so that a
//! channel never stands where a person is meant.

use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// Cheap to clone. `Display` gives the bare identifier, as for a log.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the identifier as the platform wrote it.
            #[must_use]
            pub fn new(id: impl AsRef<str>) -> Self {
                Self(Arc::from(id.as_ref()))
            }

            /// The identifier as the platform wrote it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self::new(id)
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(Arc::from(id))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }
    )*};
}

identifiers! {
    /// An app: one registration of a bot on its platform (`A…`).
    AppId;
    /// A workspace, or an organisation where the app is installed for all of it (`T…`, `E…`).
    TeamId;
    /// A conversation: channel, private channel or direct message (`C…`, `G…`, `D…`).
    ChannelId;
    /// A person or a bot's own user (`U…`, `W…`).
    UserId;
    /// A message within its channel: the platform's time stamp, kept as text because it never survives a float.
    MessageId;
    /// One delivery of an event; the same for every retry of it (`Ev…`).
    EventId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_bare_and_debugs_with_its_kind() {
        let user = UserId::new("U1");
        assert_eq!(user.to_string(), "U1");
        assert_eq!(format!("{user:?}"), "UserId(U1)");
        assert_eq!(user, "U1");
    }

    #[test]
    fn is_plain_text_in_json() {
        let id: MessageId = serde_json::from_str("\"1595926230.009600\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"1595926230.009600\"");
    }
}
