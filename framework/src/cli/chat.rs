//! `chat`: a conversation in the terminal, through a fake workspace over TCP.

use std::{collections::BTreeSet, io::IsTerminal, time::Duration};

use clap::Args;
use tokio::io::{AsyncBufReadExt, BufReader};

use super::{logging, playground, print, talk};
use crate::{
    app::{App, StartError},
    error::Error,
    id::{ChannelId, MessageId},
    language::Language,
    settings::Environment,
    workspace::{Message, Person, Workspace},
};

/// How long a delivery may be under way before the terminal stops waiting for it.
const ACCEPTED_WITHIN: Duration = Duration::from_secs(10);

/// Talk to the bot in the terminal, without a chat platform.
#[derive(Debug, Args)]
pub(super) struct Chat {
    /// Say this, print the answer, and end.
    text: Option<String>,
    /// Speak as this person.
    #[arg(long = "as", value_name = "NAME", default_value = "alice")]
    person: String,
}

impl Chat {
    pub(super) async fn run(self, app: App, environment: &Environment, language: Language) -> Result<(), StartError> {
        logging::start(environment, "error")?;
        let name = app.preferences().name.clone();
        let playground = playground::start(app, environment, true).await?;
        let person = playground.workspace.person(&self.person);
        let mut room = Room { playground, person, name, shown: BTreeSet::new(), language };
        let result = match self.text {
            Some(text) => room.say(&text).await,
            None => room.talk().await,
        };
        room.playground.bot.stop().await;
        result
    }
}

struct Room {
    playground: playground::Playground,
    person: Person,
    name: String,
    /// The messages of the bot that were printed.
    shown: BTreeSet<(ChannelId, MessageId, String)>,
    language: Language,
}

impl Room {
    /// Reads lines until there are no more.
    async fn talk(&mut self) -> Result<(), StartError> {
        talk(&self.language.pick(
            format!(
                "You are in a direct message with {}. `@{} …` speaks in #general, `/name …` is a command, `:as bob` \
                 makes you somebody else, `:quit` ends.",
                self.name, self.name
            ),
            format!(
                "Vous êtes en message direct avec {}. `@{} …` parle dans #general, `/nom …` est une commande, `:as \
                 bob` vous change en quelqu’un d’autre, `:quit` termine.",
                self.name, self.name
            ),
        ));
        let mut lines = BufReader::new(tokio::io::stdin()).split(b'\n');
        let interactive = std::io::stdin().is_terminal();
        loop {
            if interactive {
                prompt();
            }
            let line = tokio::select! {
                line = lines.next_segment() => line.map_err(|error| StartError::State(Error::new(error)))?,
                asked = super::asked_to_stop()? => return asked,
            };
            let Some(line) = line else { return Ok(()) };
            match String::from_utf8_lossy(&line).trim() {
                "" => {}
                ":quit" | ":q" => return Ok(()),
                line => match line.strip_prefix(":as ") {
                    Some(name) => self.person = self.playground.workspace.person(name.trim()),
                    None if is_unknown(line) => {
                        talk(self.language.pick("Known are `:as NAME` and `:quit`.", "Il y a `:as NOM` et `:quit`."));
                    }
                    None => self.say(line).await?,
                },
            }
        }
    }

    /// Says one thing, waits until the bot is done with it, and prints what it said.
    async fn say(&mut self, line: &str) -> Result<(), StartError> {
        let workspace = &self.playground.workspace;
        if line.starts_with('/') {
            if let Err(why) = self.person.command(&self.person.direct(), line) {
                talk(&why);
            }
        } else if line.starts_with('@') {
            self.person.say(&workspace.channel("general"), line);
        } else {
            self.person.tell(line);
        }
        if tokio::time::timeout(ACCEPTED_WITHIN, workspace.quiet()).await.is_err() {
            talk(self.language.pick("The bot did not accept it in time.", "Le bot ne l’a pas accepté à temps."));
        }
        self.playground.bot.idle().await;
        workspace.quiet().await;
        self.print_new();
        Ok(())
    }

    fn print_new(&mut self) {
        for message in said_by_bot(&self.playground.workspace) {
            let shown = message.shown();
            if self.shown.insert((message.channel.clone(), message.id.clone(), shown.to_string())) {
                print(shown);
            }
        }
    }
}

/// Whether a line is meant for the terminal, and names nothing that it knows. A smiley is not.
fn is_unknown(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or(line);
    word.strip_prefix(':').is_some_and(|rest| rest.len() > 1 && rest.chars().all(|letter| letter.is_ascii_lowercase()))
}

fn said_by_bot(workspace: &Workspace) -> Vec<Message> {
    let mut said: Vec<Message> = workspace.read(|state| state.said_by_bot().cloned().collect());
    said.sort_by(|one, other| one.id.cmp(&other.id));
    said
}

fn prompt() {
    use std::io::Write;
    let mut out = std::io::stderr();
    let _ = write!(out, "> ").and_then(|()| out.flush());
}
