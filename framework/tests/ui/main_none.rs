#[bavard::main]
struct Bot;

fn main() {}
