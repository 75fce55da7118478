//! Which site is read, and how.

use std::time::Duration;

use bavard::{App, Result, SettingProblem};
use crawler::{Http, Part, Settings};

use crate::sample;

/// The name that the rules of sites know the crawler by.
const PRODUCT: &str = "StudiPublicWebsite";
/// Where people learn of the crawler when its owner has not said how to reach them.
const REPOSITORY: &str = "https://github.com/bavard-rs/bavard";
const HOUR: Duration = Duration::from_secs(3600);

/// A site, and how it is read.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) crawl: Settings,
    /// The road to it; nothing for the sample, which needs none.
    pub(crate) web: Option<Http>,
    /// How long after a crawl the next one begins.
    pub(crate) every: Duration,
}

/// Names the settings of the site.
pub(crate) fn declared(app: App) -> App {
    app.setting("SITE_URL", site)
        .setting("SITE_CONTACT", |_| Ok(()))
        .setting("SITE_EVERY", every)
        .setting("SITE_RATE", pause)
        .setting("SITE_PAGES", pages)
        .setting("SITE_SELECTOR", part)
        .setting("SITE_ALLOW_LOOPBACK", loopback)
}

impl Source {
    /// Reads the settings of the site.
    ///
    /// # Errors
    /// When one of them cannot be used; the error says which, and what would do.
    pub(crate) fn read(setting: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        let every = given(setting, "SITE_EVERY", every)?.unwrap_or(24 * HOUR);
        let Some(mut crawl) = given(setting, "SITE_URL", site)? else {
            return Ok(Self { crawl: Settings::new(sample::ADDRESS, PRODUCT)?, web: None, every });
        };
        crawl.pause = given(setting, "SITE_RATE", pause)?.unwrap_or(crawl.pause);
        crawl.most_pages = given(setting, "SITE_PAGES", pages)?.unwrap_or(crawl.most_pages);
        crawl.part = given(setting, "SITE_SELECTOR", part)?;
        let loopback = given(setting, "SITE_ALLOW_LOOPBACK", loopback)?.unwrap_or_default();
        Ok(Self { crawl, web: Some(Http::new(&user_agent(setting("SITE_CONTACT").as_deref()), loopback)?), every })
    }

    /// The name of the folder that what is read is kept in.
    pub(crate) fn folder(&self) -> String {
        let host = self.crawl.address.host_str().unwrap_or("site");
        let port = self.crawl.address.port().map_or(String::new(), |port| format!("-{port}"));
        format!("{host}{port}").replace(|c: char| !(c.is_ascii_alphanumeric() || ".-".contains(c)), "_")
    }
}

/// A setting that is there, read.
fn given<T>(
    setting: &dyn Fn(&str) -> Option<String>,
    name: &str,
    read: impl Fn(&str) -> Result<T, SettingProblem>,
) -> Result<Option<T>, SettingProblem> {
    setting(name).as_deref().map(read).transpose()
}

/// What the crawler calls itself, with where its owner may be reached.
fn user_agent(contact: Option<&str>) -> String {
    let contact: String = contact.unwrap_or_default().chars().filter(char::is_ascii_graphic).collect();
    let contact = if contact.is_empty() { REPOSITORY } else { &contact };
    format!("{PRODUCT}/{} (+{contact})", env!("CARGO_PKG_VERSION"))
}

/// The site with this first page.
fn site(value: &str) -> Result<Settings, SettingProblem> {
    let expected = (
        "the address of its first page, as https://www.example.com/",
        "l’adresse de sa première page, comme https://www.example.com/",
    );
    // An address may hold a password.
    Settings::new(value, PRODUCT).map_err(|_| SettingProblem::malformed("SITE_URL", expected))
}

fn every(value: &str) -> Result<Duration, SettingProblem> {
    let expected = ("the hours between two crawls, as 24", "les heures entre deux lectures, comme 24");
    Ok(HOUR.mul_f64(number("SITE_EVERY", value, expected)?))
}

/// How long the crawler pauses between two requests: at most a minute.
fn pause(value: &str) -> Result<Duration, SettingProblem> {
    let expected = ("how many requests a second, as 1 or 0.5", "un nombre de requêtes par seconde, comme 1 ou 0.5");
    Ok(Duration::from_secs_f64((1.0 / number("SITE_RATE", value, expected)?).min(60.0)))
}

fn pages(value: &str) -> Result<usize, SettingProblem> {
    let expected = ("how many pages are kept, as 2000", "combien de pages sont gardées, comme 2000");
    let pages = value.parse().ok().filter(|pages: &usize| *pages > 0);
    pages.ok_or_else(|| unusable("SITE_PAGES", value, expected))
}

/// The part of each page that counts.
fn part(value: &str) -> Result<Part, SettingProblem> {
    let expected = ("a CSS selector, as main or #content", "un sélecteur CSS, comme main ou #content");
    Part::parse(value).map_err(|_| unusable("SITE_SELECTOR", value, expected))
}

/// Whether sites of this machine may be read.
fn loopback(value: &str) -> Result<bool, SettingProblem> {
    match value {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(unusable(
            "SITE_ALLOW_LOOPBACK",
            value,
            ("1 to read a site of this machine, or 0", "1 pour lire un site de cette machine, ou 0"),
        )),
    }
}

/// A number above zero.
fn number(name: &str, value: &str, expected: (&str, &str)) -> Result<f64, SettingProblem> {
    let number = value.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0 && *number < 1e6);
    number.ok_or_else(|| unusable(name, value, expected))
}

fn unusable(name: &str, value: &str, (english, french): (&str, &str)) -> SettingProblem {
    SettingProblem::new(
        format!("{name} is {value:?}, which cannot be used. Write {english}."),
        format!("{name} vaut {value:?}, qui ne convient pas. Valeur attendue : {french}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, &str)]) -> Result<Source> {
        let settings: Vec<(String, String)> =
            settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Source::read(&move |name| settings.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone()))
    }

    #[test]
    fn the_sample_is_read_until_a_site_is_named() {
        assert!(read(&[]).unwrap().web.is_none());
        let source =
            read(&[("SITE_URL", "https://www.example.com/fr"), ("SITE_RATE", "2"), ("SITE_PAGES", "50")]).unwrap();
        assert!(source.web.is_some());
        assert_eq!((source.crawl.pause, source.crawl.most_pages), (Duration::from_millis(500), 50));
        assert_eq!(source.folder(), "www.example.com");
        assert_eq!(read(&[("SITE_URL", "http://127.0.0.1:8099/")]).unwrap().folder(), "127.0.0.1-8099");
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_name() {
        let site = ("SITE_URL", "https://www.example.com/");
        for (settings, name) in [
            (vec![("SITE_URL", "example.com")], "SITE_URL"),
            (vec![site, ("SITE_RATE", "0")], "SITE_RATE"),
            (vec![site, ("SITE_PAGES", "many")], "SITE_PAGES"),
            (vec![site, ("SITE_PAGES", "0")], "SITE_PAGES"),
            (vec![site, ("SITE_SELECTOR", "<<")], "SITE_SELECTOR"),
            (vec![site, ("SITE_ALLOW_LOOPBACK", "yes")], "SITE_ALLOW_LOOPBACK"),
            (vec![("SITE_EVERY", "-1")], "SITE_EVERY"),
        ] {
            let told = read(&settings).unwrap_err().to_string();
            assert!(told.contains(name), "{told}");
        }
    }

    #[test]
    fn the_crawler_says_whom_to_write_to() {
        assert!(user_agent(None).contains("(+https://"));
        assert!(user_agent(Some("mailto:web@example.com\r\nX: y")).ends_with("(+mailto:web@example.comX:y)"));
    }
}
