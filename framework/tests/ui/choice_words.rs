use bavard::*;

#[derive(Clone, Copy, Choice)]
enum Env {
    #[choice("prod", "live")]
    Production,
    #[choice("Prod")]
    Other,
    Live,
    #[choice("two words")]
    Blank,
    #[choice]
    Nothing,
    #[choice(word = "x")]
    Named,
}

#[derive(Clone, Copy, Choice)]
#[choice("prod")]
enum Outside {
    One,
}

fn main() {}
