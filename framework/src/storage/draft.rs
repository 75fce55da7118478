//! What a run has changed and not yet committed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{
    error::{Error, Result},
    store::{Change, Place, Value},
};

/// How many values one run may change.
const MOST_CHANGES: usize = 256;

/// The changes of one run.
#[derive(Debug)]
pub(crate) struct Draft {
    /// Those of the other handlers of the event that have ended.
    before: Vec<Change>,
    own: Mutex<Own>,
}

#[derive(Debug, Default)]
struct Own {
    changes: Vec<Change>,
    closed: bool,
}

impl Draft {
    pub(super) fn new(before: Vec<Change>) -> Self {
        Self { before, own: Mutex::default() }
    }

    /// What stands at a place that was changed; `None` when it was not.
    pub(super) fn changed(&self, place: &Place) -> Option<Option<Value>> {
        let own = self.own();
        let change = own.changes.iter().chain(&self.before).find(|change| change.place == *place);
        change.map(|change| change.value.clone())
    }

    pub(super) fn add(&self, change: Change) -> Result<()> {
        let mut own = self.own();
        if own.closed {
            return Err(Error::new("its handler has returned: what is changed later is changed with `Bot::storage`"));
        }
        if own.changes.len() >= MOST_CHANGES && own.changes.iter().all(|known| known.place != change.place) {
            return Err(Error::new(format!("a handler may change {MOST_CHANGES} values in one run, and no more")));
        }
        put(&mut own.changes, change);
        Ok(())
    }

    /// The changes, after which there are no more.
    pub(super) fn close(&self) -> Vec<Change> {
        let mut own = self.own();
        own.closed = true;
        std::mem::take(&mut own.changes)
    }

    /// Adds the changes of a run to those of the other handlers of its event; says whether it saw what they changed.
    pub(crate) fn merge(merged: &mut Vec<Change>, changes: Vec<Change>) -> bool {
        let fits = |change: &Change| {
            let earlier = merged.iter().find(|earlier| earlier.place == change.place);
            earlier.is_none_or(|earlier| change.expected.allows(earlier.value.as_ref()))
        };
        let all_fit = changes.iter().all(fits);
        if all_fit {
            changes.into_iter().for_each(|change| put(merged, change));
        }
        all_fit
    }

    fn own(&self) -> MutexGuard<'_, Own> {
        // Every change is complete before the lock is let go.
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets a change take the place of an earlier one. What that one expected is expected still; what this one expects was
/// seen to stand there by its author.
fn put(changes: &mut Vec<Change>, change: Change) {
    match changes.iter_mut().find(|earlier| earlier.place == change.place) {
        Some(earlier) => *earlier = Change { expected: earlier.expected.clone(), at: earlier.at, ..change },
        None => changes.push(change),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::Timestamp,
        store::{Expected, Scope},
    };

    fn change(key: &str, expected: Expected, value: &str) -> Change {
        let place = Place { scope: Scope::bot(), key: key.into() };
        Change { place, expected, value: Some(value.into()), expires: None, at: Timestamp::default() }
    }

    fn exactly(value: &str) -> Expected {
        Expected::Exactly(Some(value.into()))
    }

    #[test]
    fn the_last_value_stands_under_what_was_expected_first() {
        let draft = Draft::new(Vec::new());
        draft.add(change("a", exactly("1"), "2")).unwrap();
        draft.add(change("a", Expected::Anything, "3")).unwrap();
        assert_eq!(draft.changed(&change("a", Expected::Anything, "").place), Some(Some("3".into())));
        assert_eq!(draft.close(), [change("a", exactly("1"), "3")]);
        assert!(draft.add(change("a", Expected::Anything, "4")).is_err(), "it is closed");
    }

    #[test]
    fn what_did_not_see_an_earlier_change_is_not_merged() {
        let mut merged = vec![change("a", exactly("1"), "2")];
        assert!(!Draft::merge(&mut merged, vec![change("b", Expected::Anything, "1"), change("a", exactly("1"), "2")]));
        assert_eq!(merged.len(), 1, "nothing of it is there");
        assert!(Draft::merge(&mut merged, vec![change("a", exactly("2"), "3")]));
        assert_eq!(merged, [change("a", exactly("1"), "3")]);
    }

    #[test]
    fn so_many_values_are_changed_at_most() {
        let draft = Draft::new(Vec::new());
        for number in 0..MOST_CHANGES {
            draft.add(change(&number.to_string(), Expected::Anything, "1")).unwrap();
        }
        assert!(draft.add(change("one more", Expected::Anything, "1")).is_err());
        draft.add(change("0", Expected::Anything, "2")).unwrap();
    }
}
