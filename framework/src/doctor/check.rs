//! What a look came to.

use serde_json::{Map, Value};

use crate::{language::Language, sentence::Sentence};

/// Something that was looked at, and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Check {
    /// What was looked at, in a word for programs.
    pub(crate) subject: &'static str,
    pub(crate) found: Found,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is as it should be.
    Passed(Sentence),
    /// Something is wrong.
    Failed(Fault),
    /// Nothing is wrong, and something is worth saying.
    Noted(Sentence),
    /// It could not be looked at, and why.
    Skipped(Sentence),
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What is wrong.
    what: Sentence,
    /// Why it matters.
    why: Sentence,
    /// The one next step, unless what is wrong says it.
    fix: Option<Sentence>,
    /// The page where that is done.
    page: Option<String>,
}

impl Check {
    pub(crate) fn passed(subject: &'static str, told: Sentence) -> Self {
        Self { subject, found: Found::Passed(told) }
    }

    pub(crate) fn failed(subject: &'static str, fault: Fault) -> Self {
        Self { subject, found: Found::Failed(fault) }
    }

    pub(crate) fn noted(subject: &'static str, told: Sentence) -> Self {
        Self { subject, found: Found::Noted(told) }
    }

    pub(crate) fn skipped(subject: &'static str, why: Sentence) -> Self {
        Self { subject, found: Found::Skipped(why) }
    }

    pub(crate) fn is_failed(&self) -> bool {
        matches!(self.found, Found::Failed(_))
    }

    /// Writes a line to the log, if something is wrong or worth saying.
    pub(crate) fn log(&self) {
        match &self.found {
            Found::Failed(fault) => tracing::warn!(check = self.subject, "{}", fault.line()),
            Found::Noted(told) => tracing::info!(check = self.subject, "{told}"),
            Found::Passed(_) | Found::Skipped(_) => {}
        }
    }

    /// The same of a setting, which is easily meant for another: a warning, whether it is wrong or worth saying.
    pub(crate) fn warn(&self) {
        match &self.found {
            Found::Noted(told) => tracing::warn!(check = self.subject, "{told}"),
            _ => self.log(),
        }
    }

    /// For people: a word and a sentence, and under it what a fault has more.
    pub(crate) fn text(&self, language: Language) -> String {
        let pick = |sentence: &Sentence| language.pick(&sentence.english, &sentence.french).clone();
        let (word, told) = match &self.found {
            Found::Passed(told) => ("ok", pick(told)),
            Found::Failed(fault) => (language.pick("failed", "échec"), pick(&fault.what)),
            Found::Noted(told) => ("note", pick(told)),
            Found::Skipped(why) => (language.pick("skipped", "omis"), pick(why)),
        };
        let mut text = format!("{word:<8} {told}");
        let Found::Failed(fault) = &self.found else { return text };
        text.push_str(&format!("\n{:9}{} {}", "", language.pick("why:", "pourquoi :"), pick(&fault.why)));
        let page = fault.page.as_deref().unwrap_or_default();
        match &fault.fix {
            Some(fix) => {
                let told = [&pick(fix), page].join(" ");
                text.push_str(&format!("\n{:9}{} {}", "", language.pick("fix:", "que faire :"), told.trim_end()));
            }
            None if !page.is_empty() => text.push_str(&format!("\n{:9}{page}", "")),
            None => {}
        }
        text
    }

    /// For programs.
    pub(crate) fn json(&self, language: Language) -> Value {
        let pick = |sentence: &Sentence| Value::from(language.pick(&*sentence.english, &*sentence.french));
        let (status, told) = match &self.found {
            Found::Passed(told) => ("passed", told),
            Found::Failed(fault) => ("failed", &fault.what),
            Found::Noted(told) => ("noted", told),
            Found::Skipped(why) => ("skipped", why),
        };
        let mut fields = Map::from_iter([
            ("check".to_owned(), self.subject.into()),
            ("status".to_owned(), status.into()),
            ("told".to_owned(), pick(told)),
        ]);
        if let Found::Failed(fault) = &self.found {
            fields.insert("why".to_owned(), pick(&fault.why));
            fields.extend(fault.fix.as_ref().map(|fix| ("fix".to_owned(), pick(fix))));
            fields.extend(fault.page.as_ref().map(|page| ("page".to_owned(), page.as_str().into())));
        }
        Value::Object(fields)
    }
}

impl Fault {
    /// What is wrong, and why it matters.
    pub(crate) fn new(what: Sentence, why: Sentence) -> Self {
        Self { what, why, fix: None, page: None }
    }

    /// The same of sentences whose last one is the next step, as those about settings and calls are.
    pub(crate) fn told(told: &Sentence, why: Sentence) -> Self {
        let split = |text: &str| text.rsplit_once(". ").map(|(what, next)| (format!("{what}."), next.to_owned()));
        match split(&told.english).zip(split(&told.french)) {
            Some(((what, next), (what_french, next_french))) => {
                Self::new(Sentence::new(what, what_french), why).fix(Sentence::new(next, next_french))
            }
            None => Self::new(told.clone(), why),
        }
    }

    /// The one next step.
    #[must_use]
    pub(crate) fn fix(self, fix: Sentence) -> Self {
        Self { fix: Some(fix), ..self }
    }

    /// The page where it is done.
    #[must_use]
    pub(crate) fn page(self, page: String) -> Self {
        Self { page: Some(page), ..self }
    }

    /// All of it on one line, for the log.
    fn line(&self) -> String {
        let fix = self.fix.as_ref().map(|fix| &*fix.english);
        let parts = [Some(&*self.what.english), Some(&*self.why.english), fix, self.page.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault() -> Fault {
        let said = |english: &str, french: &str| Sentence::new(english, french);
        Fault::new(said("It leaks.", "Ça fuit."), said("It is wet.", "C’est mouillé."))
    }

    #[test]
    fn a_fault_is_told_with_why_and_what_to_do() {
        let check = Check::failed("roof", fault().fix(Sentence::new("Mend it:", "Réparez :")).page("https://x".into()));
        let english = "failed   It leaks.\n         why: It is wet.\n         fix: Mend it: https://x";
        assert_eq!(check.text(Language::English), english);
        let french = "échec    Ça fuit.\n         pourquoi : C’est mouillé.\n         que faire : Réparez : https://x";
        assert_eq!(check.text(Language::French), french);
        let told = json!({"check": "roof", "status": "failed", "told": "Ça fuit.", "why": "C’est mouillé.",
            "fix": "Réparez :", "page": "https://x"});
        assert_eq!(check.json(Language::French), told);
        let Found::Failed(fault) = check.found else { panic!() };
        assert_eq!(fault.line(), "It leaks. It is wet. Mend it: https://x");
    }

    #[test]
    fn the_last_of_several_sentences_is_the_next_step() {
        let told = Sentence::new("It leaks. It did before. Mend it.", "Ça fuit. Réparez.");
        let text = |language| Check::failed("roof", Fault::told(&told, fault().why)).text(language);
        let english = "failed   It leaks. It did before.\n         why: It is wet.\n         fix: Mend it.";
        assert_eq!(text(Language::English), english);
        assert!(text(Language::French).ends_with("que faire : Réparez."));
        let one = Sentence::new("It leaks: mend it.", "Ça fuit. Réparez.");
        assert_eq!(Fault::told(&one, fault().why), Fault { what: one, ..fault() });
    }

    #[test]
    fn what_says_its_own_next_step_says_it_once() {
        let text = Check::failed("roof", fault()).text(Language::English);
        assert!(!text.contains("fix:"), "{text}");
        let text = Check::skipped("roof", Sentence::new("It is dark.", "Il fait nuit.")).text(Language::French);
        assert_eq!(text, "omis     Il fait nuit.");
    }
}
