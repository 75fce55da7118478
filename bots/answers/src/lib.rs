//! Passages, an index of them, and answers with sources.
