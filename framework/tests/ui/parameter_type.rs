use bavard::*;

use std::net::TcpStream;

#[on_mention("deploy {service}")]
async fn argument(service: TcpStream) {
    drop(service);
}

#[on_mention("deploy {service?}")]
async fn optional(service: Option<TcpStream>) {
    drop(service);
}

#[on_mention("say {words..}")]
async fn many(words: Vec<Vec<String>>) {
    drop(words);
}

#[on_mention("deploy {service}")]
async fn extractor_as_argument(service: State<u8>) {
    drop(service);
}

fn main() {}
