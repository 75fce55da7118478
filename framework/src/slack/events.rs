//! What is known of the events that an app may subscribe to: the scopes that let it hear them.
//!
//! Facts only, from the published reference of the events, kept in `events.txt`, one line an event.

/// The scopes of an event, any one of which will do; nothing when the table does not know the event, or it needs none.
pub(crate) fn scopes(event: &str) -> Option<&'static str> {
    let line = include_str!("events.txt").lines().filter_map(|line| line.split_once('\t')).find(|line| line.0 == event);
    line.map(|(_, scopes)| scopes).filter(|scopes| *scopes != "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_known_with_its_scopes() {
        assert_eq!(scopes("app_mention"), Some("app_mentions:read"));
        assert_eq!(scopes("reaction_added"), Some("reactions:read"));
        assert_eq!(scopes("app_home_opened"), None);
        assert_eq!(scopes("no_such_event"), None);
    }
}
