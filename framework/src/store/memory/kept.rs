//! The values that authors keep, in memory.

use std::collections::BTreeSet;

use foldhash::HashMap;

use crate::{
    clock::Timestamp,
    id::UserId,
    store::{
        StoreError, ValueRecord,
        kept::{Change, Place, Value, has_expired},
    },
};

/// Values by their places.
#[derive(Debug, Default)]
pub(super) struct Kept {
    values: HashMap<Place, (Value, Option<Timestamp>)>,
    /// Those that expire, the first to do so first.
    expiring: BTreeSet<(Timestamp, Place)>,
}

impl Kept {
    pub(super) fn read(&self, place: &Place, now: Timestamp) -> Option<Value> {
        let (value, expires) = self.values.get(place)?;
        (!has_expired(*expires, now)).then(|| value.clone())
    }

    /// Tells the first change whose place holds something else than it expects.
    pub(super) fn check(&self, changes: &[Change]) -> Result<(), StoreError> {
        let holds = |change: &&Change| change.expected.allows(self.read(&change.place, change.at).as_ref());
        match changes.iter().find(|change| !holds(change)) {
            Some(change) => Err(StoreError::Conflict(Box::new(change.place.clone()))),
            None => Ok(()),
        }
    }

    pub(super) fn apply(&mut self, changes: Vec<Change>) {
        for Change { place, value, expires, at, .. } in changes {
            self.sweep(at);
            self.remove(&place);
            let Some(value) = value else { continue };
            self.expiring.extend(expires.map(|expires| (expires, place.clone())));
            self.values.insert(place, (value, expires));
        }
    }

    /// Forgets what has expired.
    pub(super) fn sweep(&mut self, now: Timestamp) {
        while self.expiring.first().is_some_and(|(expires, _)| *expires <= now)
            && let Some((_, place)) = self.expiring.pop_first()
        {
            self.values.remove(&place);
        }
    }

    /// What is a person's, or names them.
    pub(super) fn of(&self, person: &UserId) -> Vec<ValueRecord> {
        let all = self.values.iter().map(|(place, (value, expires))| ValueRecord {
            place: place.clone(),
            value: value.clone(),
            expires: *expires,
        });
        let mut found: Vec<ValueRecord> = all.filter(|record| record.is_of(person)).collect();
        found.sort_by(|one, other| one.place.cmp(&other.place));
        found
    }

    pub(super) fn remove(&mut self, place: &Place) {
        if let Some((_, Some(expires))) = self.values.remove(place) {
            self.expiring.remove(&(expires, place.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::kept::{Expected, Scope};

    #[test]
    fn what_has_expired_is_swept() {
        let mut kept = Kept::default();
        let now = Timestamp::from_seconds(100);
        let change = |key: &str, at, expires| Change {
            place: Place { scope: Scope::bot(), key: key.into() },
            expected: Expected::Anything,
            value: Some("1".into()),
            expires,
            at,
        };
        let later = now + Duration::from_secs(9);
        kept.apply(vec![change("a", now, Some(later)), change("b", now, Some(later)), change("c", now, None)]);
        kept.apply(vec![change("b", now, None)]);
        kept.apply(vec![change("d", later, None)]);
        assert_eq!((kept.values.len(), kept.expiring.len()), (3, 0), "{kept:?}");
    }
}
