use bavard::*;

#[on_command]
async fn none() {}

#[on_command("deploy {service}")]
async fn no_slash(service: String) {
    drop(service);
}

#[on_command("/dé {service}")]
async fn accent(service: String) {
    drop(service);
}

#[on_command("/")]
async fn empty() {}

#[on_command("/abcdefghijklmnopqrstuvwxyz-abcdefg")]
async fn long() {}

fn main() {}
