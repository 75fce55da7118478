//! Asks a code base from the command line: `ask <index folder> <code base> [question…]`.
//!
//! Without a question, every line of the standard input is one.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints its result")]

use answers::{Library, Question, Root, render};
use std::error::Error;
use std::io::BufRead;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [index, root, questions @ ..] = &arguments[..] else {
        return Err("usage: ask <index folder> <code base> [question…]".into());
    };
    let library = Library::open(Path::new(index))?;
    let report = library.sync(&[Root::new(root)], &|_| ())?;
    eprintln!("{report:?}\n{:?}", library.stats());
    if questions.is_empty() {
        for line in std::io::stdin().lock().lines() {
            ask(&library, &line?)?;
        }
    }
    for question in questions {
        ask(&library, question)?;
    }
    Ok(())
}

fn ask(library: &Library, text: &str) -> Result<(), Box<dyn Error>> {
    let question = Question::new(text);
    let started = Instant::now();
    let answer = library.answer(&question)?;
    println!("## {text} ({:.1?})\n{}\n", started.elapsed(), render(&answer, question.language()));
    Ok(())
}
