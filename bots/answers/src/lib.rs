//! Passages, an index of them, and answers with sources.

mod analyse;
mod answer;
mod chunk;
mod error;
mod find;
mod index;
mod library;
mod passage;
mod read;
mod render;
mod text;

pub use analyse::{Chain, Language, Token, tokens};
pub use answer::{Answer, Courtesy, Excerpt, Question, Searched, Source};
pub use chunk::chunk;
pub use error::Error;
pub use find::Hit;
pub use index::{Stats, SyncReport};
pub use library::Library;
pub use passage::{Kind, Locator, Name, Passage};
pub use read::{LeftOut, Progress, Reason, Root};
pub use render::render;
