//! What people ask StudiPublicWebsite.

use std::time::SystemTime;

use answers::{Manner, Question, Understood, about, understand};
use bavard::prelude::*;

use crate::dialogue::dialogue;
use crate::render::{ago, day, render};
use crate::website::{ReadAgain, Said, Website};

/// Says which website is read, how much of it and when.
#[help(fr = "Dit quel site est lu, combien de pages et quand.")]
#[on_mention("status", "état", "état du site")]
#[on_mention("statut", hidden)]
#[on_command("/studi status", "/studi état")]
async fn status(ctx: Context, site: State<Website>) -> Result<Option<Reply>> {
    let (status, pages, address) = (site.status(), site.pages().await?, site.address());
    let language = ctx.language();
    let spoken = answers_language(&ctx);
    let crawled = status.crawled.and_then(|crawled| {
        let since = SystemTime::now().duration_since(crawled).unwrap_or_default();
        Some(format!("{}, {}", day(crawled, spoken)?, ago(since, spoken)))
    });
    let mut lines = vec![match crawled {
        Some(day) => language.pick(
            format!("I know {} of {address}, as of {day}; {}.", pages_in(pages), skipped(status.skipped).0),
            format!("Je connais {} de {address}, au {day}\u{a0}; {}.", pages_in(pages), skipped(status.skipped).1),
        ),
        None => language.pick(format!("I have not read {address} yet."), format!("Je n’ai pas encore lu {address}.")),
    }];
    if site.is_sample() {
        lines.push(language.pick(
            "This school does not exist: whoever runs me should set `SITE_URL` to their own school’s site.".to_owned(),
            "Cette école n’existe pas\u{a0}: la personne qui m’héberge doit mettre dans `SITE_URL` l’adresse du site de \
             son école."
                .to_owned(),
        ));
    }
    if let Some((0, 0)) = status.crawling {
        lines.push(language.pick(
            "I am asking it now which pages it has.".to_owned(),
            "Je lui demande en ce moment quelles pages il a.".to_owned(),
        ));
    } else if let Some((done, known)) = status.crawling {
        lines.push(language.pick(
            format!("I am reading it now: page {done} of {known}."),
            format!("Je suis en train de le lire\u{a0}: page {done} sur {known}."),
        ));
    }
    if status.doubted {
        lines.push(language.pick(
            "At the last attempt the site looked broken, so I am using what I read before; the reason is in the log.".to_owned(),
            "À la dernière lecture le site semblait en panne\u{a0}: je m’en tiens à ce que j’avais lu. La raison est dans le \
             journal."
                .to_owned(),
        ));
    }
    if status.failed.is_some() {
        lines.push(language.pick(
            "The last attempt to read it failed; the reason is in the log.".to_owned(),
            "La dernière lecture a échoué\u{a0}; la raison est dans le journal.".to_owned(),
        ));
    }
    Ok(in_thread(lines.join("\n")))
}

/// Has the website read again, before its time.
#[help(fr = "Fait relire le site, sans attendre l’heure.")]
#[on_mention("read again", "relis le site")]
#[on_mention("relis", "relire le site", "relire", hidden)]
#[on_command("/studi read again", "/studi relis le site")]
async fn read_again(ctx: Context, site: State<Website>) -> Result<Option<Reply>> {
    let (english, french) = match site.read_again(SystemTime::now()) {
        ReadAgain::Begins { is_first: true } => (
            "I am reading the website; `status` tells how far it is.".to_owned(),
            "Je lis le site\u{a0}; `état` dit où j’en suis.".to_owned(),
        ),
        ReadAgain::Begins { is_first: false } => (
            "I am reading the website again. Until that is done I answer from what I read before; `status` tells how far \
             it is."
                .to_owned(),
            "Je relis le site. D’ici là je réponds avec ce que j’avais lu\u{a0}; `état` dit où j’en suis.".to_owned(),
        ),
        ReadAgain::UnderWay => (
            "I am reading it already; `status` tells how far it is.".to_owned(),
            "Je suis déjà en train de le lire\u{a0}; `état` dit où j’en suis.".to_owned(),
        ),
        ReadAgain::Lately { left } => (
            format!("I have only just asked it. Tell me again in {} s.", left.as_secs() + 1),
            format!("Je viens de l’interroger. Redemandez-le-moi dans {} s.", left.as_secs() + 1),
        ),
        ReadAgain::Sample => (
            "This is the sample site, which does not change. Whoever runs me sets `SITE_URL` to a real one.".to_owned(),
            "C’est le site d’exemple, qui ne change pas. La personne qui m’héberge met un vrai site dans `SITE_URL`."
                .to_owned(),
        ),
    };
    Ok(in_thread(ctx.language().pick(english, french)))
}

/// So many pages; the word is the same in English and in French.
fn pages_in(count: usize) -> String {
    if count == 1 { "1 page".to_owned() } else { format!("{count} pages") }
}

/// How many pages were skipped, in English and in French.
fn skipped(count: usize) -> (String, String) {
    match count {
        0 => ("none was skipped".to_owned(), "aucune n’a été écartée".to_owned()),
        1 => ("1 was skipped".to_owned(), "1 a été écartée".to_owned()),
        count => (format!("{count} were skipped"), format!("{count} ont été écartées")),
    }
}

/// Says what the bot can do.
#[help(fr = "Dit ce que le robot sait faire.")]
#[on_mention("help", "aide", "?")]
#[on_mention("help me", "aidez-moi", "who are you", "qui es-tu", "what can you do", "que sais-tu faire", hidden)]
#[on_mention("are you a bot", "are you human", "es-tu un robot", "t’es un robot", "vous êtes un robot", hidden)]
#[on_command("/studi help", "/studi aide", "/studi ?")]
async fn help_page(
    ctx: Context,
    text: Text,
    conversation: Conversation,
    site: State<Website>,
) -> Result<Option<Reply>> {
    // In a thread "?" and "help me" may be about what it began with.
    let asks_for_page = ["help", "aide"].contains(&answers::fold(text.as_str()).trim_end_matches([' ', '?', '!', '.']));
    if ctx.event().thread().is_none() || asks_for_page || Manner::of(text.as_str()) != Manner::Plea {
        return Ok(help_in_thread(&ctx));
    }
    answer(&ctx, text.as_str(), &conversation, &site).await
}

/// Answers any question about the website.
#[help(fr = "Répond à toute question sur le site.")]
#[on_mention]
#[on_command("/studi")]
async fn ask(ctx: Context, text: Text, conversation: Conversation, site: State<Website>) -> Result<Option<Reply>> {
    answer(&ctx, text.as_str(), &conversation, &site).await
}

async fn answer(
    ctx: &Context,
    text: &str,
    conversation: &Conversation,
    site: &State<Website>,
) -> Result<Option<Reply>> {
    let ask = |text| site.ask(Question { text, language: Some(answers_language(ctx)) });
    let certainty = |said: &Said| said.answer.certainty();
    let understood = understand(text.trim(), dialogue(ctx, conversation), ask, certainty).await?;
    let Some(Understood { answer, about: taken_for }) = understood else { return Ok(help_in_thread(ctx)) };
    let note = taken_for.map(|question| format!("{}\n\n", about(&question, answer.language))).unwrap_or_default();
    Ok(in_thread(format!("{note}{}", render(&answer))))
}

fn answers_language(ctx: &Context) -> answers::Language {
    ctx.language().pick(answers::Language::English, answers::Language::French)
}

fn in_thread(text: String) -> Option<Reply> {
    Some(Reply::markdown(text).in_thread())
}

fn help_in_thread(ctx: &Context) -> Option<Reply> {
    let page = ctx.help_page();
    let closing = ctx.language().pick(
        "Or ask in your own words, such as *how much is the bachelor?*",
        "Ou posez votre question, comme *combien coûte le bachelor\u{a0}?*",
    );
    in_thread(format!("{page}\n\n{closing}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_is_told_as_one() {
        assert_eq!((pages_in(1).as_str(), pages_in(2).as_str()), ("1 page", "2 pages"));
        assert_eq!(skipped(1), ("1 was skipped".to_owned(), "1 a été écartée".to_owned()));
        assert_eq!(skipped(3).1, "3 ont été écartées");
    }
}
