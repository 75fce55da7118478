//! Whether what is sent to an address arrives at this bot.

use std::{net::SocketAddr, time::Duration};

use super::{
    EVENTS,
    check::{Check, Fault},
    page,
    reached::Reached,
    said,
};
use crate::{clock::told, id::AppId, sentence::Sentence};

/// How long Slack waits for an answer.
const SLACK_WAITS: Duration = Duration::from_secs(3);

/// What is meant to be reached.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meant<'a> {
    /// The bot of these settings, as it is reached from this machine.
    pub(super) here: SocketAddr,
    pub(super) events_path: &'a str,
    /// Whether other processes may take events in for it.
    pub(super) is_shared: bool,
    pub(super) app: Option<&'a AppId>,
}

/// Whether the public address leads to the bot that listens on this machine.
pub(super) fn public(url: &str, there: &Reached, here: &Reached, meant: &Meant<'_>) -> Check {
    let subject = "address";
    match (there, here) {
        (Reached::Bot(_, took), _) if *took > SLACK_WAITS => failed(url, slow(url, *took), meant),
        (Reached::Bot(one, _), Reached::Bot(other, _)) if one == other => Check::passed(
            subject,
            said(
                format!("{url} leads to this very bot, which listens at {}.", meant.here),
                format!("{url} mène bien à ce bot, qui écoute à l’adresse {}.", meant.here),
            ),
        ),
        (Reached::Bot(..), Reached::Bot(..)) if meant.is_shared => Check::noted(
            subject,
            said(
                format!(
                    "{url} leads to another process with this Signing Secret than that at {}: they share a database.",
                    meant.here
                ),
                format!(
                    "{url} mène à un autre processus, avec ce Signing Secret, que celui de {} : ils partagent une base \
                     de données.",
                    meant.here
                ),
            ),
        ),
        (Reached::Bot(..), Reached::Bot(..)) => failed(url, copy(url, meant), meant),
        (Reached::Bot(..), _) => Check::passed(
            subject,
            said(
                format!(
                    "{url} leads to a bot with this Signing Secret. None is here to compare it with, at {}.",
                    meant.here
                ),
                format!(
                    "{url} mène à un bot qui a ce Signing Secret. Aucun n’est ici, à l’adresse {}, pour le comparer.",
                    meant.here
                ),
            ),
        ),
        (there, _) => failed(url, astray(url, there, meant), meant),
    }
}

/// What is there, and the one next step.
type Told = (Sentence, Sentence);

fn failed(url: &str, (what, fix): Told, meant: &Meant<'_>) -> Check {
    let why = said(
        "Slack reaches the bot by this address alone: no event and no command arrives so.",
        "Slack ne joint le bot que par cette adresse : ni événement ni commande n’arrive ainsi.",
    );
    let fault = Fault::new(what, why).fix(fix);
    // On this machine there is nothing that Slack would have to know.
    let is_public = url.starts_with("https:");
    Check::failed("address", if is_public { fault.page(page(meant.app, EVENTS)) } else { fault })
}

fn slow(url: &str, took: Duration) -> Told {
    let took = told(took);
    (
        said(
            format!("{url} leads to this bot, and took {took} to answer: Slack waits three seconds."),
            format!("{url} mène à ce bot, et a mis {took} à répondre : Slack attend trois secondes."),
        ),
        said(
            "Look for what is slow between: the tunnel, a proxy, or the machine.",
            "Cherchez ce qui est lent entre les deux : le tunnel, un proxy ou la machine.",
        ),
    )
}

fn copy(url: &str, meant: &Meant<'_>) -> Told {
    let (here, port) = (meant.here, meant.here.port());
    (
        said(
            format!(
                "{url} leads to another copy of this bot, with the same Signing Secret, and not to that at {here}."
            ),
            format!("{url} mène à une autre copie de ce bot, avec le même Signing Secret, et non à celle de {here}."),
        ),
        said(
            format!("Stop that copy, or lead the address to port {port} of this machine."),
            format!("Arrêtez cette copie, ou faites mener l’adresse au port {port} de cette machine."),
        ),
    )
}

/// What is there in the place of the bot.
fn astray(url: &str, there: &Reached, meant: &Meant<'_>) -> Told {
    let (port, path) = (meant.here.port(), meant.events_path);
    let lead_here = || {
        said(
            format!(
                "Lead the address to port {port} of the machine that the bot runs on, as `ngrok http --url=… {port}`."
            ),
            format!("Faites mener l’adresse au port {port} de la machine du bot, comme `ngrok http --url=… {port}`."),
        )
    };
    match there {
        Reached::Nobody(why) => (
            said(format!("Nobody answers at {url} ({why})."), format!("Personne ne répond à l’adresse {url} ({why}).")),
            said(
                format!("Check the name, and start the tunnel or the proxy that leads to port {port}."),
                format!("Vérifiez le nom, et démarrez le tunnel ou le proxy qui mène au port {port}."),
            ),
        ),
        Reached::Untrusted(why) => (
            said(
                format!("The certificate of {url} is not one to trust ({why})."),
                format!("Le certificat de {url} n’est pas digne de confiance ({why})."),
            ),
            said(
                "Give it a certificate that browsers trust too: Slack takes no other. If a proxy of your network is \
                 between, name its certificates in SSL_CERT_FILE.",
                "Donnez-lui un certificat que les navigateurs acceptent aussi : Slack n’en prend pas d’autre. Si un \
                 proxy de votre réseau est entre les deux, nommez ses certificats dans SSL_CERT_FILE.",
            ),
        ),
        Reached::NoTunnel(code) => (
            said(
                format!("ngrok answers at {url}, and has no tunnel for it ({code})."),
                format!("ngrok répond à l’adresse {url}, et n’a pas de tunnel pour elle ({code})."),
            ),
            said(
                format!("Start the tunnel: `ngrok http --url=… {port}`."),
                format!("Démarrez le tunnel : `ngrok http --url=… {port}`."),
            ),
        ),
        Reached::NobodyBehind(code) => (
            said(
                format!("A tunnel or a proxy answers at {url}, and finds nobody behind itself ({code})."),
                format!("Un tunnel ou un proxy répond à l’adresse {url}, et ne trouve personne derrière lui ({code})."),
            ),
            said(
                format!("Start the bot, and lead the tunnel to its port, {port}."),
                format!("Démarrez le bot, et faites mener le tunnel à son port, {port}."),
            ),
        ),
        Reached::Page(status) => (
            said(
                format!(
                    "{url} answers with a page of HTML ({status}), as a tunnel, a proxy or a website does, and no bot."
                ),
                format!(
                    "{url} répond par une page HTML ({status}), comme un tunnel, un proxy ou un site, et non un bot."
                ),
            ),
            lead_here(),
        ),
        Reached::Missing(status) => (
            said(
                format!("What answers there has nothing at {url} ({status})."),
                format!("Ce qui répond là n’a rien à l’adresse {url} ({status})."),
            ),
            said(
                format!(
                    "The path of events is {path} (BAVARD_EVENTS_PATH): write it, and let a proxy pass it on as it is."
                ),
                format!(
                    "Le chemin des événements est {path} (BAVARD_EVENTS_PATH) : écrivez-le, et qu’un proxy le \
                     transmette tel quel."
                ),
            ),
        ),
        Reached::Moved(location) => (
            said(
                format!("{url} leads elsewhere, to {location}."),
                format!("{url} redirige ailleurs, vers {location}."),
            ),
            said(
                "Register the address that it leads to, or take the redirection away: what is posted is lost over one.",
                "Déclarez l’adresse vers laquelle elle mène, ou retirez la redirection : ce qui est posté s’y perd.",
            ),
        ),
        Reached::Closed(status) => (
            said(
                format!("{url} wants to be shown a right to enter ({status}), which Slack cannot show."),
                format!("{url} demande un droit d’entrée ({status}), que Slack ne peut pas présenter."),
            ),
            said(
                format!("Let POST {path} through without a login: the bot checks Slack's signature itself."),
                format!(
                    "Laissez passer POST {path} sans identification : le bot vérifie lui-même la signature de Slack."
                ),
            ),
        ),
        Reached::Refusing(word) => refusing(url, word),
        Reached::Stranger => (
            said(
                format!("{url} leads to another program than this bot: it gives any challenge back."),
                format!("{url} mène à un autre programme que ce bot : il rend n’importe quel « challenge »."),
            ),
            lead_here(),
        ),
        Reached::Speechless(status) => (
            said(
                format!("{url} leads to another program than this bot (it answers {status})."),
                format!("{url} mène à un autre programme que ce bot (il répond {status})."),
            ),
            lead_here(),
        ),
        Reached::Bot(..) => copy(url, meant),
    }
}

/// A bot that does not take the signature.
fn refusing(url: &str, word: &str) -> Told {
    match word {
        "timestamp_far_away" => (
            said(
                format!("The bot at {url} finds the time too far away: the clocks of the two machines differ."),
                format!(
                    "Le bot à l’adresse {url} trouve l’heure trop éloignée : les horloges des deux machines diffèrent."
                ),
            ),
            said(
                "Set both clocks, as by `timedatectl set-ntp true`.",
                "Réglez les deux, avec `timedatectl set-ntp true`.",
            ),
        ),
        "header_missing" | "header_duplicate" => (
            said(
                format!(
                    "Something between drops or doubles the headers of the signature on the way to {url} ({word})."
                ),
                format!("Quelque chose retire ou double les en-têtes de la signature sur le chemin de {url} ({word})."),
            ),
            said(
                "Let the proxy pass X-Slack-Signature and X-Slack-Request-Timestamp on as they are.",
                "Que le proxy transmette X-Slack-Signature et X-Slack-Request-Timestamp tels quels.",
            ),
        ),
        _ => (
            said(
                format!("The bot at {url} has another Signing Secret than these settings ({word})."),
                format!("Le bot à l’adresse {url} a un autre Signing Secret que ces réglages ({word})."),
            ),
            said(
                "Give both the Signing Secret of the app and start that bot again; if it is the other of two bots, lead \
                 the address to this one.",
                "Donnez aux deux le Signing Secret de l’application et relancez ce bot ; si c’est l’autre de deux bots, \
                 faites mener l’adresse à celui-ci.",
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language::Language, slack::verify::Instance};

    const URL: &str = "https://bot.example.com/slack/events";

    fn told(there: &Reached, here: &Reached) -> String {
        let app = AppId::from("A0OURS");
        let here_at = ([127, 0, 0, 1], 8301).into();
        let meant = Meant { here: here_at, events_path: "/slack/events", is_shared: false, app: Some(&app) };
        public(URL, there, here, &meant).text(Language::English)
    }

    #[test]
    fn a_bot_that_answers_later_than_slack_waits_is_told_for_that() {
        let instance = Instance::new();
        let bot = |took| Reached::Bot(instance.clone(), Duration::from_secs(took));
        assert!(told(&bot(3), &bot(0)).starts_with("ok"));
        let slow = told(&bot(4), &bot(0));
        assert!(slow.starts_with("failed") && slow.contains("took 4 s to answer: Slack waits three"), "{slow}");
    }

    #[test]
    fn a_public_address_leads_to_the_page_where_it_stands() {
        let told = told(&Reached::Untrusted("expired".to_owned()), &Reached::Nobody("refused".to_owned()));
        assert!(told.contains("not one to trust (expired)"), "{told}");
        assert!(told.ends_with("https://api.slack.com/apps/A0OURS/event-subscriptions"), "{told}");
    }
}
