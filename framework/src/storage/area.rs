//! The values of one owner.

use std::{fmt, sync::Arc, time::Duration};

use serde::{Serialize, de::DeserializeOwned};

use super::Storage;
use crate::{
    error::{Error, Result},
    store::{Change, Expected, Place, Scope, Value},
};

/// How long a key may be, in bytes.
const LONGEST_KEY: usize = 256;

/// How long a value may be as JSON, in bytes.
const LONGEST_VALUE: usize = 64 * 1024;

/// How often a value is changed anew that others change at the same time.
const MOST_TRIES: u32 = 100;

/// The values that are kept for one owner: the bot, a person, a channel or a conversation. See [`Storage`].
///
/// A key has 1 to 256 bytes. A value is whatever serde can write, at most 64 KiB of JSON. All methods fail when the
/// store does, when a key or a value is too long, and, within a handler, once that has returned.
#[derive(Clone)]
pub struct StorageArea {
    storage: Storage,
    scope: Scope,
}

impl StorageArea {
    pub(super) fn new(storage: &Storage, scope: Scope) -> Self {
        Self { storage: storage.clone(), scope }
    }

    /// The value of a key; `None` when there is none, or it has expired.
    ///
    /// # Errors
    /// When the value has another shape than `T`, or it cannot be read.
    pub async fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        let stands = self.storage.stands(&self.place(key)?).await?;
        stands.map(|stands| read(key, &stands)).transpose()
    }

    /// Sets a value, whatever stands there. It stays until it is removed.
    ///
    /// # Errors
    /// As for all methods.
    pub async fn set<T: Serialize + ?Sized + Sync>(&self, key: &str, value: &T) -> Result<()> {
        self.put(key, Some(write(key, value)?), None).await
    }

    /// Sets a value that expires: it stays for `lifetime`, counted from now.
    ///
    /// # Errors
    /// As for all methods.
    pub async fn set_for<T: Serialize + ?Sized + Sync>(&self, key: &str, value: &T, lifetime: Duration) -> Result<()> {
        self.put(key, Some(write(key, value)?), Some(lifetime)).await
    }

    /// Removes a value, if there is one.
    ///
    /// # Errors
    /// As for all methods.
    pub async fn remove(&self, key: &str) -> Result<()> {
        self.put(key, None, None).await
    }

    /// Sets a value if what stands there is `expected`, or if nothing does where nothing is expected; says whether it
    /// did. Values are equal when they are as JSON. Within a handler, a value that changes after it was compared and
    /// before the commit makes the handler run again.
    ///
    /// # Errors
    /// As for all methods.
    pub async fn compare_and_set<T>(&self, key: &str, expected: Option<&T>, value: &T) -> Result<bool>
    where
        T: Serialize + ?Sized + Sync,
    {
        let place = self.place(key)?;
        let (expected, value) = (expected.map(|expected| write(key, expected)).transpose()?, write(key, value)?);
        let stands = self.storage.stands(&place).await?;
        if !same(expected.as_ref(), stands.as_ref()) {
            return Ok(false);
        }
        self.replace(place, stands, value).await
    }

    /// Makes a new value of the one that stands there, and gives it; nothing that others do at the same time is lost.
    /// Within a handler, a value that changes before the commit makes the handler run again; elsewhere, `change` is
    /// called again with what stands there then.
    ///
    /// # Errors
    /// When the value has another shape than `T`; when others change it all the time; and as for all methods.
    pub async fn update<T>(&self, key: &str, mut change: impl FnMut(Option<T>) -> T + Send) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + Sync,
    {
        let place = self.place(key)?;
        for _ in 0..MOST_TRIES {
            let stands = self.storage.stands(&place).await?;
            let new = change(stands.as_ref().map(|stands| read(key, stands)).transpose()?);
            let value = write(key, &new)?;
            if self.replace(place.clone(), stands, value).await? {
                return Ok(new);
            }
        }
        Err(Error::new(format!("`{key}` was changed by others {MOST_TRIES} times while it was being changed")))
    }

    /// Sets a value for a time if there is none; says whether it did.
    pub(crate) async fn keep_first<T: Serialize + Sync>(
        &self,
        key: &str,
        value: &T,
        lifetime: Duration,
    ) -> Result<bool> {
        let change = self.new_change(key, Some(write(key, value)?), Some(lifetime))?;
        self.storage.change(Change { expected: Expected::Exactly(None), ..change }).await
    }

    /// The change that removes a value, to be committed with others.
    pub(crate) fn removal(&self, key: &str) -> Change {
        let place = Place { scope: self.scope.clone(), key: Arc::from(key) };
        Change { place, expected: Expected::Anything, value: None, expires: None, at: self.storage.0.clock.now() }
    }

    async fn put(&self, key: &str, value: Option<Value>, lifetime: Option<Duration>) -> Result<()> {
        let change = self.new_change(key, value, lifetime)?;
        self.storage.change(change).await.map(drop)
    }

    fn new_change(&self, key: &str, value: Option<Value>, lifetime: Option<Duration>) -> Result<Change> {
        let at = self.storage.0.clock.now();
        let expires = lifetime.map(|lifetime| at + lifetime);
        Ok(Change { place: self.place(key)?, expected: Expected::Anything, value, expires, at })
    }

    async fn replace(&self, place: Place, stands: Option<Value>, value: Value) -> Result<bool> {
        let at = self.storage.0.clock.now();
        let expected = Expected::Exactly(stands);
        self.storage.change(Change { place, expected, value: Some(value), expires: None, at }).await
    }

    fn place(&self, key: &str) -> Result<Place> {
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Err(Error::new(format!("a key has 1 to {LONGEST_KEY} bytes, and this one has {}", key.len())));
        }
        Ok(Place { scope: self.scope.clone(), key: Arc::from(key) })
    }
}

impl fmt::Debug for StorageArea {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StorageArea({})", self.scope.0)
    }
}

fn write(key: &str, value: &(impl Serialize + ?Sized)) -> Result<Value> {
    let text = serde_json::to_string(value)
        .map_err(|error| Error::new(format!("the value of `{key}` cannot be written as JSON: {error}")))?;
    if text.len() > LONGEST_VALUE {
        let length = text.len();
        return Err(Error::new(format!("a value has at most {LONGEST_VALUE} bytes, and that of `{key}` has {length}")));
    }
    Ok(Value::from(text))
}

fn read<T: DeserializeOwned>(key: &str, value: &Value) -> Result<T> {
    serde_json::from_str(value)
        .map_err(|error| Error::new(format!("the value of `{key}` is not what was asked for: {error}")))
}

/// Whether two values are the same JSON, in whatever order their fields stand.
fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    let json = |value: Option<&Value>| value.map(|value| serde_json::from_str::<serde_json::Value>(value).ok());
    one == other || json(one) == json(other)
}
