//! How sure an answer has to be, by the collection it comes from: where pages speak of much, a few words in common prove
//! less.

/// One everyday question in so many may pass for one about the site.
const PASSING: usize = 7;
/// Within these the bounds of a collection lie: a site of ten pages is no reason to believe everything, and one of a
/// thousand none to refuse what people ask.
const CONFIDENCE: (f32, f32) = (0.25, 0.4);
const SUBJECT: (f32, f32) = (0.42, 0.5);
/// Bounds that are tried between them.
const STEPS: u8 = 8;
/// So far above them an answer is sure.
const SURE: f32 = 0.2;

/// What is known of a question before its answer is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Evidence {
    /// How likely the best passage is about it.
    pub(super) confidence: f32,
    /// The share of its subject that the best page holds.
    pub(super) subject: f32,
}

/// Below these a question is about something else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    least: Evidence,
}

impl Bounds {
    /// The lowest bounds that refuse nearly all of what everyday questions seem to find.
    pub(crate) fn of(everyday: &[Evidence]) -> Self {
        let between = |(low, high): (f32, f32), step: u8| low + (high - low) * f32::from(step) / f32::from(STEPS);
        let at =
            |step| Self { least: Evidence { confidence: between(CONFIDENCE, step), subject: between(SUBJECT, step) } };
        let passing = |bounds: &Self| everyday.iter().filter(|evidence| !bounds.refuse(**evidence)).count();
        (0..STEPS).map(at).find(|bounds| passing(bounds) * PASSING <= everyday.len()).unwrap_or_else(|| at(STEPS))
    }

    /// Whether a question is about something else.
    pub(super) fn refuse(&self, evidence: Evidence) -> bool {
        evidence.confidence < self.least.confidence || evidence.subject < self.least.subject
    }

    /// Whether an answer to it may miss the point.
    pub(super) fn doubt(&self, evidence: Evidence) -> bool {
        evidence.confidence < self.least.confidence + SURE || evidence.subject < self.least.subject + SURE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(confidence: f32, subject: f32) -> Evidence {
        Evidence { confidence, subject }
    }

    #[test]
    fn what_the_world_seems_to_find_is_the_bound() {
        let bounds = Bounds::of(&[(); 20].map(|()| evidence(0.3, 0.45)));
        assert!(bounds.refuse(evidence(0.3, 0.45)) && !bounds.refuse(evidence(0.35, 0.48)));
        assert!(bounds.doubt(evidence(0.4, 0.6)) && !bounds.doubt(evidence(0.6, 0.7)));
        // One in so many may pass.
        let mut few = [(); 20].map(|()| evidence(0.1, 0.1));
        few[0] = evidence(1.0, 1.0);
        assert!(!Bounds::of(&few).refuse(evidence(0.25, 0.42)));
        // However little, or much, a site shares with the world.
        assert!(Bounds::of(&[]).refuse(evidence(0.24, 0.9)));
        assert!(!Bounds::of(&[evidence(9.0, 9.0)]).refuse(evidence(0.41, 0.51)));
    }
}
