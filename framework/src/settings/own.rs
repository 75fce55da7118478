//! The settings that a bot has beside those of the framework.

use std::{fmt, sync::Arc};

use super::{Environment, SettingProblem};

/// The settings that a bot has beside those of the framework, each with what tells whether it can be used.
#[derive(Clone, Default)]
pub(crate) struct OwnSettings(Vec<OwnSetting>);

#[derive(Clone)]
struct OwnSetting {
    name: &'static str,
    check: Arc<Check>,
}

type Check = dyn Fn(&str) -> Result<(), SettingProblem> + Send + Sync;

impl OwnSettings {
    pub(crate) fn add<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T, SettingProblem> + Send + Sync + 'static,
    ) {
        self.0.push(OwnSetting { name, check: Arc::new(move |value| read(value).map(drop)) });
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|setting| setting.name)
    }

    /// Reads those that are there, and tells what is wrong with all of them.
    pub(crate) fn check(&self, environment: &Environment) -> Result<(), SettingProblem> {
        let wrong = |setting: &OwnSetting| (setting.check)(environment.value(setting.name)?.trim()).err();
        let problems: Vec<SettingProblem> = self.0.iter().filter_map(wrong).collect();
        if problems.is_empty() { Ok(()) } else { Err(SettingProblem::together(&problems)) }
    }
}

impl fmt::Debug for OwnSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_are_there_are_read_and_what_is_wrong_is_told() {
        let mut own = OwnSettings::default();
        let number = |name: &'static str| {
            move |value: &str| {
                value.parse::<u8>().map_err(|_| SettingProblem::malformed(name, ("a number", "un nombre")))
            }
        };
        own.add("NOTES_MOST", number("NOTES_MOST"));
        own.add("NOTES_LEAST", number("NOTES_LEAST"));
        let problems = |pairs: &[_]| {
            let environment = Environment::of(pairs.iter().copied());
            own.check(&environment)
        };
        assert_eq!(problems(&[("NOTES_MOST", " 7 "), ("NOTES_LEAST", " ")]), Ok(()), "blank counts as absent");
        let told = problems(&[("NOTES_MOST", "x"), ("NOTES_LEAST", "-1")]).unwrap_err();
        assert_eq!(told.each().len(), 2);
        let french = told.in_french();
        assert!(french.contains("NOTES_MOST") && french.contains("NOTES_LEAST n’est pas compris"), "{french}");
        assert_eq!(format!("{own:?}"), r#"["NOTES_MOST", "NOTES_LEAST"]"#);
    }
}
