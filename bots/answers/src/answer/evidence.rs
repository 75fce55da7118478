//! What speaks for a question being one about what is searched.

/// What hardly holds a word of a question answers nothing, whatever it is about; what holds few of them, perhaps.
const NOTHING: f32 = 0.1;
const LITTLE: f32 = 0.25;
/// So far above the bound an answer is sure.
const SURE: f32 = 0.4;

/// The weights are near those that tell the tuned and the strangers' questions of the sample site, and those about this
/// repository, from the ones about everyday life best.
const MOST_CONFIDENT: f32 = 1.2;
const OWN: f32 = 0.5;
const MOST_OWN: f32 = 4.0;
const ELSEWHERE: f32 = 0.8;
const MOST_ELSEWHERE: usize = 2;

/// What is known of a question before its answer is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Evidence {
    /// How likely the best passage is about it.
    pub(super) confidence: f32,
    /// The share of its subject that is held.
    pub(super) subject: f32,
    /// How many of its words are ones of what is searched: of its vocabulary, or of its titles.
    pub(super) own: f32,
    /// How many of its words name subjects that nothing here is about.
    pub(super) elsewhere: usize,
}

impl Evidence {
    /// Whether the question is about something else, when at least `least` has to speak for it.
    pub(super) fn is_about_something_else(&self, least: f32) -> bool {
        self.confidence < NOTHING || self.belief() < least
    }

    /// Whether an answer may miss the point.
    pub(super) fn may_miss_the_point(&self, least: f32) -> bool {
        self.confidence < LITTLE || self.belief() < least + SURE
    }

    fn belief(&self) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a handful of words")]
        let elsewhere = self.elsewhere.min(MOST_ELSEWHERE) as f32;
        self.confidence.min(MOST_CONFIDENT) + self.subject + OWN * self.own.min(MOST_OWN) - ELSEWHERE * elsewhere
    }
}
