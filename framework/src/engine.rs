//! From an event that arrives to a reply that is delivered.

mod core;
