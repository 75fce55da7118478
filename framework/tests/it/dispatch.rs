//! Which handler an event goes to, and how often.

mod answers;
mod deliveries;
mod lanes;
mod people;
