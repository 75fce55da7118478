//! What is known of conversations, in memory.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use foldhash::HashMap;
use tokio::task::JoinHandle;

use super::Utterances;
use crate::{
    clock::{Clock, Timestamp},
    event::Utterance,
    id::{ChannelId, MessageId},
    platform::Strand,
};

/// How many conversations are kept.
const MOST: usize = 256;

/// How long one is kept after it was read.
const LIFE: Duration = Duration::from_secs(55 * 60);

/// How often those are forgotten whose time is over: what was said is gone an hour after it was read.
const FORGET_EACH: Duration = Duration::from_secs(5 * 60);

/// What is known of conversations.
///
/// Nearly all that happens belongs to none of them: to know that is one look under a lock that is shared.
#[derive(Default)]
pub(crate) struct Kept(RwLock<HashMap<ChannelId, Channel>>);

/// The conversations of a channel.
#[derive(Default)]
struct Channel {
    /// What is said outside of threads, of a direct-message channel.
    outside: Option<Entry>,
    threads: HashMap<MessageId, Entry>,
}

/// What is known of one conversation.
struct Entry {
    /// When it was read, or was to be.
    since: Timestamp,
    /// Whether it was read to its end, so that nothing is missing but what is not heard.
    is_whole: bool,
    /// Whether what is said in it is told without a mention of the bot: else much of it is never heard.
    is_overheard: bool,
    said: Utterances,
}

/// A conversation that is being read.
pub(super) struct Reading {
    begun: Timestamp,
    /// What was known of it before.
    earlier: Utterances,
}

/// Where something stands: a message outside of threads stands there, and begins a thread of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strands<'a> {
    pub(crate) channel: &'a str,
    pub(crate) id: &'a str,
    /// The message that begins the thread it stands in.
    pub(crate) thread: Option<&'a str>,
}

impl Kept {
    /// One thread, of which nothing is known yet.
    #[cfg(feature = "bench")]
    pub(crate) fn of_one(channel: &str, root: &str) -> Self {
        let place = crate::event::Place { channel: channel.into(), kind: crate::event::PlaceKind::Channel };
        let kept = Self::default();
        kept.begin(&Strand { place, root: Some(root.into()) }, Timestamp::default());
        kept
    }

    /// Whether something of a channel is known.
    pub(crate) fn knows(&self, channel: &str) -> bool {
        self.read().contains_key(channel)
    }

    /// Whether a conversation is known in which something stands.
    pub(crate) fn knows_any(&self, stands: Strands<'_>) -> bool {
        self.read().get(stands.channel).is_some_and(|channel| stands.roots().any(|root| channel.entry(root).is_some()))
    }

    /// Something was said, or changed. `overheard`: it was told as all is that is said there.
    pub(crate) fn hear(&self, stands: Strands<'_>, utterance: &Utterance, overheard: bool) {
        let mut channels = self.write();
        let Some(channel) = channels.get_mut(stands.channel) else { return };
        for root in stands.roots() {
            if let Some(entry) = channel.entry_mut(root) {
                entry.said.insert(utterance.clone());
                entry.is_overheard |= overheard;
            }
        }
    }

    /// Something was taken back.
    pub(crate) fn take_back(&self, channel: &str, id: &MessageId) {
        let mut channels = self.write();
        let entries = channels.get_mut(channel).into_iter().flat_map(Channel::entries_mut);
        entries.for_each(|entry| entry.said.remove(id));
    }

    /// Something was not told: nothing is known for sure any more.
    pub(crate) fn missed(&self) {
        self.write().clear();
    }

    /// All of a conversation, if nothing of it can have been missed.
    pub(super) fn whole(&self, strand: &Strand, now: Timestamp) -> Option<Utterances> {
        let channels = self.read();
        let entry = channels.get(&strand.place.channel)?.entry(strand.root.as_ref().map(MessageId::as_str))?;
        let is_known = entry.is_whole && entry.is_overheard && !entry.is_over(now);
        is_known.then(|| entry.said.clone())
    }

    /// A conversation is about to be read: what is heard of it from now on is added to what is read.
    pub(super) fn begin(&self, strand: &Strand, now: Timestamp) -> Reading {
        let mut channels = self.write();
        forget(&mut channels, now);
        if strand.entry_in(&mut channels).is_none() && count(&channels) >= MOST {
            forget_oldest(&mut channels);
        }
        let entry = channels.entry(strand.place.channel.clone()).or_default().entry_or_new(strand, now);
        entry.is_whole = false;
        Reading { begun: now, earlier: std::mem::replace(&mut entry.said, Utterances::of(strand)) }
    }

    /// A conversation was read, to its end or not; gives what is known of it now.
    pub(super) fn end(&self, strand: &Strand, reading: Reading, mut read: Utterances, is_whole: bool) -> Utterances {
        let mut channels = self.write();
        let entry = strand.entry_in(&mut channels);
        match is_whole {
            // What was read may be older than what was taken back meanwhile.
            true => read.forget_as(&reading.earlier),
            false => read.merge(&reading.earlier),
        }
        let Some(entry) = entry else { return read };
        if is_whole {
            entry.since = reading.begun;
        }
        read.merge(&entry.said);
        entry.said = read.clone();
        entry.is_whole = is_whole;
        read
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<ChannelId, Channel>> {
        // What was said is whole whatever its last user did.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<ChannelId, Channel>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Kept {
    /// How many alone: it holds what people wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kept({} conversations)", count(&self.read()))
    }
}

impl<'a> Strands<'a> {
    /// What begins each conversation that it stands in; nothing for what is said outside of threads.
    fn roots(self) -> impl Iterator<Item = Option<&'a str>> {
        match self.thread.filter(|thread| *thread != self.id) {
            Some(thread) => [Some(Some(thread)), None],
            None => [Some(None), Some(Some(self.id))],
        }
        .into_iter()
        .flatten()
    }
}

impl Strand {
    fn entry_in<'a>(&self, channels: &'a mut HashMap<ChannelId, Channel>) -> Option<&'a mut Entry> {
        channels.get_mut(&self.place.channel)?.entry_mut(self.root.as_ref().map(MessageId::as_str))
    }
}

impl Channel {
    fn entry(&self, root: Option<&str>) -> Option<&Entry> {
        root.map_or(self.outside.as_ref(), |root| self.threads.get(root))
    }

    fn entry_mut(&mut self, root: Option<&str>) -> Option<&mut Entry> {
        root.map_or(self.outside.as_mut(), |root| self.threads.get_mut(root))
    }

    fn entry_or_new(&mut self, strand: &Strand, now: Timestamp) -> &mut Entry {
        let new = || Entry { since: now, is_whole: false, is_overheard: false, said: Utterances::of(strand) };
        match &strand.root {
            None => self.outside.get_or_insert_with(new),
            Some(root) => self.threads.entry(root.clone()).or_insert_with(new),
        }
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.outside.iter().chain(self.threads.values())
    }

    fn entries_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.outside.iter_mut().chain(self.threads.values_mut())
    }

    fn retain(&mut self, stays: impl Fn(&Entry) -> bool) {
        self.outside.take_if(|entry| !stays(entry));
        self.threads.retain(|_, entry| stays(entry));
    }
}

impl Entry {
    fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.since) > LIFE
    }
}

fn count(channels: &HashMap<ChannelId, Channel>) -> usize {
    channels.values().map(|channel| channel.entries().count()).sum()
}

fn forget(channels: &mut HashMap<ChannelId, Channel>, now: Timestamp) {
    retain(channels, |entry| !entry.is_over(now));
}

fn forget_oldest(channels: &mut HashMap<ChannelId, Channel>) {
    let oldest = channels.values().flat_map(Channel::entries).map(|entry| entry.since).min();
    retain(channels, |entry| Some(entry.since) != oldest);
}

fn retain(channels: &mut HashMap<ChannelId, Channel>, stays: impl Fn(&Entry) -> bool) {
    channels.retain(|_, channel| {
        channel.retain(&stays);
        channel.entries().next().is_some()
    });
}

/// Forgets what is over, also when nothing is said, until it is aborted.
pub(crate) fn watch(kept: Arc<Kept>, clock: Arc<dyn Clock>) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let now = clock.now();
            forget(&mut kept.write(), now);
            clock.reach(now + FORGET_EACH).await;
        }
    })
}

#[cfg(test)]
mod tests;
