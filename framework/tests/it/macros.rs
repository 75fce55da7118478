//! The attributes: what they leave beside a function.

mod choice;
mod record;
