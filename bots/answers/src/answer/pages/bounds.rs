//! How sure an answer has to be, by the collection it comes from: where pages speak of much, a few words in common prove
//! less.

use crate::answer::Evidence;

/// One everyday question in so many may pass for one about the site.
const PASSING: usize = 7;
/// Within these the bound of a collection lies: a site of ten pages is no reason to believe everything, and one of a
/// thousand none to refuse what people ask.
const BELIEF: (f32, f32) = (0.9, 1.8);
/// Bounds that are tried between them.
const STEPS: u8 = 12;
/// Below this a question is about something else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    least: f32,
}

impl Bounds {
    /// The lowest bound that refuses nearly all of what everyday questions seem to find.
    pub(crate) fn of(everyday: &[Evidence]) -> Self {
        let (low, high) = BELIEF;
        let at = |step: u8| Self { least: low + (high - low) * f32::from(step) / f32::from(STEPS) };
        let passing = |bounds: &Self| everyday.iter().filter(|evidence| !bounds.refuse(**evidence)).count();
        (0..STEPS).map(at).find(|bounds| passing(bounds) * PASSING <= everyday.len()).unwrap_or_else(|| at(STEPS))
    }

    /// Whether a question is about something else.
    pub(super) fn refuse(&self, evidence: Evidence) -> bool {
        evidence.is_about_something_else(self.least)
    }

    /// Whether an answer to it may miss the point.
    pub(super) fn doubt(&self, evidence: Evidence) -> bool {
        evidence.may_miss_the_point(self.least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(confidence: f32, subject: f32) -> Evidence {
        Evidence { confidence, subject, own: 0.0, elsewhere: 0 }
    }

    #[test]
    fn what_the_world_seems_to_find_is_the_bound() {
        let bounds = Bounds::of(&[(); 20].map(|()| evidence(0.3, 0.6)));
        assert!(bounds.refuse(evidence(0.3, 0.6)) && !bounds.refuse(evidence(0.5, 0.6)));
        assert!(bounds.doubt(evidence(0.5, 0.6)) && !bounds.doubt(evidence(0.9, 0.7)));
        // One in so many may pass.
        let mut few = [(); 20].map(|()| evidence(0.1, 0.1));
        few[0] = evidence(1.0, 1.0);
        assert!(!Bounds::of(&few).refuse(evidence(0.4, 0.6)));
        // However little, or much, a site shares with the world.
        assert!(Bounds::of(&[]).refuse(evidence(0.1, 0.5)));
        assert!(!Bounds::of(&[evidence(9.0, 9.0)]).refuse(evidence(0.9, 1.0)));
    }

    #[test]
    fn words_of_the_site_speak_for_a_question_and_those_of_others_against_it() {
        let bounds = Bounds { least: 1.0 };
        let asked = |own, elsewhere| Evidence { own, elsewhere, ..evidence(0.4, 0.4) };
        assert!(bounds.refuse(asked(0.0, 0)) && !bounds.refuse(asked(1.0, 0)) && bounds.refuse(asked(1.0, 1)));
    }
}
