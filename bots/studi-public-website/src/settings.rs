//! Which site is read, and how.

use std::time::Duration;

use bavard::{Error, Result};
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

impl Source {
    /// Reads the settings of the site.
    ///
    /// # Errors
    /// When one of them cannot be used; the error says which, and what would do.
    pub(crate) fn read(setting: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        let every = HOUR.mul_f64(number(setting, "SITE_EVERY", 24.0, "hours between two crawls, as 24")?);
        let Some(address) = setting("SITE_URL") else {
            return Ok(Self { crawl: Settings::new(sample::ADDRESS, PRODUCT)?, web: None, every });
        };
        let mut crawl = Settings::new(&address, PRODUCT).map_err(|error| Error::new(format!("SITE_URL: {error}")))?;
        let rate = number(setting, "SITE_RATE", 1.0, "requests a second, as 1 or 0.5")?;
        crawl.pause = Duration::from_secs_f64((1.0 / rate).min(60.0));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count above zero, cut to what fits"
        )]
        let pages = number(setting, "SITE_PAGES", 2000.0, "how many pages are kept, as 2000")? as usize;
        crawl.most_pages = pages;
        crawl.part = match setting("SITE_SELECTOR") {
            Some(selector) => {
                Some(Part::parse(&selector).map_err(|error| Error::new(format!("SITE_SELECTOR: {error}")))?)
            }
            None => None,
        };
        let loopback = setting("SITE_ALLOW_LOOPBACK").as_deref() == Some("1");
        Ok(Self { crawl, web: Some(Http::new(&user_agent(setting("SITE_CONTACT").as_deref()), loopback)?), every })
    }

    /// The name of the folder that what is read is kept in.
    pub(crate) fn folder(&self) -> String {
        let host = self.crawl.address.host_str().unwrap_or("site");
        let port = self.crawl.address.port().map_or(String::new(), |port| format!("-{port}"));
        format!("{host}{port}").replace(|c: char| !(c.is_ascii_alphanumeric() || ".-".contains(c)), "_")
    }
}

/// What the crawler calls itself, with where its owner may be reached.
fn user_agent(contact: Option<&str>) -> String {
    let contact: String = contact.unwrap_or_default().chars().filter(char::is_ascii_graphic).collect();
    let contact = if contact.is_empty() { REPOSITORY } else { &contact };
    format!("{PRODUCT}/{} (+{contact})", env!("CARGO_PKG_VERSION"))
}

/// A number above zero.
fn number(setting: &dyn Fn(&str) -> Option<String>, name: &str, otherwise: f64, what: &str) -> Result<f64> {
    let Some(text) = setting(name) else { return Ok(otherwise) };
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0 && *number < 1e6);
    number.ok_or_else(|| Error::new(format!("{name} is {text:?}, which is no number above zero; write {what}")))
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
            (vec![site, ("SITE_SELECTOR", "<<")], "SITE_SELECTOR"),
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
