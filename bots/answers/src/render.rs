//! Answers as Markdown, in French or English.

use crate::analyse::Language;
use crate::answer::{Answer, Courtesy, Excerpt, Searched, Source};
use std::fmt::Write;

/// `answer` as Markdown with its fixed words in `language`. Sources are `path:line`.
pub fn render(answer: &Answer, language: Language) -> String {
    let say = |english: &'static str, french: &'static str| match language {
        Language::English => english,
        Language::French => french,
    };
    match answer {
        Answer::Found { summary, excerpt, sources } => found(summary, excerpt.as_ref(), sources, language),
        Answer::Unsure { missing: Some(name), nearest, .. } => {
            let head = match language {
                Language::English => format!("Nothing here defines exactly {}. It comes nearest here:", code(name)),
                Language::French => {
                    format!("Rien ne définit exactement {} ici. Le plus proche\u{a0}:", code(name))
                }
            };
            format!("{head}\n{}", list(nearest))
        }
        Answer::Unsure { missing: None, nearest, .. } => {
            let head =
                say("I am not sure. The nearest places:", "Je ne suis pas sûr. Les passages les plus proches\u{a0}:");
            format!("{head}\n{}", list(nearest))
        }
        Answer::Partly { answer, left } => format!("{}\n\n{}", render(answer, language), unanswered(*left, language)),
        Answer::Nothing { asked, searched } => match language {
            Language::English => {
                format!("I found nothing for {}; I searched {}.", code(asked), extent(searched, language))
            }
            Language::French => {
                format!(
                    "Je n’ai rien trouvé pour {}\u{a0}; j’ai cherché dans {}.",
                    code(asked),
                    extent(searched, language)
                )
            }
        },
        Answer::OffTopic { searched, foreign } => refusal(searched, *foreign, language),
        Answer::Courtesy(courtesy) => courtesy_in(*courtesy, language).into(),
        Answer::NotReady => say(
            "I have not read anything yet. Ask me again in a moment.",
            "Je n’ai encore rien lu. Reposez-moi la question dans un instant.",
        )
        .into(),
    }
}

fn refusal(searched: &Searched, foreign: bool, language: Language) -> String {
    let extent = extent(searched, language);
    match (language, foreign) {
        (Language::English, false) => {
            format!("I do not know: I found no answer to that in {extent}. Try a name or words from there.")
        }
        (Language::English, true) => {
            format!(
                "I do not know: I found nothing about that in {extent}. Nearly none of it is in English: try the words \
                 used there."
            )
        }
        (Language::French, false) => {
            format!(
                "Je ne sais pas\u{a0}: je n’ai pas trouvé de réponse dans {extent}. Essayez un nom ou des mots qui y \
                 figurent."
            )
        }
        (Language::French, true) => {
            format!(
                "Je ne sais pas\u{a0}: je n’ai rien trouvé là-dessus dans {extent}. Presque tout y est en anglais\u{a0}: \
                 essayez les mots du code."
            )
        }
    }
}

fn found(summary: &[String], excerpt: Option<&Excerpt>, sources: &[Source], language: Language) -> String {
    let mut out = String::new();
    // What is asked for first is where it is.
    if let Some(best) = sources.first() {
        let _ = writeln!(out, "{}", line(best));
    }
    if !summary.is_empty() {
        let _ = writeln!(out, "\n{}", summary.join(" "));
    }
    if let Some(excerpt) = excerpt {
        let mark = fence_for(&excerpt.text);
        let dots = if excerpt.shortened { "\n…" } else { "" };
        let _ = writeln!(out, "\n{mark}{}\n{}{dots}\n{mark}", excerpt.language, excerpt.text);
    }
    if sources.len() > 1 {
        let head = match language {
            Language::English => "See also:",
            Language::French => "Voir aussi\u{a0}:",
        };
        let _ = writeln!(out, "\n{head}\n{}", list(&sources[1..]));
    }
    out.trim().to_owned()
}

fn list(sources: &[Source]) -> String {
    sources.iter().map(|source| format!("- {}", line(source))).collect::<Vec<_>>().join("\n")
}

fn line(source: &Source) -> String {
    let place = match source.line {
        Some(_) => code(&source.to_string()),
        None => format!("<{source}>"),
    };
    let file = source.path.rsplit('/').next().unwrap_or_default();
    if source.title.is_empty() || source.title == file {
        return place;
    }
    let title = if source.kind == crate::passage::Kind::Section { plain(&source.title) } else { code(&source.title) };
    format!("{place} — {title}")
}

/// `text` in code font, whatever it holds.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// What is said of the questions in a message that are not answered, so many of which are left.
pub fn unanswered(left: usize, language: Language) -> String {
    match (left, language) {
        (1, Language::English) => "I have not answered one of your questions: ask it by itself.".to_owned(),
        (1, Language::French) => "Je n’ai pas répondu à une de vos questions\u{a0}: posez-la séparément.".to_owned(),
        (left, Language::English) => format!("I have not answered {left} of your questions: ask them one by one."),
        (left, Language::French) => {
            format!("Je n’ai pas répondu à {left} de vos questions\u{a0}: posez-les une par une.")
        }
    }
}

/// Text of a page or a question that cannot become markup, on one line.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "*_[]<>`~\\".contains(c) {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

/// A fence longer than any in the text.
fn fence_for(text: &str) -> String {
    let longest = text.lines().map(|line| line.trim_start().bytes().take_while(|&byte| byte == b'`').count()).max();
    "`".repeat(longest.unwrap_or(0).max(2) + 1)
}

fn extent(searched: &Searched, language: Language) -> String {
    let count = searched.documents;
    let files = match (language, count) {
        (Language::English, 1) => "1 file".to_owned(),
        (Language::English, _) => format!("{count} files"),
        (Language::French, 0 | 1) => format!("{count} fichier"),
        (Language::French, _) => format!("{count} fichiers"),
    };
    if searched.roots.is_empty() {
        return files;
    }
    let of = if language == Language::French { "de" } else { "of" };
    let names = searched.roots.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ");
    format!("{files} {of} {names}")
}

fn courtesy_in(courtesy: Courtesy, language: Language) -> &'static str {
    if let Some(told) = courtesy.told(language) {
        return told;
    }
    match (courtesy, language) {
        (Courtesy::Greeting, Language::English) => "Hello! Ask me where something is, or how it works.",
        (Courtesy::Greeting, Language::French) => {
            "Bonjour\u{a0}! Demandez-moi où se trouve quelque chose, ou comment ça marche."
        }
        (_, Language::English) => {
            "I am sorry that I was no help. Ask me again in other words, or give a name from the code."
        }
        (_, Language::French) => {
            "Désolé de ne pas avoir pu vous aider. Reposez la question autrement, ou donnez un nom du code."
        }
    }
}

#[cfg(test)]
mod tests;
