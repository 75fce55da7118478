//! Whether the token has the scopes that the handlers need.

use super::{
    OAUTH,
    check::{Check, Fault},
    page, said,
};
use crate::{
    handler::Handler,
    id::AppId,
    manifest::{Improvement, Lacking, improvements, lacking, unneeded},
    sentence::Sentence,
};

/// What a token with these scopes lets handlers do.
pub(super) fn granted(granted: Option<&[String]>, handlers: &[&'static Handler], app: Option<&AppId>) -> Vec<Check> {
    let Some(granted) = granted else {
        return vec![Check::skipped(
            "scopes",
            said(
                "The scopes are not checked: the platform did not tell those of the token.",
                "Les portées ne sont pas vérifiées : la plateforme n’a pas donné celles du jeton.",
            ),
        )];
    };
    let lacking = lacking(handlers, granted);
    let mut checks: Vec<Check> = lacking.iter().map(|lacking| lacks(lacking, app)).collect();
    if lacking.is_empty() {
        checks.push(Check::passed(
            "scopes",
            said("The token has every scope that its handlers need.", "Le jeton a toutes les portées nécessaires."),
        ));
    }
    checks.extend(useless(&unneeded(handlers, granted)));
    checks.extend(better(&improvements(handlers, granted)));
    checks
}

/// They cannot be compared yet.
pub(super) fn later() -> Check {
    Check::skipped(
        "scopes",
        said(
            "The scopes are checked once the token works and the handlers go together.",
            "Les portées sont vérifiées une fois que le jeton fonctionne et que les fonctions vont ensemble.",
        ),
    )
}

fn lacks(Lacking { scope, by }: &Lacking, app: Option<&AppId>) -> Check {
    Check::failed(
        "scopes",
        Fault::new(
            said(
                format!("The token lacks the scope {scope}, needed by {by}."),
                format!("Il manque au jeton la portée {scope}, nécessaire à {by}."),
            ),
            without(scope),
        )
        .fix(said(
            "Add it under Bot Token Scopes, then reinstall the app: adding is not enough. Put its token into \
             SLACK_BOT_TOKEN if it has changed, and start the bot again:",
            "Ajoutez-la sous Bot Token Scopes, puis réinstallez l’application : l’ajouter ne suffit pas. Remettez son \
             jeton dans SLACK_BOT_TOKEN s’il a changé, et relancez le bot :",
        ))
        .page(page(app, OAUTH)),
    )
}

/// What does not work without a scope.
fn without(scope: &str) -> Sentence {
    match scope {
        "app_mentions:read" => said("Without it no mention arrives.", "Sans elle, aucune mention n’arrive."),
        "chat:write" => said("Without it the bot cannot answer.", "Sans elle, le bot ne peut pas répondre."),
        "commands" => said("Without it the app has no slash command.", "Sans elle, l’application n’a pas de commande."),
        "im:history" => said(
            "Without it no direct message arrives: the event message.im needs it.",
            "Sans elle, aucun message direct n’arrive : l’événement message.im la demande.",
        ),
        "channels:history" => said(
            "Without it nothing that is said in public channels is heard, and an answer that may have been lost is not \
             looked for there.",
            "Sans elle, rien de ce qui se dit dans les canaux publics n’est entendu, et une réponse peut-être perdue \
             n’y est pas cherchée.",
        ),
        _ => said("Without it, what they need it for is refused.", "Sans elle, ce pour quoi elle sert est refusé."),
    }
}

fn useless(scopes: &[String]) -> Option<Check> {
    let scopes = scopes.join(", ");
    (!scopes.is_empty()).then(|| {
        Check::noted(
            "scopes",
            said(
                format!(
                    "No handler needs these scopes of the token: {scopes}. What a token may not do, nobody can do with \
                     it."
                ),
                format!(
                    "Aucune fonction n’a besoin de ces portées du jeton : {scopes}. Retirez-les : qui \
                     volerait le jeton pourrait moins."
                ),
            ),
        )
    })
}

/// All of it in one line: nothing is wrong without.
fn better(improvements: &[Improvement]) -> Option<Check> {
    let list = |text: fn(&Improvement) -> String| improvements.iter().map(text).collect::<Vec<_>>().join("; ");
    (!improvements.is_empty()).then(|| {
        Check::noted(
            "improvements",
            said(
                format!(
                    "Nothing needs these scopes, and they would improve: {}.",
                    list(|improvement| format!("{}, {}", improvement.scopes, improvement.what.english))
                ),
                format!(
                    "Ces portées ne sont pas nécessaires ; chacune améliorerait quelque chose : {}.",
                    list(|improvement| format!("{}, {}", improvement.scopes, improvement.what.french))
                ),
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{handlers, language::Language, on_command, on_dm, on_mention};

    #[on_mention("hello", only = channel)]
    async fn hello() {}

    #[on_dm]
    async fn anything() {}

    #[on_command("/deploy")]
    async fn deploy() {}

    fn told(granted: &[&str], handlers: &[&'static Handler], language: Language) -> Vec<String> {
        let granted: Vec<String> = granted.iter().copied().map(str::to_owned).collect();
        let checks = super::granted(Some(&granted), handlers, Some(&"A0OURS".into()));
        checks.iter().map(|check| check.text(language)).collect()
    }

    #[test]
    fn each_scope_that_is_lacking_is_told_with_who_needs_it_what_it_is_for_and_how_to_add_it() {
        let told = told(&["chat:write", "im:history"], handlers![anything, deploy], Language::English);
        assert_eq!(told.len(), 1, "{told:#?}");
        for expected in
            ["lacks the scope commands, needed by deploy (", "no slash command", "reinstall", "A0OURS/oauth"]
        {
            assert!(told[0].contains(expected), "{expected}: {told:#?}");
        }
    }

    #[test]
    fn what_is_not_told_is_not_lacking() {
        let checks = super::granted(None, handlers![hello], None);
        assert!(matches!(&*checks, [check] if check.text(Language::English).starts_with("skipped")), "{checks:?}");
    }

    #[test]
    fn what_nobody_needs_is_noted() {
        let told = told(&["chat:write", "im:history", "users:read"], handlers![anything], Language::English);
        assert!(
            told[0].starts_with("ok") && told[1].starts_with("note") && told[1].contains("users:read"),
            "{told:#?}"
        );
    }

    #[test]
    fn what_would_improve_is_one_line_and_none_once_it_is_there() {
        let guide = ["app_mentions:read", "chat:write", "channels:history"];
        let french = told(&guide, handlers![hello], Language::French);
        assert!(french.len() == 2 && french[1].contains("groups:history, mpim:history"), "{french:#?}");
        let all = [&guide[..], &["groups:history", "mpim:history"]].concat();
        assert_eq!(told(&all, handlers![hello], Language::English).len(), 1);
        assert_eq!(told(&["chat:write", "im:history"], handlers![anything], Language::English).len(), 1);
    }
}
