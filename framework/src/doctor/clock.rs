//! Whether the clock of this machine is right.

use std::time::Duration;

use super::{
    check::{Check, Fault},
    said,
};
use crate::clock::{Timestamp, told};

/// How far a clock may be off before it is told. From five minutes on, no request is taken.
const NEAR: Duration = Duration::from_secs(60);

/// Compares the time that the platform told with that of this machine.
pub(super) fn clock(there: Option<Timestamp>, here: Timestamp) -> Check {
    let Some(there) = there else {
        return Check::skipped(
            "clock",
            said(
                "The clock is not compared: the platform did not tell its time.",
                "L’horloge n’est pas comparée : la plateforme n’a pas donné son heure.",
            ),
        );
    };
    let (behind, ahead) = (there.since(here), here.since(there));
    let apart = behind.max(ahead);
    if apart <= NEAR {
        return Check::passed(
            "clock",
            said("The clock of this machine is right.", "L’horloge de cette machine est à l’heure."),
        );
    }
    let (english, french) = if behind > ahead { ("behind", "de retard") } else { ("ahead", "d’avance") };
    let apart = told(apart);
    Check::failed(
        "clock",
        Fault::new(
            said(
                format!("The clock of this machine is {apart} {english}."),
                format!("L’horloge de cette machine a {apart} {french}."),
            ),
            said(
                "Slack signs the time too, and what is signed more than five minutes away is refused.",
                "Slack signe aussi l’heure, et ce qui est signé à plus de cinq minutes est refusé.",
            ),
        )
        .fix(said(
            "Set it, as by `timedatectl set-ntp true`; a container has the clock of its host.",
            "Réglez-la, par exemple avec `timedatectl set-ntp true` ; un conteneur a l’horloge de son hôte.",
        )),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn a_clock_is_told_beyond_a_minute_with_its_direction() {
        let here = Timestamp::from_seconds(1_800_000_000);
        let at = |seconds: i64| {
            let there = Timestamp::from_seconds(here.seconds().saturating_add_signed(seconds));
            clock(Some(there), here)
        };
        assert!(!at(60).is_failed() && !at(-60).is_failed());
        assert!(at(61).text(Language::English).contains("is 1 min 1 s behind"));
        assert!(at(-432).text(Language::English).contains("is 7 min 12 s ahead"));
        assert!(at(432).text(Language::French).contains("a 7 min 12 s de retard"));
        assert!(at(-200_000).text(Language::French).contains("a 55 h 33 min d’avance"));
        assert!(clock(None, here).text(Language::English).starts_with("skipped"));
    }
}
