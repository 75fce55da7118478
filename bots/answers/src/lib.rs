//! Reads code bases and takes the pages of websites, indexes their passages, and answers questions from them with
//! sources.
//!
//! A bot opens a [`Library`], brings it up to date with [`Library::sync`] and asks it. What comes
//! back is an [`Answer`], plain data that [`render`] turns into Markdown in French or English.
//! Nothing here is asynchronous, talks to a network or knows of a chat.
//!
//! ```
//! use answers::{Answer, Library, Question, Root, render};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # std::fs::create_dir(folder.path().join("code"))?;
//! # std::fs::write(folder.path().join("code/lib.rs"), "/// Sends requests.\npub struct Router;")?;
//! # let (index, code) = (folder.path().join("index"), folder.path().join("code"));
//! let library = Library::open(&index)?;
//! library.sync(&[Root::new(code)], &|progress| println!("{}/{}", progress.done, progress.total))?;
//!
//! let question = Question::new("where is Router defined?");
//! let answer = library.answer(&question)?;
//! assert!(matches!(answer, Answer::Found { .. }));
//! assert!(render(&answer, question.language()).starts_with("`lib.rs:2`"));
//! # Ok(())
//! # }
//! ```
//!
//! Pages of a website are read elsewhere: [`Library::replace`] takes their passages, and
//! [`Library::answer_from_pages`] answers with their sentences.
//!
//! The way of a text: `read` lists files, `chunk` cuts them into passages, `analyse` turns those
//! into terms, `index` keeps them, `find` ranks them, `answer` says what they say.

mod analyse;
mod answer;
mod chunk;
mod dialogue;
mod error;
mod find;
mod index;
mod library;
mod passage;
mod progress;
mod read;
mod render;
mod text;

pub use analyse::{Chain, Language, Token, fold, tokens};
pub use answer::{Answer, Courtesy, Excerpt, Question, Searched, Source, insults, is_insult};
pub use chunk::chunk;
pub use dialogue::{Certainty, Dialogue, Manner, Turn, Understood, about, understand};
pub use error::Error;
pub use find::{Hit, Vocabulary};
pub use index::{Stats, SyncReport};
pub use library::Library;
pub use passage::{Kind, Locator, Name, Passage};
pub use progress::Reporter;
pub use read::{LeftOut, Progress, Reason, Root};
pub use render::{plain, render, unanswered};
