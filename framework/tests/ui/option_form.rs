use bavard::*;

#[on_mention("a", hidden = true)]
async fn hidden() {}

#[on_mention("a", check = 3)]
async fn check() {}

#[on_mention("a", check)]
async fn check_nothing() {}

#[on_mention("a", cooldown = 10)]
async fn cooldown() {}

#[on_mention("a", cooldown = "10")]
async fn cooldown_unit() {}

#[on_mention("a", only = channels)]
async fn only() {}

#[on_mention("a", priority = "high")]
async fn priority() {}

#[on_mention("a", retry = -1)]
async fn retry() {}

#[on_mention("a", retry = 0)]
async fn retry_zero() {}

#[on_mention("a", scopes())]
async fn scopes_none() {}

#[on_mention("a", scopes = "users:read")]
async fn scopes_equals() {}

#[on_mention("a", scopes("Users Read"))]
async fn scopes_name() {}

#[on_mention("a", crate = "bavard")]
async fn krate() {}

fn main() {}
