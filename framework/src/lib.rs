//! bavard
