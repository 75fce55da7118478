use bavard::*;

use std::net::TcpStream;

#[on_mention("deploy")]
async fn no_extractor(stream: TcpStream) {
    drop(stream);
}

#[on_mention("deploy")]
async fn argument_as_extractor(service: String) {
    drop(service);
}

#[on_mention("deploy")]
async fn optional_extractor(service: Option<Thread>) {
    drop(service);
}

fn main() {}
