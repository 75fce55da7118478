//! Whether the bot of these settings listens on this machine.

use super::{
    address::Meant,
    check::{Check, Fault},
    reached::Reached,
    said,
};

/// Which bot listens on this machine.
pub(super) fn process(here: &Reached, meant: &Meant<'_>) -> Check {
    let subject = "process";
    let address = meant.here;
    let (what, fix) = match here {
        Reached::Bot(..) => {
            return Check::passed(
                subject,
                said(
                    format!("The bot that listens at {address} has this Signing Secret."),
                    format!("Le bot qui écoute à l’adresse {address} a ce Signing Secret."),
                ),
            );
        }
        Reached::Nobody(why) => {
            return Check::noted(
                subject,
                said(
                    format!("No bot listens at {address} of this machine ({why}). Start it to have more checked."),
                    format!(
                        "Aucun bot n’écoute à l’adresse {address} de cette machine ({why}). Démarrez-le pour vérifier \
                         davantage."
                    ),
                ),
            );
        }
        Reached::Refusing(word) => (
            said(
                format!("The bot that listens at {address} refuses what is signed with these settings ({word})."),
                format!("Le bot qui écoute à l’adresse {address} refuse ce qui est signé avec ces réglages ({word})."),
            ),
            said(
                "It was started with other settings, or it is another bot: start it again with these, or run `doctor` \
                 with the settings that it has.",
                "Il a été démarré avec d’autres réglages, ou c’est un autre bot : relancez-le avec ceux-ci, ou lancez \
                 `doctor` avec les siens.",
            ),
        ),
        Reached::Missing(status) => (
            said(
                format!("What listens at {address} has nothing at {} ({status}).", meant.events_path),
                format!("Ce qui écoute à l’adresse {address} n’a rien à {} ({status}).", meant.events_path),
            ),
            said(
                "Give BAVARD_EVENTS_PATH the same value as where the bot was started, or stop the other program.",
                "Donnez à BAVARD_EVENTS_PATH la valeur qu’il a là où le bot tourne, ou arrêtez l’autre programme.",
            ),
        ),
        _ => (
            said(
                format!("Another program than this bot listens at {address}."),
                format!("Un autre programme que ce bot écoute à l’adresse {address}."),
            ),
            said(
                "Stop it, or give BAVARD_LISTEN another port.",
                "Arrêtez-le, ou donnez un autre port à BAVARD_LISTEN.",
            ),
        ),
    };
    let why = said(
        "What Slack sends to this machine does not arrive at the bot of these settings.",
        "Ce que Slack envoie à cette machine n’arrive pas au bot de ces réglages.",
    );
    Check::failed(subject, Fault::new(what, why).fix(fix))
}
