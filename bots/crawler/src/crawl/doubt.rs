//! Whether a site looks broken: a server that answers 404 to everything takes no page away.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use url::Url;

use crate::error::Error;
use crate::report::{Outcome, Reason, Report};
use crate::site::Site;

/// What stays so for so long is believed.
const BELIEVED: Duration = Duration::from_secs(3 * 24 * 3600);
/// Of fewer pages than this, any may go.
const FEW: usize = 4;
/// So many pages that move to one place at once are not moved but hidden behind it.
const CROWD: usize = 4;

/// Why what a crawl found is not believed: the first page, which was kept, no longer is, or fewer than half as many pages
/// are kept as before. Pages that moved for good, not all to one place, or that their owner closed, are not missed. What
/// looks so for three days is believed, and so is what follows from another part of the pages being asked for.
///
/// # Errors
/// When nothing was found, now or before.
pub(super) fn doubt(address: &Url, before: &Site, now: &Site, report: &Report) -> Result<Option<String>, Error> {
    let kept: HashSet<&Url> = before.pages().map(|(url, _)| url).collect();
    let has = now.pages().count();
    let first = report.pages.iter().find(|(url, _)| url == address).map(|(_, outcome)| outcome);
    let told = match first {
        Some(Outcome::Skipped(reason)) => format!("the first page: {}", reason.told()),
        _ => "the first page leads to nothing that can be read".into(),
    };
    if has == 0 && kept.is_empty() {
        return Err(Error::Empty { address: address.to_string(), why: told });
    }
    let since = before.doubted.zip(now.crawled).and_then(|(since, now)| now.duration_since(since).ok());
    if before.part != now.part || since.is_some_and(|since| since >= BELIEVED) {
        return Ok(None);
    }
    let meant = meant(&kept, now, report);
    if kept.contains(address) && first.is_some_and(|outcome| !outcome.is_kept()) && !meant.contains(address) {
        return Ok(Some(told));
    }
    let had = kept.difference(&meant).count();
    Ok((had >= FEW && has * 2 < had).then(|| format!("{has} pages are left of {}", kept.len())))
}

/// Pages that are not kept because their owner wants it so. A server that is being repaired may send everybody to one page,
/// even "for good", or say the same at every address: neither is meant.
fn meant<'a>(kept: &HashSet<&Url>, now: &Site, report: &'a Report) -> HashSet<&'a Url> {
    let mut meant = closed(now, report);
    meant.extend(pages_for(report, |reason| matches!(reason, Reason::CopyOf(_))));
    let mut moved: HashMap<&str, Vec<&Url>> = HashMap::new();
    for (url, outcome) in &report.pages {
        if let Outcome::Skipped(Reason::Moved(to, 301 | 308)) = outcome
            && kept.contains(url)
        {
            // A page that stands in for all may be told where one came from.
            moved.entry(to.path()).or_default().push(url);
        }
    }
    meant.extend(moved.into_values().filter(|from| from.len() < CROWD).flatten());
    meant
}

/// Pages whose owner wants them to be cited no more, which is heard however the site looks. Several that ask not to be
/// indexed in the same words are one page that stands in for them.
pub(super) fn closed<'a>(now: &Site, report: &'a Report) -> HashSet<&'a Url> {
    let mut hidden: HashMap<&str, usize> = HashMap::new();
    for page in now.pages.values().filter(|page| page.content.noindex) {
        *hidden.entry(&page.hash).or_default() += 1;
    }
    let is_alone = |url: &&Url| now.pages.get(url).is_some_and(|page| hidden.get(&*page.hash) == Some(&1));
    let mut closed: HashSet<&Url> = pages_for(report, |reason| *reason == Reason::NoIndex).filter(is_alone).collect();
    closed.extend(pages_for(report, |reason| matches!(reason, Reason::Disallowed | Reason::Gone(410))));
    closed
}

/// Pages that are not kept for such a reason.
fn pages_for(report: &Report, wanted: impl Fn(&Reason) -> bool) -> impl Iterator<Item = &Url> {
    report.pages.iter().filter_map(move |(url, outcome)| match outcome {
        Outcome::Skipped(reason) if wanted(reason) => Some(url),
        _ => None,
    })
}
