//! Answers as Markdown, as a school speaks: politely, with its pages and their date.

use std::time::{Duration, SystemTime};

use answers::{Answer, Courtesy, Language, Source, plain, unanswered};

use crate::website::Said;

/// Links that are offered beside an answer.
const LINKS: usize = 3;

/// What is said, as Markdown. An answer without sources has none of them.
pub(crate) fn render(said: &Said) -> String {
    match said.remark {
        Some(remark) => format!("{}\n\n{}", remark.told(said.language), answer(said, &said.answer)),
        None => answer(said, &said.answer),
    }
}

fn answer(said: &Said, given: &Answer) -> String {
    let language = said.language;
    match given {
        Answer::Found { summary, sources, .. } => {
            let text = format!("{}\n\n{}", quoted(summary), links(sources, said));
            dated(&text, said.status.crawled, language)
        }
        Answer::Unsure { summary, nearest, .. } => {
            let head = language_of(
                language,
                "I am not sure that this is what you are asking. The nearest pages say:",
                "Je ne suis pas sûr que ce soit votre question. Voici ce que disent les pages les plus proches\u{a0}:",
            );
            dated(&format!("{head}\n\n{}\n\n{}", quoted(summary), links(nearest, said)), said.status.crawled, language)
        }
        Answer::Partly { answer: some, left } => format!("{}\n\n{}", answer(said, some), unanswered(*left, language)),
        Answer::Nothing { .. } | Answer::OffTopic { .. } => refusal(said),
        Answer::Courtesy(courtesy) => courtesy_in(*courtesy, language).to_owned(),
        Answer::NotReady => not_ready(said),
    }
}

fn language_of(language: Language, english: &str, french: &str) -> String {
    match language {
        Language::English => english.to_owned(),
        Language::French => french.to_owned(),
    }
}

/// Sentences of a page, word for word, one below the other.
fn quoted(summary: &[String]) -> String {
    summary.iter().map(|sentence| plain(sentence)).collect::<Vec<_>>().join("\n")
}

/// The page that says it, with its address in sight, and others by their titles.
fn links(sources: &[Source], said: &Said) -> String {
    let Some((first, others)) = sources.split_first() else { return String::new() };
    let language = said.language;
    let head = match (language, said.pages) {
        (Language::English, Language::French) => "Source, in French:",
        (Language::English, Language::English) => "Source:",
        (Language::French, Language::English) => "Source, en anglais\u{a0}:",
        (Language::French, Language::French) => "Source\u{a0}:",
    };
    let mut text = format!("{head} {} <{}>", plain(title(first)), address(first));
    if !others.is_empty() {
        let link = |source: &Source| format!("[{}](<{}>)", plain(title(source)), address(source));
        let also = language_of(language, "See also:", "Voir aussi\u{a0}:");
        let others: Vec<String> = others.iter().take(LINKS - 1).map(link).collect();
        text.push_str(&format!("\n{also} {}", others.join(", ")));
    }
    text
}

fn title(source: &Source) -> &str {
    if source.title.is_empty() { &source.path } else { &source.title }
}

/// The address of a page, which cannot end the link that it stands in.
fn address(source: &Source) -> String {
    source.path.replace(['<', '>', '|', '\n'], "")
}

/// With the day on which the site was read.
fn dated(text: &str, crawled: Option<SystemTime>, language: Language) -> String {
    let Some(day) = crawled.and_then(|crawled| day(crawled, language)) else { return text.to_owned() };
    format!("{text}\n_{}_", language_of(language, &format!("As of {day}."), &format!("D’après le site au {day}.")))
}

/// How long ago something was, in its largest unit.
pub(crate) fn ago(since: Duration, language: Language) -> String {
    let (count, english, french) = match since.as_secs() / 60 {
        0 => return language_of(language, "just now", "à l’instant"),
        minutes @ ..60 => (minutes, "min", "min"),
        minutes @ ..2_880 => (minutes / 60, "h", "h"),
        minutes => (minutes / 1_440, "days", "jours"),
    };
    language_of(language, &format!("{count} {english} ago"), &format!("il y a {count} {french}"))
}

/// A day as people write it.
pub(crate) fn day(time: SystemTime, language: Language) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
    Some(match language {
        Language::English => time.strftime("%-d %B %Y").to_string(),
        Language::French => time.strftime("%d/%m/%Y").to_string(),
    })
}

fn refusal(said: &Said) -> String {
    language_of(
        said.language,
        "I do not know: I found nothing about that on the website. Ask about its courses, prices, admission or exams, or \
         ask *how can I contact you?* to speak with a person.",
        "Je ne sais pas\u{a0}: je n’ai rien trouvé là-dessus sur le site. Interrogez-moi sur les formations, les tarifs, \
         l’admission ou les examens, ou demandez *comment vous contacter\u{a0}?* pour parler à une personne.",
    )
}

fn not_ready(said: &Said) -> String {
    match (&said.status.failed, said.status.crawling) {
        (Some(_), _) => language_of(
            said.language,
            "I could not read the website. Whoever runs me will find the reason in the log; I will try again by myself.",
            "Je n’ai pas pu lire le site. La personne qui m’héberge en trouvera la raison dans le journal\u{a0}; je réessaierai \
             de moi-même.",
        ),
        (None, None | Some((0, 0))) if said.status.crawled.is_none() => language_of(
            said.language,
            "I am about to read the website, which has not answered yet. Ask me again in a moment; whoever runs me finds in the \
             log what became of it.",
            "Je m’apprête à lire le site, qui n’a pas encore répondu. Reposez-moi la question dans un instant\u{a0}; la personne \
             qui m’héberge trouvera dans le journal ce qu’il en est.",
        ),
        (None, Some((done, known))) => language_of(
            said.language,
            &format!("I am still reading the website: page {done} of {known}. Ask me again in a moment."),
            &format!("Je lis encore le site\u{a0}: page {done} sur {known}. Reposez-moi la question dans un instant."),
        ),
        (None, None) => language_of(
            said.language,
            "There is no page on the website that I can read. Whoever runs me should check `SITE_URL`.",
            "Le site n’a pas de page que je puisse lire. La personne qui m’héberge doit vérifier `SITE_URL`.",
        ),
    }
}

fn courtesy_in(courtesy: Courtesy, language: Language) -> &'static str {
    if let Some(told) = courtesy.told(language) {
        return told;
    }
    match (courtesy, language) {
        (Courtesy::Greeting, Language::English) => "Hello! What would you like to know about our courses?",
        (Courtesy::Greeting, Language::French) => "Bonjour\u{a0}! Que souhaitez-vous savoir sur nos formations\u{a0}?",
        (_, Language::English) => "I am sorry that I was no help. Ask me again in other words.",
        (_, Language::French) => "Désolé de ne pas avoir pu vous aider. Reposez-moi la question autrement.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{shelf::Replied, website::Status};

    #[test]
    fn a_site_that_has_not_answered_is_not_called_empty() {
        let answered = Status { crawled: Some(SystemTime::UNIX_EPOCH), ..Status::default() };
        for (status, expected) in [(Status::default(), "n’a pas encore répondu"), (answered, "n’a pas de page")] {
            let replied = Replied { answer: Answer::NotReady, language: Language::French, pages: Language::French };
            let told = render(&Said::new(None, replied, status));
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn how_long_ago_is_told_in_the_largest_unit() {
        let ago = |minutes: u64, language| ago(Duration::from_secs(minutes * 60), language);
        assert_eq!(ago(0, Language::French), "à l’instant");
        assert_eq!(ago(59, Language::English), "59 min ago");
        assert_eq!(ago(60 * 47, Language::French), "il y a 47 h");
        assert_eq!(ago(60 * 48, Language::French), "il y a 2 jours");
    }
}
