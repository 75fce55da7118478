//! Nothing that the attributes write depends on the names around them.
#![no_implicit_prelude]
#![deny(warnings)]
#![forbid(unsafe_code)]

use ::bavard::{Choice, Context, help, on_dm, on_mention};
use ::std::{clone::Clone, marker::Copy};

#[allow(dead_code)]
mod bavard {}

#[allow(dead_code)]
enum Result {}

#[derive(Clone, Copy, Choice)]
enum Option {
    Some,
}

impl Option {
    fn name(self) -> &'static str {
        match self {
            Option::Some => "some",
        }
    }
}

async fn check(_: Context) -> bool {
    true
}

#[on_mention("call {context} {run?}", check = check)]
#[on_dm]
#[help(fr = "Appelle.")]
async fn call(context: ::std::option::Option<Option>, run: ::std::option::Option<u8>) -> &'static str {
    run.and(context).map_or("none", Option::name)
}

macro_rules! handler {
    ($name:ident, $pattern:literal, $check:path, $parameter:ident: $ty:ty) => {
        #[::bavard::on_mention($pattern, check = $check)]
        async fn $name($parameter: $ty, ctx: Context) -> $ty {
            let _ = ctx;
            $parameter
        }
    };
}

handler!(generated, "generated {text}", check, text: ::bavard::Text);

#[on_mention("type {union}")]
fn r#type(r#union: ::bavard::Text) -> ::bavard::Text {
    r#union
}

#[on_mention("conditional")]
#[cfg(any())]
fn conditional(not: There) {}

fn main() {}
