//! What people ask CodeDoc.

use answers::{Answer, Manner, Question, Understood, about, render, understand};
use bavard::{Language, prelude::*};

use crate::{code_base::CodeBase, dialogue::dialogue};

/// How many places a search names.
const PLACES: usize = 5;

/// Says where something is defined.
#[help(fr = "Dit où quelque chose est défini.")]
#[on_mention("where is {name..}", "où est {name..}")]
#[on_command("/codedoc where is {name..}", "/codedoc où est {name..}")]
async fn where_is(
    ctx: Context,
    name: Text,
    text: Text,
    conversation: Conversation,
    code: State<CodeBase>,
) -> Result<Option<Reply>> {
    let name = without_question_mark(name.as_str()).to_owned();
    if name.is_empty() {
        return Ok(in_thread_alone(
            &ctx,
            "Where is what? Write a name, as `where is Router`.",
            "Où est quoi ? Écrivez un nom, comme `où est Router`.",
        ));
    }
    if name.contains(char::is_whitespace) || Manner::of(text.as_str()) == Manner::FollowUp {
        return answer(&ctx, text.as_str(), &conversation, &code).await;
    }
    let found = code.ask(move |library| library.definition(&name)).await?;
    Ok(in_thread(&found, &code, ctx.language()))
}

/// Finds the places where words stand.
#[help(fr = "Trouve les endroits où des mots figurent.")]
#[on_mention("search {words..}", "cherche {words..}")]
#[on_command("/codedoc search {words..}", "/codedoc cherche {words..}")]
async fn search(ctx: Context, words: Text, code: State<CodeBase>) -> Result<Option<Reply>> {
    let words = words.as_str().trim().to_owned();
    if words.is_empty() {
        return Ok(in_thread_alone(
            &ctx,
            "Search for what? Write words, as `search time limit`.",
            "Chercher quoi ? Écrivez des mots, comme `cherche délai`.",
        ));
    }
    let question = Question { text: words, language: Some(spoken(ctx.language())) };
    let found = code.ask(move |library| library.search(&question, PLACES)).await?;
    Ok(in_thread(&found, &code, ctx.language()))
}

/// Shows the lines that define something.
#[help(fr = "Montre les lignes qui définissent quelque chose.")]
#[on_mention("show {name..}", "montre {name..}")]
#[on_command("/codedoc show {name..}", "/codedoc montre {name..}")]
async fn show(ctx: Context, name: Text, code: State<CodeBase>) -> Result<Option<Reply>> {
    let name = without_question_mark(name.as_str()).to_owned();
    if name.is_empty() {
        return Ok(in_thread_alone(
            &ctx,
            "Show what? Write a name, as `show Router`.",
            "Montrer quoi ? Écrivez un nom, comme `montre Router`.",
        ));
    }
    let found = code.ask(move |library| library.show(&name)).await?;
    Ok(in_thread(&found, &code, ctx.language()))
}

/// Says what CodeDoc can do.
#[help(fr = "Dit ce que CodeDoc sait faire.")]
#[on_mention("help", "aide", "?")]
#[on_mention("help me", "aidez-moi", "who are you", "qui es-tu", "what can you do", "que sais-tu faire", hidden)]
#[on_mention("are you a bot", "are you human", "es-tu un robot", "t’es un robot", "vous êtes un robot", hidden)]
#[on_command("/codedoc help", "/codedoc aide", "/codedoc ?")]
async fn help_page(
    ctx: Context,
    text: Text,
    conversation: Conversation,
    code: State<CodeBase>,
) -> Result<Option<Reply>> {
    // In a thread "?" and "help me" may be about what it began with.
    let asks_for_page = ["help", "aide"].contains(&answers::fold(without_question_mark(text.as_str())).as_str());
    if ctx.event().thread().is_none() || asks_for_page || Manner::of(text.as_str()) != Manner::Plea {
        return Ok(help_in_thread(&ctx));
    }
    answer(&ctx, text.as_str(), &conversation, &code).await
}

/// Answers any other question about the code.
#[help(fr = "Répond à toute autre question sur le code.")]
#[on_mention]
#[on_command("/codedoc")]
async fn ask(ctx: Context, text: Text, conversation: Conversation, code: State<CodeBase>) -> Result<Option<Reply>> {
    answer(&ctx, text.as_str(), &conversation, &code).await
}

async fn answer(
    ctx: &Context,
    text: &str,
    conversation: &Conversation,
    code: &State<CodeBase>,
) -> Result<Option<Reply>> {
    let question = |text| Question { text, language: Some(spoken(ctx.language())) };
    let ask = |text| {
        let question = question(text);
        code.ask(move |library| library.answer(&question))
    };
    let understood = understand(text.trim(), dialogue(ctx, conversation), ask, Answer::certainty).await?;
    let Some(Understood { answer, about: taken_for }) = understood else { return Ok(help_in_thread(ctx)) };
    let said = question(taken_for.clone().unwrap_or_else(|| text.to_owned())).language();
    // Courtesies are short, and known in two languages alone: their words tell which it is. What was asked before tells
    // more than what goes on from it.
    let language = match (&answer, &taken_for) {
        (Answer::Courtesy(_), _) | (_, Some(_)) => said_in(said),
        _ => ctx.language(),
    };
    let note = taken_for.map(|question| about(&question, spoken(language)));
    Ok(in_thread_with(note, &answer, code, language))
}

fn said_in(language: answers::Language) -> Language {
    match language {
        answers::Language::English => Language::English,
        answers::Language::French => Language::French,
    }
}

fn spoken(language: Language) -> answers::Language {
    language.pick(answers::Language::English, answers::Language::French)
}

fn in_thread(found: &Answer, code: &CodeBase, language: Language) -> Option<Reply> {
    in_thread_with(None, found, code, language)
}

/// An answer, and above it what the question was taken for.
fn in_thread_with(note: Option<String>, found: &Answer, code: &CodeBase, language: Language) -> Option<Reply> {
    let text = match (code.unfinished(language), found) {
        (None, Answer::NotReady) => code.nothing_to_read(language),
        (None, found) => render(found, spoken(language)),
        (Some(note), found) => format!("_{note}_\n\n{}", render(found, spoken(language))),
    };
    let text = match note {
        Some(note) => format!("{note}\n\n{text}"),
        None => text,
    };
    Some(Reply::markdown(text).in_thread())
}

fn in_thread_alone(ctx: &Context, english: &str, french: &str) -> Option<Reply> {
    Some(Reply::markdown(ctx.language().pick(english, french)).in_thread())
}

fn help_in_thread(ctx: &Context) -> Option<Reply> {
    let page = ctx.help_page();
    let closing = ctx.language().pick(
        "Or ask in your own words, as *how are timeouts handled?*",
        "Ou posez votre question, comme *comment les délais sont-ils gérés ?*",
    );
    Some(Reply::markdown(format!("{page}\n\n{closing}")).in_thread())
}

fn without_question_mark(text: &str) -> &str {
    text.trim().trim_end_matches(['?', '!', '.', ',', '…']).trim()
}
