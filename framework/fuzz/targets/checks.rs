//! What holds for any event, however it came.

use bavard::{Event, Kind};

pub fn event(event: &Event) {
    assert!(!event.name.is_empty() && !event.id.as_str().is_empty());
    let Some(text) = event.text() else { return };
    let mut end = 0;
    for (at, _) in text.entities() {
        assert!(at.start >= end && !at.is_empty() && text.as_str().get(at.clone()).is_some(), "{at:?}");
        end = at.end;
    }
    assert!(!text.as_str().contains(['\u{fdd0}', '\u{fdd1}']), "somebody typed what stands for a reference");
}

/// What was stored is what came.
pub fn same(event: &Event, again: &Event) {
    assert_eq!((&event.id, &event.name, &event.team), (&again.id, &again.name, &again.team));
    assert_eq!((event.user(), event.channel()), (again.user(), again.channel()));
    assert_eq!(event.text(), again.text());
    if let (Kind::Command(command), Kind::Command(other)) = (&event.kind, &again.kind) {
        assert!(command.name == other.name && command.response_url == other.response_url);
    }
}
