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

    /// What is wrong with those that are there.
    pub(crate) fn problems(&self, environment: &Environment) -> impl Iterator<Item = SettingProblem> {
        self.0.iter().filter_map(|setting| (setting.check)(environment.value(setting.name)?.trim()).err())
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
            own.problems(&environment).map(|problem| problem.in_french().to_owned()).collect::<Vec<_>>()
        };
        assert!(problems(&[("NOTES_MOST", " 7 "), ("NOTES_LEAST", " ")]).is_empty(), "blank counts as absent");
        let told = problems(&[("NOTES_MOST", "x"), ("NOTES_LEAST", "-1")]);
        assert!(told[0].contains("NOTES_MOST") && told[1].contains("un nombre"), "{told:?}");
        assert_eq!(format!("{own:?}"), r#"["NOTES_MOST", "NOTES_LEAST"]"#);
    }
}
