//! A bot that greets people: arguments, a choice, a state, a check, and help in two languages.
//!
//! `cargo run -p greeter -- chat "greet Ada formally"`

mod greetings;

use bavard::prelude::*;

use crate::greetings::Greetings;

// ANCHOR: choice
/// How somebody is greeted.
#[derive(Clone, Copy, Choice)]
enum Manner {
    #[choice("warmly", "chaleureusement")]
    Warmly,
    #[choice("formally", "poliment", "formellement")]
    Formally,
}
// ANCHOR_END: choice

// ANCHOR: greet
/// Greets somebody.
#[help(fr = "Salue quelqu’un.")]
#[on_mention("greet {name} {manner?}", "salue {name} {manner?}")]
#[on_command("/greet {name} {manner?}")]
async fn greet(name: String, manner: Option<Manner>, greetings: State<Greetings>) -> String {
    greetings.count();
    match manner {
        Some(Manner::Formally) => format!("Good day, {name}."),
        Some(Manner::Warmly) | None => format!("Hello, {name}!"),
    }
}
// ANCHOR_END: greet

// ANCHOR: cheer
/// Cheers as often as asked, at most five times.
#[help(fr = "Acclame autant de fois que demandé, cinq au plus.")]
#[on_mention("cheer {times} {whom..}", "acclame {times} {whom..}")]
async fn cheer(times: u8, whom: Text) -> Result<String> {
    if times == 0 || times > 5 {
        return Err(Error::tell("Between one and five times, please."));
    }
    Ok(format!("{} {whom}!", ["Hooray"; 5][..usize::from(times)].join(", ")))
}
// ANCHOR_END: cheer

// ANCHOR: count
/// Tells how many people were greeted.
#[help(fr = "Dit combien de personnes ont été saluées.")]
#[on_mention("count", "combien")]
async fn count(context: Context, greetings: State<Greetings>) -> String {
    let so_far = greetings.so_far();
    context.language().pick(format!("Greeted so far: {so_far}"), format!("Saluts jusqu’ici : {so_far}"))
}
// ANCHOR_END: count

/// Makes you the host, if there is none yet.
#[help(fr = "Fait de vous l’hôte, s’il n’y en a pas encore.")]
#[on_mention("host me", "je reçois")]
async fn host(user: User, greetings: State<Greetings>) -> Result<String> {
    if greetings.welcome_host(&user.id) {
        return Ok(format!("{user} is the host."));
    }
    Err(Error::tell("There is a host already."))
}

// ANCHOR: check
/// Counts from the start again; for the host alone.
#[help(fr = "Recommence à compter ; pour l’hôte seul.")]
#[on_mention("reset", "recommence", check = host_only)]
async fn reset(greetings: State<Greetings>) -> &'static str {
    greetings.reset();
    "Counting from the start again."
}

async fn host_only(context: Context) -> Result<()> {
    let greetings = context.state::<Greetings>();
    if greetings.is_some_and(|greetings| context.event().user().is_some_and(|user| greetings.is_host(user))) {
        return Ok(());
    }
    Err(Error::tell(context.language().pick("Only the host may do that.", "Seul l’hôte peut faire cela.")))
}
// ANCHOR_END: check

// ANCHOR: main
#[bavard::main]
fn bot() -> App {
    App::new("greeter").state(Greetings::default())
}
// ANCHOR_END: main

#[cfg(test)]
mod tests;
