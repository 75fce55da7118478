//! CodeDoc answers questions about a code base, with its sources.
//!
//! `cargo run -p codedoc-bot` starts it; `cargo run -p codedoc-bot -- chat "where is Router?"` asks it once.

mod code_base;
mod dialogue;
mod handlers;
mod roots;
#[cfg(test)]
mod tests;

use bavard::prelude::*;

use code_base::CodeBase;

#[bavard::main]
fn bot() -> App {
    App::new("codedoc")
        .port(8301)
        .admin_port(9301)
        .events_path("/twilio/events")
        .setting(roots::SETTING, roots::in_setting)
        .state_from(CodeBase::open)
}
