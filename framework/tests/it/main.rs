//! The crate as its authors use it.

mod macros;
mod ui;
