//! The crate as its authors use it.

mod layers;
mod macros;
mod ui;
