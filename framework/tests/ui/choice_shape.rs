use bavard::*;

#[derive(Clone, Copy, Choice)]
struct NoEnum;

#[derive(Clone, Copy, Choice)]
enum Fields {
    One(u8),
    Two { a: u8 },
}

#[derive(Clone, Copy, Choice)]
enum Empty {}

#[derive(Clone, Copy, Choice)]
enum Generic<const N: usize> {
    One,
}

fn main() {}
