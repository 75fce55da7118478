//! Variables that look like settings and are none.

use std::cmp::Reverse;

use super::{Environment, OwnSettings};
use crate::route::edits;

/// Every setting of the platform and of the framework.
const KNOWN: [&str; 17] = [
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_BOT_USER_ID",
    "SLACK_APP_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_API_URL",
    "BAVARD_LISTEN",
    "BAVARD_ADMIN_LISTEN",
    "BAVARD_ADMIN_TOKEN",
    "BAVARD_EVENTS_PATH",
    "BAVARD_STORE",
    "BAVARD_DATA_DIR",
    "BAVARD_PACE",
    "BAVARD_AMBIGUOUS",
    "BAVARD_LANG",
    "BAVARD_LOG",
];

/// So many letters of a name allow for one that is wrong.
const LETTERS_TO_A_SLIP: usize = 6;
/// How many letters of a name may be wrong.
const MOST_SLIPS: usize = 2;

/// The variables that are no settings, each with the setting that it may be meant for. What begins as a setting of the
/// bot's own may be another program's: it is told only when it is meant for one.
pub(crate) fn unknown<'a>(environment: &'a Environment, own: &OwnSettings) -> Vec<(&'a str, Option<&'static str>)> {
    let known: Vec<&'static str> = KNOWN.into_iter().chain(own.names()).collect();
    let stray = environment.names().into_iter().filter_map(|name| {
        let is_ours = name.starts_with("SLACK_") || name.starts_with("BAVARD_");
        if known.contains(&name) || (is_ours && known.contains(&name.strip_suffix("_FILE").unwrap_or(name))) {
            return None;
        }
        let meant = known.iter().copied().find(|known| is_slip(name, known));
        let meant = meant.or_else(|| nearest(name, &known).filter(|_| is_ours));
        (is_ours || meant.is_some()).then_some((name, meant))
    });
    stray.collect()
}

/// Whether a name is a setting that is written wrong. Any program may have a variable that only begins like it.
fn is_slip(name: &str, known: &str) -> bool {
    edits(name, known) * LETTERS_TO_A_SLIP <= known.len()
}

/// The setting of the same prefix that shares most words with a name, the first of several; else one a slip away.
fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let (prefix, rest) = name.split_once('_')?;
    let ranked = known.iter().filter_map(|known| {
        let known_rest = known.strip_prefix(prefix)?.strip_prefix('_')?;
        let shared = rest.split('_').filter(|word| known_rest.split('_').any(|other| other == *word)).count();
        let slips = if shared > 0 { 0 } else { edits(rest, known_rest) };
        (slips <= MOST_SLIPS).then_some((Reverse(shared), slips, *known))
    });
    ranked.min_by_key(|(shared, slips, _)| (*shared, *slips)).map(|(.., known)| known)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn unknown(environment: &Environment) -> Vec<(&str, Option<&'static str>)> {
        super::unknown(environment, &OwnSettings::default())
    }

    #[test]
    fn what_nothing_reads_is_told_with_the_setting_it_may_be_meant_for() {
        for (name, meant) in [
            ("SLACK_TOKEN", Some("SLACK_BOT_TOKEN")),
            ("SLACK_SECRET", Some("SLACK_SIGNING_SECRET")),
            ("SLACK_SIGNING_SECRT", Some("SLACK_SIGNING_SECRET")),
            ("SLACK_BOT_TOKENS", Some("SLACK_BOT_TOKEN")),
            ("SLACK_BOT_USERID", Some("SLACK_BOT_USER_ID")),
            ("BAVRD_LANG", Some("BAVARD_LANG")),
            ("SLACK_URL", Some("SLACK_API_URL")),
            ("BAVARD_LISEN", Some("BAVARD_LISTEN")),
            ("BAVARD_DIR", Some("BAVARD_DATA_DIR")),
            ("BAVARD_LISTEN_ADDRESS", Some("BAVARD_LISTEN")),
            ("BAVARD_WEATHER", None),
        ] {
            assert_eq!(unknown(&Environment::of([(name, "x")])), [(name, meant)]);
        }
    }

    #[test]
    fn settings_and_what_is_of_others_are_no_such_variables() {
        let names =
            ["SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN_FILE", "BAVARD_STORE_FILE", "PATH", "SLACKER", "CODEDOC_ROOTS"];
        assert_eq!(unknown(&Environment::of(names.map(|name| (name, "x")))), []);
        assert_eq!(unknown(&Environment::of([("SLACK_TOKEN", " ")])), [], "blank counts as absent");
    }

    #[test]
    fn what_is_nearly_a_setting_of_the_bots_own_is_told() {
        let mut own = OwnSettings::default();
        own.add("SITE_URL", |_| Ok(()));
        own.add("SITE_EVERY", |_| Ok(()));
        for (name, expected) in [
            ("SITE_EVRY", vec![("SITE_EVRY", Some("SITE_EVERY"))]),
            ("SITES_URL", vec![("SITES_URL", Some("SITE_URL"))]),
            ("SITE_BASE_URL", vec![]),
            ("SITE_NAME", vec![]),
            ("SITE_EVERY", vec![]),
            ("SITE_PACKAGES", vec![]),
        ] {
            assert_eq!(super::unknown(&Environment::of([(name, "x")]), &own), expected);
        }
    }

    /// The names of settings in a file beside this crate; `SLACK_*` is none.
    fn named(file: &str) -> BTreeSet<String> {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
        let names = words.filter(|word| word.starts_with("SLACK_") || word.starts_with("BAVARD_"));
        names.filter(|name| !name.ends_with('_')).map(str::to_owned).collect()
    }

    #[test]
    fn what_operators_are_given_names_no_other_settings() {
        for (file, expected) in [
            (".env.example", "BAVARD_STORE"),
            ("README.md", "BAVARD_DATA_DIR"),
            ("bots/Dockerfile", "BAVARD_DATA_DIR"),
            ("bots/compose.replicas.yaml", "BAVARD_STORE"),
            ("docs/operation/bavard@.service", "BAVARD_DATA_DIR"),
            ("docs/deployment.md", "BAVARD_LISTEN"),
            ("docs/operating.md", "BAVARD_ADMIN_LISTEN"),
            ("docs/monitoring.md", "BAVARD_ADMIN_TOKEN"),
        ] {
            let names = named(file);
            assert!(names.contains(expected), "{file}: {names:?}");
            let environment = Environment::of(names.iter().map(|name| (name.as_str(), "x")));
            assert_eq!(unknown(&environment), [], "{file}");
        }
    }
}
