use bavard::*;

#[on_mention(42)]
async fn number() {}

#[on_mention(deploy service)]
async fn words() {}

#[on_mention("deploy" "service")]
async fn no_comma() {}

#[on_mention("deploy")]
#[on_dm = "deploy"]
async fn equals() {}

fn main() {}
