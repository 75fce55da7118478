//! The crate as its authors use it.

mod admin;
mod commands;
mod conversation;
mod corpus;
mod defects;
mod deployment;
mod dispatch;
mod durability;
mod failures;
mod layers;
mod lifecycle;
mod macros;
mod metrics;
mod once;
mod replicas;
mod schedules;
mod secrets;
mod sending;
mod speaking;
mod starting;
mod storage;
mod support;
mod tracing;
mod ui;
mod verification;
