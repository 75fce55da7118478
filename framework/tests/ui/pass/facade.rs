//! A crate that has the framework under another name.
#![deny(warnings)]

mod facade {
    pub mod chat {
        pub use bavard::*;
    }
}

use facade::chat::{Choice, handlers, on_dm, on_mention};

#[derive(Clone, Copy, Choice)]
#[choice(crate = facade::chat)]
enum Env {
    Staging,
    Production,
}

#[on_mention("deploy {env}", crate = facade::chat)]
#[on_dm("deploy {env}")]
fn deploy(env: Env) -> &'static str {
    match env {
        Env::Staging => "staging",
        Env::Production => "production",
    }
}

fn main() {
    assert_eq!(handlers![deploy].len(), 1);
}
