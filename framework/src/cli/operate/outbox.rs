//! `outbox`: messages that are not sent, or were given up.

use clap::{Args, Subcommand};

use super::{
    failed,
    inbox::{Show, under_way},
    kept::{self, Operator},
    print,
    rows::{self, Listing},
    talk,
};
use crate::{
    clock::{Clock, SystemClock},
    error::Result,
    id::MessageId,
    settings::General,
    store::{Changed, EffectRecord, EffectState, Intervention, Resolution},
};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Outbox {
    /// List messages: those that are not sent, then those that were given up.
    List {
        /// Only those of which nobody knows whether they arrived.
        #[arg(long)]
        ambiguous: bool,
        #[command(flatten)]
        listing: Listing,
    },
    /// Show one message, with what it says.
    Show(Show),
    /// End the doubt about a message: look into its conversation first.
    Resolve(Resolve),
    /// Give messages up that are not sent; forget those that were given up.
    Drop {
        /// Their numbers, as 3.17-5e0c.
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Resolve {
    /// Its number, as 3.17-5e0c.
    #[arg(value_name = "ID")]
    id: String,
    /// It is there: the time stamp of the message, as 1700000000.000100.
    #[arg(long, value_name = "TS", required_unless_present = "resend", conflicts_with = "resend", value_parser = time_stamp)]
    sent: Option<String>,
    /// It is not there: send it.
    #[arg(long)]
    resend: bool,
}

/// The time stamp by which Slack knows a message: seconds, a point, and six digits.
fn time_stamp(text: &str) -> std::result::Result<String, String> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_one = text.split_once('.').is_some_and(|(seconds, rest)| digits(seconds) && digits(rest) && rest.len() == 6);
    if is_one {
        Ok(text.to_owned())
    } else {
        Err("write the time stamp of the message, as 1700000000.000100".to_owned())
    }
}

impl Outbox {
    pub(super) async fn run(self, general: &General) -> Result<()> {
        match self {
            Self::List { ambiguous, listing } => {
                let records = kept::read(general).await?;
                let mut effects = kept::effects(&*records, false, None).await?;
                effects.extend(kept::effects(&*records, true, None).await?);
                effects.retain(|found| !ambiguous || is_ambiguous(found));
                let now = SystemClock.now();
                let rows: Vec<_> = effects.iter().map(|found| rows::effect(found, now)).collect();
                let language = general.language;
                let nothing = language.pick(
                    "Nothing is unsent, and nothing was given up.",
                    "Tout est envoyé, et rien n’a été abandonné.",
                );
                listing.print(&rows, language, nothing);
                Ok(())
            }
            Self::Show(show) => {
                let found = kept::effect(&*kept::read(general).await?, &show.id).await?;
                let row = rows::effect(&found, SystemClock.now());
                print(&rows::whole(row, &found.effect.outgoing.body, show.json));
                Ok(())
            }
            Self::Resolve(Resolve { id, sent, .. }) => {
                let resolution = sent.map_or(Resolution::Resend, |sent| Resolution::Sent(MessageId::from(sent)));
                resolve(general, &[id], &resolution).await
            }
            Self::Drop { ids } => resolve(general, &ids, &Resolution::Drop).await,
        }
    }
}

fn is_ambiguous(found: &EffectRecord) -> bool {
    match &found.effect.state {
        EffectState::Ambiguous(_) => true,
        EffectState::Dead { reason } => reason.starts_with("ambiguous"),
        _ => false,
    }
}

async fn resolve(general: &General, ids: &[String], resolution: &Resolution) -> Result<()> {
    let records = kept::read(general).await?;
    let mut effects = Vec::new();
    for id in ids {
        effects.push(kept::effect(&*records, id).await?.effect.key);
    }
    let operator = Operator::of(general).await?;
    let done = match resolution {
        Resolution::Sent(_) => general.language.pick("is taken for sent", "est tenu pour envoyé"),
        Resolution::Resend => general.language.pick("is sent again", "est renvoyé"),
        Resolution::Drop => general.language.pick("is dropped", "est retiré"),
    };
    for effect in effects {
        match operator.change(Intervention::Resolve(effect.clone(), resolution.clone())).await? {
            Changed::Done | Changed::Replayed(_) => talk(&format!("{effect} {done}.")),
            Changed::Missing => {
                return Err(failed(
                    format!("there is no message {effect} any more. `outbox list` tells which there are."),
                    format!("il n’y a plus de message {effect}. `outbox list` dit lesquels il y a."),
                ));
            }
            Changed::Held => return Err(under_way(&effect.to_string())),
        }
    }
    Ok(())
}
