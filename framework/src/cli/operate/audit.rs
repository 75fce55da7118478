//! `audit`: what operators did.

use clap::Args;
use serde_json::json;

use super::{
    kept,
    rows::{Listing, Row},
    time::stamp,
};
use crate::{
    error::{Error, Result},
    settings::General,
    store::{AuditRecord, Records},
};

/// How many lines are read at once.
const PAGE: usize = 1_000;

#[derive(Debug, Args)]
pub(in crate::cli) struct Audit {
    #[command(flatten)]
    listing: Listing,
}

impl Audit {
    pub(super) async fn run(self, general: &General) -> Result<()> {
        let lines = all(&*kept::read(general).await?).await?;
        // The newest matter most, and stand last.
        let shown = &lines[lines.len().saturating_sub(self.listing.limit)..];
        let rows: Vec<_> = shown.iter().map(row).collect();
        let language = general.language;
        let nothing = language.pick("Operators have changed nothing.", "Les opérateurs n’ont rien changé.");
        self.listing.print(&rows, language, nothing);
        Ok(())
    }
}

/// Every line, the oldest first.
pub(super) async fn all(records: &dyn Records) -> Result<Vec<AuditRecord>> {
    let mut lines: Vec<AuditRecord> = Vec::new();
    loop {
        let after = lines.last().map_or(0, |line| line.number);
        let page = records.audit(after, PAGE).await.map_err(Error::new)?;
        if page.is_empty() {
            return Ok(lines);
        }
        lines.extend(page);
    }
}

fn row(line: &AuditRecord) -> Row {
    let at = stamp(line.by.at);
    let cells = vec![
        ("AT", at.clone()),
        ("WHO", line.by.who.clone()),
        ("ACTION", line.action.clone()),
        ("WHAT", line.what.clone()),
    ];
    let object = json!({ "at": at, "who": line.by.who, "action": line.action, "what": line.what });
    Row { cells, object }
}
