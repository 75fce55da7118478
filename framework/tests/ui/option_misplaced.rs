use bavard::*;

#[on_dm("a", only = dm, channel = "C0123ABCD")]
async fn dm() {}

#[on_command("/a", only = dm)]
async fn command() {}

#[on_event("team_join", priority = 1, hidden)]
async fn event() {}

#[on_reaction("tada", priority = 1)]
async fn reaction() {}

#[on_unhandled(priority = 1)]
async fn lost() {}

#[on_failure(priority = -1)]
async fn sorry() {}

fn main() {}
