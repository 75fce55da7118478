//! What to say.

pub(crate) mod markup;
