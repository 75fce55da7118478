use bavard::*;

#[derive(Choice)]
enum Env {
    Production,
}

fn main() {}
