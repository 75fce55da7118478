//! Whether a site looks broken: a server that answers 404 to everything takes no page away.

use std::collections::HashSet;
use std::time::Duration;

use answers::Language;
use url::Url;

use crate::error::Error;
use crate::report::{Outcome, Reason, Report};
use crate::site::Site;

/// What stays so for so long is believed.
const BELIEVED: Duration = Duration::from_secs(3 * 24 * 3600);
/// Of fewer pages than this, any may go.
const FEW: usize = 4;

/// Why what a crawl found is not believed: the first page, which was kept, no longer is, or fewer than half as many pages
/// are kept as before. Pages that moved for good, or that their owner closed, are not missed. What looks so for three days is
/// believed, and so is what follows from another part of the pages being asked for.
///
/// # Errors
/// When nothing was found, now or before.
pub(super) fn doubt(address: &Url, before: &Site, now: &Site, report: &Report) -> Result<Option<String>, Error> {
    let kept: HashSet<&Url> = before.pages().map(|(url, _)| url).collect();
    let has = now.pages().count();
    let first = report.pages.iter().find(|(url, _)| url == address).map(|(_, outcome)| outcome);
    let told = match first {
        Some(Outcome::Skipped(reason)) => format!("the first page: {}", reason.told(Language::English)),
        _ => "the first page leads to nothing that can be read".into(),
    };
    if has == 0 && kept.is_empty() {
        return Err(Error::Empty { address: address.to_string(), why: told });
    }
    let since = before.doubted.zip(now.crawled).and_then(|(since, now)| now.duration_since(since).ok());
    if before.part != now.part || since.is_some_and(|since| since >= BELIEVED) {
        return Ok(None);
    }
    if kept.contains(address) && first.is_some_and(|outcome| !outcome.is_kept() && !is_meant(outcome)) {
        return Ok(Some(told));
    }
    let meant = report.pages.iter().filter(|(url, outcome)| kept.contains(url) && is_meant(outcome)).count();
    let had = kept.len() - meant;
    Ok((had >= FEW && has * 2 < had).then(|| format!("{has} pages are left of {}", kept.len())))
}

/// Whether a page is not kept because its owner wants it so. A server that is being repaired may send everybody to one
/// page for now, or say the same at every address: neither is meant.
fn is_meant(outcome: &Outcome) -> bool {
    let Outcome::Skipped(reason) = outcome else { return false };
    matches!(reason, Reason::Disallowed | Reason::NoIndex | Reason::CopyOf(_) | Reason::Moved(_, 301 | 308))
}
