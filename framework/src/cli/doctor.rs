//! `doctor`: what is wrong with how the bot is set up, and what to do about it.

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use url::{Host, Url};

use super::{CONFIGURATION, FAILED, OK, print};
use crate::{
    app::{App, StartError},
    clock::SystemClock,
    doctor::{Check, Examined, Found, NEEDED, examine},
    language::Language,
    settings::Environment,
};

/// Which form the answers of `doctor --json` have.
const SCHEMA_VERSION: u32 = 1;

/// Check the settings, the token, its scopes, the clock, and whether Slack reaches the bot. Ends with 0 when nothing
/// is wrong, 1 when something is, 3 when a setting is that the bot does not start without.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// The public address of the bot, as https://bot.example.com: see who answers there.
    #[arg(long, value_name = "URL", value_parser = address)]
    url: Option<Url>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) async fn run(&self, app: &App, environment: &Environment, language: Language) -> Result<u8, StartError> {
        let dispatcher = app.dispatcher();
        let examined = Examined {
            environment,
            preferences: app.preferences(),
            handlers: dispatcher.as_ref().map(|dispatcher| dispatcher.handlers()),
            url: self.url.as_ref(),
            clock: Arc::new(SystemClock),
        };
        let checks = examine(&examined).await;
        print(&if self.json { json(&checks, language) } else { text(&checks, language) });
        Ok(status(&checks))
    }
}

/// What the program ends with.
fn status(checks: &[Check]) -> u8 {
    let failed = || checks.iter().filter(|check| check.is_failed());
    match failed().count() {
        0 => OK,
        _ if failed().any(|check| check.subject == NEEDED) => CONFIGURATION,
        _ => FAILED,
    }
}

fn text(checks: &[Check], language: Language) -> String {
    let mut lines: Vec<String> = checks.iter().map(|check| check.text(language)).collect();
    let Count { passed, failed, noted, skipped } = Count::of(checks);
    lines.push(language.pick(
        format!("\n{passed} passed, {failed} failed, {noted} to note, {skipped} skipped."),
        format!("\n{passed} sans problème, {failed} en échec, {noted} à noter, {skipped} omis."),
    ));
    lines.join("\n")
}

fn json(checks: &[Check], language: Language) -> String {
    let Count { passed, failed, noted, skipped } = Count::of(checks);
    let checks: Vec<_> = checks.iter().map(|check| check.json(language)).collect();
    let counts = json!({ "passed": passed, "failed": failed, "noted": noted, "skipped": skipped });
    format!("{:#}", json!({ "schema_version": SCHEMA_VERSION, "checks": checks, "counts": counts }))
}

/// How many checks came to what.
#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
    noted: usize,
    skipped: usize,
}

impl Count {
    fn of(checks: &[Check]) -> Self {
        let mut count = Self::default();
        for check in checks {
            *match check.found {
                Found::Passed(_) => &mut count.passed,
                Found::Failed(_) => &mut count.failed,
                Found::Noted(_) => &mut count.noted,
                Found::Skipped(_) => &mut count.skipped,
            } += 1;
        }
        count
    }
}

/// Slack calls by HTTPS alone; a program of this machine is asked without too.
fn address(text: &str) -> Result<Url, String> {
    let told = || "write the public address, as https://bot.example.com".to_owned();
    let url = Url::parse(text).map_err(|_| told())?;
    let is_here = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return Err(told()),
    };
    let is_bare = url.username().is_empty() && url.password().is_none();
    let plain = is_bare && url.query().is_none() && url.fragment().is_none();
    let calls = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    if plain && calls { Ok(url) } else { Err(told()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{doctor::Fault, sentence::Sentence};

    #[test]
    fn an_address_is_public_or_of_this_machine() {
        for text in [
            "https://bot.example.com",
            "https://bot.example.com/slack/events",
            "http://127.0.0.1:8301",
            "http://localhost:1",
        ] {
            assert!(address(text).is_ok(), "{text}");
        }
        for text in [
            "http://bot.example.com",
            "bot.example.com",
            "https://a:b@example.com",
            "https://example.com/?a=b",
            "ftp://x",
        ] {
            assert!(address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_worst_decides_the_status() {
        let told = || Sentence::new("x", "x");
        let check = |subject, found: fn(&'static str, Sentence) -> Check| found(subject, told());
        let failed = |subject, told: Sentence| Check::failed(subject, Fault::new(told.clone(), told));
        let fine = check("token", Check::passed);
        assert_eq!(status(&[fine.clone(), check("scopes", Check::noted), check("clock", Check::skipped)]), OK);
        assert_eq!(status(&[fine.clone(), failed("scopes", told())]), FAILED);
        assert_eq!(status(&[failed("scopes", told()), failed(NEEDED, told()), fine]), CONFIGURATION);
    }
}
