//! What was said in one conversation, in order and within bounds.

use super::Transcript;
use crate::{
    event::{Entity, Text, Utterance},
    id::MessageId,
    platform::Strand,
};

/// How many utterances of a conversation are kept, and how many bytes of text.
const MOST: usize = 100;
const MOST_BYTES: usize = 16 * 1024;

/// Longer text is cut, in bytes.
const LONGEST: usize = 4 * 1024;

/// How many of those that were taken back are remembered, so that what comes late does not bring them again.
const MOST_GONE: usize = 100;

/// What was said in one conversation: what begins it, and what was said last.
#[derive(Clone, Debug, Default)]
pub(super) struct Utterances {
    /// What begins the thread is never left out.
    root: Option<MessageId>,
    said: Vec<Utterance>,
    bytes: usize,
    /// Whether something was left out.
    is_cut: bool,
    gone: Vec<MessageId>,
}

impl Utterances {
    pub(super) fn of(strand: &Strand) -> Self {
        Self { root: strand.root.clone(), ..Self::default() }
    }

    /// Takes something in, at its place. Of what is known already, only a later change counts.
    pub(super) fn insert(&mut self, utterance: Utterance) {
        if self.gone.contains(&utterance.id) {
            return;
        }
        let utterance = self.shortened(utterance);
        let at = self.said.partition_point(|known| known.id < utterance.id);
        match self.said.get_mut(at).filter(|known| known.id == utterance.id) {
            Some(known) if known.edited < utterance.edited => {
                self.bytes = self.bytes + utterance.text.as_str().len() - known.text.as_str().len();
                *known = utterance;
            }
            Some(_) => {}
            None => {
                self.bytes += utterance.text.as_str().len();
                self.said.insert(at, utterance);
            }
        }
        self.bound();
    }

    /// What was said is taken back.
    pub(super) fn remove(&mut self, id: &MessageId) {
        if self.gone.contains(id) {
            return;
        }
        if self.gone.len() == MOST_GONE {
            self.gone.remove(0);
        }
        self.gone.push(id.clone());
        if let Some(at) = self.said.iter().position(|known| known.id == *id) {
            self.bytes -= self.said.remove(at).text.as_str().len();
        }
    }

    /// Takes in what another knows of the same conversation.
    pub(super) fn merge(&mut self, other: &Self) {
        self.forget_as(other);
        other.said.iter().for_each(|utterance| self.insert(utterance.clone()));
        self.is_cut |= other.is_cut;
    }

    /// Takes in what another knows to be taken back.
    pub(super) fn forget_as(&mut self, other: &Self) {
        other.gone.iter().for_each(|id| self.remove(id));
    }

    /// What was said before `last`, and that.
    pub(super) fn until(self, last: Utterance, is_whole: bool) -> Transcript {
        let mut utterances = self.said;
        utterances.retain(|utterance| utterance.id < last.id);
        utterances.push(last);
        Transcript { utterances, is_complete: is_whole && !self.is_cut }
    }

    fn bound(&mut self) {
        let begins = self.said.first().is_some_and(|first| Some(&first.id) == self.root.as_ref());
        let oldest = usize::from(begins);
        while (self.said.len() > MOST || self.bytes > MOST_BYTES) && self.said.len() > oldest + 1 {
            self.bytes -= self.said.remove(oldest).text.as_str().len();
            self.is_cut = true;
        }
    }

    fn shortened(&mut self, utterance: Utterance) -> Utterance {
        let text = utterance.text.as_str();
        if text.len() <= LONGEST {
            return utterance;
        }
        self.is_cut = true;
        let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let entities = utterance.text.entities();
        let entities = entities.map(|(at, reference)| Entity { at, reference: reference.clone() }).collect();
        Utterance { text: Text::new(format!("{}…", &text[..end]), entities), ..utterance }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Speaker;

    fn said(id: u32, text: &str) -> Utterance {
        Utterance::new(format!("17000{id:05}.000000"), Speaker::Person("U1".into()), text)
    }

    fn texts(utterances: Utterances, last: u32) -> (Vec<String>, bool) {
        let transcript = utterances.until(said(last, "now"), true);
        let texts = transcript.utterances.iter().map(|utterance| utterance.text.as_str().to_owned());
        (texts.collect(), transcript.is_complete)
    }

    fn utterances() -> Utterances {
        Utterances::of(&Strand::of("C1", Some(said(0, "").id.as_str())))
    }

    #[test]
    fn it_is_in_order_whatever_comes_first_and_ends_with_what_is_asked_for() {
        let mut all = utterances();
        [3, 1, 0, 2, 1].into_iter().for_each(|id| all.insert(said(id, &id.to_string())));
        assert_eq!(texts(all, 3), (["0", "1", "2", "now"].map(str::to_owned).to_vec(), true));
    }

    #[test]
    fn the_last_change_counts_and_what_is_taken_back_stays_away() {
        let mut all = utterances();
        let edited = |text: &str, at: &str| Utterance { edited: Some(at.into()), ..said(1, text) };
        all.insert(edited("second", "1700000009.000000"));
        all.insert(edited("first", "1700000008.000000"));
        all.insert(said(1, "as it was"));
        all.remove(&said(2, "").id);
        all.insert(said(2, "late"));
        assert_eq!(texts(all, 3), (["second", "now"].map(str::to_owned).to_vec(), true));
    }

    #[test]
    fn what_begins_it_and_what_was_said_last_is_kept_of_much() {
        let mut all = utterances();
        (0..=200).for_each(|id| all.insert(said(id, &id.to_string())));
        assert_eq!(all.said.len(), MOST);
        let (texts, is_complete) = texts(all, 201);
        assert_eq!((&*texts[0], &*texts[1], &*texts[99], is_complete), ("0", "102", "200", false));
    }

    #[test]
    fn so_much_text_is_kept_and_no_more() {
        let mut all = utterances();
        (0..=20).for_each(|id| all.insert(said(id, &"é".repeat(5_000))));
        assert!(all.bytes <= MOST_BYTES && all.bytes > MOST_BYTES / 2, "{}", all.bytes);
        let counted: usize = all.said.iter().map(|utterance| utterance.text.as_str().len()).sum();
        assert_eq!(all.bytes, counted);
        assert!(all.said.iter().all(|utterance| utterance.text.as_str().ends_with("é…")));
        assert!(all.is_cut);
        let ids: Vec<_> = all.said.iter().map(|utterance| utterance.id.clone()).collect();
        assert_eq!(ids, [0, 19, 20].map(|id| said(id, "").id));
    }
}
