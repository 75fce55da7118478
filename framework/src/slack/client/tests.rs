mod calls;
mod corpus;
mod deliveries;
mod helpers;
mod secrets;
mod server;

use std::{sync::Arc, time::Duration};

use self::server::{Server, Step};
use super::*;
use crate::clock::{ManualClock, Timestamp};

/// What no output may hold.
const CANARY: &str = "xoxb-1234567890-CANARYCANARYCANARY";

/// A client of `base` whose waits are instant.
fn client(base: &str) -> Client {
    Client::new(settings(base)).unwrap()
}

fn settings(base: &str) -> ClientSettings {
    let token = Token::parse("SLACK_BOT_TOKEN", CANARY).unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_000_000)));
    let pause = {
        let clock = clock.clone();
        Arc::new(move |wait| {
            clock.advance(wait);
            Box::pin(std::future::ready(())) as _
        })
    };
    ClientSettings {
        clock,
        patience: Patience { pause, ..Patience::default() },
        ..ClientSettings::new(Url::parse(base).unwrap(), Some(token))
    }
}

/// A server with these steps, and a client of it.
fn with(steps: impl IntoIterator<Item = Step>) -> (Server, Client) {
    let server = Server::start(steps);
    let client = client(&server.base());
    (server, client)
}

/// Short enough for a test that waits it out.
const SHORT: Timeouts = Timeouts { connect: Duration::from_secs(3), total: Duration::from_millis(80) };
