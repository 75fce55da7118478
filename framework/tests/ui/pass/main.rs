//! `main` keeps the function and writes the program, also for a function that is itself called `main`.
#![deny(warnings)]

use std::fmt::Error;

/// Stands for the framework, to see what the attribute asks of it.
mod framework {
    pub mod __private {
        use std::{fmt::Display, future::Future, pin::Pin, process::ExitCode, task};

        pub use std::boxed::Box;

        pub struct App(pub &'static str);

        pub trait IntoApp {
            fn into_app(self) -> Result<App, String>;
        }

        impl IntoApp for App {
            fn into_app(self) -> Result<App, String> {
                Ok(self)
            }
        }

        impl<E: Display> IntoApp for Result<App, E> {
            fn into_app(self) -> Result<App, String> {
                self.map_err(|error| error.to_string())
            }
        }

        type Opened = Pin<Box<dyn Future<Output = Result<App, String>> + Send>>;

        pub fn main(open: impl Fn() -> Opened) -> ExitCode {
            let mut context = task::Context::from_waker(task::Waker::noop());
            match open().as_mut().poll(&mut context) {
                task::Poll::Ready(Ok(App("bot"))) => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            }
        }
    }
}

use framework::__private::App;

mod named {
    use super::*;

    #[bavard::main(crate = crate::framework)]
    pub(crate) fn bot() -> App {
        App("bot")
    }

    pub(crate) fn program() -> std::process::ExitCode {
        main()
    }
}

#[bavard::main(crate = framework)]
async fn main() -> Result<App, Error> {
    assert_eq!(named::program(), std::process::ExitCode::SUCCESS);
    assert_eq!(named::bot().0, "bot");
    Ok(App("bot"))
}
