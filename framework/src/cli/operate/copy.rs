//! `backup` and `restore`: a copy of all that is kept, and the way back.

use std::path::PathBuf;

use clap::Args;

use super::{
    kept::{self, Operator},
    talk,
};
use crate::{
    clock::{Clock, SystemClock},
    error::Result,
    settings::General,
    store::{By, Intervention, restore},
};

#[derive(Debug, Args)]
pub(in crate::cli) struct Backup {
    /// The copy, which must not be there yet.
    #[arg(value_name = "FILE")]
    to: PathBuf,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Restore {
    /// The copy, as `backup` made it.
    #[arg(value_name = "FILE")]
    from: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, general: &General) -> Result<()> {
        let reader = kept::read_file(general).await?;
        // Who may not write the audit is told before there is a copy that nobody knows of.
        let operator = Operator::of(general).await?;
        let to = std::path::absolute(&self.to).unwrap_or(self.to);
        let what = to.display().to_string();
        kept::waiting(move || reader.backup(&to)).await?;
        operator.change(Intervention::Note { action: "backup".to_owned(), what: what.clone() }).await?;
        talk(&general.language.pick(
            format!(
                "{what} holds all that is kept, with what people said: keep it as safe, and no longer than you need it."
            ),
            format!(
                "{what} contient tout ce qui est gardé, avec ce que les gens ont dit : protégez-le autant, et ne le gardez \
                 pas plus longtemps que nécessaire."
            ),
        ));
        Ok(())
    }
}

impl Restore {
    pub(super) async fn run(self, general: &General) -> Result<()> {
        let place = kept::place(general)?;
        let by = By { who: kept::who(), at: SystemClock.now() };
        let from = std::path::absolute(&self.from).unwrap_or(self.from);
        let file = place.file().display().to_string();
        let restored = kept::waiting(move || restore(&place, &from, &by)).await?;
        let (events, effects) = (restored.events, restored.effects);
        let mut told = general.language.pick(
            format!(
                "{file} is what the copy was. When the bot is started, it runs {events} open events again and looks for \
                 {effects} messages before it sends them."
            ),
            format!(
                "{file} est ce qu’était la copie. À son démarrage, le bot relancera les événements en cours ({events}) et \
                 vérifiera, avant de les envoyer, si les messages en attente ({effects}) sont déjà arrivés."
            ),
        );
        if let Some(aside) = restored.aside {
            let aside = aside.display();
            told.push_str(&general.language.pick(
                format!(" What stood there before is {aside}: delete it when you need it no more."),
                format!(" Ce qui s’y trouvait avant est {aside} : supprimez-le quand il ne vous sert plus."),
            ));
        }
        talk(&told);
        Ok(())
    }
}
