//! Whether a site looks broken: a server that answers 404 to everything takes no page away.

use std::time::Duration;

use answers::Language;
use url::Url;

use crate::error::Error;
use crate::report::{Outcome, Report};
use crate::site::Site;

/// What stays so for so long is believed.
const BELIEVED: Duration = Duration::from_secs(3 * 24 * 3600);
/// Of fewer pages than this, any may go.
const FEW: usize = 4;

/// Why what a crawl found is not believed: the first page, which was kept, no longer is, or fewer than half as many pages
/// are kept as before. What looks so for three days is believed.
///
/// # Errors
/// When nothing was found, now or before.
pub(super) fn doubt(address: &Url, before: &Site, now: &Site, report: &Report) -> Result<Option<String>, Error> {
    let (had, has) = (before.pages().count(), now.pages().count());
    let is_kept = |site: &Site| site.pages().any(|(url, _)| url == address);
    let first = match report.pages.iter().find(|(url, _)| url == address) {
        Some((_, Outcome::Skipped(reason))) => format!("the first page: {}", reason.told(Language::English)),
        _ => "the first page leads to nothing that can be read".into(),
    };
    if has == 0 && had == 0 {
        return Err(Error::Empty { address: address.to_string(), why: first });
    }
    let since = before.doubted.zip(now.crawled).and_then(|(since, now)| now.duration_since(since).ok());
    if since.is_some_and(|since| since >= BELIEVED) {
        return Ok(None);
    }
    if is_kept(before) && !is_kept(now) {
        return Ok(Some(first));
    }
    Ok((had >= FEW && has * 2 < had).then(|| format!("{has} pages are left of {had}")))
}
