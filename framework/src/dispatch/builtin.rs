//! What every bot does unless its author does it otherwise: help, an answer to what nobody takes, an apology.

use crate::{
    event::Kind,
    handler::{Call, Handler, Help, IntoReply, Matching, On, Trigger},
    reply::Reply,
};

use super::{Origin, saying};

const fn trigger(on: On, matching: Matching) -> Trigger {
    Trigger { on, matching, only: None, channel: None, priority: 0, hidden: true, check: None, cooldown: 0, line: 0 }
}

const fn handler(
    name: &'static str,
    path: &'static str,
    triggers: &'static [Trigger],
    run: crate::handler::Run,
) -> Handler {
    Handler {
        name,
        path,
        file: "bavard",
        line: 0,
        doc: "",
        help: &[],
        triggers,
        parameters: &[],
        retry: 0,
        scopes: &[],
        run,
    }
}

static HELP: Handler = handler("help", "bavard::help", &[trigger(On::Mention, Matching::Any)], |call| {
    Box::pin(async move { Help.into_reply(call.context()) })
});

static UNHANDLED: Handler =
    handler("unhandled", "bavard::unhandled", &[trigger(On::Unhandled, Matching::Any)], |call| {
        Box::pin(async move { Ok(Some(unhandled_reply(&call))) })
    });

static UNKNOWN_COMMAND: Handler =
    handler("unknown_command", "bavard::unknown_command", &[trigger(On::Unhandled, Matching::Any)], |call| {
        Box::pin(async move { Ok(Some(unknown_command_reply(&call))) })
    });

static FAILURE: Handler = handler("failure", "bavard::failure", &[trigger(On::Failure, Matching::Any)], |call| {
    Box::pin(async move { Ok(Some(failure_reply(&call))) })
});

static SAY: Handler = handler("say", "bavard::say", &[trigger(On::Event, Matching::Any)], |call| {
    Box::pin(async move { Ok(saying::reply(&call)) })
});

/// The paths of all of these.
pub(super) fn paths() -> impl Iterator<Item = &'static str> {
    [&HELP, &UNHANDLED, &UNKNOWN_COMMAND, &FAILURE, &SAY].into_iter().map(|handler| handler.path)
}

/// Says what answers no event.
pub(super) fn say() -> Origin {
    Origin { handler: &SAY, trigger: &SAY.triggers[0] }
}

/// Answers a name of help.
pub(super) fn help() -> Origin {
    Origin { handler: &HELP, trigger: &HELP.triggers[0] }
}

/// Answers what was said to the bot and no handler takes.
pub(super) fn unhandled() -> Origin {
    Origin { handler: &UNHANDLED, trigger: &UNHANDLED.triggers[0] }
}

/// Answers a command that no handler takes as it was typed.
pub(super) fn unknown_command() -> Origin {
    Origin { handler: &UNKNOWN_COMMAND, trigger: &UNKNOWN_COMMAND.triggers[0] }
}

/// Speaks when a handler failed.
pub(crate) fn failure() -> Origin {
    Origin { handler: &FAILURE, trigger: &FAILURE.triggers[0] }
}

fn unhandled_reply(call: &Call) -> Reply {
    let context = call.context();
    let language = context.language();
    let said = context.event().text().map_or("", |text| text.as_str());
    if let Some((usage, missing)) = context.help().incomplete(said) {
        return Reply::markdown(language.pick(
            format!("`{missing}` is missing.\nUsage: `{usage}`"),
            format!("Il manque `{missing}`.\nUsage : `{usage}`"),
        ));
    }
    let near = listed(&context.help().nearest(said));
    let reply = match near {
        None => language.pick(
            "I did not understand. Write `help` to see what I can do.".to_owned(),
            "Je n’ai pas compris. Écrivez `aide` pour voir ce que je sais faire.".to_owned(),
        ),
        Some(near) => language.pick(
            format!("I did not understand. Did you mean {near}? Write `help` to see everything."),
            format!("Je n’ai pas compris. Vouliez-vous dire {near} ? Écrivez `aide` pour tout voir."),
        ),
    };
    Reply::markdown(reply)
}

fn unknown_command_reply(call: &Call) -> Reply {
    let context = call.context();
    let language = context.language();
    let Kind::Command(command) = &context.event().kind else { return unhandled_reply(call) };
    let usages = context.help().of_command(&command.name);
    let reply = match listed(&usages) {
        None => language
            .pick(format!("I do not know `{}`.", command.name), format!("Je ne connais pas `{}`.", command.name)),
        Some(usages) => language.pick(format!("Usage: {usages}"), format!("Usage : {usages}")),
    };
    Reply::markdown(reply).privately()
}

fn failure_reply(call: &Call) -> Reply {
    let context = call.context();
    let reference = context.failure().map_or("", |failure| failure.reference.as_str());
    Reply::markdown(context.language().pick(
        format!("Sorry, something went wrong on my side. It was noted under the reference `{reference}`."),
        format!("Désolé, quelque chose n’a pas marché de mon côté. C’est noté sous la référence `{reference}`."),
    ))
}

fn listed(usages: &[String]) -> Option<String> {
    let usages: Vec<String> = usages.iter().map(|usage| format!("`{usage}`")).collect();
    (!usages.is_empty()).then(|| usages.join(", "))
}
