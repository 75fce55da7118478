//! What is known of a site, kept between crawls.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use crate::error::Error;
use crate::page::Content;

/// Raised whenever what is read of a page changes, so that older ones are read again.
pub(crate) const FORMAT: u32 = 1;

/// The pages of a site as the last crawl left them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub(crate) format: u32,
    /// When it was crawled to the end.
    pub crawled: Option<SystemTime>,
    /// When it was crawled last, even when what was found is not believed.
    #[serde(default)]
    pub tried: Option<SystemTime>,
    /// How many pages the last crawl skipped.
    #[serde(default)]
    pub skipped: usize,
    /// Since when crawls find so little left of the site that they are not believed.
    #[serde(default)]
    pub doubted: Option<SystemTime>,
    /// The part of each page that was read.
    pub(crate) part: Option<String>,
    /// All pages that were read, those that are not kept too: they need not be read again until they change.
    pub(crate) pages: BTreeMap<Url, Page>,
}

/// A page that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) content: Content,
    /// The digest of what it says: servers may say that a page changed when its text did not.
    pub(crate) hash: String,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    /// How many crawls in a row found nothing that leads to it.
    pub(crate) missed: u8,
    pub(crate) kept: bool,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            format: FORMAT,
            crawled: None,
            tried: None,
            skipped: 0,
            doubted: None,
            part: None,
            pages: BTreeMap::new(),
        }
    }
}

impl Site {
    /// The site that was kept in `file`; a blank one when there is none, or it is damaged or of another version.
    pub fn load(file: &Path) -> Self {
        let site = std::fs::read(file).ok().and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        site.filter(|site| site.format == FORMAT).unwrap_or_default()
    }

    /// Keeps the site in `file`, in one step: who reads finds the old one or the new one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, file: &Path) -> Result<(), Error> {
        let beside = file.with_extension("new");
        let write = || {
            let mut open = std::fs::File::create(&beside)?;
            open.write_all(&serde_json::to_vec(self)?)?;
            open.sync_all()?;
            std::fs::rename(&beside, file)
        };
        write().map_err(|error: std::io::Error| Error::keep(file, error))
    }

    /// The pages that are kept, by their addresses.
    pub fn pages(&self) -> impl Iterator<Item = (&Url, &Content)> {
        self.pages.iter().filter(|(_, page)| page.kept).map(|(url, page)| (url, &page.content))
    }
}

/// The digest of what a page says.
pub(crate) fn digest(content: &Content) -> String {
    let said = serde_json::to_vec(&(&content.title, &content.language, &content.blocks)).unwrap_or_default();
    Sha256::digest(&said).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
